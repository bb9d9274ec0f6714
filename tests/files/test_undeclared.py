"""Rows of a long table that no declared indicator reads are told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pairing.files.loaded_programme import Inspection
from pairing.files.programme import inspect_programme


@pytest.fixture
def long_file(tmp_path: Path, good: SimpleNamespace) -> Path:
    """The good long programme on disk."""
    (tmp_path / "teams.csv").write_text(good.LONG, encoding="utf-8")
    path = tmp_path / "programme.toml"
    path.write_text(good.LONG_PROGRAMME, encoding="utf-8")
    return path


def inspect(path: Path, *changes: tuple[str, str], add: str = "") -> Inspection:
    """What comes of the programme once the table is changed."""
    table = path.with_name("teams.csv")
    text = table.read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    table.write_text(text + add, encoding="utf-8")
    return inspect_programme(path)


@pytest.mark.parametrize("name", ["Surgery", "surgrey", "SURGERY ", "sur gery"])
def test_misspelt_indicator_is_told_with_its_row(long_file: Path, name: str) -> None:
    """A team's value would be lost in silence."""
    inspection = inspect(long_file, ("B,South,surgery", f"B,South,{name}"))
    (warning,) = inspection.warnings
    assert warning.startswith(f"teams.csv, row 4, column 'indicator': '{name.strip()}' is passed over")
    assert warning.endswith("Did you mean 'surgery'?")


def test_other_indicators_are_counted_once(long_file: Path) -> None:
    """A big audit has many; those that a team has beside the declared one are no misspelling."""
    others = "".join(f"{team},,{name},0.3,50\n" for team in "ABC" for name in ("surgery 2", "beds", "wards"))
    inspection = inspect(long_file, add=others)
    assert inspection.problems == ()
    assert inspection.warnings == (
        "teams.csv: 3 indicators that are not declared are passed over: 'surgery 2', 'beds', 'wards'.",
    )


def test_declared_indicators_alone_are_not_warned_of(long_file: Path) -> None:
    """Nor is a team without a row for one of them."""
    assert inspect(long_file, ("B,South,drugs,0.40,95\n", "")).warnings == ()
