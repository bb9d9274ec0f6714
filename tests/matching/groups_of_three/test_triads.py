"""A group of three where the number is odd: against enumeration, and a proof that no corruption survives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError
from pairing.matching import Certificate, MatchingProblem, Witness, find_witness, solve
from pairing.matching.groups_of_three.triad_proof import TriadProof, check_triad_proof
from pairing.matching.groups_of_three.triad_search import TriadSolution, best_with_triad
from pairing.matching.groups_of_three.triads import TriadBounds, triad_blocks

Edge = tuple[int, int, int]
Oracle = Callable[..., dict[int, int]]
Maker = Callable[..., MatchingProblem]


@st.composite
def odd_graphs(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    """A graph with an odd number of vertices, up to nine."""
    n_vertices = draw(st.sampled_from([1, 3, 5, 7, 9]))
    density = draw(st.sampled_from([0.3, 0.6, 1.0]))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    low, high = draw(st.sampled_from([(0, 2), (1, 1), (-5, 5), (0, 10**12), (2**62, 2**64)]))
    chosen = [pair for pair in combinations(range(n_vertices), 2) if rng.random() < density]
    return n_vertices, [(*pair, low + int(rng.integers(0, 10**6)) * (high - low) // 10**6) for pair in chosen]


def by_enumeration(n_vertices: int, edges: list[Edge], best_by_cardinality: Oracle) -> tuple[int, int] | None:
    """Pairs beside the best triad and the total; None if no triad leaves fewer vertices alone."""
    weight = {(one, other): value for one, other, value in edges}
    most = max(best_by_cardinality(n_vertices, edges))
    found = []
    for triad in combinations(range(n_vertices), 3):
        sides = [weight.get(side) for side in combinations(triad, 2)]
        if None not in sides:
            rest = [edge for edge in edges if not {edge[0], edge[1]} & set(triad)]
            totals = best_by_cardinality(n_vertices, rest)
            found.append((max(totals), totals[max(totals)] + min(side for side in sides if side is not None)))
    best = max(found, default=None)
    return best if best is not None and best[0] >= most - 1 else None


def pairs_of(solution: TriadSolution) -> list[tuple[int, int]]:
    return [(one, other) for one, other in enumerate(solution.partner.tolist()) if one < other]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=odd_graphs())
def test_the_best_triad_equals_enumeration(
    graph: tuple[int, list[Edge]], problem_of: Maker, best_by_cardinality: Oracle
) -> None:
    """Most pairs beside it, then the greatest total; and the proof holds."""
    if max((weight for *_, weight in graph[1]), default=0) >= 2**63:
        columns = [np.array([edge[at] for edge in graph[1]], dtype=kind) for at, kind in enumerate("qqO")]
        problem = MatchingProblem(graph[0], *columns)
    else:
        problem = problem_of(*graph)
    right = by_enumeration(*graph, best_by_cardinality)
    found = best_with_triad(problem)
    if right is None:
        assert found is None
        return
    assert found is not None
    assert (len(pairs_of(found)), found.total) == right
    proven = check_triad_proof(found.proof, pairs_of(found), problem)
    assert (proven.n_pairs, proven.total) == right
    assert proven.n_triads == sum(len(block.vertices) for block in triad_blocks(problem))


def test_an_even_number_needs_no_triad(problem_of: Maker) -> None:
    """Four vertices are two pairs, or as many as the edges allow."""
    assert best_with_triad(problem_of(4, [(0, 1, 1), (1, 2, 1), (0, 2, 1)])) is None


def test_the_duals_of_an_odd_set_bound_what_is_left_of_it(problem_of: Maker) -> None:
    """Seven vertices that may all be paired: beside a triad that takes the heavy edge, two light pairs."""
    weight = dict.fromkeys(combinations(range(7), 2), 10) | {(0, 1): 30}
    problem = problem_of(7, [(*pair, value) for pair, value in weight.items()])
    whole = solve(problem)
    bounds = TriadBounds(problem, whole.certificate, Witness(7, (), ()))
    right = 2 * (whole.certificate.cardinality_bonus + 10) + 10
    (block, *_) = triad_blocks(problem)
    with_both = block.vertices[:, 1] == 1
    assert bounds.of(block)[with_both].tolist() == [right] * 5


def test_a_witness_bounds_the_pairs_beside_a_triad(problem_of: Maker, best_by_cardinality: Oracle) -> None:
    """Duals that prove next to nothing, so that barrier and odd parts decide; the bound is the truth."""
    inside = [(1, 2), (1, 3), (2, 3), (4, 5), (4, 6), (5, 6), (0, 9)]
    across = [(barrier, other) for barrier in (0, 9) for other in (1, 2, 4, 7, 8)]
    edges = [(min(pair), max(pair), 0) for pair in inside + across]
    problem = problem_of(10, edges)
    witness = find_witness(problem, solve(problem).partner)
    assert witness.barrier == (0, 9)
    weak = Certificate(10, 1, (10**6,) * 10, (-1,) * 10, (), ())
    seen = set()
    for block in triad_blocks(problem):
        for triad, bound in zip(
            block.vertices.tolist(), TriadBounds(problem, weak, witness).of(block), strict=True
        ):
            rest = [edge for edge in edges if not set(edge[:2]) & set(triad)]
            assert bound == max(best_by_cardinality(10, rest))
            seen.add(tuple(triad))
    assert {(1, 2, 3), (0, 1, 9), (0, 1, 2)} <= seen


@pytest.fixture
def solved(
    random_edges: Callable[..., list[Edge]], problem_of: Maker
) -> tuple[MatchingProblem, TriadSolution]:
    """A graph for which some triads had to be solved in vain."""
    for seed in range(200):
        problem = problem_of(11, random_edges(np.random.default_rng(seed), 11, 0.6, 1, 9))
        found = best_with_triad(problem)
        if found is not None and len(found.proof.exceptions) >= 2 and found.value > 1:
            return problem, found
    pytest.fail("no such graph")


def shifted(certificate: Certificate, vertex: int, by: int) -> Certificate:
    duals = list(certificate.vertex_duals)
    duals[vertex] += by
    return replace(certificate, vertex_duals=tuple(duals))


def heaviest(certificate: Certificate) -> int:
    return int(np.argmax(certificate.vertex_duals))


CORRUPTIONS: dict[str, Callable[[TriadProof], TriadProof]] = {
    "the duals of the rest too small": lambda proof: replace(
        proof, rest=shifted(proof.rest, heaviest(proof.rest), -2)
    ),
    "the duals of the rest too large": lambda proof: replace(proof, rest=shifted(proof.rest, 0, 2)),
    "the duals of the whole too small": lambda proof: replace(
        proof, whole=shifted(proof.whole, heaviest(proof.whole), -2)
    ),
    "an exception left out": lambda proof: replace(proof, exceptions=proof.exceptions[1:]),
    "an exception with large duals": lambda proof: replace(
        proof, exceptions=tuple((triad, shifted(found, triad[0], 10**6)) for triad, found in proof.exceptions)
    ),
    "an exception with small duals": lambda proof: replace(
        proof,
        exceptions=tuple((triad, shifted(found, heaviest(found), -2)) for triad, found in proof.exceptions),
    ),
    "another triad": lambda proof: replace(proof, triad=proof.exceptions[0][0]),
    "a triad out of order": lambda proof: replace(proof, triad=proof.triad[::-1]),  # type: ignore[arg-type]
    "another bonus": lambda proof: replace(
        proof, whole=replace(proof.whole, cardinality_bonus=proof.whole.cardinality_bonus + 1)
    ),
    "another size": lambda proof: replace(proof, rest=Certificate(0, 0, (), (), (), ())),
    "a witness of another graph": lambda proof: replace(
        proof, witness=replace(proof.witness, n_vertices=proof.witness.n_vertices + 1)
    ),
    "a witness that is none": lambda proof: replace(
        proof, witness=replace(proof.witness, odd_parts=tuple((vertex,) for vertex in range(11)), barrier=())
    ),
}


@pytest.mark.parametrize("corrupt", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_a_corrupted_proof_is_refused(
    corrupt: Callable[[TriadProof], TriadProof], solved: tuple[MatchingProblem, TriadSolution]
) -> None:
    """Clause by clause."""
    problem, found = solved
    assert check_triad_proof(found.proof, pairs_of(found), problem).total == found.total
    with pytest.raises(CertificateError):
        check_triad_proof(corrupt(found.proof), pairs_of(found), problem)


def test_other_pairs_are_refused(solved: tuple[MatchingProblem, TriadSolution]) -> None:
    """The proof is about these pairs."""
    problem, found = solved
    with pytest.raises(CertificateError):
        check_triad_proof(found.proof, pairs_of(found)[1:], problem)


def test_the_proof_survives_json(solved: tuple[MatchingProblem, TriadSolution]) -> None:
    """What is written is what is read; what is no proof is refused."""
    import json

    problem, found = solved
    data = json.loads(json.dumps(found.proof.to_dict()))
    assert check_triad_proof(TriadProof.from_dict(data), pairs_of(found), problem).total == found.total
    for broken in ({**data, "triad": [1, 2]}, {**data, "triad": [1.5, 2, 3]}, {**data, "witness": None}, {}):
        with pytest.raises(CertificateError):
            TriadProof.from_dict(broken)


def test_the_order_of_the_edges_does_not_matter(
    random_edges: Callable[..., list[Edge]], problem_of: Maker
) -> None:
    """Ties are broken by the vertices, not by what came first."""
    edges = random_edges(np.random.default_rng(3), 13, 0.7, 1, 2)
    one, other = best_with_triad(problem_of(13, edges)), best_with_triad(problem_of(13, edges[::-1]))
    assert one is not None
    assert other is not None
    assert (one.triad, one.partner.tolist()) == (other.triad, other.partner.tolist())
