"""The checker accepts what is proven, and names each clause that is broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from pairing.errors import CertificateError
from pairing.matching import (
    Certificate,
    EdgeBlock,
    MatchingProblem,
    MatchingSolution,
    Mode,
    check_certificate,
    solve,
)

Maker = Callable[..., MatchingProblem]


@pytest.fixture
def problem(problem_of: Maker) -> MatchingProblem:
    """Two triangles side by side, a bridge, and a poor edge: both optimum duals and odd sets are needed."""
    edges = [(0, 1, 8), (1, 2, 8), (0, 2, 8), (3, 4, 6), (4, 5, 6), (3, 5, 6), (2, 3, 1), (0, 6, -2)]
    return problem_of(7, edges)


@pytest.fixture
def solution(problem: MatchingProblem) -> MatchingSolution:
    """Its best matching by value."""
    return solve(problem, "max-value")


def replaced(values: tuple[int, ...], index: int, value: int) -> tuple[int, ...]:
    """A tuple with one entry changed."""
    return (*values[:index], value, *values[index + 1 :])


def failures(
    certificate: Certificate, pairs: ArrayLike, blocks: Iterable[EdgeBlock], **options: int
) -> tuple[str, ...]:
    """The sentences with which a proof is refused."""
    with pytest.raises(CertificateError) as caught:
        check_certificate(certificate, pairs, blocks, **options)
    return caught.value.failures


def test_the_sound_certificate_has_two_odd_sets(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """The instance exercises what the corruptions below break."""
    assert len(solution.certificate.set_duals) == 2
    proof = check_certificate(solution.certificate, solution.pairs(), problem.blocks())
    assert (proof.total, proof.gap, proof.n_edges_checked) == (solution.total, 0, 8)


def sets_in_a_ring(certificate: Certificate) -> Certificate:
    """Two odd sets, each inside the other."""
    return replace(certificate, set_parent=(1, 0))


def vertex_moved_out(certificate: Certificate) -> Certificate:
    """A set of two."""
    vertex = certificate.innermost_set.index(0)
    return replace(certificate, innermost_set=replaced(certificate.innermost_set, vertex, -1))


CORRUPTIONS = {
    "odd set 0 has 2 vertices": vertex_moved_out,
    "some set is inside itself": sets_in_a_ring,
    "'vertex_duals' has 6 entries and needs 7": lambda c: replace(c, vertex_duals=c.vertex_duals[1:]),
    "'set_duals' has 1 entries and needs 2": lambda c: replace(c, set_duals=c.set_duals[1:]),
    "'innermost_set' refers to odd set 9": lambda c: replace(c, innermost_set=(9, *c.innermost_set[1:])),
    "'set_parent' refers to odd set -5": lambda c: replace(c, set_parent=(-5, -1)),
    "the dual of odd set 0 is negative": lambda c: replace(c, set_duals=(-4, c.set_duals[1])),
    "the dual of vertex 6 is negative": lambda c: replace(c, vertex_duals=(*c.vertex_duals[:6], -2)),
    "edges outweigh their duals": lambda c: replace(c, set_duals=(c.set_duals[0] - 2, c.set_duals[1])),
    "the duals prove a bound of 16": lambda c: replace(c, vertex_duals=(*c.vertex_duals[:6], 2)),
    "the bonus for a pair is negative": lambda c: replace(c, cardinality_bonus=-1),
    "edges outweigh their duals, most of all": lambda c: replace(c, cardinality_bonus=100),
}


@pytest.mark.parametrize("sentence", CORRUPTIONS)
def test_each_corrupted_clause_is_named(
    sentence: str, problem: MatchingProblem, solution: MatchingSolution
) -> None:
    """One change to the certificate, one sentence that says so."""
    corrupted = CORRUPTIONS[sentence](solution.certificate)
    assert any(sentence in failure for failure in failures(corrupted, solution.pairs(), problem.blocks()))


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([[0, 1], [1, 2]], "vertex 1 is in more than one pair"),
        ([[0, 0]], "vertex 0 is in more than one pair"),
        ([[0, 7]], "the matching has vertex 7, outside 0..6"),
        ([[0, 4]], "the pair 0-4 is not a permitted edge"),
        ([[0, 1]], "the duals prove a bound of 15 and the total is 8"),
        ([[0.0, 1.0]], "not (k, 2) of integers"),
        ([0, 1, 2], "not (k, 2) of integers"),
    ],
)
def test_each_broken_matching_is_named(
    pairs: ArrayLike, sentence: str, problem: MatchingProblem, solution: MatchingSolution
) -> None:
    """Overlapping, out of range, banned, not the best, and misshapen."""
    found = failures(solution.certificate, pairs, problem.blocks())
    assert any(sentence in failure for failure in found)


def test_every_failure_is_reported_at_once(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """A negative dual, violated edges and a banned pair all have their sentence."""
    corrupted = replace(solution.certificate, vertex_duals=(*solution.certificate.vertex_duals[:6], -2))
    found = " ".join(failures(corrupted, [[0, 4], [5, 6]], problem.blocks()))
    for sentence in ("vertex 6 is negative", "pair 0-4", "pair 5-6", "the duals prove a bound"):
        assert sentence in found


def test_a_weight_that_was_raised_is_found(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """The certificate is bound to the weights of edges that are not in the matching too."""
    unmatched = solution.unmatched[0]
    edge = np.flatnonzero((problem.first == unmatched) | (problem.second == unmatched))[0]
    weights = problem.weights.copy()
    weights[edge] += 50
    blocks = [(problem.first, problem.second, weights)]
    assert any("outweigh" in text for text in failures(solution.certificate, solution.pairs(), blocks))


def test_edges_that_make_no_sense_are_named(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """Out of range ends, self-loops, and a matched pair that is listed twice."""
    strange = (np.array([0, 3, 9]), np.array([0, 3, 1]), np.array([1, 1, 1]))
    pair = tuple(np.array([end]) for end in (*solution.pairs()[0], 8))
    found = " ".join(failures(solution.certificate, solution.pairs(), [*problem.blocks(), strange, pair]))
    assert "3 edges join no two vertices" in found
    assert "is listed twice" in found


def test_a_bonus_too_small_is_named(problem_of: Maker) -> None:
    """The matching is best for its bonus, but the bonus does not make a second pair come first."""
    path = problem_of(4, [(0, 1, 1), (1, 2, 100), (2, 3, 1)])
    certificate = Certificate(4, 1, (0, 202, 0, 0), (-1,) * 4, (), ())
    assert check_certificate(replace(certificate, cardinality_bonus=0, vertex_duals=(0, 100, 100, 0)),
                             [[1, 2]], path.blocks()).gap == 0  # fmt: skip
    found = failures(replace(certificate, vertex_duals=(0, 101, 101, 0)), [[1, 2]], path.blocks())
    assert found == ("the bonus of 1 a pair is too small to prove that no more pairs are possible",)


def test_the_proof_streams_in_blocks_of_any_size(teams: Maker) -> None:
    """Checked edge by edge or all at once, the proof is the same."""
    problem = teams(60, 3)
    solution = solve(problem)
    proofs = {
        check_certificate(solution.certificate, solution.pairs(), problem.blocks(size))
        for size in (1, 7, 10**6)
    }
    assert len(proofs) == 1


@pytest.mark.parametrize("mode", ["max-cardinality", "max-value"])
@pytest.mark.parametrize("n_teams", [31, 60])
def test_tolerance_accepts_weights_that_differ_by_a_unit(n_teams: int, mode: Mode, teams: Maker) -> None:
    """Recomputed weights off by one unit pass with tolerance 1, with the gap stated, and fail without."""
    problem = teams(n_teams, 3)
    solution = solve(problem, mode)
    shift = np.random.default_rng(1).integers(-1, 2, problem.n_edges)
    blocks = [(problem.first, problem.second, problem.weights + shift)]
    failures(solution.certificate, solution.pairs(), blocks)
    proof = check_certificate(solution.certificate, solution.pairs(), blocks, tolerance=1)
    recomputed = MatchingProblem(n_teams, problem.first, problem.second, problem.weights + shift)
    assert proof.total <= solve(recomputed, mode).total <= proof.bound
    assert 0 <= proof.gap <= 2 * (n_teams // 2)


def test_tolerance_keeps_cardinality_proven_for_small_weights(problem_of: Maker) -> None:
    """Two stars: a unit more or less does not undo that no more pairs are possible."""
    rays = [(0, 1, 1), (0, 2, 3), (0, 3, 2), (4, 5, 3), (4, 6, 1), (4, 7, 1)]
    problem = problem_of(8, rays)
    solution = solve(problem)
    proof = check_certificate(solution.certificate, solution.pairs(), problem.blocks(), tolerance=1)
    assert (proof.n_pairs, proof.total, proof.gap) == (2, 6, 4)


def test_huge_weights_do_not_overflow(problem_of: Maker) -> None:
    """Weights near the end of 64 bits are proven, and a violation there is seen."""
    huge = 2**63 - 1
    triangle = problem_of(3, [(0, 1, huge), (1, 2, huge), (0, 2, -huge)])
    solution = solve(triangle)
    proof = check_certificate(solution.certificate, solution.pairs(), triangle.blocks())
    assert proof.total == huge
    lowered = replace(
        solution.certificate, vertex_duals=tuple(u // 2 for u in solution.certificate.vertex_duals)
    )
    assert failures(lowered, solution.pairs(), triangle.blocks())


def test_a_certificate_survives_json(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """Written and read back, it proves the same."""
    text = json.dumps(solution.certificate.to_dict())
    restored = Certificate.from_dict(json.loads(text))
    assert check_certificate(restored, solution.pairs(), problem.blocks()).gap == 0
    assert restored.to_dict() == solution.certificate.to_dict()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vertex_duals": [0.5] * 7}, "'vertex_duals' is not a list of whole numbers"),
        ({"set_duals": None}, "'set_duals' is not a list of whole numbers"),
        ({"n_vertices": "7"}, "'n_vertices' is not a whole number"),
        ({"cardinality_bonus": True}, "'cardinality_bonus' is not a whole number"),
        ({"duals_for": "weights"}, "'duals_for' is not 'doubled weights'"),
    ],
)
def test_broken_entries_of_a_stored_certificate_are_named(
    change: dict[str, Any], sentence: str, solution: MatchingSolution
) -> None:
    """Wrong types are told before anything is computed."""
    with pytest.raises(CertificateError, match=sentence):
        Certificate.from_dict(solution.certificate.to_dict() | change)


def test_a_missing_entry_is_named(solution: MatchingSolution) -> None:
    """A certificate without its odd sets is none."""
    data = solution.certificate.to_dict()
    del data["innermost_set"]
    with pytest.raises(CertificateError, match="has no 'innermost_set'"):
        Certificate.from_dict(data)
