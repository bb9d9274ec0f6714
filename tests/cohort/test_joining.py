"""Late joiners: one cohort out of two, with everything that is known of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pairing import Cohort, InputDataError, load_audit
from pairing.cohort import with_joiners

MakeCohort = Callable[..., Cohort]


def test_two_halves_make_the_whole() -> None:
    """Whatever the halves, the joined cohort is the one that was split."""
    audit = load_audit()
    halves = audit.subset(audit.ids[::2]), audit.subset(audit.ids[1::2])
    for one, other in (halves, halves[::-1]):
        joined = with_joiners(one, other)
        assert joined.ids == audit.ids
        assert joined.names == audit.names
        assert joined.table.equals(audit.table)
        assert np.array_equal(joined.size, audit.size)
        assert np.array_equal(joined.longitude, audit.longitude)
        for name in ("values", "denominators", "standard_errors", "unadjusted"):
            both = getattr(joined.observations, name), getattr(audit.observations, name)
            assert np.array_equal(*both, equal_nan=True)


def test_contacts_stay_known(make_cohort: MakeCohort) -> None:
    """The column that says whom to write to is that of the cohort."""
    known = replace(make_cohort(6, seed=1), contact="network")
    joined = with_joiners(known.subset(known.ids[:4]), known.subset(known.ids[4:]))
    assert joined.contact == "network"
    assert joined.text("network") == known.text("network")


def test_facts_that_one_side_lacks_are_unknown(make_cohort: MakeCohort) -> None:
    """Sizes of teams that nobody told are NaN, and columns that they lack are empty."""
    cohort = make_cohort(4, seed=1)
    here, there = cohort.subset(["T000", "T002"]), cohort.subset(["T001", "T003"])
    joined = with_joiners(here, replace(there, size=None, table=there.table.drop(columns="network")))
    assert np.isnan(joined.size).tolist() == [False, True, False, True]
    assert [cell is None for cell in joined.text("network")] == [False, True, False, True]
    assert None not in joined.text("country")


def test_taken_ids_and_other_indicators_are_refused_together(make_cohort: MakeCohort) -> None:
    """Both problems come at once."""
    cohort = make_cohort(4, seed=1)
    other = make_cohort(3, seed=1, n_indicators=3)
    with pytest.raises(InputDataError) as raised:
        with_joiners(cohort, other)
    assert [problem.value for problem in raised.value.problems] == ["T000", "T001", "T002", "k0, k1, k2"]
