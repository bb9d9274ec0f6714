"""The output that the README shows is what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pairing.cli import run

README = Path(__file__).parents[2] / "README.md"


def examples() -> list[tuple[str, list[str]]]:
    """Each console example: the command, and the lines that it shows."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [(command.split("#")[0].strip(), body.splitlines()) for command, body in blocks]


def assert_shown(lines: list[str], printed: str) -> None:
    """Every shown line stands in the output, in the same order; ``...`` stands for any lines."""
    rest = iter([line.rstrip() for line in printed.splitlines()])
    for line in lines:
        if line != "...":
            assert line in rest, line


def test_readme_shows_real_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The README's examples, run in an empty folder one after the other, print what it shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    (demo, shown), (strict, refused), (again, lottery) = examples()
    assert run(demo.split()[1:]) == 0
    printed = capsys.readouterr().out
    assert_shown(shown, printed)
    assert again == demo
    assert_shown(lottery, printed)
    programme = Path("pairing-demo/programme.toml")
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("max_size_ratio = 2 ", "max_size_ratio = 1.3 "), encoding="utf-8")
    assert run(strict.split()[1:]) == 1
    assert_shown(refused, capsys.readouterr().err)


def test_readme_names_every_command() -> None:
    """The table of commands is complete."""
    from pairing.cli.app import COMMANDS

    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `pairing {name}` |" not in text] == []
