"""The cohort cannot be changed, and answers for its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Cohort, Indicator, cohort_from_frame
from pairing.cohort.nearest import nearest
from pairing.errors import InputDataError, SettingsError


@pytest.fixture
def cohort() -> Cohort:
    """Three teams with one indicator."""
    frame = pd.DataFrame(
        {
            "id": ["C", "A", "B"],
            "x": [0.1, 0.2, 0.3],
            "n": [10, 20, 30],
            "beds": ["5", "", "7.5"],
            "note": ["<b>", "", "fine"],
            "lat": [51, 52, 53],
            "lon": [0, 1, 2],
        }
    )
    return cohort_from_frame(
        frame, id="id", latitude="lat", longitude="lon", indicators=[Indicator("x", denominator="n")]
    )


def test_arrays_are_read_only(cohort: Cohort) -> None:
    """Nobody changes a number behind another's back."""
    with pytest.raises(ValueError, match="read-only"):
        cohort.latitude[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        cohort.observations.denominators[0, 0] = 0


def test_table_is_a_copy(cohort: Cohort) -> None:
    """A cohort made of a table does not follow later changes of it."""
    table = cohort.table.copy()
    other = Cohort(cohort.ids, cohort.names, cohort.indicators, cohort.observations, table=table)
    table.loc["A", "beds"] = "99"
    assert other.text("beds")[0] is None


def test_columns_as_numbers_and_text(cohort: Cohort) -> None:
    """Blank cells are NaN as numbers and None as text."""
    np.testing.assert_array_equal(cohort.number("beds"), [np.nan, 7.5, 5])
    assert cohort.text("note") == (None, "fine", "<b>")


def test_column_of_words_is_no_column_of_numbers(cohort: Cohort) -> None:
    """Every cell that is not a number is named with its team."""
    with pytest.raises(InputDataError) as raised:
        cohort.number("note")
    assert [(p.value, p.message) for p in raised.value.problems] == [
        ("fine", "is not a number (team 'B')"),
        ("<b>", "is not a number (team 'C')"),
    ]


def test_unknown_column_suggests_the_nearest(cohort: Cohort) -> None:
    """A slip of the pen is put right."""
    with pytest.raises(InputDataError, match="Did you mean 'beds'"):
        cohort.number("bed")


def test_subset_keeps_order_and_rows(cohort: Cohort) -> None:
    """The facts of the teams that stay are the same."""
    few = cohort.subset(["C", "A"])
    assert few.ids == ("A", "C")
    np.testing.assert_array_equal(few.observations.denominators[:, 0], [20, 10])
    np.testing.assert_array_equal(few.latitude, [52, 51])
    assert few.text("note") == (None, "<b>")
    with pytest.raises(InputDataError, match="there is no team 'D'"):
        cohort.subset(["A", "D"])


def test_views_show_the_teams(cohort: Cohort) -> None:
    """Frame, summary and HTML agree on who is there."""
    assert cohort.to_frame().columns.tolist() == ["team", "name", "latitude", "longitude", "x"]
    assert cohort.summary().splitlines() == ["3 teams, 1 indicators", "3 teams with a place", "x: 3 teams"]
    assert cohort.summary().splitlines()[0] in cohort._repr_html_()


@pytest.mark.parametrize(
    ("keys", "part"),
    [
        ({}, "needs a denominator or a standard_error"),
        ({"denominator": "n", "standard_error": "s"}, "and not both"),
        ({"denominator": "n", "unit": "number"}, "needs a standard_error"),
        ({"standard_error": "s", "unadjusted": "r"}, "has an unadjusted rate but no denominator"),
        ({"denominator": "n", "weight": -1.0}, "is not a usable weight"),
        ({"denominator": "n", "target": 20.0}, "is no possible target"),
        ({"denominator": "x"}, "one column for two purposes"),
    ],
)
def test_indicator_refuses_what_cannot_be(keys: dict[str, object], part: str) -> None:
    """Keys that do not go together are told when the indicator is made."""
    with pytest.raises(SettingsError, match=part):
        Indicator("x", **keys)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("RBX", "RBV"), ("r0a", "R0A"), ("R0", "R0A"), ("zzz", None), ("", None)],
)
def test_nearest_id_shares_letters_in_place(written: str, meant: str | None) -> None:
    """Of codes that share two letters, the one with the same beginning is meant."""
    assert nearest(written, ["R0A", "RXT", "RBV", "RTX"]) == meant
