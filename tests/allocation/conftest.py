"""Entrants of a lottery, small enough to count by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pairing.allocation import Entrants, NamedPair
from pairing.cohort import Cohort
from pairing.profiles import estimate_profiles

MakeEntrants = Callable[..., Entrants]


@pytest.fixture
def make_entrants(make_cohort: Callable[..., Cohort]) -> MakeEntrants:
    """The maker of entrants: neighbours in the list are pairs, but for `left_out` teams at its end."""

    def make(n: int, *, paired: bool = True, left_out: int = 0, seed: int = 3) -> Entrants:
        cohort = make_cohort(n, seed)
        ids = cohort.ids[: n - left_out]
        pairs = tuple(
            NamedPair(f"P{number:02d}", (ids[2 * number - 2], ids[2 * number - 1]))
            for number in range(1, len(ids) // 2 + 1)
        )
        return Entrants(cohort, estimate_profiles(cohort), pairs if paired else None)

    return make
