"""A proof of several rounds is refused, clause by clause, when anything in it is wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pairing.errors import CertificateError
from pairing.matching import MatchingProblem
from pairing.matching.several import (
    BoundTree,
    RoundsCertificate,
    RoundsSolution,
    check_rounds,
    prove_union_bound,
    solve_rounds,
)
from pairing.matching.several.union import Cut, UnionProblem


@pytest.fixture(scope="module")
def problem() -> MatchingProblem:
    """A graph in which three rounds cannot be full, and whose value needs cuts and branches."""
    rng = np.random.default_rng(8)
    edges = [(a, b) for b in range(24) for a in range(b) if rng.random() < 0.2]
    return MatchingProblem(24, *zip(*edges, strict=True), rng.integers(1, 100, len(edges)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def solution(problem: MatchingProblem) -> RoundsSolution:
    """Its three rounds."""
    return solve_rounds(problem, 3)


def check(problem: MatchingProblem, solution: RoundsSolution, stored: dict[str, Any] | None = None) -> int:
    """The bound that a stored certificate proves."""
    certificate = RoundsCertificate.from_dict(stored or solution.certificate.to_dict())
    edges = problem.first, problem.second, problem.weights
    return check_rounds(certificate, problem.n_vertices, solution.rounds, edges).bound


def test_the_proof_holds(problem: MatchingProblem, solution: RoundsSolution) -> None:
    """As found, the bound is the total."""
    assert PERMITTED_EDGE in set(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
    assert check(problem, solution) == solution.proof.total


def test_smaller_duals_prove_less(problem: MatchingProblem, solution: RoundsSolution) -> None:
    """Whatever is changed in the duals, the bound never falls below the total: it cannot lie."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        stored = copy.deepcopy(solution.certificate.to_dict())
        for branch in stored["value"]["branches"]:
            at = int(rng.integers(problem.n_vertices))
            branch["vertex_duals"][at] += int(rng.integers(-(10**6), 10**6))
            branch["count_dual"] += int(rng.integers(-(10**6), 10**6))
        assert check(problem, solution, stored) >= solution.proof.total


def _drop_branch(tree: dict[str, Any]) -> None:
    """Suppose without saying why that an edge is used."""
    tree["branches"] = [{**tree["branches"][0], "decisions": [[*PERMITTED_EDGE, True]]}]


PERMITTED_EDGE = (0, 7)

FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no parts": (lambda tree: tree.update(parts=0), "parts of a unit"),
    "a case left out": (_drop_branch, "leave a case out"),
    "no branches": (lambda tree: tree.update(branches=[]), "leave a case out"),
    "too few duals": (lambda tree: tree["branches"][0]["vertex_duals"].pop(), "vertex duals for"),
    "unknown cut": (lambda tree: tree["branches"][0]["cut_duals"].append([999, 1]), "that there is not"),
    "fractional dual": (lambda tree: tree["branches"][0].update(count_dual=0.5), "not of the right form"),
    "even odd set": (
        lambda tree: tree["cuts"].append({"kind": "odd set", "vertices": [0, 1], "edges": []}),
        "odd sets has 2 vertices",
    ),
    "vertex out of range": (
        lambda tree: tree["cuts"].append({"kind": "odd set", "vertices": [0, 1, 99], "edges": []}),
        "names a vertex that there is not",
    ),
    "vertex named twice": (
        lambda tree: tree["cuts"].append({"kind": "odd set", "vertices": [0, 1, 1], "edges": []}),
        "names something twice",
    ),
    "tooth inside": (
        lambda tree: tree["cuts"].append({"kind": "blossom", "vertices": [0, 1], "edges": [[0, 1]]}),
        "does not leave its vertices",
    ),
    "colourable": (
        lambda tree: tree["cuts"].append({"kind": "uncolourable", "vertices": [], "edges": [[0, 1], [1, 2]]}),
        "can fall into 3 matchings",
    ),
    "unknown kind": (
        lambda tree: tree["cuts"].append({"kind": "magic", "vertices": [], "edges": []}),
        "no inequality of kind",
    ),
    "missing": (lambda tree: tree.pop("cuts"), "not of the right form"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_faulty_proof_is_refused(problem: MatchingProblem, solution: RoundsSolution, fault: str) -> None:
    """Every clause by itself."""
    corrupt, words = FAULTS[fault]
    stored = copy.deepcopy(solution.certificate.to_dict())
    corrupt(stored["value"])
    with pytest.raises(CertificateError, match=words):
        check(problem, solution, stored)


def test_negative_dual_of_a_cut_is_refused() -> None:
    """A negative multiple of an upper limit proves nothing."""
    problem = UnionProblem(3, 2, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([5, 5, 5]))
    stored = {
        "parts": 1,
        "cuts": [{"kind": "odd set", "vertices": [0, 1, 2], "edges": []}],
        "branches": [{"decisions": [], "vertex_duals": [0, 0, 0], "count_dual": 0, "cut_duals": [[0, -5]]}],
    }
    with pytest.raises(CertificateError, match="negative"):
        prove_union_bound(problem, BoundTree.from_dict(stored))


def test_wrong_rounds_are_refused(problem: MatchingProblem, solution: RoundsSolution) -> None:
    """A repeated pair, a pair that is not permitted, a vertex twice."""
    one, two, three = solution.rounds
    repeated = replace(solution, rounds=(one, one, three))
    with pytest.raises(CertificateError, match="repeats the pair"):
        check(problem, repeated)
    permitted = set(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
    banned = next((a, b) for b in range(24) for a in range(b) if (a, b) not in permitted)
    with pytest.raises(CertificateError, match="not permitted"):
        check(problem, replace(solution, rounds=(np.array([banned]), two, three)))
    twice = np.array(sorted(edge for edge in permitted if edge[0] == 2)[:2])
    with pytest.raises(CertificateError, match="vertex 2 in more than one pair"):
        check(problem, replace(solution, rounds=(twice, two, three)))


def test_a_tolerance_widens_the_bound_and_no_more(problem: MatchingProblem, solution: RoundsSolution) -> None:
    """With every weight one unit less, the old proof still holds to within two units a pair."""
    edges = problem.first, problem.second, problem.weights - 1
    proof = check_rounds(solution.certificate, problem.n_vertices, solution.rounds, edges, tolerance=1)
    assert 0 <= proof.gap <= 2 * proof.n_pairs


def test_every_inequality_holds_for_every_choice_of_rounds() -> None:
    """Cuts that a search finds are obeyed by rounds that it never saw."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        edges = [(a, b) for b in range(11) for a in range(b) if rng.random() < 0.45]
        problem = MatchingProblem(11, *zip(*edges, strict=True), rng.integers(0, 9, len(edges)))  # type: ignore[arg-type]
        trees = solve_rounds(problem, 3).certificate
        cuts: list[Cut] = [cut for tree in (trees.value, trees.pairs) if tree for cut in tree.cuts]
        shuffled = MatchingProblem(11, problem.first, problem.second, rng.integers(0, 9, len(edges)))
        other = solve_rounds(shuffled, 3)
        used = np.concatenate(other.rounds)
        for cut in cuts:
            counted = cut.counted(UnionProblem(11, 3, problem.first, problem.second, problem.weights))
            ends = {(int(problem.first[at]), int(problem.second[at])) for at in counted}
            assert sum(tuple(edge) in ends for edge in used.tolist()) <= cut.limit(3)
