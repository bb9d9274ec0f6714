"""The words of the commands: folded to the terminal, about the right thing, for any kind of team."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.cli.after_errors import steps_after
from pairing.cli.console import Console, folded
from pairing.errors import (
    CertificateError,
    FileAccessError,
    InfeasibleMatchingError,
    InputDataError,
    OverwriteError,
    PairingError,
    SettingsError,
    SolverError,
)

PLAN = "pairing-demo/programme-result"

BLAMING = ("you must", "you should", "illegal", "invalid", "please", "failed to", "oops", "sorry", "abort")
JARGON = ("traceback", "exception", "none", "null", "nan", "nonetype", "dataframe", "numpy", "keyerror")


@pytest.fixture
def beside(demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo, in the folder that one is in."""
    shutil.copytree(demo_folder, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.mark.parametrize(
    "arguments",
    [
        ["tradeoff", PLAN, "max_distance_km", "150", "250"],
        ["alternatives", PLAN, "-k", "3"],
        ["robustness", PLAN, "--seed", "1", "--draws", "5"],
        ["repair", PLAN, "--without", "R0A", "--without", "R0D"],
        ["explain", PLAN, "R0A", "R1K"],
        ["diagnose", "pairing-demo/programme.toml"],
        ["pair", "pairing-demo/programme.toml", "-o", "p"],
    ],
)
@pytest.mark.usefixtures("beside")
def test_results_fit_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Sentences and tables are no wider; what comes next is a command and stays whole."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(arguments) == 0
    told, _, _ = capsys.readouterr().out.partition("\nNext, ")
    sentences = [line for line in told.splitlines() if "  P" not in line[:5] and not line.startswith("P")]
    assert [line for line in sentences if len(line) > 80] == []


@pytest.mark.usefixtures("beside")
def test_lines_stay_whole_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through a pipe each sentence is one line, so that it can be searched."""
    monkeypatch.delenv("COLUMNS", raising=False)
    long = "  " + "word " * 60
    assert folded(long) == long
    monkeypatch.setenv("COLUMNS", "40")
    Console().tell(long)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert [line[:5] for line in lines[:2]] == ["  wor", "    w"]


@pytest.mark.usefixtures("beside")
def test_a_plan_of_other_teams_is_not_told_of_patients(capsys: pytest.CaptureFixture[str]) -> None:
    """The denominators may count anything, and the cards say cases."""
    assert run(["explain", PLAN, "R0A"]) == 0
    told = capsys.readouterr().out
    assert "patient" not in told
    assert "Rates (of cases)" in told


def test_visits_with_wrong_columns_are_told_as_visits(
    beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not as locked pairs, which nobody spoke of; and a second visit of a team is told too."""
    visits = beside / "visits.csv"
    visits.write_text("host,guest\nR0A,RJ2\n", encoding="utf-8")
    assert run(["repair", PLAN, "--made", "visits.csv"]) == 3
    told = capsys.readouterr().err
    assert "the teams of a visit" in told
    assert "locked" not in told
    visits.write_text("team_a,team_b,locked\nR0A,RJ2,false\nR0A,RBN,true\n", encoding="utf-8")
    assert run(["repair", PLAN, "--made", "visits.csv"]) == 3
    told = capsys.readouterr().err
    assert "row 3, column 'team_a': 'R0A' is in a visit already, on row 2" in told


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["explain", PLAN], "make a new result from it: pairing pair."),
        (
            ["analyse", "pairing-demo/ilcop-size-result", "outcomes.csv"],
            "pairing pair, then pairing allocate.",
        ),
    ],
)
def test_a_changed_input_is_told_with_the_right_commands(
    beside: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], advice: str
) -> None:
    """A plan needs pairing pair; only a lottery needs pairing allocate as well."""
    table = beside / "pairing-demo" / "nlca_2022.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.82", "0.83"), encoding="utf-8")
    assert run(arguments) == 3
    assert advice in capsys.readouterr().err


def test_side_constraints_are_named_among_what_limits_the_pairs(
    beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is left out under constraints on the whole plan is not told that the rules alone did it."""
    programme = beside / "pairing-demo" / "programme.toml"
    text = programme.read_text(encoding="utf-8").replace("[rules]\n", "[rules]\nallow_unpaired = true\n")
    text = text.replace("max_size_ratio = 2 ", "max_size_ratio = 1.3 ")
    programme.write_text(text, encoding="utf-8")
    reasons = []
    for limit in ("", "\n[side_constraints]\nmax_total_km = 9000\n"):
        programme.write_text(text + limit, encoding="utf-8")
        code = run(["pair", str(programme), "-o", "out", "--force", "--no-prices", "--time-limit", "20"])
        assert code in (0, 4), capsys.readouterr().err
        reasons.append((beside / "out" / "unpaired.csv").read_text(encoding="utf-8"))
    assert "the rules allow at most" in reasons[0]
    assert "the rules and the side constraints together allow at most" in reasons[1]


ERRORS = {
    "nothing there": ["pair", "nowhere.toml"],
    "no plan": ["explain", "."],
    "no such team": ["explain", PLAN, "R0Z"],
    "no such setting": ["tradeoff", PLAN, "max_distance"],
    "no such value": ["tradeoff", PLAN, "max_size_ratio", "0.5"],
    "a result is there": ["pair", "pairing-demo/programme.toml"],
    "an unknown key": ["pair", "unknown.toml"],
    "a broken table": ["check", "broken.toml"],
    "no toml": ["check", "no.toml"],
    "no lottery": ["allocate", PLAN, "--publish"],
    "drawn before": ["allocate", "pairing-demo/ilcop-size-result", "--seed", "1"],
    "no pairing": ["pair", "strict.toml"],
    "no rounds": ["rounds", "strict.toml", "-n", "2"],
    "no outcomes": ["analyse", "pairing-demo/ilcop-size-result", "nowhere.csv"],
    "strange outcomes": ["analyse", "pairing-demo/ilcop-size-result", "pairing-demo/nlca_2022.csv"],
    "no edges": ["match", "pairing-demo/nlca_2022.csv", "-o", "m.csv"],
    "nothing to repair": ["repair", PLAN, "--without", "R0Z"],
    "a kept pair that is banned": ["repair", PLAN, "--keep", "R0A", "RBN"],
    "a folder as a table": ["match", "pairing-demo", "-o", "m.csv"],
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_are_told_as_one_would_tell_a_colleague(
    beside: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    """What is wrong and what to do, in sentences: no jargon, no blame, nothing of how it is programmed."""
    text = (beside / "pairing-demo" / "programme.toml").read_text(encoding="utf-8")
    text = text.replace('file = "nlca', 'file = "pairing-demo/nlca')
    (beside / "unknown.toml").write_text(text + "max_distence_km = 3\n", encoding="utf-8")
    (beside / "broken.toml").write_text(text.replace('size = "patients"', 'size = "beds"'), encoding="utf-8")
    (beside / "no.toml").write_text("[teams\n", encoding="utf-8")
    (beside / "strict.toml").write_text(
        text.replace("max_size_ratio = 2 ", "max_size_ratio = 1.3 "), encoding="utf-8"
    )
    code = run(ERRORS[case])
    assert code in (1, 2, 3, 5)
    said = capsys.readouterr()
    assert said.out == "" or case == "no lottery"
    first, _, step = said.err.partition("\n\nNext, ")
    assert first.startswith("Error: ")
    words = {word.strip(".,:;'()").lower() for word in first.split()}
    assert [word for word in JARGON if word in words] == []
    assert [phrase for phrase in BLAMING if phrase in first.lower()] == []
    message = json.loads((run([*ERRORS[case], "--json"]), capsys.readouterr().out)[1])["message"]
    assert message.rstrip().endswith((".", ")", "?")), message
    assert "\n  pairing " in step


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (InputDataError(["it is wrong"]), "pairing check 'my p.toml'"),
        (SettingsError(["it is wrong"]), "pairing check 'my p.toml'"),
        (FileAccessError("gone"), "pairing check 'my p.toml'"),
        (SolverError("stopped"), "pairing check 'my p.toml'"),
        (InfeasibleMatchingError("none"), "pairing check 'my p.toml'"),
        (OverwriteError(["it is there"]), "pairing check --help"),
        (CertificateError(["no"]), "pairing --help"),
    ],
)
def test_every_kind_of_error_has_a_next_step(error: PairingError, step: str) -> None:
    """Mostly the same command again, as it was typed."""
    ((purpose, line),) = steps_after(error, ["check", "my p.toml"])
    assert line == step
    assert purpose[0].islower()


def without_the_last(folder: Path, n_teams: int) -> Path:
    """Leave the first teams of the demo's table, in a table of their own."""
    lines = (folder / "pairing-demo" / "nlca_2022.csv").read_text(encoding="utf-8").splitlines()
    table = folder / "few.csv"
    table.write_text("\n".join(lines[: n_teams + 1]) + "\n", encoding="utf-8")
    return table


def test_rules_that_were_guessed_are_to_be_written_down_first(
    beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same command would only guess the same again."""
    table = without_the_last(beside, 12)
    lines = table.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("patients")
    alone = lines[1].split(",")
    alone[place] = "99999"  # nobody is of this size, so that the rules cannot fit
    table.write_text("\n".join([lines[0], ",".join(alone), *lines[2:]]) + "\n", encoding="utf-8")
    assert run(["pair", table.name, "-o", "out"]) == 1
    _, _, steps = capsys.readouterr().err.partition("\n\nNext, ")
    commands = [line.strip() for line in steps.splitlines() if line.startswith("  ")]
    assert commands == ["pairing init few.csv", "pairing pair programme.toml -o out"]
    assert run(["init", table.name]) == 0
    assert run(["pair", "programme.toml", "-o", "out"]) == 1
    _, _, steps = capsys.readouterr().err.partition("\n\nNext, ")
    assert "pairing pair programme.toml -o out" in steps
    assert "init" not in steps


def test_an_odd_number_of_teams_is_told_before_and_after(
    beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` notes it, `pair` says it with the error; neither does where the programme provides for it."""
    without_the_last(beside, 25)
    assert run(["init", "few.csv"]) == 0
    programme = beside / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    told = "25 teams is an odd number: one has to stay out (allow_unpaired = true in [rules]), or three form"
    for setting, expected in (("", True), ("allow_unpaired = true", False), ('odd = "triad"', False)):
        assert "\nallow_unpaired = true" in text
        programme.write_text(text.replace("\nallow_unpaired = true", f"\n{setting}"), encoding="utf-8")
        capsys.readouterr()
        assert run(["check", "programme.toml"]) == 0
        said = capsys.readouterr().out
        assert (told in said) is expected
        assert ("when one of the two is set" in said) is expected
        assert run(["pair", "programme.toml", "-o", "out", "--force", "--no-prices"]) == int(expected)
        assert (told in capsys.readouterr().err) is expected


@pytest.mark.parametrize(("typed", "meant"), [("pairs", "pair"), ("anaylse", "analyse"), ("xyzzy", None)])
def test_a_mistyped_command_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str | None
) -> None:
    """As mistyped names everywhere else."""
    assert run([typed]) == 2
    said = capsys.readouterr().err
    assert f"No such command '{typed}'." in said
    assert ("Did you mean" in said) is (meant is not None)
    assert meant is None or f"Did you mean '{meant}'?" in said
