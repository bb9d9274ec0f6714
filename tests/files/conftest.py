"""A good programme on disk, to read and to break."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

_TABLE = Path(__file__).parents[1] / "broken_inputs" / "table.py"


@pytest.fixture(scope="session")
def good() -> SimpleNamespace:
    """The texts of the good programme: TEAMS, PROGRAMME, LONG and LONG_PROGRAMME."""
    table = runpy.run_path(str(_TABLE))
    return SimpleNamespace(
        TEAMS=table["GOOD_TEAMS"],
        PROGRAMME=table["GOOD_PROGRAMME"],
        LONG=table["GOOD_LONG"],
        LONG_PROGRAMME=table["LONG_PROGRAMME"],
    )


@pytest.fixture
def programme_file(tmp_path: Path, good: SimpleNamespace) -> Path:
    """The good programme, written to a folder of its own."""
    (tmp_path / "teams.csv").write_text(good.TEAMS, encoding="utf-8")
    path = tmp_path / "programme.toml"
    path.write_text(good.PROGRAMME, encoding="utf-8")
    return path
