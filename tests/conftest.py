"""Small cohorts made by hand or by chance, for every room's tests."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Cohort, Indicator, Observations
from pairing.interrupts import Interrupts

MakeCohort = Callable[..., Cohort]


def synthetic_cohort(n: int, seed: int, n_indicators: int = 4) -> Cohort:
    """A cohort of made-up teams with real differences, in a country of 400 by 400 km."""
    rng = np.random.default_rng(seed)
    true = 0.5 + 0.1 * rng.standard_normal((n, n_indicators))
    denominators = rng.integers(40, 300, (n, n_indicators)).astype(float)
    values = rng.binomial(denominators.astype(int), np.clip(true, 0.02, 0.98)) / denominators
    unknown = np.full((n, n_indicators), np.nan)
    ids = tuple(f"T{number:03d}" for number in range(n))
    latitude, longitude = rng.uniform(51.0, 54.6, n), rng.uniform(-3.0, 2.8, n)
    size = rng.integers(80, 500, n).astype(float)
    beds = rng.integers(10, 60, n)
    table = pd.DataFrame(
        {
            "id": ids,
            "network": rng.choice(["north", "south", "east"], n),
            "country": rng.choice(["England", "Wales"], n),
            "beds": [str(number) for number in beds],
        },
        dtype=object,
    ).set_index("id")
    return Cohort(
        ids=ids,
        names=tuple(f"Team {number}" for number in range(n)),
        indicators=tuple(Indicator(f"k{k}", denominator=f"k{k}_n") for k in range(n_indicators)),
        observations=Observations(values, denominators, unknown, unknown),
        size=size,
        latitude=latitude,
        longitude=longitude,
        table=table,
    )


@pytest.fixture(autouse=True)
def no_stated_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are folded only where a width is known; workers of a parallel run are told one."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def make_cohort() -> MakeCohort:
    """The maker of synthetic cohorts."""
    return synthetic_cohort


@pytest.fixture(scope="session")
def cohort_maker() -> MakeCohort:
    """The same for fixtures that are made once for many tests."""
    return synthetic_cohort


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    """A watch over this process, taken off again."""
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    watched = Interrupts()
    watched.watch()
    yield watched
    signal.signal(signal.SIGINT, handler)
    sys.unraisablehook = hook
