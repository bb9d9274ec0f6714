"""The stages of recruitment: counts, and who takes part."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pairing.cohort.sheet import Sheet
from pairing.files.flow import read_recruitment
from pairing.files.programme import read_programme
from pairing.programme import TeamsSettings

STAGES = ["eligible", "interested", "invited", "eligible", "eligible"]


def sheet_of(stages: list[str]) -> Sheet:
    """Teams A, B, ... with their stages, from row 2."""
    ids = [chr(ord("A") + number) for number in range(len(stages))]
    return Sheet({"id": ids, "reached": stages}, range(2, 2 + len(stages)), "teams.csv")


def test_stages_are_counted_cumulatively() -> None:
    """Who is eligible was interested and invited too; who is excluded was eligible."""
    settings = TeamsSettings(file="teams.csv", id="id", status="reached", exclude=("E",))
    found = read_recruitment(sheet_of(STAGES), settings)
    assert found.flow == {"invited": 5, "interested": 4, "eligible": 3, "excluded": 1, "taking part": 2}
    assert found.not_reached == ("B", "C")
    assert not found.problems


def test_stages_may_have_other_names() -> None:
    """A programme names its own stages, in order."""
    settings = TeamsSettings(file="teams.csv", id="id", status="reached", stages=("asked", "signed"))
    assert read_recruitment(sheet_of(["asked", "signed"]), settings).flow["signed"] == 1


def test_unknown_stages_are_problems_with_their_row() -> None:
    """A misspelt and a blank stage, both at once, with what was expected."""
    settings = TeamsSettings(file="teams.csv", id="id", status="reached")
    found = read_recruitment(sheet_of(["eligible", "elligible", ""]), settings)
    assert [problem.row for problem in found.problems] == [3, 4]
    assert "'elligible' is not a stage; expected invited, interested, eligible" in str(found.problems[0])
    assert "Did you mean 'eligible'?" in str(found.problems[0])


def test_without_stages_everybody_listed_counts() -> None:
    """The flow then begins with the table itself."""
    settings = TeamsSettings(file="teams.csv", id="id", exclude=("A",))
    assert read_recruitment(sheet_of(STAGES), settings).flow == {"listed": 5, "excluded": 1, "taking part": 4}


def test_a_missing_column_is_told(programme_file: Path) -> None:
    """The column of the stages has to exist."""
    text = programme_file.read_text(encoding="utf-8").replace("[teams]", '[teams]\nstatus = "reached"')
    programme_file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="named as the stage that each team reached"):
        read_programme(programme_file)


def test_only_the_last_stage_enters_the_cohort(programme_file: Path, good: SimpleNamespace) -> None:
    """The others are counted and leave no trace in the cohort."""
    stages = ["reached", *["eligible"] * 6, "interested", "invited"]
    rows = [f"{row},{stage}" for row, stage in zip(good.TEAMS.splitlines(), stages, strict=True)]
    (programme_file.parent / "teams.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = programme_file.read_text(encoding="utf-8").replace("[teams]", '[teams]\nstatus = "reached"')
    programme_file.write_text(text, encoding="utf-8")
    loaded = read_programme(programme_file)
    assert len(loaded.cohort) == 6
    assert loaded.flow["interested"] == 7
    assert loaded.flow["taking part"] == 6
