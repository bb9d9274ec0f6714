"""A plan is published only if the analysis that it announces can be carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pairing.allocation import Entrants, declare, named_covariates
from pairing.errors import InputDataError
from pairing.inference import analyse
from pairing.programme import AnalysisSettings, LotterySettings

MakeEntrants = Callable[..., Entrants]
DRAWN = LotterySettings(intervention_pairs=4)


def prepared(make_entrants: MakeEntrants) -> Entrants:
    """Give 20 teams in ten pairs whose table has columns of every awkward kind."""
    entrants = make_entrants(20)
    table = entrants.cohort.table
    table["one"], table["gap"], table["title"] = "same", "7", [f"Team {n}" for n in range(20)]
    table["almost"] = [f"group {n // 2}" for n in range(20)]
    table.loc["T003", "gap"], table.loc["T004", "gap"] = "", "9"
    return entrants


@pytest.mark.parametrize(
    ("names", "value", "said"),
    [
        (("netwrk",), "netwrk", "Did you mean 'network'?"),
        (("one",), "one", "has one value only"),
        (("gap",), "gap", "is missing for T003"),
        (("title",), "title", "a value of its own for every team"),
        (("almost",), "almost", "leave nothing to compare among 10 pairs"),
        (("size", "title", "one"), "title", "a value of its own for every team"),
    ],
)
def test_an_adjustment_that_cannot_be_made_is_refused_at_publication(
    make_entrants: MakeEntrants, names: tuple[str, ...], value: str, said: str
) -> None:
    """The key and the column are named, before anything is hashed."""
    with pytest.raises(InputDataError) as caught:
        declare(DRAWN, AnalysisSettings(adjust_for=names), prepared(make_entrants))
    problem = caught.value.problems[0]
    assert (problem.column, problem.value) == ("analysis.adjust_for", value)
    assert said in str(caught.value)


def test_reserves_count_against_an_adjustment(make_entrants: MakeEntrants) -> None:
    """What ten pairs can bear, seven cannot: the analysis leaves the reserves out."""
    entrants = make_entrants(20)
    rng = np.random.default_rng(5)
    names = tuple(f"x{number}" for number in range(6))
    for name in names:
        entrants.cohort.table[name] = [str(value) for value in rng.normal(size=20)]
    analysis = AnalysisSettings(adjust_for=names)
    assert declare(DRAWN, analysis, entrants).plan.adjust_for == names
    with pytest.raises(InputDataError, match="leave nothing to compare among 10 pairs"):
        declare(LotterySettings(intervention_pairs=4, reserves=3), analysis, entrants)


@pytest.mark.parametrize("given", [("location",), ("location", "size"), ("latitude",)])
def test_a_published_location_is_found_again_whatever_its_columns_are_called(
    make_entrants: MakeEntrants, given: tuple[str, ...]
) -> None:
    """With the columns `lat` and `lon`, the plan that was published is carried out."""
    entrants = make_entrants(20)
    table = entrants.cohort.table.drop(columns=["latitude", "longitude"], errors="ignore")
    table["lat"], table["lon"] = entrants.cohort.latitude.astype(str), entrants.cohort.longitude.astype(str)
    entrants = replace(entrants, cohort=replace(entrants.cohort, table=table))
    declared = declare(DRAWN, AnalysisSettings(adjust_for=given), entrants)
    found = named_covariates(declared.plan.adjust_for, entrants.cohort, entrants.profiles)
    outcomes = pd.DataFrame({"y": np.arange(20.0) ** 2}, index=list(declared.lottery.teams))
    analysis = analyse(
        declared.lottery,
        declared.lottery.units[:4],
        outcomes,
        declared.plan,
        baseline=found.rows(entrants.positions),
    )
    assert analysis.effects[1].adjusted_for == declared.plan.adjust_for


def test_coordinates_come_before_a_column_of_the_same_name(make_entrants: MakeEntrants) -> None:
    """Otherwise a published "latitude" could mean something else when it is analysed."""
    entrants = make_entrants(20)
    entrants.cohort.table["latitude"] = "unknown"
    found = named_covariates(["latitude"], entrants.cohort, entrants.profiles)
    assert found.columns["latitude"].tolist() == entrants.cohort.latitude.tolist()
