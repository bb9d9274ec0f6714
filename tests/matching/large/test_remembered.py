"""Remembering edges from pass to pass changes no answer, however little is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from pairing.matching import Certificate, MatchingProblem, check_certificate
from pairing.matching.edge_source import EdgeSource
from pairing.matching.engine.blossom import blossom_engine
from pairing.matching.large.pricing import solve_by_pricing
from pairing.matching.large.remembered import RememberedEdges
from pairing.matching.large.violated import violated_edges
from pairing.matching.problem import EdgeBlock
from pairing.matching.proof.floors import floors_of
from pairing.matching.solving import cardinality_bonus

Maker = Callable[..., MatchingProblem]


class Counted(EdgeSource):
    """A problem in pieces, which counts how often it is read from beginning to end."""

    def __init__(self, problem: MatchingProblem, size: int) -> None:
        self.n_vertices, self.problem, self.size = problem.n_vertices, problem, size
        self.n_read = 0

    @property
    def n_edges(self) -> int:
        """As the problem."""
        return self.problem.n_edges

    def blocks(self) -> Iterator[EdgeBlock]:
        """As the problem, in pieces."""
        self.n_read += 1
        return self.problem.blocks(self.size)


@pytest.mark.parametrize("n_each", [1, 6, 1000])
@pytest.mark.parametrize("two_steps", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_remembered_edges_give_the_same_optimum(
    seed: int, n_each: int, teams: Maker, *, two_steps: bool
) -> None:
    """Proven over all edges, with an odd number of vertices too."""
    problem = teams(150 + seed, seed)
    bonus = cardinality_bonus(problem)
    whole = solve_by_pricing(problem, bonus, blossom_engine, solved_at_once=problem.n_edges)
    source = RememberedEdges(Counted(problem, 100), n_each=n_each)
    found = solve_by_pricing(
        source, bonus, blossom_engine, solved_at_once=0, n_each=2, in_two_steps=two_steps
    )
    pairs = [(one, other) for one, other in enumerate(found.partner) if one < other]
    proof = check_certificate(found.certificate, pairs, Counted(problem, 100))
    assert (proof.total, proof.gap, proof.n_edges_checked) == (whole.total, 0, problem.n_edges)
    assert found.certificate.cardinality_bonus == bonus
    assert found.n_rounds > 2
    assert source.n_priced >= problem.n_edges


def test_what_is_remembered_is_what_a_pass_would_find(teams: Maker) -> None:
    """For any floors, raised or lowered, the heavy edges are all heavy edges there are."""
    problem = teams(120, 1)
    source = RememberedEdges(Counted(problem, 70), n_each=10)
    rng = np.random.default_rng(0)
    floors = rng.uniform(0.2, 0.5, 120) * problem.weights.max()
    for _ in range(12):
        found = [
            (int(a), int(b), int(w))
            for piece in source.heavy(floors)
            for a, b, w in zip(*piece[1:4], strict=True)
        ]
        heavy = problem.weights > floors[problem.first] + floors[problem.second]
        expected = zip(problem.first[heavy], problem.second[heavy], problem.weights[heavy], strict=True)
        assert found == [(int(a), int(b), int(w)) for a, b, w in expected]
        moved = rng.choice(120, 9, replace=False)
        floors[moved] *= rng.uniform(0.9, 1.1, 9)
    assert source.n_passes < 12


def test_more_heavy_edges_than_fit_leave_the_heaviest(teams: Maker) -> None:
    """With everything heavy, the heaviest at each vertex come, and the next call looks at all again."""
    problem = teams(200, 2)
    source = RememberedEdges(Counted(problem, 500), n_each=1)
    floors = np.full(200, -1e12)
    (piece,) = source.heavy(floors)
    n_each = np.bincount(np.concatenate([piece.first, piece.second]), minlength=200)
    assert problem.n_edges > 3 * 1200  # else everything would be remembered
    assert piece.first.size <= 200
    assert (n_each >= 1).all()
    list(source.heavy(floors))
    assert source.n_passes == 2


@pytest.mark.parametrize("largest", [0, 1, 3])
def test_masses_of_ties_do_not_fit_and_are_proven_all_the_same(largest: int) -> None:
    """All pairs of 240 vertices with a few different weights: more tie than can be remembered."""
    first, second = np.triu_indices(240, 1)
    weights = np.random.default_rng(largest).integers(0, largest + 1, first.size)
    problem = MatchingProblem(240, first, second, weights)
    assert problem.n_edges / (largest + 1) > 3 * 1240
    source = RememberedEdges(Counted(problem, 5000), n_each=1)
    found = solve_by_pricing(source, cardinality_bonus(problem), blossom_engine, solved_at_once=0)
    pairs = [(one, other) for one, other in enumerate(found.partner) if one < other]
    proof = check_certificate(found.certificate, pairs, Counted(problem, 5000))
    assert (proof.total, proof.gap, proof.n_edges_checked) == (120 * largest, 0, problem.n_edges)


def test_covered_edges_that_do_not_fit_hide_no_violated_one() -> None:
    """Two odd sets cover more heavy edges than can be remembered, but not the lighter edge between them."""
    n, inside = 200, 81
    first, second = np.triu_indices(n, 1)
    of_set = np.repeat([0, 1, -1], [inside, inside, n - 2 * inside])
    weights = np.where((of_set[first] == of_set[second]) & (of_set[second] >= 0), 50, -1)
    weights[(first == 0) & (second == inside)] = 3
    problem = MatchingProblem(n, first, second, weights)
    certificate = Certificate(n, 0, (0,) * n, tuple(of_set.tolist()), (-1, -1), (100, 100))
    source = RememberedEdges(Counted(problem, 7000), n_each=1)
    (piece,) = source.heavy(floors_of(certificate))
    assert not piece.are_all
    assert 3 not in piece.weights
    found = violated_edges(certificate, source, lambda: None)
    assert found.n_violated == 1
    assert [column.tolist() for column in found.worst] == [[0], [inside], [3]]
    assert found.raises == [3 if vertex in (0, inside) else 0 for vertex in range(n)]
