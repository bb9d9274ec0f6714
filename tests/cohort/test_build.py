"""From a frame to a cohort: order, types, untouched input, and every problem at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pairing.data
from pairing.cohort import Cohort, Indicator, TeamColumns, cohort_from_frame, draft_cohort
from pairing.errors import InputDataError

AUDIT = Path(pairing.data.__path__[0]) / "nlca_2022.csv"
INDICATORS = (
    Indicator("res", denominator="res_n", unadjusted="raw"),
    Indicator("wait", standard_error="wait_se", unit="number"),
)


@pytest.fixture
def frame() -> pd.DataFrame:
    """Four teams as a notebook has them: numbers, a gap, ids in no order."""
    return pd.DataFrame(
        {
            "id": ["B", "A", "D", "C"],
            "label": ["Bee", None, "Dee", "Cee"],
            "res": [0.2, 0.3, np.nan, 0.5],
            "res_n": [100, 80, 9, 60],
            "raw": [0.25, 0.3, np.nan, 0.4],
            "wait": [3.0, 4.5, 5.0, 2.0],
            "wait_se": [0.5, 0.4, 0.3, 0.2],
            "beds": [10, 20, 30, np.nan],
            "region": ["N", "S", None, "N"],
        }
    )


def build(frame: pd.DataFrame) -> Cohort:
    """The cohort of the frame with everything declared."""
    return cohort_from_frame(
        frame, id="id", name="label", size="beds", attributes=["region"], indicators=INDICATORS
    )


def test_arrays_stand_in_the_order_of_ids(frame: pd.DataFrame) -> None:
    """Every array follows the ids, and what was not observed is NaN in all four."""
    cohort = build(frame)
    assert cohort.ids == ("A", "B", "C", "D")
    assert cohort.names == ("A", "Bee", "Cee", "Dee")
    np.testing.assert_array_equal(cohort.observations.values, [[0.3, 4.5], [0.2, 3], [0.5, 2], [np.nan, 5]])
    np.testing.assert_array_equal(cohort.observations.denominators[:, 0], [80, 100, 60, np.nan])
    np.testing.assert_array_equal(cohort.observations.unadjusted[:, 0], [0.3, 0.25, 0.4, np.nan])
    np.testing.assert_array_equal(cohort.observations.standard_errors[:, 1], [0.4, 0.5, 0.2, 0.3])
    np.testing.assert_array_equal(cohort.size, [20, 10, np.nan, 30])


def test_order_of_rows_does_not_matter(frame: pd.DataFrame) -> None:
    """Shuffled rows give the same cohort."""
    one, other = build(frame), build(frame.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(one.table, other.table)
    np.testing.assert_array_equal(one.observations.values, other.observations.values)


def test_text_and_numbers_give_the_same_cohort(frame: pd.DataFrame) -> None:
    """A frame read as text is as good as one with numbers."""
    as_text = frame.map(lambda value: "" if pd.isna(value) else str(value)).astype(object)
    pd.testing.assert_frame_equal(build(frame).to_frame(), build(as_text).to_frame())


def test_frame_is_not_changed(frame: pd.DataFrame) -> None:
    """The caller's frame is the caller's."""
    before = frame.copy(deep=True)
    build(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_ids_may_be_the_index(frame: pd.DataFrame) -> None:
    """Notebooks often index by id."""
    assert build(frame.set_index("id")).ids == ("A", "B", "C", "D")


def test_percentages_are_divided_everywhere() -> None:
    """Values, standard errors, unadjusted rates and the target all become proportions."""
    frame = pd.DataFrame(
        {"id": ["A", "B"], "x": [20, 30], "raw": [10, 25], "n": [50, 60], "y": [40, 60], "se": [2, 4]}
    )
    percent = Indicator("x", denominator="n", unadjusted="raw", unit="percent", target=25)
    with_error = Indicator("y", standard_error="se", unit="percent")
    cohort = cohort_from_frame(frame, id="id", indicators=[percent, with_error])
    np.testing.assert_allclose(cohort.observations.values, [[0.2, 0.4], [0.3, 0.6]])
    np.testing.assert_allclose(cohort.observations.unadjusted[:, 0], [0.1, 0.25])
    np.testing.assert_allclose(cohort.observations.standard_errors[:, 1], [0.02, 0.04])
    np.testing.assert_allclose(cohort.observations.denominators[:, 0], [50, 60])
    assert percent.scaled_target == 0.25


def test_ids_stay_text() -> None:
    """The ids "007" and "7" are two teams, and a number is read as its digits."""
    frame = pd.DataFrame({"id": ["007", "7", 8]}, dtype=object)
    assert cohort_from_frame(frame, id="id").ids == ("007", "7", "8")


def test_excluded_teams_are_not_checked(frame: pd.DataFrame) -> None:
    """What is wrong with a team that does not take part does not matter."""
    broken = frame.astype({"beds": object})
    broken.loc[0, "beds"] = "many"
    with pytest.raises(InputDataError, match="many"):
        build(broken)
    assert cohort_from_frame(broken, id="id", size="beds", exclude=["B"]).ids == ("A", "C", "D")


def test_all_problems_come_at_once(frame: pd.DataFrame) -> None:
    """One error holds a problem from every corner of the table."""
    broken = frame.astype(object)
    broken.loc[0, "id"], broken.loc[1, "beds"], broken.loc[2, "wait_se"] = "C", -1, "x"
    with pytest.raises(InputDataError) as raised:
        cohort_from_frame(broken, id="id", name="labl", size="beds", indicators=INDICATORS, exclude=["Z"])
    places = [(problem.row, problem.column) for problem in raised.value.problems]
    assert places == [(5, "id"), (None, "id"), (3, "beds"), (4, "wait_se"), (None, "labl")]


def test_draft_counts_rows_as_it_is_told(frame: pd.DataFrame) -> None:
    """Rows of a file with blank lines keep their numbers."""
    frame["id"] = ["A", "B", "A", "C"]
    draft = draft_cohort(frame, TeamColumns("id"), [], file="t.csv", rows=[2, 5, 9, 11])
    assert draft.cohort is None
    assert str(draft.problems[0]).startswith("t.csv, row 9, column 'id': 'A' is already used on row 2")


def test_many_equal_faults_become_one() -> None:
    """A whole column of one fault is one problem, not a hundred."""
    frame = pd.DataFrame({"id": [f"T{i:02}" for i in range(40)], "size": [0] * 40})
    problems = draft_cohort(frame, TeamColumns("id", size="size"), []).problems
    assert len(problems) == 1
    assert "also in rows 3, 4, 5, 6, 7 and 34 more" in problems[0].message


@pytest.mark.parametrize(
    ("frame", "columns", "part"),
    [
        (pd.DataFrame({"id": [" A", "B"]}), TeamColumns("id"), "blanks around the id on row 2 were removed"),
        (
            pd.DataFrame({"id": ["A", "B"], "r": ["North", "north "]}),
            TeamColumns("id", attributes=("r",)),
            "'North' and 'north' are read as different values",
        ),
        (
            pd.DataFrame({"id": list("ABC"), "lat": [51, 52, -34], "lon": [0, 1, 151]}),
            TeamColumns("id", latitude="lat", longitude="lon"),
            "Row 4: the place -34, 151 is very far",
        ),
    ],
    ids=["padded id", "spelling", "far place"],
)
def test_what_can_be_lived_with_is_a_warning(frame: pd.DataFrame, columns: TeamColumns, part: str) -> None:
    """Warnings do not stop the cohort."""
    draft = draft_cohort(frame, columns, [])
    assert draft.cohort is not None
    assert part in "\n".join(draft.warnings)


def test_percent_of_small_numbers_is_a_warning() -> None:
    """A percentage below 1 may be right, and may be a proportion."""
    frame = pd.DataFrame({"id": list("AB"), "x": [0.2, 0.4], "n": [10, 20]})
    draft = draft_cohort(frame, TeamColumns("id"), [Indicator("x", denominator="n", unit="percent")])
    assert "are they proportions?" in draft.warnings[0]


def test_bundled_audit_makes_a_cohort() -> None:
    """The real audit, read with pandas' own types, has no problem."""
    frame = pd.read_csv(AUDIT)
    resection = Indicator(
        "nsclc_resection_adj", denominator="nsclc_resection_n", unadjusted="nsclc_resection"
    )
    cohort = cohort_from_frame(
        frame,
        id="trust_code",
        name="trust_name",
        size="patients",
        latitude="latitude",
        longitude="longitude",
        attributes=["cancer_alliance"],
        indicators=[resection],
        exclude=["RBV", "REN", "RGM", "RPY"],
    )
    assert len(cohort) == 120
    assert cohort.observations.denominators.shape == (120, 1)
