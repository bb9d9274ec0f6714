"""The pages of the documentation show what the commands and the library print."""

from __future__ import annotations

import doctest
import io
import re
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import pairing
from pairing.cli import run

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {str(page.relative_to(DOCS)): page for page in sorted(DOCS.rglob("*.md"))}
CONSOLE, DOCTEST, PYTHON = "```console\n", "```pycon\n", "```python\n"
BY_HAND = "explanation/lottery.md"
"""Its one console block is a hash, checked by test_lottery_by_hand.py."""
ELSEWHERE = "scheduler.example"
"""Lines that connect to another machine are shown and not run."""


def with_blocks(fence: str) -> list[str]:
    """Pages that have a block of this kind."""
    return [name for name, page in PAGES.items() if fence in page.read_text(encoding="utf-8")]


def blocks(page: str, fence: str) -> list[str]:
    """What stands in the blocks of this kind."""
    return re.findall(f"^{fence}(.*?)^```", PAGES[page].read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def examples(page: str) -> list[tuple[str, int, list[str]]]:
    """Each command of a page, the exit code that it should have, and the lines that it shows."""
    found: list[tuple[str, int, list[str]]] = []
    for block in blocks(page, CONSOLE):
        shown: list[str] = []
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], 0, shown := []))
            elif line.startswith("# exit code "):
                found[-1] = (found[-1][0], int(line.removeprefix("# exit code ")), shown)
            else:
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
    folder = tmp_path_factory.mktemp("pages")
    assert run(["demo", "--out", str(folder / "pairing-demo"), "--quiet"]) == 0
    return folder


@pytest.fixture
def beside_the_demo(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a copy of that folder, in a terminal of 120 columns."""
    shutil.copytree(demo, tmp_path / "beside")
    monkeypatch.chdir(tmp_path / "beside")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.parametrize("page", [page for page in with_blocks(CONSOLE) if page != BY_HAND])
@pytest.mark.usefixtures("beside_the_demo")
def test_a_page_shows_real_output(page: str) -> None:
    """The commands of a page, run one after the other beside the demo, print what the page shows."""
    for command, expected, lines in examples(page):
        printed = io.StringIO()  # messages and tables in the order in which a terminal shows them
        with redirect_stdout(printed), redirect_stderr(printed):
            carry_out(command, expected)
        assert_shown(command, lines, printed.getvalue())


def carry_out(command: str, expected: int) -> None:
    """Run a command of pairing, or edit a file as ``sed -i s/old/new/ FILE`` would."""
    name, *arguments = shlex.split(command, comments=True)
    if name == "sed":
        _, script, file = arguments
        _, old, new, _ = script.split("/")
        text = Path(file).read_text(encoding="utf-8")
        assert old in text, command
        assert not set(old) & set("[*^$\\"), f"{command}: sed takes these for a pattern"
        assert "&" not in new, f"{command}: sed takes this for what was found"
        Path(file).write_text(text.replace(old, new.replace("\\n", "\n"), 1), encoding="utf-8")
    elif name == "cp":
        shutil.copy(*arguments)
    else:
        assert name == "pairing", command
        if arguments[0] == "demo":
            arguments.append("--force")
        assert run(arguments) == expected, command


def test_every_guide_shows_a_command() -> None:
    """A how-to guide without an example would be no guide."""
    guides = [page for page in PAGES if page.startswith("howto/") and page != "howto/index.md"]
    assert [page for page in guides if page not in with_blocks(CONSOLE)] == []


def test_one_block_is_checked_elsewhere() -> None:
    """Nothing but the hash is left to the other test."""
    assert len(blocks(BY_HAND, CONSOLE)) == 1


@pytest.mark.parametrize("page", with_blocks(DOCTEST))
@pytest.mark.usefixtures("beside_the_demo")
def test_python_prints_what_a_page_shows(page: str) -> None:
    """The sessions of a page, one after the other in one interpreter."""
    session = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(page, DOCTEST)), {}, page, str(PAGES[page]), 0
    )
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize("page", with_blocks(PYTHON))
@pytest.mark.usefixtures("beside_the_demo")
def test_python_without_output_runs(page: str, known: dict[str, Any]) -> None:
    """Lines of Python that a page shows can be run, where there is a cohort, rules, and a plan."""
    for block in blocks(page, PYTHON):
        if ELSEWHERE not in block:
            exec(compile(block, page, "exec"), known)  # noqa: S102 - our own pages


@pytest.fixture
def known() -> dict[str, Any]:
    """What the pages take for granted."""
    cohort = pairing.load_audit()
    rules = [pairing.MinDistance(50), pairing.MaxDistance(300), pairing.MaxSizeRatio(2)]
    return {"pairing": pairing, "cohort": cohort, "rules": rules, "plan": pairing.pair(cohort, rules)}
