"""The how-to guides show what the commands print."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from pairing.cli import run

GUIDES = Path(__file__).parents[2] / "docs" / "howto"


def examples(page: Path) -> list[tuple[str, int, list[str]]]:
    """Each command of a page, the exit code that it should have, and the lines that it shows."""
    found: list[tuple[str, int, list[str]]] = []
    shown: list[str] | None = None
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            shown = [] if line == "```console" else None
        elif shown is not None and line.startswith("$ "):
            found.append((line[2:], 0, shown := []))
        elif shown is not None and line.startswith("# exit code "):
            found[-1] = (found[-1][0], int(line.removeprefix("# exit code ")), shown)
        elif shown is not None:
            shown.append(line)
    return found


def assert_shown(command: str, lines: list[str], printed: str) -> None:
    """Every shown line stands in the output, in the same order; ``...`` stands for any lines."""
    rest = iter([line.rstrip() for line in printed.splitlines()])
    for line in lines:
        if line.strip() != "...":
            assert line.rstrip() in rest, f"{command}: {line}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was run."""
    folder = tmp_path_factory.mktemp("howto")
    assert run(["demo", "--out", str(folder / "pairing-demo"), "--quiet"]) == 0
    return folder


@pytest.mark.parametrize("page", sorted(GUIDES.glob("*.md")), ids=lambda page: page.stem)
def test_a_guide_shows_real_output(
    page: Path,
    demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The commands of a page, run one after the other beside the demo, print what the page shows."""
    shutil.copytree(demo, tmp_path / "beside")
    monkeypatch.chdir(tmp_path / "beside")
    monkeypatch.setenv("COLUMNS", "120")
    commands = examples(page)
    assert commands, "a guide shows at least one command"
    for command, expected, lines in commands:
        carry_out(command, expected)
        printed = capsys.readouterr()
        assert_shown(command, lines, printed.out + printed.err)


def carry_out(command: str, expected: int) -> None:
    """Run a command of pairing, or edit a file as ``sed -i s/old/new/ FILE`` would."""
    name, *arguments = shlex.split(command, comments=True)
    if name == "sed":
        _, script, file = arguments
        _, old, new, _ = script.split("/")
        text = Path(file).read_text(encoding="utf-8")
        assert old in text, command
        Path(file).write_text(text.replace(old, new.replace("\\n", "\n"), 1), encoding="utf-8")
    elif name == "cp":
        shutil.copy(*arguments)
    else:
        assert name == "pairing", command
        assert run(arguments) == expected, command
