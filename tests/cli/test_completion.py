"""Completion in a real bash, and the scripts for the other shells."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pairing.cli import run

BASH = shutil.which("bash")
PLAN = "pairing-demo/programme-result"

COMPLETE = r"""
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
compopt() {{ :; }}
_pairing_completion "${{COMP_WORDS[0]}}"
printf '%s\n' "${{COMPREPLY[@]}}"
"""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints for a shell."""
    assert run(["completion", shell]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def completed(folder: Path, words: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What bash offers after these words, by the script."""
    here = folder / "bin"
    here.mkdir(exist_ok=True)
    (here / "pairing").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pairing "$@"\n', encoding="utf-8")
    (here / "pairing").chmod(0o755)
    program = script("bash", capsys) + COMPLETE.format(words=words)
    done = subprocess.run(
        [str(BASH), "--norc", "-c", program],
        cwd=folder,
        env={"PATH": f"{here}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan of five teams, as far as completion looks at it; two ids are not fit for a shell."""
    rows = [
        "team,name",
        "R0A,Manchester",
        "R0B,South Tyneside",
        "RX1,Nottingham",
        "R0 C,Blank",
        "$(touch x),No",
    ]
    folder = tmp_path / PLAN
    folder.mkdir(parents=True)
    (folder / "teams.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


needs_bash = pytest.mark.skipif(BASH is None, reason="there is no bash")


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("pairing ro", ["rounds", "robustness"]),
        ("pairing completion ''", ["bash", "zsh", "fish"]),
        ("pairing match --mo", ["--mode"]),
        ("pairing match --mode max", ["max-cardinality", "max-value"]),
        (f"pairing explain {PLAN} R0", ["R0A", "R0B"]),
        (f"pairing explain {PLAN} r0b", ["R0B"]),
        (f"pairing explain {PLAN} ''", ["R0A", "R0B", "RX1"]),
        (f"pairing explain {PLAN} R0A RX", ["RX1"]),
        (f"pairing repair {PLAN} --without RX", ["RX1"]),
        (f"pairing repair {PLAN} --keep R0A R0", ["R0A", "R0B"]),
        (f"pairing repair {PLAN} --forbid R", ["R0A", "R0B", "RX1"]),
        ("pairing explain nowhere R", []),
        ("pairing explain pairing-demo R", []),
    ],
)
def test_bash_completes(
    plan: Path, capsys: pytest.CaptureFixture[str], words: str, offered: list[str]
) -> None:
    """Commands, options, choices, and the teams of the plan that is named; quietly nothing elsewhere."""
    assert completed(plan, words, capsys) == offered
    assert not (plan / "x").exists()


@needs_bash
def test_bash_leaves_paths_to_its_own_completion(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For a file or folder the script asks bash itself to complete."""
    assert "compopt -o default" in script("bash", capsys)
    assert completed(plan, "pairing verify pairing-d", capsys) == []


@pytest.mark.parametrize("content", ["", "name\nx\n", 'team\n"', "team,name\nR0A\n", "\x00"])
def test_a_broken_table_offers_what_it_can_and_says_nothing(
    plan: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    """Words of complaint would land in the command line that is being typed."""
    (plan / PLAN / "teams.csv").write_text(content, encoding="utf-8")
    if BASH is not None:
        assert completed(plan, f"pairing explain {PLAN} R", capsys) in ([], ["R0A"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_whole(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    """Each names the command and its variable, and the shell, where there is one, can read it."""
    text = script(shell, capsys)
    assert f"_PAIRING_COMPLETE={shell}_complete" in text
    assert {"bash": "complete -", "zsh": "compdef ", "fish": "complete -"}[shell] in text
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=text, text=True, check=True)


def test_completion_imports_nothing_heavy(plan: Path) -> None:
    """It answers between two keystrokes: no pandas, no NumPy."""
    code = (
        "import os, sys; from pairing.cli import run\n"
        "os.environ |= {'_PAIRING_COMPLETE': 'bash_complete', 'COMP_CWORD': '3',\n"
        f"    'COMP_WORDS': 'pairing explain {PLAN} R0'}}\n"
        "run([]); print(sorted({'numpy', 'pandas', 'scipy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=plan, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["plain,R0A", "plain,R0B", "[]"]
