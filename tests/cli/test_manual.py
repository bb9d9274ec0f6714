"""The help reads like a page of the manual, fits the terminal, and does not keep one waiting."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from pairing.cli import run
from pairing.cli.app import COMMANDS, app
from pairing.cli.manual import DescribedArgument, ManualCommand

CONTEXT = click.Context(app, info_name="pairing")


def help_of(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The page of a command, or of them all."""
    assert run([name, "--help"] if name else ["--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_its_parts(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Synopsis, description, arguments, options, examples and exit codes; in this order."""
    page = help_of(name, capsys)
    command = app.get_command(CONTEXT, name)
    assert isinstance(command, ManualCommand)
    takes_arguments = any(isinstance(param, click.Argument) for param in command.params)
    parts = [f"Usage: pairing {name} ", *(["Arguments:"] if takes_arguments else []), "General:", "Examples:"]
    places = [page.find(part) for part in [*parts, "Exit codes:"]]
    assert -1 not in places
    assert places == sorted(places)
    assert len(command.examples) >= 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_described(name: str) -> None:
    """In words that begin with a capital letter and end with a full stop."""
    command = app.get_command(CONTEXT, name)
    assert isinstance(command, ManualCommand)
    for param in command.params:
        text = param.description if isinstance(param, DescribedArgument) else getattr(param, "help", None)
        assert text, param.name
        assert text[0].isupper(), text
        assert text.endswith("."), text
    assert [other for other in command.see_also if other not in COMMANDS] == []
    assert command.short_help
    assert command.short_help.endswith(".")


@pytest.mark.parametrize("name", ["", *COMMANDS])
@pytest.mark.parametrize("columns", [60, 80, 132])
def test_pages_fit_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, columns: int
) -> None:
    """No line is longer than the terminal, but for examples, which are to be pasted whole."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = help_of(name, capsys).splitlines()
    too_long = [line for line in lines if len(line) > min(columns, 100)]
    assert [line for line in too_long if not line.startswith("    ")] == []
    if columns == 132 and name:
        assert max(map(len, lines)) > 78, "a wide terminal is used"


def test_the_first_page_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of the work, each with a line that is not cut off."""
    page = help_of("", capsys)
    places = [page.find(f"\n  {name} ") for name in COMMANDS]
    assert -1 not in places
    assert places == sorted(places)
    assert "..." not in page.replace("[ARGS]...", "")
    assert all(f"\n  {code} " in page for code in (0, 1, 2, 3, 4, 5, 6, 70, 130))


def test_help_imports_nothing_heavy() -> None:
    """All pages together wait for no numerical library."""
    pages = [["--help"], *([name, "--help"] for name in COMMANDS)]
    code = (
        "import io, sys\nfrom contextlib import redirect_stdout\nfrom pairing.cli import run\n"
        f"with redirect_stdout(io.StringIO()):\n    codes = [run(page) for page in {pages}]\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'rich', 'pydantic'}\n"
        "print(set(map(int, codes)), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{0} []"
