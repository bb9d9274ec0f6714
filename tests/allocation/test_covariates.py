"""Covariates are found by the names that people give them, and what is not there is said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing.allocation import Entrants, named_covariates
from pairing.allocation.covariates import reportable_covariates
from pairing.errors import InputDataError

MakeEntrants = Callable[..., Entrants]


def test_groups_stand_for_their_columns(make_entrants: MakeEntrants) -> None:
    """Profiles are all usable indicators, location is two columns, a table's column is itself."""
    entrants = make_entrants(30)
    found = named_covariates(
        ["profiles", "level", "size", "location", "beds", "network"], entrants.cohort, entrants.profiles
    )
    usable = [
        f"profile.{k.column}"
        for k, good in zip(entrants.cohort.indicators, entrants.profiles.model.usable, strict=True)
        if good
    ]
    assert found.members["profiles"] == tuple(usable)
    assert found.members["location"] == ("latitude", "longitude")
    assert np.array_equal(found.columns["level"], entrants.profiles.level.round(9))
    assert np.array_equal(found.columns["size"], entrants.cohort.size)
    assert found.columns["beds"].dtype == np.float64
    assert found.columns["beds"][0] == float(entrants.cohort.text("beds")[0])
    assert set(found.columns["network"]) == {"north", "south", "east"}


def test_one_profile_by_its_column(make_entrants: MakeEntrants) -> None:
    """A single profile has the posterior means of that indicator."""
    entrants = make_entrants(30)
    found = named_covariates(["profile.k2"], entrants.cohort, entrants.profiles)
    assert np.allclose(found.columns["profile.k2"], entrants.profiles.mean[:, 2], atol=1e-9)


def test_every_unknown_name_is_told_with_the_nearest(make_entrants: MakeEntrants) -> None:
    """All wrong names at once, each with the setting that holds it and the likely meaning."""
    entrants = make_entrants(20)
    with pytest.raises(InputDataError) as caught:
        named_covariates(
            ["netwrok", "profile.k9", "Size"], entrants.cohort, entrants.profiles, "analysis.adjust_for"
        )
    said = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "'netwrok' is no covariate" in said
    assert "Did you mean 'network'?" in said
    assert "Did you mean 'size'?" in said
    assert {problem.column for problem in caught.value.problems} == {"analysis.adjust_for"}


def test_weights_of_a_group_are_those_of_each_column(make_entrants: MakeEntrants) -> None:
    """A group's weight goes to every column of it; a column's own weight counts first."""
    entrants = make_entrants(30)
    found = named_covariates(["profiles", "size"], entrants.cohort, entrants.profiles)
    weights = found.weights({"profiles": 2.0, "profile.k1": 5.0}, "lottery.balance_weights")
    assert weights["profile.k1"] == 5.0
    assert weights["profile.k0"] == 2.0
    assert "size" not in weights


def test_a_weight_of_nothing_is_refused(make_entrants: MakeEntrants) -> None:
    """A weight for a name that is not balanced is a mistake."""
    entrants = make_entrants(20)
    found = named_covariates(["size"], entrants.cohort, entrants.profiles)
    with pytest.raises(InputDataError, match=r"'sice' is not balanced on. Did you mean 'size'\?"):
        found.weights({"sice": 1.0}, "lottery.balance_weights")


def test_a_column_with_gaps_stays_numeric(make_entrants: MakeEntrants) -> None:
    """Blank cells are missing numbers, not a reason to take the column for categories."""
    entrants = make_entrants(20)
    entrants.cohort.table.iloc[3, entrants.cohort.table.columns.get_loc("beds")] = ""
    beds = named_covariates(["beds"], entrants.cohort, entrants.profiles).columns["beds"]
    assert np.isnan(beds[3])
    assert np.isfinite(np.delete(beds, 3)).all()


def test_what_is_shown_is_complete_and_differs(make_entrants: MakeEntrants) -> None:
    """Profiles, size and location are shown for the teams that take part."""
    entrants = make_entrants(20, left_out=4)
    shown = reportable_covariates(entrants.cohort, entrants.profiles, entrants.positions)
    assert {"size", "latitude", "longitude"} <= set(shown)
    assert all(len(values) == 16 for values in shown.values())
