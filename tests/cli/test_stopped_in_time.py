"""Ctrl-C once nothing is left to find: the plan is the best one, and the command says and returns so."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from pairing.cli import planning, run
from pairing.interrupts import Interrupts
from pairing.matching import Progress


def press_when_proven(state: Progress) -> str:
    """In place of a line of progress."""
    if state.bound == state.total:
        signal.raise_signal(signal.SIGINT)
    return "Matching"


def test_ctrl_c_after_the_last_round_leaves_a_proven_plan(
    demo_folder: Path,
    tmp_path: Path,
    interrupts: Interrupts,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It ended with exit code 4 and a gap of 0 that was called not proven."""
    monkeypatch.setattr(planning, "matching_in_words", press_when_proven)
    folder = tmp_path / "result"
    programme = demo_folder / "pairing-demo" / "programme.toml"
    quick = ["--no-partners", "--no-prices", "--random-pairings", "0"]
    assert run(["pair", str(programme), "-o", str(folder), *quick], interrupts) == 0
    said = "".join(capsys.readouterr())
    assert "Proven optimal" in said
    assert "Interrupted" not in said
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["gap"], record["weights"]["kind"]) == ("optimal", 0, "total")
    assert run(["verify", str(folder), "-q"]) == 0
