"""Graphs on which engines take minutes or go wrong: each solved and proven in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pairing.matching import MatchingProblem, MatchingSolution, Mode, Proof, check_certificate, solve

Maker = Callable[..., MatchingProblem]
Prove = Callable[..., tuple[MatchingSolution, Proof]]


@pytest.mark.parametrize("mode", ["max-cardinality", "max-value"])
def test_hard_graph_is_proven_in_seconds(hard_graph: MatchingProblem, mode: Mode, prove: Prove) -> None:
    """Every hard graph has a gap of 0 in both modes, within a generous time."""
    begin = time.process_time()
    prove(hard_graph, mode)
    assert time.process_time() - begin < 20


def test_odd_sets_nest_hundreds_deep(onion: Maker) -> None:
    """The nest of 500 layers needs a certificate as deep, which stays linear in size and is checked fast."""
    problem = onion(500)
    solution = solve(problem)
    parents = solution.certificate.set_parent
    assert len(parents) == 500
    depth = [0] * len(parents)
    for index, parent in enumerate(parents):  # outer sets come first
        depth[index] = 1 + (depth[parent] if parent >= 0 else 0)
    assert max(depth) == 500
    begin = time.process_time()
    check_certificate(solution.certificate, solution.pairs(), problem.blocks())
    assert time.process_time() - begin < 2


def test_a_long_chain_of_triangles_is_solved_one_link_at_a_time(triangles: Maker) -> None:
    """Each search ends at the next triangle, although among ties it could grow back along the whole chain."""
    problem = triangles(3_333, chained=True)
    begin = time.process_time()
    assert solve(problem).n_pairs == 4_999
    assert time.process_time() - begin < 2
