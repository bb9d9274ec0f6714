"""Every broken input, through the command: its message, its exit code, and no traceback."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run

CASES = runpy.run_path(str(Path(__file__).parents[1] / "broken_inputs" / "table.py"))["BROKEN_INPUTS"]


@pytest.mark.parametrize("verb", ["check", "pair"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_input_ends_with_its_exit_code(
    case: Any,  # noqa: ANN401 - its class lives in a file that is read, not imported
    verb: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 3, or 5 for files that cannot be read; the message is there, and nothing was written."""
    programme = case.write(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert run([verb, str(programme)]) == case.exit_code
    said = capsys.readouterr().err
    assert case.says in said
    assert "Traceback" not in said
    assert "fault of its own" not in said
    assert sorted(tmp_path.rglob("*")) == before


def test_problems_are_told_to_programs_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json each problem has its file, row, column and value as fields."""
    case = next(case for case in CASES if case.exit_code == 3 and case.row is not None)
    assert run(["check", str(case.write(tmp_path)), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == 3
    assert {"file", "row", "column", "value", "expected", "advice"} <= set(told["problems"][0])
