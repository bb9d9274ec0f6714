"""Every way to break the input is told with its place, and nothing else is."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Protocol

import pytest

from pairing.errors import FileAccessError, InputDataError
from pairing.files.programme import inspect_programme, read_programme


class BrokenInput(Protocol):
    """What these tests use of a case; its class lives in a file that is read, not imported."""

    name: str
    says: str
    advises: str
    file: str | None
    row: int | None
    column: str | None
    value: str | None
    n_problems: int

    def write(self, folder: Path) -> Path:
        """Write the broken programme and give its settings file."""
        ...


CASES = runpy.run_path(str(Path(__file__).parents[1] / "broken_inputs" / "table.py"))["BROKEN_INPUTS"]
BAD_DATA = [case for case in CASES if case.exit_code == 3]
UNREADABLE = [case for case in CASES if case.exit_code == 5]


def test_good_programme_has_no_problem(programme_file: Path) -> None:
    """What the broken inputs are made from is itself fine: without this the others prove nothing."""
    inspection = inspect_programme(programme_file)
    assert inspection.problems == ()
    assert inspection.loaded.cohort.ids == ("007", "A01", "A02", "A03", "A04", "A05", "A06", "A08")


def test_there_are_enough_broken_inputs_with_distinct_names() -> None:
    """At least 40, each with a name of its own."""
    assert len({case.name for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("case", BAD_DATA, ids=lambda case: case.name)
def test_broken_input_is_told_with_its_place(case: BrokenInput, tmp_path: Path) -> None:
    """The problem names file, row, column and value, says what is wrong, and stands alone."""
    with pytest.raises(InputDataError) as raised:
        read_programme(case.write(tmp_path))
    problems = raised.value.problems
    found = [problem for problem in problems if case.says in problem.message]
    assert found, "\n".join(map(str, problems))
    first = found[0]
    assert (first.file, first.row, first.column, first.value) == (
        case.file,
        case.row,
        case.column,
        case.value,
    )
    assert case.advises in (first.advice or "")
    assert len(problems) == case.n_problems, "\n".join(map(str, problems))


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case.name)
def test_unreadable_file_is_told_by_its_path(case: BrokenInput, tmp_path: Path) -> None:
    """A file that is not there is no fault of the data, and has its own class and exit code."""
    with pytest.raises(FileAccessError, match=case.says):
        read_programme(case.write(tmp_path))


def test_problems_of_all_files_are_told_together(programme_file: Path) -> None:
    """Settings, table, earlier pairs and a missing file: one error lists them all."""
    settings = programme_file.read_text(encoding="utf-8").replace("max_size_ratio", "max_size_ration")
    previous, travel = 'previous = "round1.csv"\n', 'travel_table = "nowhere.csv"\n'
    programme_file.write_text(settings + previous + travel, encoding="utf-8")
    table = programme_file.with_name("teams.csv")
    table.write_text(table.read_text(encoding="utf-8").replace(",200,0.20", ",-200,2.0"), encoding="utf-8")
    inspection = inspect_programme(programme_file)
    told = "\n".join(map(str, inspection.problems))
    for part in ("rules.max_size_ration", "'-200' is not a size", "'2.0' is not a proportion"):
        assert part in told
    assert inspection.loaded is None


def test_missing_files_join_the_list_of_other_problems(programme_file: Path) -> None:
    """A missing table does not hide what is wrong with the settings."""
    text = programme_file.read_text(encoding="utf-8")
    programme_file.write_text(text.replace("teams.csv", "none.csv").replace("= 400", "= 4"), encoding="utf-8")
    told = [str(problem) for problem in inspect_programme(programme_file).problems]
    assert any("max_distance_km" in line for line in told)
    assert any("none.csv" in line and "no such file" in line for line in told)


def test_folder_in_place_of_a_table_is_told(programme_file: Path) -> None:
    """Opening a folder gives a clear sentence on every system."""
    table = programme_file.with_name("teams.csv")
    table.unlink()
    table.mkdir()
    with pytest.raises(FileAccessError, match="is a folder"):
        read_programme(programme_file)
