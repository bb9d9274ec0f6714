"""The column dictionary and the files hold each other to account."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from pairing.files.columns import column_dictionary, described_tables, dictionary_markdown
from pairing.files.columns.dictionary import TYPES
from pairing.formulae import restored

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.columns import TableDescription

    from .conftest import Outputs

WRITTEN_TO = {
    "values.csv": "values",
    "match.csv": "match",
    "explain-plan.csv": "explain-plan",
    "explain-team.csv": "explain-team",
    "explain-pair.csv": "explain-pair",
    "alternatives.csv": "alternatives",
    "tradeoff.csv": "tradeoff",
    "standby.csv": "standby",
    "diagnose.csv": "diagnose",
    "rounds/teams.csv": "rounds-teams",
}
"""Tables whose file the user names, and the one whose name another table has too."""


def header_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [restored(name) for name in next(csv.reader(file))]


def described(path: str) -> TableDescription | None:
    name = WRITTEN_TO.get(path)
    for table in described_tables():
        if table.name == name or (
            name is None and table.file and fnmatchcase(path.split("/")[-1], table.file)
        ):
            return table
    return None


def written(outputs: Outputs) -> dict[str, list[list[str]]]:
    """Headers of all files that were written, by the name of their table."""
    found: dict[str, list[list[str]]] = {}
    for path in outputs.csv_files():
        place = path.relative_to(outputs.folder).as_posix()
        if place.startswith("in/"):
            continue
        table = described(place)
        assert table is not None, f"{place} stands in no dictionary"
        found.setdefault(table.name, []).append(header_of(path))
    return found


def test_every_column_of_every_file_is_described(outputs: Outputs) -> None:
    tables = {table.name: table for table in described_tables()}
    unknown = [
        (name, column)
        for name, headers in written(outputs).items()
        for header in headers
        for column in header
        if tables[name].column(column) is None
    ]
    assert unknown == []


def test_every_described_column_is_written_by_some_command(outputs: Outputs) -> None:
    found = written(outputs)
    missing = [
        (table.name, column.name)
        for table in described_tables()
        for column in table.columns
        if not any(fnmatchcase(name, column.name) for header in found.get(table.name, []) for name in header)
    ]
    assert missing == []


def test_columns_stand_in_the_order_of_their_files(outputs: Outputs) -> None:
    tables = {table.name: table for table in described_tables()}
    for name, headers in written(outputs).items():
        order = [column.name for column in tables[name].columns]
        for header in headers:
            if "*" in order:
                continue
            places = [order.index(tables[name].column(column).name) for column in header]
            assert places == sorted(places), (name, header)


def test_the_dictionary_is_complete_in_itself() -> None:
    known = column_dictionary()
    assert not known.duplicated(["table", "column"]).any()
    assert (known["meaning"] != "").all()
    assert set(known["type"]) <= set(TYPES)
    assert not known["meaning"].str.contains(r"[^.]\.$").any()


@pytest.mark.parametrize("level", [2, 3])
def test_the_page_has_a_row_for_every_column(level: int) -> None:
    page = dictionary_markdown(level=level)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(column_dictionary())
    assert {line.split(" ")[0] for line in page.splitlines() if line.startswith("#")} == {"#" * level}
