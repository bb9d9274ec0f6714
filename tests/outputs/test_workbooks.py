"""The workbooks keep the points of the guidance for accessible spreadsheets, and say what the tables say."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from pairing.files.columns import description_of
from pairing.files.tables import read_table
from pairing.files.workbooks.layout import SIZE, book_bytes
from pairing.files.workbooks.reading import workbook_cells
from pairing.files.workbooks.sheet import Book, Sheet, SheetColumn

from .conftest import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from .conftest import Outputs

BOOKS = ["plan/pairing.xlsx", "drawn/allocation.xlsx", "drawn/effects.xlsx", "drawn-first/allocation.xlsx"]
EXPLAINING = ["Cover", "Notes", "Columns"]


@pytest.fixture(params=BOOKS)
def place(request: pytest.FixtureRequest, outputs: Outputs) -> Path:
    path: Path = outputs.folder / request.param
    return path


@pytest.fixture
def book(place: Path) -> Workbook:
    return load_workbook(place)


def table_cells(sheet: Worksheet) -> tuple[list[str], list[list[object]]]:
    """Header and records of the one table of a sheet."""
    (table,) = sheet.tables.values()
    first, top, last, bottom = range_boundaries(table.ref)
    rows = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=top, max_row=bottom, min_col=first, max_col=last)
    ]
    return [str(name) for name in rows[0]], rows[1:]


def test_opens_on_the_cover_at_its_first_cell(book: Workbook) -> None:
    assert book.sheetnames[:3] == EXPLAINING
    assert book.active is not None
    assert book.active.title == "Cover"
    for sheet in book.worksheets:
        assert [(one.activeCell, one.sqref) for one in sheet.sheet_view.selection] == [("A1", "A1")]
        assert isinstance(sheet["A1"].value, str)


def test_one_table_a_sheet_from_column_a_with_a_name_of_its_own(book: Workbook) -> None:
    names = []
    for sheet in book.worksheets:
        if not sheet.tables:  # nobody is without a partner: a table without rows is none
            assert (sheet.title, sheet["A2"].value) == ("Unpaired", "Every team has a partner.")
            continue
        (table,) = sheet.tables.values()
        names.append(table.displayName)
        first, top, last, bottom = range_boundaries(table.ref)
        assert first == 1
        assert (last, bottom) == (sheet.max_column, sheet.max_row), "nothing beside or below the table"
        header, records = table_cells(sheet)
        assert header == [column.name for column in table.tableColumns]
        assert table.headerRowCount == 1
        assert table.autoFilter is None
        assert records
        assert all(any(value is not None for value in record) for record in records), "no empty row"
        above = [sheet.cell(row, 1).value for row in range(1, top or 1)]
        assert all(above), "no empty row above the table"
    assert len(set(names)) == len(names)


def test_header_is_frozen_and_wrapped_and_nothing_is_merged_or_hidden(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        for table in sheet.tables.values():
            top = range_boundaries(table.ref)[1]
            assert sheet.title == "Cover" or sheet.freeze_panes == f"A{top + 1}"
            assert all(cell.alignment.wrap_text for cell in sheet[top] if cell.value)


def test_readable_without_colour(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.font.name == "Arial"
                    assert cell.font.sz is not None
                    assert cell.font.sz >= SIZE
                    assert not cell.font.i
                    assert cell.fill.fill_type is None
                    assert cell.font.color is None or cell.hyperlink is not None
        assert all(10 <= column.width <= 110 for column in sheet.column_dimensions.values())


def test_contents_link_to_every_sheet_and_back(book: Workbook) -> None:
    cover = book["Cover"]
    links = [cell.hyperlink.location for (cell,) in cover.iter_rows(max_col=1) if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    for sheet in book.worksheets[1:]:
        assert [cell.hyperlink.location for (cell,) in sheet.iter_rows(max_col=1) if cell.hyperlink] == [
            "'Cover'!A1"
        ]


def test_cover_states_source_and_licence_and_the_document_its_title(book: Workbook) -> None:
    said = [str(cell.value) for (cell,) in book["Cover"].iter_rows(max_col=1)]
    assert any(line.startswith("Source: teams.csv") for line in said)
    assert any(line.startswith("Licence: ") for line in said)
    assert book.properties.title == said[0]
    assert book.properties.language == "en-GB"


def test_every_column_is_explained(book: Workbook) -> None:
    header, explained = table_cells(book["Columns"])
    assert header == ["worksheet", "column", "meaning", "unit", "type", "blank when"]
    there = [
        (sheet.title, name)
        for sheet in book.worksheets
        if sheet.title not in EXPLAINING and sheet.tables
        for name in table_cells(sheet)[0]
    ]
    assert [(row[0], row[1]) for row in explained] == there
    assert all(row[2] for row in explained)


def test_every_blank_is_explained(book: Workbook) -> None:
    _, explained = table_cells(book["Columns"])
    when = {(row[0], row[1]): row[5] for row in explained}
    for sheet in book.worksheets:
        if sheet.title in EXPLAINING or not sheet.tables:
            continue
        header, records = table_cells(sheet)
        blank = [name for name, *values in zip(header, *records, strict=True) if None in values]
        assert all(when[sheet.title, name] for name in blank), (sheet.title, blank)
        told = " ".join(str(sheet.cell(row, 1).value) for row in (2, 3))
        assert all(name in told for name in blank) or sheet.title in {"Settings", "Lottery", "Analysis"}


def test_no_cell_is_a_formula(book: Workbook) -> None:
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "b"}


def test_formula_like_text_stays_text_when_it_is_edited(outputs: Outputs) -> None:
    sheet = load_workbook(outputs.folder / "plan" / "pairing.xlsx")["Teams"]
    quoted = {cell.value for row in sheet.iter_rows() for cell in row if cell.quotePrefix}
    assert {"=1+1", "-2", "@SUM(A1)", '=HYPERLINK("http://e.example","x")'} <= quoted
    assert "007" not in quoted


@pytest.mark.parametrize(
    ("file", "sheet", "table"),
    [
        ("plan/pairing.xlsx", "Pairs", "plan/pairs.csv"),
        ("plan/pairing.xlsx", "Teams", "plan/teams.csv"),
        ("drawn/allocation.xlsx", "Allocation", "drawn/allocation.csv"),
        ("drawn/allocation.xlsx", "Balance", "drawn/balance.csv"),
        ("drawn/allocation.xlsx", "Teams", "drawn/teams.csv"),
        ("drawn/effects.xlsx", "Effects", "drawn/effects.csv"),
        ("drawn/effects.xlsx", "Effects_details", "drawn/effects_details.csv"),
    ],
)
def test_cells_are_those_of_the_table_numbers_as_numbers(
    outputs: Outputs, file: str, sheet: str, table: str
) -> None:
    header, records = table_cells(load_workbook(outputs.folder / file)[sheet])
    frame = read_table(outputs.folder / table).frame
    assert header == list(frame.columns)
    description = description_of(table.split("/")[1].removesuffix(".csv"))
    for name, *values in zip(header, *records, strict=True):
        column = description.column(name)
        assert column is not None
        for value, text in zip(values, frame[name], strict=True):
            if text == "":
                assert value is None
            elif text in ("inf", "-inf"):
                assert value == text  # no cell holds infinity
            elif column.type in ("number", "whole number"):
                assert isinstance(value, int | float)
                # The writing library keeps 16 digits, and spreadsheets themselves 15.
                assert value == pytest.approx(float(text), rel=1e-15, abs=0), (name, text)
            elif column.type == "true/false":
                assert value is (text == "true")
            else:
                assert value == text


def test_names_are_whole(outputs: Outputs) -> None:
    header, records = table_cells(load_workbook(outputs.folder / "plan" / "pairing.xlsx")["Teams"])
    at, named = header.index("team"), header.index("name")
    assert {record[at]: record[named] for record in records} == NAMES


@pytest.mark.parametrize("name", ["_x003D_1+1", "ward_x000d_7", "_x005F_", "_x005F_x0041_", "_x41_ x0041_"])
def test_text_that_spreadsheets_would_decode_is_whole(name: str) -> None:
    """Office Open XML takes ``_x0041_`` for the letter A, and so writes its first underscore as one too."""
    sheet = Sheet("Teams", "Teams", (), (SheetColumn("name"),), ((name,),))
    content = book_bytes(Book("Teams", (), "pairing", (sheet,)))
    assert workbook_cells(content, "teams.xlsx")["Teams", "A4"] == name
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        stored = archive.read("xl/worksheets/sheet2.xml").decode()
    (text,) = re.findall(r'<c r="A4"[^>]*><is><t>([^<]*)</t>', stored)
    assert re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code.group(1), 16)), text) == name


def test_same_bytes_at_any_time(outputs: Outputs, tmp_path: Path) -> None:
    outputs.run("pair", outputs.folder / "in" / "programme.toml", "-o", tmp_path / "again", "--xlsx")
    again = (tmp_path / "again" / "pairing.xlsx").read_bytes()
    assert again == (outputs.folder / "plan" / "pairing.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "again" / "pairing.xlsx") as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


@pytest.mark.parametrize(("folder", "file"), [("plan", "pairing.xlsx"), ("drawn", "allocation.xlsx")])
def test_verify_proves_the_workbook_and_says_which_cell_was_changed(
    outputs: Outputs, tmp_path: Path, folder: str, file: str
) -> None:
    shutil.copytree(outputs.folder / "in", tmp_path / "in")
    shutil.copytree(outputs.folder / folder, tmp_path / folder)
    assert f"proven: {file} says what the tables say" in outputs.run("verify", tmp_path / folder).out
    book = load_workbook(tmp_path / folder / file)
    header, _ = table_cells(book["Pairs"])
    row = range_boundaries(book["Pairs"].tables["pairs_table"].ref)[1]
    book["Pairs"].cell(row + 2, header.index("value") + 1).value = 9.5
    book.save(tmp_path / folder / file)
    said = outputs.run("verify", tmp_path / folder, codes=(6,)).words
    assert f"{file}, worksheet Pairs, cell F{row + 2}: 9.5 is recorded" in said
    assert f"{file} was changed after it was written" in said or folder == "drawn"


def test_drawing_again_without_a_workbook_removes_the_old_one(outputs: Outputs, tmp_path: Path) -> None:
    shutil.copytree(outputs.folder / "in", tmp_path / "in")
    first = tmp_path / "in" / "first.toml"
    outputs.run("allocate", first, "--seed", 1, "--xlsx", "-o", tmp_path / "drawn")
    assert (tmp_path / "drawn" / "allocation.xlsx").is_file()
    outputs.run("allocate", tmp_path / "drawn", "--seed", 2, "--force")
    assert not (tmp_path / "drawn" / "allocation.xlsx").exists()


def test_a_workbook_goes_with_a_draw_and_with_a_file(outputs: Outputs) -> None:
    said = outputs.run("allocate", outputs.folder / "plan", "--publish", "--xlsx", codes=(2,))
    assert "--xlsx goes with a draw" in said.err
    drawn, outcomes = outputs.folder / "drawn", outputs.folder / "in" / "outcomes.csv"
    said = outputs.run("analyse", drawn, outcomes, "--xlsx", "-o", "-", codes=(2,))
    assert "--xlsx stands beside a CSV file" in said.err


@pytest.mark.parametrize("name", ["pairing.csv", "allocation.csv", "profiles.csv"])
def test_an_analysis_never_overwrites_what_it_rests_on(outputs: Outputs, name: str) -> None:
    drawn, outcomes = outputs.folder / "drawn", outputs.folder / "in" / "outcomes.csv"
    before = {path.name: path.read_bytes() for path in drawn.iterdir()}
    said = outputs.run("analyse", drawn, outcomes, "--xlsx", "--force", "-o", drawn / name, codes=(2,))
    assert "would be overwritten" in said.err
    assert {path.name: path.read_bytes() for path in drawn.iterdir()} == before
