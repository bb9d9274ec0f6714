"""Cells are read as people mean them, and refused with advice where that is unclear."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pairing.cohort.cells import CellFault, cell_text, is_marker, read_number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back_from_its_text(number: float) -> None:
    """Writing a number and reading it is the identity, whatever its size."""
    assert read_number(repr(number)) == number


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_whole_floats_read_as_integers_do(number: int) -> None:
    """A gap in a column of whole numbers makes floats of them; their text must not change."""
    assert cell_text(float(number)) == cell_text(number) == str(number)


@given(st.text(max_size=12))
def test_reading_never_raises_nor_gives_what_is_not_finite(text: str) -> None:
    """Whatever stands in a cell is either a finite number or a fault."""
    number = read_number(text)
    assert isinstance(number, CellFault) or math.isfinite(number)


@pytest.mark.parametrize(
    "text", ["1_000", "0x10", "nan", "infinity", "1e999", "١٢", "1 2", "--1", "1e", ".", "+"]
)
def test_what_python_or_a_person_might_take_for_a_number_is_refused(text: str) -> None:
    """Python's own float() accepts some of these; a table of patients should not."""
    assert isinstance(read_number(text), CellFault)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("12.3%", 'Write 12.3 without the sign, and declare the column with unit = "percent".'),
        ("0,25", "Write 0.25, with a decimal point."),
        ("1,234,567", "Write 1234567, without separators between thousands."),
        ("1'234.5", "Write 1234.5, without separators between thousands."),
        ("N/A", "Leave the cell empty if the value is not known."),
        ("12O", None),
    ],
)
def test_fault_comes_with_the_advice_that_fits(text: str, advice: str | None) -> None:
    """Each usual slip has its own advice."""
    fault = read_number(text)
    assert isinstance(fault, CellFault)
    assert fault.advice == advice


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT, "", "  ", np.float64("nan")])
def test_missing_values_of_every_kind_are_empty_cells(value: object) -> None:
    """There are several ways to say that nothing is there."""
    assert cell_text(value) == ""


def test_types_of_numpy_read_as_those_of_python() -> None:
    """Frames hold NumPy's scalars."""
    assert [cell_text(value) for value in (np.int64(7), np.float64(0.5), np.bool_(True), [1, 2])] == [
        "7",
        "0.5",
        "true",
        "[1, 2]",
    ]


def test_markers_are_known_in_any_case() -> None:
    """Suppressed values are marked in many ways."""
    assert all(is_marker(text) for text in ("NA", "n/a", "*", "[C]", "#DIV/0!", "–"))
    assert not is_marker("0")
