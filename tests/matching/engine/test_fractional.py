"""The start is sound whatever floating point did, and never bids for hours."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from pairing.matching import MatchingProblem, MatchingSolution, Mode, Proof, solve
from pairing.matching.engine import fractional
from pairing.matching.engine.fractional import StartingPoint, fractional_start
from pairing.matching.engine.graph import DoubledGraph, doubled_graph
from pairing.matching.problem import Integers

Maker = Callable[..., MatchingProblem]
Prove = Callable[..., tuple[MatchingSolution, Proof]]


def assert_sound(graph: DoubledGraph, start: StartingPoint) -> None:
    """No dual is negative, every edge is covered, every pair is covered exactly."""
    duals = np.array(start.duals, dtype=object)
    slack = duals[graph.tails] + duals[graph.heads] - graph.weights
    assert (duals >= 0).all()
    assert (slack >= 0).all()
    partner = np.array(start.partner, dtype=np.int64)
    paired = partner[graph.tails] == graph.heads
    assert (slack[paired] == 0).all()
    assert np.count_nonzero(paired) == np.count_nonzero(partner >= 0)


@pytest.mark.parametrize("highest", [1, 3, 10**6, 10**12, 2**62])
@pytest.mark.parametrize("seed", range(10))
def test_start_is_sound(
    highest: int, seed: int, problem_of: Maker, random_edges: Callable[..., list[tuple[int, int, int]]]
) -> None:
    """For small and huge weights, with and without a bonus."""
    rng = np.random.default_rng(seed)
    problem = problem_of(25, random_edges(rng, 25, 0.3, -highest, highest))
    for bonus in (0, 100 * highest):
        graph = doubled_graph(25, problem.first, problem.second, problem.weights, bonus)
        assert_sound(graph, fractional.fractional_start(graph))


def test_duals_that_cover_too_little_are_raised(problem_of: Maker) -> None:
    """Negative duals and uncovered edges, as wrong floats would leave them, are repaired."""
    problem = problem_of(4, [(0, 1, 5), (1, 2, 9), (2, 3, 1)])
    graph = doubled_graph(4, problem.first, problem.second, problem.weights, 0)
    duals = fractional._repaired(graph, np.array([-3, 2, 4, 7]))
    assert (duals >= 0).all()
    assert (duals[graph.tails] + duals[graph.heads] >= graph.weights).all()
    lonely = doubled_graph(2, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    assert fractional._repaired(lonely, np.array([-3, 2])).tolist() == [0, 2]


def test_odd_cycle_leaves_one_vertex_out(problem_of: Maker) -> None:
    """A triangle is one half cycle: two of its vertices are paired to begin with, and all is tight."""
    problem = problem_of(3, [(0, 1, 4), (1, 2, 4), (0, 2, 4)])
    start = fractional.fractional_start(doubled_graph(3, problem.first, problem.second, problem.weights, 0))
    assert sorted(start.duals) == [4, 4, 4]
    assert sorted(start.partner).count(-1) == 1


def test_a_wrong_assignment_costs_time_and_not_the_proof(
    monkeypatch: pytest.MonkeyPatch, teams: Maker, prove: Prove
) -> None:
    """With an assignment at random in place of SciPy's, the answer is the same and proven."""
    problem = teams(30, 2)
    best = solve(problem).total
    rng = np.random.default_rng(0)

    def poor(cover: fractional._DoubleCover, costs: Integers) -> Integers:
        """Assign for costs that have nothing to do with the problem."""
        return sound(cover, rng.integers(0, 1000, costs.size))

    sound = fractional._assignment
    monkeypatch.setattr(fractional, "_assignment", poor)
    solution, _ = prove(problem, "max-cardinality")
    assert solution.total == best


@pytest.mark.parametrize("highest", [3, 10**6, 10**12, 2**62])
@pytest.mark.parametrize("mode", ["max-cardinality", "max-value"])
def test_a_bipartite_graph_needs_no_blossom_search(highest: int, mode: Mode, prove: Prove) -> None:
    """Without odd cycles the start is already the best matching, down to the last unit."""
    first, second = np.repeat(np.arange(20), 25), 20 + np.tile(np.arange(25), 20)
    weights = np.random.default_rng(3).integers(0, highest + 1, first.size)
    solution, _ = prove(MatchingProblem(45, first, second, weights), mode)
    assert solution.n_searches == 0


@pytest.mark.parametrize("highest", [2, 10**6])
def test_many_vertices_that_compete_for_few_are_settled_at_once(highest: int, prove: Prove) -> None:
    """Forty to one after ten: one bid at a time would take 10**12 steps."""
    first, second = np.repeat(np.arange(10), 40), 10 + np.tile(np.arange(40), 10)
    weights = np.random.default_rng(1).integers(0, highest + 1, first.size)
    weights[0] = 10**12
    begin = time.perf_counter()
    solution, _ = prove(MatchingProblem(50, first, second, weights), "max-cardinality")
    assert solution.n_pairs == 10
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("seed", range(60))
def test_following_few_rows_is_the_same_as_sweeping_over_all(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last unit, whenever it begins and gives up."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 120))
    first, second = np.triu_indices(n, 1)
    kept = (second - first <= 2) | (rng.random(first.size) < 0.02)
    weights = rng.integers(0, 10**9, kept.sum())
    graph = doubled_graph(n, first[kept], second[kept], weights, int(rng.choice([0, 10**12])))
    swept = fractional_start(graph)
    monkeypatch.setattr("pairing.matching.engine.fractional._SWEEPS_AT_LEAST", int(rng.integers(0, 4)))
    monkeypatch.setattr("pairing.matching.engine.fractional._FEW_ROWS", int(rng.integers(1, 8)))
    followed = fractional_start(graph)
    assert (followed.duals, followed.partner) == (swept.duals, swept.partner)
