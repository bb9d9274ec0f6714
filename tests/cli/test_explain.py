"""``pairing explain`` as a user runs it: words on any width, tables, JSON, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.finished import read_finished


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the bundled audit."""
    folder = tmp_path_factory.mktemp("audit")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme-result"


def unfolded(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("teams", [["R0A"], ["R0A", "RJ2"], ["RXF", "R0A"], ["R0A", "RM3"]])
@pytest.mark.parametrize("width", [80, 100, 150])
def test_every_sentence_is_printed_on_any_terminal(
    result: Path,
    teams: list[str],
    width: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the library says stands in the output, and no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(["explain", str(result), *teams]) == 0
    said = capsys.readouterr().out
    found = read_finished(result).pairing.explain(*teams)
    for line in (found.headline(), found.price_line(), *found.card.sentences(), *found.card.rule_lines()):
        assert unfolded(line or "") in unfolded(said)
    told, _, step = said.partition("\nNext, ")
    assert max(map(len, told.splitlines())) <= width
    assert "\n  pairing " in step, "a command to be pasted is not folded"


def test_one_team_shows_as_many_partners_as_are_wanted(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five by default, all on request; the file has the table of the library."""
    assert run(["explain", str(result), "R0A"]) == 0
    found = read_finished(result).pairing.explain("R0A", partners=None)
    said = capsys.readouterr().out.split("R0A may meet 11 other teams")[1].splitlines()
    assert [line.split()[0] for line in said[2:7]] == found.to_frame()["partner"].tolist()[:5]
    assert said[7].startswith("costs: ")
    file = tmp_path / "partners.csv"
    assert run(["explain", str(result), "R0A", "--all-partners", "-o", str(file)]) == 0
    assert f"Written to {file}." in capsys.readouterr().out
    pd.testing.assert_frame_equal(pd.read_csv(file), found.to_frame(), check_dtype=False)
    assert run(["explain", str(result), "R0A", "--partners", "2", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    partners = facts["next_best"]["partners"]
    assert [each["team"] for each in partners] == found.to_frame()["partner"].tolist()[:2]


def test_two_teams_as_json_and_as_a_table_on_stdout(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A banned pair names its rules; a table on stdout leaves the words to stderr."""
    assert run(["explain", str(result), "RM3", "R0A", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["standing"] == "banned"
    assert facts["banned_by"] == ["min_distance_km", "max_level_gap", "different.cancer_alliance"]
    assert run(["explain", str(result), "R0A", "RM3", "-o", "-"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("indicator,label,weight,usable,teacher,")
    assert "are not paired: 7 km apart" in captured.err


def test_the_whole_plan_in_a_line_a_pair(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sixty lines, and the pair that most needs a second look."""
    assert run(["explain", str(result)]) == 0
    said = capsys.readouterr().out
    assert sum(line.startswith("P") for line in said.splitlines()) == 60
    assert unfolded(read_finished(result).pairing.explain().summary()) in unfolded(said)


def test_unknown_teams_are_refused_with_the_nearest(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All at once, as bad input."""
    assert run(["explain", str(result), "R0AA", "Northen Care Alliance NHS Foundation Trust"]) == 3
    said = capsys.readouterr().err
    assert "Did you mean 'R0A'?" in said
    assert "Did you mean 'Northern Care Alliance NHS Foundation Trust'?" in said


def test_a_plan_edited_by_hand_is_refused(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prices would be against another plan; verify is named."""
    folder = tmp_path / "audit"
    for path in sorted(result.parent.rglob("*")):
        if path.is_file():
            copy = folder / path.relative_to(result.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    pairs = folder / result.name / "pairs.csv"
    pairs.write_text("\n".join(pairs.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    assert run(["explain", str(folder / result.name), "R0A"]) == 3
    said = capsys.readouterr().err
    assert "was changed after it was written" in said
    assert "pairing verify" in said


def test_json_and_a_table_cannot_both_go_to_stdout(result: Path) -> None:
    """That is wrong usage."""
    assert run(["explain", str(result), "--json", "-o", "-"]) == 2
