"""Edges are split into matchings, by the walk and by trying everything."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from pairing.errors import SettingsError
from pairing.matching import MatchingProblem
from pairing.matching.several import solve_rounds
from pairing.matching.several.colouring import colour_edges
from pairing.matching.several.cut_tree import least_cuts
from pairing.matching.several.exhaustion import can_be_coloured


def edges_of(graph: nx.Graph) -> list[tuple[int, int]]:
    """Edges with the smaller end first."""
    return sorted((min(edge), max(edge)) for edge in graph.edges)


@pytest.mark.parametrize("degree", [3, 4, 5])
@pytest.mark.parametrize("seed", range(5))
def test_regular_graphs_fall_into_perfect_matchings(degree: int, seed: int) -> None:
    """A random regular graph of 120 vertices has as many perfect matchings as its degree."""
    edges = edges_of(nx.random_regular_graph(degree, 120, seed=seed))
    matchings = colour_edges(edges, degree)
    assert matchings is not None
    assert sorted(edge for matching in matchings for edge in matching) == edges
    for matching in matchings:
        assert len({vertex for edge in matching for vertex in edge}) == 120


@pytest.mark.parametrize("seed", range(10))
def test_sizes_differ_by_at_most_one(seed: int) -> None:
    """Whatever the degrees, the matchings are as even as they can be."""
    edges = edges_of(nx.gnm_random_graph(30, 40, seed=seed))
    most = max(dict(nx.Graph(edges).degree).values())
    matchings = colour_edges(edges, most + 1)
    assert matchings is not None
    sizes = [len(matching) for matching in matchings]
    assert max(sizes) - min(sizes) <= 1
    assert sum(sizes) == 40
    assert all(len({v for edge in m for v in edge}) == 2 * len(m) for m in matchings)


def test_trying_everything_agrees_with_the_walk_on_small_graphs() -> None:
    """Two ways to decide, on graphs in which either answer occurs."""
    answers = []
    for seed in range(60):
        edges = edges_of(nx.gnm_random_graph(7, 9 + seed % 8, seed=seed))
        most = max(dict(nx.Graph(edges).degree).values())
        answers.append(can_be_coloured(edges, most))
        assert (colour_edges(edges, most) is not None) == answers[-1]
    assert {True, False} == set(answers)


def test_cut_tree_gives_least_cuts() -> None:
    """For every two vertices some fundamental cut is as small as the least one (networkx)."""
    rng = np.random.default_rng(2)
    graph = nx.gnm_random_graph(12, 24, seed=4)
    for edge in graph.edges:
        graph.edges[edge]["capacity"] = float(rng.integers(1, 9))
    first, second = np.array(graph.edges).T
    capacity = np.array([graph.edges[edge]["capacity"] for edge in graph.edges])
    sides = least_cuts(12, first, second, capacity)
    for a in range(12):
        for b in range(a):
            sizes = [capacity[side[first] != side[second]].sum() for side in sides if side[a] != side[b]]
            assert min(sizes) == nx.minimum_cut_value(graph, a, b)


def test_a_time_limit_gives_the_best_so_far_with_its_bound() -> None:
    """A plan stopped at once is feasible, at least as good as the greedy one, and below its bound."""
    rng = np.random.default_rng(5)
    edges = [(a, b) for b in range(60) for a in range(b) if rng.random() < 0.1]
    problem = MatchingProblem(60, *zip(*edges, strict=True), rng.integers(1, 50, len(edges)))  # type: ignore[arg-type]
    whole, stopped = solve_rounds(problem, 2), solve_rounds(problem, 2, time_limit_s=0)
    assert whole.status == "optimal"
    assert whole.n_nodes > 3, "an instance that needs branches"
    assert stopped.status == "feasible"
    assert stopped.proof.total <= whole.proof.total <= stopped.proof.bound


def test_no_rounds_and_no_time_are_refused_together() -> None:
    """Both problems are told."""
    with pytest.raises(SettingsError) as raised:
        solve_rounds(MatchingProblem(2, [0], [1], [1]), 0, time_limit_s=-1)
    assert len(raised.value.problems) == 2
