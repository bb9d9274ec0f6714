"""One fault does not hide another, in the settings or in a table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pairing.errors import Problem
from pairing.files.programme import inspect_programme, inspect_programme_text, read_programme


def told(path: Path, *changes: tuple[str, str], add: str = "") -> tuple[Problem, ...]:
    """The problems once the settings are changed."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return inspect_programme_text(text + add, path).problems


def test_misspelt_rule_hides_nothing_of_the_others(programme_file: Path) -> None:
    """Files that are missing, ids and columns that do not exist, and contradictions come with it."""
    add = """\
previous = ["none.csv"]
travel_table = "nowhere.csv"
calipers = { bedz = 3 }
forbid = [["A01", "A99"]]
require = [["A02", "A03"], ["A02", "A04"]]
same = ["region"]
"""
    lines = "\n".join(map(str, told(programme_file, ("max_size_ratio", "max_size_ration"), add=add)))
    for part in ("max_size_ration", "none.csv", "nowhere.csv", "'bedz' is no column", "'A99' is no team"):
        assert part in lines
    for part in ("is required with two partners", "must be the same and must be different"):
        assert part in lines


def test_misspelt_key_of_the_teams_does_not_hide_the_table(programme_file: Path) -> None:
    """Nor does it make another key seem to be missing."""
    table = programme_file.with_name("teams.csv")
    table.write_text(table.read_text(encoding="utf-8").replace(",0.25,", ",2.5,"), encoding="utf-8")
    problems = told(programme_file, ('size = "patients"', 'sze = "patients"\nexclude = ["A99", 7]'))
    places = [(problem.column, problem.value) for problem in problems]
    assert places == [("teams.exclude[2]", "7"), ("teams.sze", None), ("team", None), ("surgery", "2.5")]


def test_misspelt_key_of_an_indicator_does_not_hide_its_cells(programme_file: Path) -> None:
    """The column is read all the same, and a denominator is not called missing beside its misspelt key."""
    table = programme_file.with_name("teams.csv")
    table.write_text(table.read_text(encoding="utf-8").replace(",0.25,", ",2.5,"), encoding="utf-8")
    problems = told(programme_file, ('column = "surgery"', 'column = "surgery"\nwieght = 2'))
    assert [problem.column for problem in problems] == ["indicators[1].wieght", "surgery"]
    problems = told(programme_file, ('denominator = "surgery_n"', 'denominatr = "surgery_n"'))
    assert [problem.column for problem in problems] == ["indicators[1].denominatr"]


def test_rows_of_wrong_length_hide_nothing_in_companions(programme_file: Path) -> None:
    """In a travel table and an earlier round the other rows are checked, and the cut ones told once."""
    folder = programme_file.parent
    (folder / "t.csv").write_text(
        "team_a,team_b,minutes\nA01,A02\nA01,A03,soon,9\nA01,A04,-5\n", encoding="utf-8"
    )
    (folder / "r.csv").write_text("team_a,team_b\nA01\nA02,A02\n", encoding="utf-8")
    problems = told(programme_file, add='travel_table = "t.csv"\nprevious = "r.csv"\n')
    places = [(problem.file, problem.row) for problem in problems]
    assert places == [("r.csv", 2), ("r.csv", 3), ("t.csv", 2), ("t.csv", 3), ("t.csv", 4)]


def test_long_rows_of_wrong_length_are_told_once(tmp_path: Path, good: SimpleNamespace) -> None:
    """What a shifted row seems to contradict is no problem of its own; a bad value elsewhere is."""
    path = tmp_path / "programme.toml"
    path.write_text(good.LONG_PROGRAMME, encoding="utf-8")
    text = good.LONG.replace("A,North,drugs", "A,drugs").replace("0.60", "6.0")
    path.with_name("teams.csv").write_text(text, encoding="utf-8")
    assert [problem.row for problem in inspect_programme(path).problems] == [3, 7]


@pytest.mark.parametrize("missing", ["error", "ban", "permit"])
def test_blank_journeys_are_missing_data(programme_file: Path, missing: str) -> None:
    """They are no fault of the file: the rules say what a journey without figures means."""
    travel = "team_a,team_b,minutes,km\nA01,A02,,20\nA01,A03,30,\nA02,A03,,\nA03,A02,7,\n"
    programme_file.with_name("travel.csv").write_text(travel, encoding="utf-8")
    with programme_file.open("a", encoding="utf-8") as file:
        file.write(f'travel_table = "travel.csv"\nmax_travel_minutes = 60\nmissing = "{missing}"\n')
    frame = read_programme(programme_file).travel
    assert frame is not None
    assert frame["minutes"].isna().tolist() == [True, False, False]
    assert frame["km"].isna().tolist() == [False, True, True]
    assert frame["minutes"].tolist()[1:] == [30.0, 7.0]


def test_table_is_shown_by_the_name_that_people_gave(programme_file: Path) -> None:
    """Guessed settings stand in a folder from which the table has another name."""
    text = programme_file.read_text(encoding="utf-8").replace("teams.csv", "../teams.csv")
    table = programme_file.with_name("teams.csv")
    table.write_text(table.read_text(encoding="utf-8").replace(",0.25,", ",2.5,"), encoding="utf-8")
    inside = programme_file.parent / "result" / "programme.toml"
    (problem,) = inspect_programme_text(text, inside, table_shown_as="my/teams.csv").problems
    assert problem.file == "my/teams.csv"


def test_settings_in_cp1252_are_read_with_a_warning(programme_file: Path) -> None:
    """As a table is; names with accents have to be checked."""
    text = programme_file.read_text(encoding="utf-8") + "# Môn\n"
    programme_file.write_bytes(text.encode("cp1252"))
    assert "read as cp1252" in read_programme(programme_file).warnings[0]


def test_bytes_that_are_no_settings_are_told_as_such(programme_file: Path) -> None:
    """The advice for a table would be no help."""
    for content in (b"PK\x03\x04" + bytes(40), b"id = \x81\x8d", b"<html>", b"id = \x00"):
        programme_file.write_bytes(content)
        (problem,) = inspect_programme(programme_file).problems
        assert "table" not in str(problem)
        assert "programme.toml, saved as plain text" in (problem.advice or "")
