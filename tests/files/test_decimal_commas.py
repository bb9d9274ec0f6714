"""Decimal commas are read where they can mean nothing else, and refused in all other cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from pairing.files.records import Table
from pairing.files.tables import read_table


def read(folder: Path, text: str) -> Table:
    """The table of a text."""
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_become_points_with_a_warning(tmp_path: Path, delimiter: str) -> None:
    """Whole numbers, gaps and markers in the column do not matter; nor do commas in text."""
    text = "id;rate;n;note\n007;12,5;10;a, b\nB;-0,25;1234;2,5\nC;3;;\nD;*;5;c\n".replace(";", delimiter)
    table = read(tmp_path, text)
    assert table.cells("rate") == ["12.5", "-0.25", "3", "*"]
    assert table.cells("note") == ["a, b", "2,5", "", "c"]
    assert table.cells("id") == ["007", "B", "C", "D"]
    assert table.warnings == ("t.csv: the commas in the numbers of 'rate' were read as decimal commas.",)


def test_one_certain_cell_decides_for_the_file(tmp_path: Path) -> None:
    """Beside "12,5" the comma of "1,234" is a decimal one."""
    table = read(tmp_path, "id;a;b\nA;12,5;1,234\nB;3,5;2,345\n")
    assert table.cells("b") == ["1.234", "2.345"]


def test_no_thousands_begin_with_a_zero(tmp_path: Path) -> None:
    """Three digits behind the comma are decimals if nothing stands before it."""
    assert read(tmp_path, "id;a\nA;0,250\nB;-0,375\n").cells("a") == ["0.250", "-0.375"]


@pytest.mark.parametrize(
    "text",
    [
        "id;a\nA;1,234\nB;2,345\n",
        "id;a;b\nA;12,5;1.234\nB;3,5;2.345\n",
        "id;a\nA;12,5\nB;1.234\n",
        'id,a\nA,"12,5"\nB,"3,5"\n',
        "id;a\nA;12,5 mm\nB;1,234,567\n",
    ],
    ids=["perhaps thousands", "points elsewhere", "points beside", "commas between cells", "other text"],
)
def test_doubtful_commas_stay(tmp_path: Path, text: str) -> None:
    """They are told as faults later: "1,234" is one number in London and another in Berlin."""
    table = read(tmp_path, text)
    assert table.cells("a")[0] in {"1,234", "12,5", "12,5 mm"}
    assert table.warnings == ()
