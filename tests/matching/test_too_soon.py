"""What cannot be had is refused in good time, and told with what to do."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.errors import SettingsError, SolverError
from pairing.matching import MatchingProblem, solve
from pairing.matching.fair import leximin
from pairing.matching.fair.fairness import leximin_weights


def test_a_time_limit_without_a_plan_says_what_to_do() -> None:
    """What was being done, for how many teams, how long it takes, and what can be done."""
    first, second = np.triu_indices(300, 1)
    problem = MatchingProblem(300, first, second, first * second % 1009)
    with pytest.raises(SolverError, match=r"1e-09 s passed.*300 teams.*a few seconds.*Allow more time.*\.$"):
        solve(problem, time_limit_s=1e-9)


def test_too_long_a_proof_is_refused_before_every_edge_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of thousands of digits, one an edge, would take gigabytes."""
    weighed: list[int] = []

    def counting(values: np.ndarray, pair_values: np.ndarray) -> np.ndarray:
        weighed.append(len(values))
        return leximin_weights(values, pair_values)

    monkeypatch.setattr(leximin, "LONGEST_BITS", 10)
    monkeypatch.setattr(leximin, "leximin_weights", counting)
    first, second = np.triu_indices(30, 1)
    with pytest.raises(SettingsError, match="11 different values"):
        leximin.fairest_matching(MatchingProblem(30, first, second, 7 * first * second % 1009))
    assert weighed == [15]
