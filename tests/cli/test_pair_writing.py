"""What happens to a plan that is found when Ctrl-C comes while its tables are written."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import pairing.files.result as result
from pairing import Pairing
from pairing.cli import run
from pairing.files.further_tables import FurtherTables
from pairing.interrupts import Interrupts


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A programme of the demonstration."""
    assert run(["demo", "--out", str(tmp_path / "demo"), "--quiet"]) == 0
    return next((tmp_path / "demo").glob("*.toml"))


def press_while_writing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Send Ctrl-C to this process when the tables are begun."""
    further_tables = result.further_tables

    def pressed(
        pairing: Pairing,
        *,
        partners: bool | None,
        n_random: int | None,
        progress: Callable[[str, int, int], None] | None,
    ) -> FurtherTables:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return further_tables(pairing, partners=partners, n_random=n_random, progress=progress)

    monkeypatch.setattr(result, "further_tables", pressed)


def test_the_first_ctrl_c_lets_the_tables_be_written(
    programme: Path,
    tmp_path: Path,
    interrupts: Interrupts,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The plan is proven: it is written whole, and that is said."""
    press_while_writing(monkeypatch, 1)
    assert run(["pair", str(programme), "-o", str(tmp_path / "plan")], interrupts) == 0
    assert "tables are still written" in capfd.readouterr().err
    assert run(["verify", str(tmp_path / "plan")]) == 0


def test_the_second_ctrl_c_stops_and_leaves_nothing(
    programme: Path, tmp_path: Path, interrupts: Interrupts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses again does not want the tables either."""
    press_while_writing(monkeypatch, 2)
    assert run(["pair", str(programme), "-o", str(tmp_path / "plan")], interrupts) == 130
    assert not (tmp_path / "plan").exists()
