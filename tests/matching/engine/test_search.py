"""The blossom search on its own, from a cold start, where it has to do everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from pairing.matching import MatchingProblem, check_certificate
from pairing.matching.engine.blossom import DualSolution, Engine, _dual_solution
from pairing.matching.engine.blossoms import Blossoms
from pairing.matching.engine.graph import DoubledGraph, doubled_graph
from pairing.matching.engine.search import BlossomSearch
from pairing.matching.large.pricing import PricedSolution, solve_by_pricing

Maker = Callable[..., MatchingProblem]
Oracle = Callable[..., dict[int, int]]


class ColdEngine:
    """An engine without the fractional start, which counts what its searches come across."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts = {"_grow": 0, "_shrink": 0, "_open": 0, "_scan_back": 0}
        for name in self.counts:
            monkeypatch.setattr(BlossomSearch, name, self.counted(name, getattr(BlossomSearch, name)))

    def counted(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The same method, counted."""

        def call(search: BlossomSearch, *arguments: object) -> object:
            self.counts[name] += 1
            return method(search, *arguments)

        return call

    def __call__(self, graph: DoubledGraph, near: Sequence[int] | None = None) -> DualSolution:  # noqa: ARG002
        """Solve with duals at half the heaviest arc and nobody paired."""
        duals = np.zeros(graph.n_vertices, dtype=object)
        np.maximum.at(duals, graph.tails, graph.weights.astype(object) // 2)
        duals, blossoms = duals.tolist(), Blossoms([-1] * graph.n_vertices)
        search = BlossomSearch(graph, blossoms, duals)
        for vertex in range(graph.n_vertices):
            if blossoms.partner[vertex] < 0 and duals[vertex] > 0:
                search.run(vertex)
        return _dual_solution(blossoms, duals, 0)


@pytest.fixture
def cold_engine(monkeypatch: pytest.MonkeyPatch) -> ColdEngine:
    """The counting engine."""
    return ColdEngine(monkeypatch)


def prove_cold(engine: Engine, problem: MatchingProblem, bonus: int) -> PricedSolution:
    """Solve without the fractional start and check the certificate."""
    priced = solve_by_pricing(problem, bonus, engine, solved_at_once=problem.n_edges)
    pairs = [(one, other) for one, other in enumerate(priced.partner) if one < other]
    assert check_certificate(priced.certificate, pairs, problem.blocks()).gap == 0
    return priced


@pytest.mark.parametrize("seed", range(150))
def test_cold_searches_are_proven_and_equal_enumeration(
    seed: int,
    cold_engine: ColdEngine,
    problem_of: Maker,
    random_edges: Callable[..., list[tuple[int, int, int]]],
    best_by_cardinality: Oracle,
) -> None:
    """Random graphs of up to ten vertices, with many ties."""
    rng = np.random.default_rng(seed)
    n_vertices = int(rng.integers(2, 11))
    edges = random_edges(rng, n_vertices, 0.7, -1, int(rng.choice([1, 3, 20])))
    priced = prove_cold(cold_engine, problem_of(n_vertices, edges), 0)
    assert priced.total == max(best_by_cardinality(n_vertices, edges).values())


def test_cold_searches_open_blossoms_and_scan_back(cold_engine: ColdEngine) -> None:
    """Larger graphs make the searches do everything they can, hundreds of times, and remain proven."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n_vertices = int(rng.integers(20, 60))
        first, second = np.triu_indices(n_vertices, 1)
        kept = rng.random(first.size) < rng.uniform(0.05, 0.5)
        weights = 1000 - int(rng.integers(1, 5)) * second + rng.integers(0, 3, first.size)
        relabel = rng.permutation(n_vertices)
        problem = MatchingProblem(n_vertices, relabel[first[kept]], relabel[second[kept]], weights[kept])
        prove_cold(cold_engine, problem, int(rng.choice([0, 10**6])))
    assert min(cold_engine.counts.values()) > 100


def test_blossoms_keep_their_matching_when_the_base_moves() -> None:
    """A blossom inside another: every vertex in turn becomes the base, all others stay paired inside."""
    blossoms = Blossoms([-1, 2, 1, 4, 3])
    inner = blossoms.join([0, 1, 2], [(0, 1), (1, 2), (2, 0)])
    outer = blossoms.join([inner, 3, 4], [(2, 3), (3, 4), (4, 1)])
    for base in (4, 0, 3, 2, 1, 0):
        blossoms.rebase(outer, base)
        blossoms.partner[base] = -1
        assert blossoms.base[outer] == base
        others = [vertex for vertex in range(5) if vertex != base]
        assert all(blossoms.partner[blossoms.partner[vertex]] == vertex for vertex in others)
    assert {blossoms.outermost(vertex) for vertex in range(5)} == {outer}
    members, _ = blossoms.dissolve(outer)
    assert sorted(members) == [3, 4, inner]
    assert [blossoms.outermost(vertex) for vertex in range(5)] == [inner, inner, inner, 3, 4]


def test_doubled_graph_leaves_out_worthless_edges() -> None:
    """Edges that are worth nothing with the bonus are not arcs; the others are, both ways."""
    columns = (np.array(column) for column in ([0, 1, 2], [1, 2, 3], [5, 0, -1]))
    graph = doubled_graph(4, *columns, 1)
    assert list(graph.arcs(1)) == [(0, 12), (2, 2)]
    assert list(graph.arcs(3)) == []
