"""Cohorts for the profiles' tests: the bundled audit, normal data, binomial data."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Cohort, Indicator, Observations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

Maker = Callable[..., Cohort]

AUDITED = (
    ("pathological_confirmation", False),
    ("nsclc_resection", True),
    ("sclc_chemotherapy", True),
    ("curative_stage_1_2", True),
    ("curative_stage_3a", True),
    ("sact_stage_3b_4", True),
    ("seen_by_nurse_specialist", False),
)
SPECIALIST_CENTRES = ("RBV", "REN", "RGM", "RPY")


def _cohort(
    ids: Sequence[str],
    indicators: Sequence[Indicator],
    values: ArrayLike,
    *,
    denominators: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    unadjusted: ArrayLike | None = None,
) -> Cohort:
    blank = np.full(np.shape(values), np.nan)
    observations = Observations(
        values,
        blank if denominators is None else denominators,
        blank if standard_errors is None else standard_errors,
        blank if unadjusted is None else unadjusted,
    )
    return Cohort(tuple(ids), tuple(f"Team {each}" for each in ids), tuple(indicators), observations)


def _ids(n: int) -> list[str]:
    return [f"T{number:05d}" for number in range(n)]


@pytest.fixture
def audit_cohort() -> Maker:
    """Make the bundled audit's cohort; teams can be left out by id."""

    def make(exclude: tuple[str, ...] = SPECIALIST_CENTRES) -> Cohort:
        with files("pairing.data").joinpath("nlca_2022.csv").open(encoding="utf-8") as file:
            table = pd.read_csv(file).sort_values("trust_code")
        table = table[~table["trust_code"].isin(exclude)]
        indicators = [
            Indicator(
                f"{name}_adj" if adjusted else name,
                denominator=f"{name}_n",
                unadjusted=name if adjusted else None,
            )
            for name, adjusted in AUDITED
        ]
        unadjusted = [table[each.unadjusted] if each.unadjusted else np.nan for each in indicators]
        return _cohort(
            table["trust_code"],
            indicators,
            table[[each.column for each in indicators]].to_numpy(),
            denominators=table[[each.denominator for each in indicators]].to_numpy(float),
            unadjusted=np.column_stack([np.broadcast_to(column, len(table)) for column in unadjusted]),
        )

    return make


@pytest.fixture
def normal_cohort() -> Maker:
    """Make a cohort from values and standard errors of shape (n, K)."""

    def make(values: ArrayLike, standard_errors: ArrayLike, **settings: object) -> Cohort:
        values = np.asarray(values, dtype=float)
        indicators = [
            Indicator(f"x{k}", standard_error=f"x{k}_se", unit="number", **settings)
            for k in range(values.shape[1])
        ]
        errors = np.broadcast_to(np.asarray(standard_errors, dtype=float), values.shape)
        return _cohort(_ids(len(values)), indicators, values, standard_errors=errors)

    return make


@pytest.fixture
def rate_cohort() -> Maker:
    """Make a cohort from rates and denominators of shape (n, K), and unadjusted rates if there are any."""

    def make(
        rates: ArrayLike, denominators: ArrayLike, *, unadjusted: ArrayLike | None = None, **settings: object
    ) -> Cohort:
        rates = np.asarray(rates, dtype=float)
        indicators = [
            Indicator(
                f"x{k}",
                denominator=f"x{k}_n",
                unadjusted=None if unadjusted is None else f"x{k}_raw",
                **settings,
            )
            for k in range(rates.shape[1])
        ]
        patients = np.broadcast_to(np.asarray(denominators, dtype=float), rates.shape)
        return _cohort(_ids(len(rates)), indicators, rates, denominators=patients, unadjusted=unadjusted)

    return make


@pytest.fixture
def drawn_cohort(normal_cohort: Maker) -> Maker:
    """Draw a normal cohort: n teams, K indicators, covariance of a given rank, some values missing."""

    def make(
        seed: int,
        n: int,
        k: int,
        *,
        rank: int | None = None,
        noise: float = 0.5,
        spread: float = 0.3,
        missing: float = 0.0,
        covariance: ArrayLike | None = None,
    ) -> Cohort:
        rng = np.random.default_rng(seed)
        root = rng.normal(size=(k, rank or k))
        covariance = root @ root.T if covariance is None else np.asarray(covariance)
        true = rng.multivariate_normal(np.zeros(k), covariance, size=n)
        errors = noise * np.exp(spread * rng.normal(size=(n, k))) * np.sqrt(np.diag(covariance))
        values = true + errors * rng.normal(size=(n, k))
        values[rng.random((n, k)) < missing] = np.nan
        return normal_cohort(values, errors)

    return make
