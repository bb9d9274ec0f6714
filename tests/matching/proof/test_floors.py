"""Floors pass over an edge only if the duals cover it, checked against the slack itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing.matching import Certificate, MatchingProblem, solve
from pairing.matching.proof.floors import floors_of
from pairing.matching.proof.slack import EdgeSlack

Maker = Callable[..., MatchingProblem]


def all_edges(certificate: Certificate, weights_up_to: int, seed: int) -> tuple[np.ndarray, ...]:
    """Every pair of vertices with a weight by chance."""
    first, second = np.triu_indices(certificate.n_vertices, 1)
    weights = np.random.default_rng(seed).integers(-weights_up_to, weights_up_to + 1, first.size)
    return first, second, weights


def assert_no_violation_is_passed_over(certificate: Certificate, weights_up_to: int) -> int:
    """Every edge that the slack says is not covered is heavier than its floors; gives how many there are."""
    floors = floors_of(certificate)
    n_violated = 0
    for seed in range(20):
        first, second, weights = all_edges(certificate, weights_up_to, seed)
        violated, _ = EdgeSlack(certificate).violations(first, second, weights)
        heavy = weights > floors[first] + floors[second]
        assert heavy[violated].all()
        n_violated += violated.size
    return n_violated


def test_nested_sets_larger_than_half_are_counted(onion: Maker) -> None:
    """An onion of odd sets, nested up to ten deep, with one vertex left over."""
    certificate = solve(onion(10)).certificate
    assert len(certificate.set_duals) > 5
    assert assert_no_violation_is_passed_over(certificate, 2_000) > 100


def test_a_set_that_holds_nearly_everybody_does_not_make_every_edge_heavy() -> None:
    """The dual of one large odd set counts for its members: all their edges are covered by far."""
    certificate = Certificate(9, 0, (0,) * 9, (0,) * 7 + (-1, -1), (-1,), (100,))
    first, second, weights = all_edges(certificate, 40, 0)
    floors = floors_of(certificate)
    inside = second < 7
    assert not (weights > floors[first] + floors[second])[inside].any()
    assert assert_no_violation_is_passed_over(certificate, 60) > 100


def test_edges_that_are_just_covered_are_not_heavy() -> None:
    """Without odd sets the heavy edges are the violated ones and no other, however many have no slack."""
    duals = tuple(int(dual) for dual in np.random.default_rng(0).integers(-3, 9, 40))
    certificate = Certificate(40, 4, duals, (-1,) * 40, (), ())
    first, second, weights = all_edges(certificate, 4, 1)
    floors = floors_of(certificate)
    heavy = np.flatnonzero(weights > floors[first] + floors[second])
    violated, _ = EdgeSlack(certificate).violations(first, second, weights)
    assert heavy.tolist() == violated.tolist()
    assert (EdgeSlack(certificate).of(first, second, weights) == 0).sum() > 20


@pytest.mark.parametrize("seed", range(30))
def test_floors_of_random_families(seed: int) -> None:
    """Any duals and any nested sets, large and small, side by side and inside one another."""
    rng = np.random.default_rng(seed)
    parent, innermost = [-1, 0, 1, 0], [int(index) for index in rng.choice([-1, 0, 1, 2, 2, 2, 3], 15)]
    duals = tuple(int(dual) for dual in rng.integers(0, 50, 15))
    sets = tuple(int(dual) for dual in rng.integers(0, 80, 4))
    certificate = Certificate(15, int(rng.integers(0, 30)), duals, tuple(innermost), tuple(parent), sets)
    assert assert_no_violation_is_passed_over(certificate, 60) > 0


def test_huge_duals_leave_every_edge_to_be_looked_at() -> None:
    """Where doubles cannot tell, nothing is passed over."""
    certificate = Certificate(3, 0, (2**80, 0, 0), (-1,) * 3, (), ())
    assert np.isneginf(floors_of(certificate)).all()
