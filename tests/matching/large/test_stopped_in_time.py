"""A search that is stopped after its last round has its proof; one that is stopped before has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pairing.matching import MatchingProblem, MatchingSolution, Progress, check_certificate, solve
from pairing.matching.large.pricing import PricedSolution
from pairing.matching.large.stopped_in_time import proven_if_complete
from pairing.matching.solving import cardinality_bonus

Maker = Callable[..., MatchingProblem]


def stopped_when_nothing_is_violated(problem: MatchingProblem) -> MatchingSolution:
    """Ctrl-C, pressed while the first round is told whose bound meets its total."""

    def interrupt(state: Progress) -> None:
        if state.n_violated == 0:
            raise KeyboardInterrupt

    return solve(problem, progress=interrupt, keep_interrupted=True)


@pytest.mark.parametrize("n", [60, 61, 200, 201])
def test_a_full_matching_whose_bound_is_met_is_proven(n: int, teams: Maker) -> None:
    """Solved at once or on candidates, with an even or an odd number: the checker accepts what is given.

    It was called the best one found, with a gap of 0, and not proven.
    """
    problem = teams(n, 1)
    found, best = stopped_when_nothing_is_violated(problem), solve(problem)
    assert found.n_pairs == n // 2
    assert found.stopped is None
    assert (found.n_pairs, found.total) == (best.n_pairs, best.total)
    assert found.certificate.cardinality_bonus == cardinality_bonus(problem)
    proof = check_certificate(found.certificate, found.pairs(), problem.blocks())
    assert (proof.gap, proof.n_edges_checked) == (0, problem.n_edges)


def test_where_more_pairs_are_not_ruled_out_nothing_is_proven(teams: Maker) -> None:
    """Two vertices without any edge: the first bonus does not prove that no more pairs are possible."""
    full = teams(200, 1)
    problem = MatchingProblem(202, full.first, full.second, full.weights)
    assert stopped_when_nothing_is_violated(problem).stopped == "interrupted"


def test_a_gap_is_never_taken_for_a_proof(teams: Maker) -> None:
    """The best matching, with duals that prove one unit more than its total."""
    problem = teams(60, 1)
    best, bonus, nothing = solve(problem), cardinality_bonus(problem), np.zeros(0, dtype=np.int64)
    duals = best.certificate.vertex_duals
    loose = replace(best.certificate, vertex_duals=(duals[0] + 2, *duals[1:]))
    for certificate, why in ((best.certificate, None), (loose, "time limit")):
        found = PricedSolution(
            best.partner.tolist(), best.total, certificate, (nothing, nothing), 1, 1, "time limit"
        )
        assert proven_if_complete(found, bonus).stopped == why


def test_no_edge_is_no_problem() -> None:
    """A single vertex is left out, whatever the bonus."""
    nothing = np.zeros(0, dtype=np.int64)
    found = stopped_when_nothing_is_violated(MatchingProblem(1, nothing, nothing, nothing))
    assert (found.n_pairs, found.stopped) == (0, None)
