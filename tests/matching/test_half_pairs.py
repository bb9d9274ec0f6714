"""The bound by half pairs never lies below a matching, and equals the best halves by enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from pairing.matching import MatchingProblem, solve
from pairing.matching.half_pairs import most_half_pairs


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 9), seed=st.integers(0, 10_000), share=st.floats(0.05, 0.9))
def test_the_bound_is_that_of_the_linear_programme(n: int, seed: int, share: float) -> None:
    """As many half pairs as the relaxation allows, and no matching covers more vertices."""
    rng = np.random.default_rng(seed)
    edges = [edge for edge in combinations(range(n), 2) if rng.random() < share]
    first = np.array([one for one, _ in edges], np.int64)
    second = np.array([other for _, other in edges], np.int64)
    found = most_half_pairs(n, first, second)
    zeros = np.zeros(len(edges), np.int64)
    assert 2 * solve(MatchingProblem(n, first, second, zeros)).n_pairs <= found
    if not edges:
        assert found == 0
        return
    ends = np.zeros((n, len(edges)))
    ends[first, np.arange(len(edges))] = ends[second, np.arange(len(edges))] = 1
    relaxed = linprog(-np.ones(len(edges)), A_ub=ends, b_ub=np.ones(n))
    assert found == round(-2 * relaxed.fun)
