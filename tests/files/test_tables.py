"""Tables of every spelling read as the same text, with the row numbers a spreadsheet shows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pairing.errors import FileAccessError, InputDataError
from pairing.files.tables import draft_table, read_table

TEXT = "id,name,n\n007,Ysbyty Môn,1\nR0A,Ward 2,2\n"


def write(path: Path, content: bytes) -> Path:
    """Put bytes into a file."""
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ('"id","name","n"\n"007","Ysbyty Môn","1"\n"R0A","Ward 2","2"\n').encode(),
        ("id,name,n,,\n007,Ysbyty Môn,1,,\nR0A,Ward 2,2,,\n").encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "semicolon", "tab", "crlf", "cr", "quoted", "empty columns"],
)
def test_spellings_of_csv_read_the_same(tmp_path: Path, content: bytes) -> None:
    """Excel, editors and statistical programs save the same table differently."""
    table = read_table(write(tmp_path / "t.csv", content))
    assert table.columns == ("id", "name", "n")
    assert table.frame.to_numpy().tolist() == [["007", "Ysbyty Môn", "1"], ["R0A", "Ward 2", "2"]]
    assert table.rows == (2, 3)
    assert table.warnings == ()


def test_cp1252_is_read_with_a_warning(tmp_path: Path) -> None:
    """Excel for Windows saves plain CSV so; names with accents have to be checked."""
    table = read_table(write(tmp_path / "t.csv", TEXT.encode("cp1252")))
    assert table.frame["name"][0] == "Ysbyty Môn"
    assert "read as cp1252" in table.warnings[0]


def test_blank_rows_keep_their_numbers(tmp_path: Path) -> None:
    """The row in a message is the one that the spreadsheet shows, quoted line breaks included."""
    table = read_table(write(tmp_path / "t.csv", b'\nid,n\n\nA,"1\n2"\n,\nB,3\n'))
    assert table.rows == (4, 6)


def test_rows_that_do_not_fit_are_kept_and_told(tmp_path: Path) -> None:
    """All of them are told, and the others stay where they are."""
    draft = draft_table(write(tmp_path / "t.csv", b"id,n\nA\nB,1\nC,1,2\nD,4,,\n"))
    assert [problem.row for problem in draft.problems] == [2, 4]
    assert draft.table is not None
    assert draft.table.misfits == {2, 4}
    assert draft.table.frame["id"].tolist() == ["A", "B", "C", "D"]


def test_names_of_columns_are_stripped_with_a_warning(tmp_path: Path) -> None:
    """Blanks in a header cannot be seen."""
    table = read_table(write(tmp_path / "t.csv", b" id ,n\nA,1\n"))
    assert table.columns == ("id", "n")
    assert "'id'" in table.warnings[0]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with what spreadsheets do to ids and numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Teams"
    for row in [
        ["id", "size", "flag", "note"],
        [7, 12.0, True, None],
        ["R0A", 2.5, False, " x "],
        [8, 3, None, ""],
    ]:
        sheet.append(row)
    sheet["A2"].number_format = "000"
    book.create_sheet("Notes").append(["nothing"])
    path = tmp_path / "teams.xlsx"
    book.save(path)
    return path


def test_workbook_reads_as_people_see_it(workbook: Path) -> None:
    """Whole floats lose their .0, and an id shown as 007 is 007."""
    table = read_table(workbook)
    assert table.frame.to_numpy().tolist() == [
        ["007", "12", "true", ""],
        ["R0A", "2.5", "false", " x "],
        ["8", "3", "", ""],
    ]
    assert "the sheet 'Teams' was read; there are also 'Notes'" in table.warnings[0]


def test_sheet_is_found_by_name(workbook: Path) -> None:
    """A sheet that does not exist is told with the nearest."""
    assert read_table(workbook, sheet="Notes").columns == ("nothing",)
    with pytest.raises(InputDataError, match="Did you mean 'Notes'"):
        read_table(workbook, sheet="Note")


def test_numbers_beside_codes_with_zeros_are_warned_of(tmp_path: Path) -> None:
    """Excel turned some codes into numbers: their zeros may be gone."""
    book = openpyxl.Workbook()
    for row in [["id"], ["007"], [8]]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert "Leading zeros" in read_table(tmp_path / "t.xlsx").warnings[0]


def test_formula_without_result_is_a_problem(tmp_path: Path) -> None:
    """A program that wrote a formula and no result leaves a cell that only looks filled."""
    book = openpyxl.Workbook()
    for row in [["id", "n"], ["A", 1], ["B", "=B2+1"]]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    problem = draft_table(tmp_path / "t.xlsx").problems[0]
    assert (problem.row, problem.value) == (3, "=B2+1")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"id,n\nA,1\n", "not a readable .xlsx workbook"),
        (b"PK\x03\x04rest", "not a readable .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old or an encrypted Excel workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, part: str) -> None:
    """A name that ends in .xlsx makes no workbook."""
    with pytest.raises(InputDataError, match=part):
        read_table(write(tmp_path / "t.xlsx", content))


def test_sheet_of_a_text_table_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    """The key is left from the time when the table was a workbook."""
    table = read_table(write(tmp_path / "t.csv", b"id,n\nA,1\n"), sheet="Teams")
    assert "the sheet 'Teams' was not looked for" in table.warnings[0]


@pytest.mark.parametrize("name", ["a\0b.csv", "a" * 5_000 + ".csv"], ids=["NUL", "too long"])
def test_name_that_no_file_can_have_is_no_fault_of_the_program(tmp_path: Path, name: str) -> None:
    """Whatever the system says of the name, it is told as a file that cannot be read, and not at length."""
    with pytest.raises(FileAccessError) as raised:
        read_table(tmp_path / name)
    assert len(str(raised.value)) < 400
    assert "\0" not in str(raised.value)


def test_missing_file_and_folder_are_no_data_problems(tmp_path: Path) -> None:
    """They have their own class, and with it their own exit code."""
    with pytest.raises(FileAccessError, match="no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(FileAccessError, match="is a folder"):
        read_table(tmp_path)
