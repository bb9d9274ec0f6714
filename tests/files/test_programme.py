"""A programme on disk becomes settings and teams, whatever the layout of its table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest

from pairing.errors import InputDataError
from pairing.files.programme import inspect_programme, inspect_programme_text, read_programme


def test_paths_start_from_the_settings(programme_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command runs does not matter."""
    monkeypatch.chdir("/")
    loaded = read_programme(programme_file)
    assert loaded.inputs == (programme_file, programme_file.parent / "teams.csv")
    assert len(loaded.cohort) == 8


def test_settings_with_a_mark_and_windows_lines_are_read(programme_file: Path) -> None:
    """Notepad saves both."""
    text = programme_file.read_text(encoding="utf-8").replace("\n", "\r\n")
    programme_file.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert len(read_programme(programme_file).cohort) == 8


def test_workbook_and_csv_give_the_same_cohort(programme_file: Path, good: SimpleNamespace) -> None:
    """The same cells in XLSX are the same teams."""
    from_csv = read_programme(programme_file).cohort
    book = openpyxl.Workbook()
    for number, line in enumerate(good.TEAMS.splitlines()):
        cells = line.split(",")
        book.active.append(cells if number == 0 else [*cells[:3], *map(float, cells[3:])])
    book.save(programme_file.with_name("teams.xlsx"))
    text = programme_file.read_text(encoding="utf-8").replace("teams.csv", "teams.xlsx")
    programme_file.write_text(text, encoding="utf-8")
    from_xlsx = read_programme(programme_file).cohort
    assert from_xlsx.ids == from_csv.ids
    np.testing.assert_array_equal(from_xlsx.observations.denominators, from_csv.observations.denominators)
    np.testing.assert_array_equal(from_xlsx.size, from_csv.size)


@pytest.fixture
def long_file(tmp_path: Path, good: SimpleNamespace) -> Path:
    """The good long programme on disk."""
    (tmp_path / "teams.csv").write_text(good.LONG, encoding="utf-8")
    path = tmp_path / "programme.toml"
    path.write_text(good.LONG_PROGRAMME, encoding="utf-8")
    return path


def test_long_table_becomes_one_row_a_team(long_file: Path) -> None:
    """Values and denominators of both indicators stand where they belong."""
    cohort = read_programme(long_file).cohort
    assert cohort.ids == ("A", "B", "C")
    np.testing.assert_array_equal(cohort.observations.values, [[0.2, 0.5], [0.3, 0.4], [0.25, 0.6]])
    np.testing.assert_array_equal(cohort.observations.denominators, [[100, 90], [110, 95], [120, 85]])
    assert cohort.text("region") == ("North", "South", "East")
    assert [indicator.title for indicator in cohort.indicators] == ["surgery", "drugs"]


def test_long_table_in_any_order_with_gaps(long_file: Path, good: SimpleNamespace) -> None:
    """Rows may be shuffled; a row that is not there is a value that is not known."""
    header, *rows = good.LONG.splitlines()
    shuffled = [header, *reversed([row for row in rows if row != "B,South,drugs,0.40,95"])]
    long_file.with_name("teams.csv").write_text("\n".join(shuffled), encoding="utf-8")
    cohort = read_programme(long_file).cohort
    np.testing.assert_array_equal(cohort.observations.denominators[:, 1], [90, np.nan, 85])


def test_previous_pairs_are_read_once_each_and_strangers_warned_of(programme_file: Path) -> None:
    """Earlier rounds may name teams that left; several files may repeat a pair."""
    folder = programme_file.parent
    (folder / "r1.csv").write_text("pair_id,team_a,team_b\nP1,A02,A01\nP2,OLD,A03\n", encoding="utf-8")
    (folder / "r2.csv").write_text("team_a,team_b\nA01,A02\nA04,A05\n", encoding="utf-8")
    with programme_file.open("a", encoding="utf-8") as file:
        file.write('previous = ["r1.csv", "r2.csv"]\n')
    loaded = read_programme(programme_file)
    assert loaded.previous == (("A01", "A02"), ("A03", "OLD"), ("A04", "A05"))
    assert loaded.warnings == ("r1.csv: not among the teams of this round: 'OLD'.",)
    assert [path.name for path in loaded.inputs] == ["programme.toml", "teams.csv", "r1.csv", "r2.csv"]


def test_longer_direction_of_a_journey_counts(programme_file: Path) -> None:
    """One row a pair, smaller id first."""
    travel = "team_a,team_b,minutes,km\nA02,A01,30,20\nA01,A02,40,18\nA03,A04,5,1\n"
    programme_file.with_name("travel.csv").write_text(travel, encoding="utf-8")
    with programme_file.open("a", encoding="utf-8") as file:
        file.write('travel_table = "travel.csv"\nmax_travel_minutes = 60\n')
    frame = read_programme(programme_file).travel
    assert frame is not None
    assert frame.to_dict("list") == {
        "team_a": ["A01", "A03"],
        "team_b": ["A02", "A04"],
        "minutes": [40.0, 5.0],
        "km": [20.0, 1.0],
    }


def test_travel_table_with_km_stands_in_for_coordinates(programme_file: Path) -> None:
    """Without coordinates the distances must come from the table."""
    text = programme_file.read_text(encoding="utf-8")
    text = (
        text.replace('latitude = "latitude"\nlongitude = "longitude"\n', "") + 'travel_table = "travel.csv"\n'
    )
    travel = programme_file.with_name("travel.csv")
    travel.write_text("team_a,team_b,minutes,km\nA01,A02,30,20\n", encoding="utf-8")
    assert inspect_programme_text(text, programme_file).problems == ()
    travel.write_text("team_a,team_b,minutes\nA01,A02,30\n", encoding="utf-8")
    problems = inspect_programme_text(text, programme_file).problems
    assert [problem.column for problem in problems] == ["rules.min_distance_km", "rules.max_distance_km"]


def test_cells_of_misfit_rows_are_not_told_twice(programme_file: Path) -> None:
    """What stands in a row of the wrong length stands in the wrong columns; other rows are still checked."""
    table = programme_file.with_name("teams.csv")
    text = table.read_text(encoding="utf-8")
    text = text.replace("A01,Alder,North,", "A01,Alder,").replace(",240,0.25", ",240,2.5")
    table.write_text(text, encoding="utf-8")
    places = [(problem.row, problem.column) for problem in inspect_programme(programme_file).problems]
    assert places == [(2, None), (3, "surgery")]


def test_cell_that_two_settings_read_is_told_once(programme_file: Path) -> None:
    """A size that is also a caliper's column has one problem, not two."""
    table = programme_file.with_name("teams.csv")
    table.write_text(table.read_text(encoding="utf-8").replace(",240,", ",2A0,"), encoding="utf-8")
    with programme_file.open("a", encoding="utf-8") as file:
        file.write("calipers = { patients = 50 }\n")
    assert len(inspect_programme(programme_file).problems) == 1


def test_settings_that_are_no_text_are_refused(programme_file: Path) -> None:
    """A workbook given as the programme is named as what it is."""
    programme_file.write_bytes(b"PK\x03\x04" + bytes(20))
    with pytest.raises(InputDataError, match="office document"):
        read_programme(programme_file)
