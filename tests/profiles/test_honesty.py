"""A small run of the simulation study: expected gain comes true, the gain of raw z-scores does not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "honesty.py"


@pytest.fixture(scope="module")
def honesty() -> ModuleType:
    """The study's script, as a module."""
    spec = importlib.util.spec_from_file_location("honesty_study", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def eighty(honesty: ModuleType) -> list[object]:
    """Forty cohorts of 80 teams, seed 11."""
    return honesty.simulate(80, 40, seed=11)


def _ratio(outcomes: list[object], promised: str, true: str) -> float:
    return sum(getattr(each, promised) for each in outcomes) / sum(getattr(each, true) for each in outcomes)


def test_promised_gain_comes_true_at_eighty_teams(eighty: list[object]) -> None:
    """Within 10%, where raw z-scores promise at least 30% too much."""
    assert _ratio(eighty, "promised", "true") == pytest.approx(1.0, abs=0.10)
    assert _ratio(eighty, "raw_promised", "raw_true") > 1.30


def test_true_gain_exceeds_that_of_raw_scores(eighty: list[object]) -> None:
    """By more than three paired standard errors."""
    difference = np.array([each.true - each.raw_true for each in eighty])
    assert difference.mean() > 3 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_promised_gain_comes_true_at_thirty_teams(honesty: ModuleType) -> None:
    """Thirty cohorts, seed 7: within 15%."""
    outcomes = honesty.simulate(30, 30, seed=7)
    assert _ratio(outcomes, "promised", "true") == pytest.approx(1.0, abs=0.15)


def test_a_null_indicator_does_not_break_the_promise(honesty: ModuleType) -> None:
    """One of seven without differences, twelve cohorts of 80, seed 7; raw z-scores promise half too much."""
    outcomes = honesty.simulate(80, 12, seed=7, null=3)
    assert _ratio(outcomes, "promised", "true") == pytest.approx(1.0, abs=0.10)
    assert _ratio(outcomes, "raw_promised", "raw_true") > 1.45
