"""What holds for every command: its examples run, it says what comes next, and it speaks JSON."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import pytest

from pairing.cli import run
from pairing.cli.app import COMMANDS, app

CONTEXT = click.Context(app, info_name="pairing")
WITH_RESULT = [name for name in COMMANDS if name != "completion"]
NEXT = re.compile(r"^(?:Next|Or), .*:\n  (pairing .*)$", re.MULTILINE)
FORCED = {name for name in COMMANDS if name not in ("completion", "check", "verify", "allocate")}


def command_of(name: str) -> click.Command:
    """A command by its name."""
    command = app.get_command(CONTEXT, name)
    assert command is not None
    return command


@pytest.fixture
def beside_the_demo(demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo of one's own, in the folder that one is in."""
    folder = tmp_path / "work"
    shutil.copytree(demo_folder, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    return folder


def examples_of(name: str, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """The arguments of each example, as they stand in the help."""
    assert run([name, "--help"]) == 0
    _, _, rest = capsys.readouterr().out.partition("Examples:\n")
    section, _, _ = rest.partition("\n\n")
    found = [shlex.split(line) for line in section.splitlines() if line.startswith("    pairing ")]
    return [words[1:] for words in found]


def assert_can_be_typed(line: str) -> list[str]:
    """The line is a command with arguments that it takes; nothing is run."""
    name, *arguments = shlex.split(line)[1:]
    if name != "--help":
        try:
            command_of(name).make_context(name, list(arguments), parent=CONTEXT)
        except click.exceptions.Exit:
            assert "--help" in arguments
    return arguments


@pytest.mark.parametrize("name", WITH_RESULT)
@pytest.mark.usefixtures("beside_the_demo")
def test_examples_run_and_end_with_what_comes_next(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Each example of the help works, in their order, and names a next command that can be pasted."""
    if name == "demo":
        shutil.rmtree("pairing-demo")
    examples = examples_of(name, capsys)
    assert examples
    for arguments in examples:
        assert run(arguments) == 0, arguments
        said = capsys.readouterr()
        steps = NEXT.findall(said.out)
        assert bool(steps) == ("-" not in arguments), arguments
        assert NEXT.findall(said.err) == []
        for step in steps:
            assert_can_be_typed(step)
            assert said.out.endswith(f"{steps[-1]}\n")


@pytest.mark.parametrize("name", WITH_RESULT)
@pytest.mark.usefixtures("beside_the_demo")
def test_json_is_one_object_and_nothing_else(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """With --json the standard output is an object that says where the result is."""
    if name == "demo":
        shutil.rmtree("pairing-demo")
    *before, last = [each for each in examples_of(name, capsys) if "-" not in each]
    if name in ("allocate", "match", "pair"):  # their last example is about what the others make
        assert [run([*each, "--quiet"]) for each in before] == [0] * len(before)
    force = ["--force"] if last[0] in FORCED else []
    assert run([*last, "--json", *force]) == 0
    said = capsys.readouterr()
    facts = json.loads(said.out)
    assert isinstance(facts, dict)
    assert {"folder", "file", "programme", "written"} & facts.keys()
    assert not {"total", "report", "out"} & facts.keys()  # these things have other names
    assert "error" not in facts
    assert "\x1b" not in said.out + said.err


def json_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Run what fails, and read what it says to a machine."""
    code = run([*arguments, "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert isinstance(facts, dict)
    assert {"error", "message", "exit_code", "problems"} <= facts.keys()
    assert facts["exit_code"] == code != 0
    return facts


def arguments_naming(name: str, missing: Path) -> list[str]:
    """Arguments of a command, all of which lead nowhere."""
    more = {
        "analyse": [str(missing)],
        "allocate": ["--seed", "1"],
        "init": ["-o", str(missing / "programme.toml")],
        "match": ["-o", "pairs.csv"],
        "robustness": ["--seed", "1"],
        "rounds": ["-n", "2"],
        "tradeoff": ["max_distance_km"],
        "values": ["-o", "values.csv"],
    }
    return [name, str(missing), *more.get(name, [])]


@pytest.mark.parametrize("name", [name for name in WITH_RESULT if name != "demo"])
def test_json_of_an_input_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Each error has a class, a message and its exit code, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    facts = json_error(arguments_naming(name, Path("nowhere.csv")), capsys)
    assert facts["error"] in ("FileAccessError", "InputDataError")
    assert "nowhere.csv" in facts["message"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_json_of_wrong_usage(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """A slip of the fingers is told to machines too, also by a command without results."""
    facts = json_error([name, "--no-such-option"], capsys)
    assert (facts["error"], facts["exit_code"], facts["problems"]) == ("UsageError", 2, [])
    assert "--no-such-option" in facts["message"]


@pytest.mark.parametrize("name", [name for name in WITH_RESULT if name != "demo"])
def test_an_error_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The same command again, quoted for the shell, on stderr."""
    monkeypatch.chdir(tmp_path)
    arguments = arguments_naming(name, Path("my data") / "nowhere.csv")
    assert run(arguments) != 0
    said = capsys.readouterr()
    assert said.out == ""
    (step,) = NEXT.findall(said.err)
    assert shlex.split(step) == ["pairing", *arguments]
    assert run([*arguments, "--quiet"]) != 0
    assert NEXT.findall(capsys.readouterr().err) == []


def test_what_comes_next_can_be_pasted_where_paths_have_blanks(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each suggested command, pasted into a shell, has the very paths of the result."""
    folder = tmp_path / "the plan's folder"
    programme = demo_folder / "pairing-demo" / "programme.toml"
    assert run(["pair", str(programme), "-o", str(folder)]) == 0
    steps = NEXT.findall(capsys.readouterr().out)
    assert len(steps) >= 2
    for step in steps:
        assert str(folder) in assert_can_be_typed(step)
    assert run(shlex.split(steps[0])[1:]) == 0


def test_impossible_pairs_and_rounds_are_the_same_kind_of_error(
    beside_the_demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The public class is named, whatever class the command raised to say more."""
    programme = beside_the_demo / "pairing-demo" / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("max_size_ratio = 2 ", "max_size_ratio = 1.3 "), encoding="utf-8")
    found = [json_error([*each, str(programme)], capsys) for each in (["pair"], ["rounds", "-n", "2"])]
    assert [each["error"] for each in found] == ["InfeasibleMatchingError"] * 2
    assert "diagnosis" in found[0]


def test_existing_results_are_told_with_the_page_that_helps(
    beside_the_demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who would overwrite a result is shown the options, not told to repeat the mistake."""
    programme = str(beside_the_demo / "pairing-demo" / "programme.toml")
    assert run(["pair", programme]) == 2
    assert NEXT.findall(capsys.readouterr().err) == ["pairing pair --help"]
