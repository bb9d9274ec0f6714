"""Covariates: expansion, missing values, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pairing.errors import InputDataError, SettingsError
from pairing.lottery import Design, covariates_of_units, simple
from pairing.lottery.score import balance_score

TEAMS = ["a", "b", "c", "d"]
SINGLES = [(team,) for team in TEAMS]


def test_two_level_category_counts_as_one_number() -> None:
    """A category with two levels gives the same scores as the same thing coded 0 and 1."""
    design = simple(4, 2)
    as_text = covariates_of_units({"x": ["n", "s", "s", "s"]}, TEAMS, SINGLES)
    as_number = covariates_of_units({"x": [0, 1, 1, 1]}, TEAMS, SINGLES)
    draws = design.enumerate()
    np.testing.assert_allclose(
        balance_score(as_text, design).of_draws(draws), balance_score(as_number, design).of_draws(draws)
    )


def test_units_take_the_mean_and_teams_the_sd() -> None:
    """Pairs get the mean of their teams; the standard deviation is the one over teams."""
    made = covariates_of_units({"size": [1.0, 5.0, 2.0, 4.0]}, TEAMS, [("a", "b"), ("c", "d")])
    assert made.matrix.tolist() == [[3.0], [3.0]]
    assert made.sd[0] == pytest.approx(np.std([1, 5, 2, 4], ddof=1))


def test_order_of_members_follows_ids_not_rows() -> None:
    """Teams are found by id, whatever the order of the covariates' rows."""
    made = covariates_of_units({"size": [9.0, 1.0, 5.0, 7.0]}, ["d", "a", "c", "b"], SINGLES)
    assert made.matrix[:, 0].tolist() == [1.0, 7.0, 5.0, 9.0]


def test_missing_values_are_refused_with_the_teams() -> None:
    """By default a missing value is an error that names the column and every team."""
    with pytest.raises(InputDataError) as caught:
        covariates_of_units(
            {"size": [1.0, np.nan, 2.0, np.nan], "region": ["n", None, "s", ""]}, TEAMS, SINGLES
        )
    assert "column 'size': is missing for b, d" in str(caught.value)
    assert "column 'region': is missing for b, d" in str(caught.value)


def test_missing_values_by_stated_policy() -> None:
    """With the policy, the mean is put in, its absence is balanced too, and a note says so."""
    made = covariates_of_units(
        {"size": [1.0, np.nan, 2.0, 6.0], "region": ["n", None, "s", "s"]},
        TEAMS,
        SINGLES,
        missing="mean-and-indicator",
    )
    assert made.names == ("size", "size missing", "region = (missing)", "region = n", "region = s")
    assert made.matrix[1].tolist() == [3.0, 1.0, 1.0, 0.0, 0.0]
    assert len(made.notes) == 2


def test_pandas_columns_are_read_as_what_they_are() -> None:
    """Nullable numbers are numbers, NA is missing, and true/false is a number."""
    frame = pd.DataFrame(
        {"n": pd.array([1, None, 3, 4], dtype="Int64"), "flag": [True, False, True, True]}, index=TEAMS
    )
    made = covariates_of_units(dict(frame.items()), TEAMS, SINGLES, missing="mean-and-indicator")
    assert made.names == ("n", "n missing", "flag")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"x": [2.0, 2.0, 2.0, 2.0]}, "column 'x': has one value only"),
        ({"x": ["n", "n", "n", "n"]}, "column 'x': has one value only"),
        ({"x": [1.0, 2.0, np.inf, 3.0]}, "is infinite for c"),
        ({"x": [1.0, 2.0]}, "has shape"),
    ],
)
def test_useless_columns_are_refused(columns: dict[str, list[object]], words: str) -> None:
    """A covariate that cannot be balanced is refused by name."""
    with pytest.raises(InputDataError, match=words):
        covariates_of_units(columns, TEAMS, SINGLES)


@pytest.mark.parametrize(
    ("weights", "words"),
    [({"x": -1.0}, "'-1.0' is no weight"), ({"y": 1.0}, "'y' is not a covariate"), ({"x": 0.0}, "weight 0")],
)
def test_impossible_weights_are_refused(weights: dict[str, float], words: str) -> None:
    """Negative weights, weights of nothing and no weight at all are refused."""
    with pytest.raises(SettingsError, match=words):
        covariates_of_units({"x": [1.0, 2.0, 3.0, 5.0]}, TEAMS, SINGLES, weights=weights)


def test_every_problem_is_told_at_once() -> None:
    """Three bad columns and a unit without covariates make four problems."""
    with pytest.raises(InputDataError) as caught:
        covariates_of_units(
            {"x": [1.0, 1.0, 1.0, 1.0], "y": [1.0, np.nan, 2.0, 3.0], "z": [np.inf, 1.0, 2.0, 3.0]},
            TEAMS,
            [*SINGLES, ("stranger",)],
        )
    assert len(caught.value.problems) == 4


def test_score_equals_its_definition(small_designs: list[tuple[Design, set[frozenset[int]]]]) -> None:
    """B is the weighted sum of squared standardised differences, computed longhand."""
    rng = np.random.default_rng(3)
    for design, _ in small_designs:
        m = design.n_units
        teams = [f"t{unit}" for unit in range(m)]
        values = rng.normal(size=(m, 3))
        covariates = covariates_of_units(
            {f"x{k}": values[:, k] for k in range(3)}, teams, [(t,) for t in teams], weights={"x1": 2.5}
        )
        draws = design.enumerate()
        expected = [
            sum(
                weight
                * sum(
                    len(s) / m * (values[s][row[s], k].mean() - values[s][~row[s], k].mean())
                    for s in map(list, design.strata)
                )
                ** 2
                / values[:, k].var(ddof=1)
                for k, weight in enumerate((1.0, 2.5, 1.0))
            )
            for row in draws
        ]
        score = balance_score(covariates, design)
        np.testing.assert_allclose(score.of_draws(draws), expected, rtol=1e-11, atol=1e-14)
        assert score.expected == pytest.approx(np.mean(expected), rel=1e-11)
