"""No CSV file of ours becomes a formula in a spreadsheet, and every text comes back as it was."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pairing.files.delimited import csv_bytes
from pairing.files.tables import read_table, table_of_content
from pairing.formulae import defused, restored

from .conftest import INDICATORS, NAMES, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Outputs

STARTERS = tuple("=+-@|\t\r\n\uff1d\uff0b\uff0d\uff20")
ATTACKS = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-2",
    "-2+3",
    "@SUM(A1)",
    "|cmd",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def written(outputs: Outputs) -> Iterator[Path]:
    return (path for path in outputs.csv_files() if "in" not in path.relative_to(outputs.folder).parts)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_any_file_can_start_a_formula_wherever_a_spreadsheet_splits(
    outputs: Outputs, delimiter: str
) -> None:
    for path in written(outputs):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter=delimiter):
                for cell in row:
                    first = cell.split(",")[
                        0
                    ]  # a line that is not split at commas begins with its first cell
                    assert not cell.startswith(STARTERS) or is_number(first), (path.name, cell)


def test_ids_and_names_read_back_as_they_were(outputs: Outputs) -> None:
    for folder in ("plan", "drawn"):
        teams = read_table(outputs.folder / folder / "teams.csv").frame
        assert dict(zip(teams["team"], teams["name"], strict=True)) == NAMES
        pairs = read_table(outputs.folder / folder / "pairs.csv").frame
        for side in ("a", "b"):
            assert {NAMES[team] for team in pairs[f"team_{side}"]} == set(pairs[f"name_{side}"])
    explained = read_table(outputs.folder / "explain-pair.csv").frame
    assert dict(zip(explained["indicator"], explained["label"], strict=True)) == INDICATORS
    effects = read_table(outputs.folder / "drawn" / "effects.csv").frame
    assert tuple(effects["outcome"]) == OUTCOMES


def test_a_table_of_ours_can_be_an_input(outputs: Outputs, tmp_path: Path) -> None:
    programme = (outputs.folder / "in" / "programme.toml").read_text(encoding="utf-8")
    (tmp_path / "teams.csv").write_bytes((outputs.folder / "in" / "teams.csv").read_bytes())
    (tmp_path / "first.csv").write_bytes((outputs.folder / "plan" / "pairs.csv").read_bytes())
    again = tmp_path / "again.toml"
    again.write_text(programme.replace("[lottery]", 'previous = "first.csv"\n[lottery]'), encoding="utf-8")
    outputs.run("pair", again, "-o", tmp_path / "again")
    first, second = (
        {frozenset(pair) for pair in read_table(path).frame[["team_a", "team_b"]].to_numpy().tolist()}
        for path in (tmp_path / "first.csv", tmp_path / "again" / "pairs.csv")
    )
    assert len(second) == len(NAMES) // 2
    assert not first & second


def test_joiners_and_the_table_after_a_repair_keep_numbers_as_numbers(outputs: Outputs) -> None:
    raw = (outputs.folder / "repaired" / "repaired-teams.csv").read_text(encoding="utf-8")
    before = read_table(outputs.folder / "in" / "teams.csv").frame
    after = read_table(outputs.folder / "repaired" / "repaired-teams.csv").frame
    pd.testing.assert_frame_equal(before, after)
    assert ",-2.58," in raw  # longitudes, which other programs read


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_defused(text: str) -> None:
    content = csv_bytes(pd.DataFrame({"name": [text], "level": [-0.5]}))
    _, (cell, number) = csv.reader(io.StringIO(content.decode(), newline=""))
    assert cell.startswith("'")
    assert not any(part.startswith(STARTERS) for part in re.split(r"[;,\t\r\n]", cell)), cell
    assert number == "-0.5"
    assert table_of_content(content, "x.csv").frame["name"].item() == text


@given(st.text(st.sampled_from([*STARTERS, "'", '"', ";", ",", " ", "a", "1"]), max_size=12))
def test_defusing_is_undone_exactly(text: str) -> None:
    safe = defused(text)
    assert restored(safe) == text
    assert not safe.startswith(STARTERS)


@given(st.text(max_size=30))
def test_any_text_comes_back(text: str) -> None:
    assert restored(defused(text)) == text


def test_numbers_that_somebody_wrote_stay_numbers() -> None:
    frame = pd.DataFrame({"value": ["-1.5", "-1e-3", "=1"]}, dtype=object)
    assert csv_bytes(frame, numbers_as_text=True) == b"value\n-1.5\n-1e-3\n'=1\n"
