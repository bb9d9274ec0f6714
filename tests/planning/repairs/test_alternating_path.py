"""The shortest exchange against the engine, and by hand where a pair would be passed twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing import MatchingProblem, solve
from pairing.planning.repairs.alternating_path import Arcs, shortest_exchange


def arcs_of(values: dict[tuple[int, int], int]) -> Arcs:
    """The pairs from both of their ends."""
    ends = np.array(list(values), np.int64).reshape(-1, 2)
    return Arcs.of(ends[:, 0], ends[:, 1], np.array(list(values.values()), np.int64))[0]


def test_a_path_by_hand() -> None:
    """0 is alone and so is 3; the only way leads through the pair 1-2."""
    values = arcs_of({(0, 1): 5, (1, 2): 9, (2, 3): 4})
    assert shortest_exchange(values, np.array([-1, 2, 1, -1]), 0, [3]) == [(2, 3), (0, 1)]


def test_no_way_leaves_everything_as_it_is() -> None:
    """Where nobody can step in nothing changes."""
    values = arcs_of({(0, 1): 5, (1, 2): 9})
    assert shortest_exchange(values, np.array([-1, 2, 1, -1]), 0, [3]) == []


def test_a_walk_through_both_directions_of_a_pair_is_no_path() -> None:
    """Through the triangle 1-2-3 a walk comes back the way that it went; the engine has to answer then."""
    values = arcs_of({(0, 1): 1, (1, 2): 1, (2, 3): 1, (3, 4): 1, (2, 4): 1, (1, 7): 1})
    partner = np.array([-1, 2, 1, 4, 3, -1, -1, -1])
    assert shortest_exchange(values, partner, 0, [7]) is None


@settings(max_examples=300, deadline=None)
@given(
    n_pairs=st.integers(1, 6),
    n_alone=st.integers(1, 2),
    seed=st.integers(0, 10**6),
    share=st.floats(0.1, 0.9),
)
def test_the_exchange_is_the_best_one(n_pairs: int, n_alone: int, seed: int, share: float) -> None:
    """Most pairs, then most of the pairs that stand, then the greatest total: as the engine finds."""
    rng = np.random.default_rng(seed)
    n_teams = 2 * n_pairs + 1 + n_alone
    partner = np.full(n_teams, -1)
    partner[0 : 2 * n_pairs : 2], partner[1 : 2 * n_pairs : 2] = (
        range(1, 2 * n_pairs, 2),
        range(0, 2 * n_pairs, 2),
    )
    start, ends = n_teams - 1, list(range(2 * n_pairs, n_teams - 1))
    values: dict[tuple[int, int], int] = {}
    for first in range(n_teams):
        for second in range(first + 1, n_teams):
            stands = partner[first] == second
            alone = first >= 2 * n_pairs and second < start
            if stands or (not alone and rng.random() < share):
                values[first, second] = int(rng.integers(-50, 50))
    problem = MatchingProblem(n_teams, *map(list, zip(*values, strict=True)), list(values.values()))
    without_start = MatchingProblem(
        n_teams,
        [a for a, b in values if start not in (a, b)],
        [b for a, b in values if start not in (a, b)],
        [value for pair, value in values.items() if start not in pair],
    )
    if solve(without_start).n_pairs > n_pairs:
        return  # the plan has to have as many pairs as possible
    exchange = shortest_exchange(arcs_of(values), partner, start, ends)
    if exchange is None:
        return  # the engine answers
    now = partner.copy()
    for first, second in exchange:
        now[first], now[second] = second, first
    chosen = {(a, b) for a, b in values if now[a] == b}
    stands = {(a, b) for a, b in values if partner[a] == b}
    weights = [value + 10_000 * (pair in stands) for pair, value in values.items()]
    best = solve(MatchingProblem(n_teams, problem.first, problem.second, weights))
    assert len(chosen) == best.n_pairs
    assert sum(values[pair] + 10_000 * (pair in stands) for pair in chosen) == best.total


def test_values_below_zero_and_large_ones() -> None:
    """The mark for a team that is not reached is below any sum of values."""
    values = arcs_of({(0, 1): -(10**14), (1, 2): 10**14, (2, 3): -(10**14)})
    assert shortest_exchange(values, np.array([-1, 2, 1, -1]), 0, [3]) == [(2, 3), (0, 1)]


@pytest.mark.parametrize("ends", [[3], [3, 4]])
def test_the_nearest_of_several_ends(ends: list[int]) -> None:
    """Fewer broken pairs come before any value."""
    values = arcs_of({(0, 1): 5, (1, 2): 9, (2, 3): 400, (0, 4): -3})
    expected = [(0, 4)] if 4 in ends else [(2, 3), (0, 1)]
    assert shortest_exchange(values, np.array([-1, 2, 1, -1, -1]), 0, ends) == expected
