"""Values of indicators in their units, and faults of a whole column told once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Indicator, TeamColumns, cohort_from_frame, draft_cohort


def test_plain_numbers_may_be_negative() -> None:
    """Scores, log ratios and differences lie on both sides of 0, and so may their targets."""
    frame = pd.DataFrame({"id": list("ABC"), "z": [-0.41, 0.0, 1.2], "se": [0.1, 0.2, 0.1]})
    score = Indicator("z", standard_error="se", unit="number", target=-0.5)
    cohort = cohort_from_frame(frame, id="id", indicators=[score])
    np.testing.assert_array_equal(cohort.observations.values, [[-0.41], [0.0], [1.2]])
    assert score.scaled_target == -0.5


@pytest.mark.parametrize(("unit", "range_"), [("proportion", "0 and 1"), ("percent", "0 and 100")])
def test_rates_may_not_be_negative(unit: str, range_: str) -> None:
    """They say what is possible."""
    frame = pd.DataFrame({"id": list("AB"), "x": [-0.1, 0.3], "n": [10, 20]})
    indicator = Indicator("x", denominator="n", unit=unit)  # type: ignore[arg-type]  # both are units
    problems = draft_cohort(frame, TeamColumns("id"), [indicator]).problems
    assert [problem.value for problem in problems] == ["-0.1"]
    assert problems[0].expected == f"a {unit} between {range_}"


def test_many_cells_of_words_are_one_problem_from_the_top() -> None:
    """A column of names declared as sizes is one mistake; rows are named from the top, ids sort otherwise."""
    frame = pd.DataFrame(
        {"id": [f"T{i:02}" for i in range(40, 0, -1)], "size": [f"word {i}" for i in range(40)]}
    )
    problems = draft_cohort(frame, TeamColumns("id", size="size"), []).problems
    (problem,) = problems
    assert (problem.row, problem.value) == (2, "word 0")
    assert "also in rows 3, 4, 5, 6, 7 and 34 more" in problem.message


def test_few_cells_of_words_are_told_one_by_one() -> None:
    """Each is a slip of its own, with its own value."""
    frame = pd.DataFrame({"id": list("ABC"), "size": ["1O", "2", "3x"]})
    problems = draft_cohort(frame, TeamColumns("id", size="size"), []).problems
    assert [(problem.row, problem.value) for problem in problems] == [(2, "1O"), (4, "3x")]


def test_decimal_commas_of_a_column_are_one_problem() -> None:
    """They come from one export; another slip in the column keeps its own line."""
    frame = pd.DataFrame({"id": list("ABCD"), "size": ["1,5", "2,25", "x", "3"]})
    problems = draft_cohort(frame, TeamColumns("id", size="size"), []).problems
    assert [(problem.row, problem.value) for problem in problems] == [(2, "1,5"), (4, "x")]
    assert problems[0].message == "is not a number (also in row 3)"


def test_very_long_cell_is_shortened_in_the_message() -> None:
    """A page of text in a cell should not hide the other problems."""
    frame = pd.DataFrame({"id": list("AB"), "size": ["x" * 9_000, "2"]})
    (problem,) = draft_cohort(frame, TeamColumns("id", size="size"), []).problems
    assert problem.value is not None
    assert problem.value.endswith("... (9,000 letters)")
    assert len(problem.value) < 200
