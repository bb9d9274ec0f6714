"""Late joiners of a programme whose table says how far each team came."""

from __future__ import annotations

from pathlib import Path

import pytest

from pairing.errors import InputDataError
from pairing.files.joiners import read_joiners
from pairing.files.loaded_programme import LoadedProgramme
from pairing.files.programme import read_programme

HEADER = "team,stage,rate,n\n"
ROWS = "".join(f"T{at},eligible,0.{at + 1},{90 + at}\n" for at in range(5))
SETTINGS = """
[teams]
file = "teams.csv"
id = "team"
status = "stage"
exclude = ["T4"]
[[indicators]]
column = "rate"
denominator = "n"
"""


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProgramme:
    """Four teams that take part, one that is excluded, and one that was only invited."""
    (tmp_path / "teams.csv").write_text(f"{HEADER}{ROWS}T5,invited,0.4,90\n", encoding="utf-8")
    (tmp_path / "programme.toml").write_text(SETTINGS, encoding="utf-8")
    return read_programme(tmp_path / "programme.toml")


def table(folder: Path, rows: str, header: str = HEADER) -> str:
    path = folder / "joiners.csv"
    path.write_text(header + rows, encoding="utf-8")
    return str(path)


def problems_of(loaded: LoadedProgramme, *additions: str) -> list[str]:
    with pytest.raises(InputDataError) as raised:
        read_joiners(loaded, additions, loaded.cohort.ids)
    return [str(problem) for problem in raised.value.problems]


def test_an_excluded_team_is_admitted_by_its_id(loaded: LoadedProgramme) -> None:
    """Its row in the table is used."""
    joiners = read_joiners(loaded, ["T4"], loaded.cohort.ids)
    assert joiners.ids == joiners.admitted == ("T4",)
    assert joiners.cohort is not None
    assert joiners.cohort.observations.values.tolist() == [[0.5]]
    assert len(joiners.table) == 6


def test_a_team_that_was_only_invited_needs_its_new_status(loaded: LoadedProgramme, tmp_path: Path) -> None:
    """By id it cannot join; with a row that says eligible it can, and takes the place of the old row."""
    (problem,) = problems_of(loaded, "T5")
    assert "'T5' does not take part, by its status in the table" in problem
    joiners = read_joiners(loaded, [table(tmp_path, "T5,eligible,0.6,80\n")], loaded.cohort.ids)
    assert joiners.admitted == ("T5",)
    assert joiners.table["rate"].tolist()[-1] == "0.6"
    assert len(joiners.table) == 6


def test_a_joiner_whose_status_keeps_it_out_is_refused(loaded: LoadedProgramme, tmp_path: Path) -> None:
    """It would vanish without a word; an unknown stage is named, too."""
    (problem,) = problems_of(loaded, table(tmp_path, "N1,invited,0.6,80\n"))
    assert problem == (
        "joiners.csv, row 2, column 'stage': 'invited' joins, and its status keeps it out; expected eligible."
    )
    assert any(
        "is not a stage" in text for text in problems_of(loaded, table(tmp_path, "N1,elegible,0.6,80\n"))
    )


def test_tables_without_teams_or_with_strange_rows(loaded: LoadedProgramme, tmp_path: Path) -> None:
    """An empty table, blank ids, rows of the wrong length: each is told."""
    assert problems_of(loaded, table(tmp_path, "")) == ["joiners.csv, column 'team': there are no teams."]
    assert "there are 3 cells" in problems_of(loaded, table(tmp_path, "N1,eligible,0.6\n"))[0]
    assert any(
        "'T0' takes part already" in text
        for text in problems_of(loaded, table(tmp_path, "T0,eligible,0.6,8\n"))
    )


def test_two_joiners_with_the_same_rate_are_no_problem(loaded: LoadedProgramme, tmp_path: Path) -> None:
    """How values are spread over the joiners alone says nothing."""
    joiners = read_joiners(loaded, [table(tmp_path, "N1,eligible,0.6,80\nN2,eligible,0.6,80\n")], ())
    assert joiners.ids == ("N1", "N2")


def test_the_same_joiner_in_two_tables_is_refused(loaded: LoadedProgramme, tmp_path: Path) -> None:
    """Ids are unique over everything that is added."""
    one = table(tmp_path, "N1,eligible,0.6,80\n")
    other = tmp_path / "more.csv"
    other.write_text(f"{HEADER}N1,eligible,0.7,90\n", encoding="utf-8")
    assert (
        "'N1' joins, and the cohort has a team with this id already"
        in problems_of(loaded, one, str(other))[0]
    )
