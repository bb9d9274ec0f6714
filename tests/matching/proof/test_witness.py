"""Why there is no larger matching: against enumeration, on hard graphs, and with corrupted witnesses."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError, InputDataError
from pairing.matching import MatchingProblem, Witness, check_witness, find_witness, solve

Maker = Callable[..., MatchingProblem]
Oracle = Callable[..., dict[int, int]]
Graph = tuple[int, list[tuple[int, int, int]]]

SETTINGS = settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph of up to ten vertices, from empty to dense."""
    n_vertices = draw(st.integers(0, 10))
    possible = [(one, other) for one in range(n_vertices) for other in range(one)]
    share = draw(st.integers(1, 5))
    drawn = draw(st.lists(st.integers(0, 5), min_size=len(possible), max_size=len(possible)))
    kept = [ends for ends, number in zip(possible, drawn, strict=True) if number < share]
    return n_vertices, [(one, other, 1 + (one * other) % 3) for one, other in kept]


def most_pairs(graph: Graph, best_by_cardinality: Oracle, without: tuple[int, ...] = ()) -> int:
    """Pairs in a largest matching of the graph without some vertices, by enumeration."""
    n_vertices, edges = graph
    rest = [edge for edge in edges if not set(edge[:2]) & set(without)]
    return max(best_by_cardinality(n_vertices, rest))


@SETTINGS
@given(graph=graphs())
def test_witness_equals_enumeration(graph: Graph, problem_of: Maker, best_by_cardinality: Oracle) -> None:
    """It proves exactly how many stay alone, and its odd parts hold exactly those who can be left out."""
    problem, n_vertices = problem_of(*graph), graph[0]
    witness = find_witness(problem, solve(problem).partner)
    most = most_pairs(graph, best_by_cardinality)
    assert check_witness(witness, problem.blocks()) == n_vertices - 2 * most
    can_be_left_out = {
        vertex
        for vertex in range(n_vertices)
        if most_pairs(graph, best_by_cardinality, without=(vertex,)) == most
    }
    assert {vertex for part in witness.odd_parts for vertex in part} == can_be_left_out
    around = {end for edge in graph[1] if set(edge[:2]) & can_be_left_out for end in edge[:2]}
    assert set(witness.barrier) == around - can_be_left_out


@SETTINGS
@given(graph=graphs(), seed=st.integers(0, 99))
def test_witness_depends_on_the_graph_alone(graph: Graph, seed: int, problem_of: Maker) -> None:
    """Another matching with as many pairs gives the same barrier and the same odd parts."""
    problem = problem_of(*graph)
    weights = np.random.default_rng(seed).integers(0, 50, problem.n_edges)
    other = MatchingProblem(problem.n_vertices, problem.first, problem.second, weights)
    assert find_witness(problem, solve(problem).partner) == find_witness(problem, solve(other).partner)


def test_hard_graph_has_its_witness_in_seconds(hard_graph: MatchingProblem) -> None:
    """On every hard graph the witness proves that the matching has as many pairs as possible."""
    equal = np.ones(hard_graph.n_edges, np.int64)
    solution = solve(MatchingProblem(hard_graph.n_vertices, hard_graph.first, hard_graph.second, equal))
    begin = time.perf_counter()
    witness = find_witness(hard_graph, solution.partner)
    proven = check_witness(witness, hard_graph.blocks(size=1000))
    assert time.perf_counter() - begin < 5
    assert proven == solution.unmatched.size


def test_large_sparse_graph_is_quick() -> None:
    """6,000 vertices and about as many edges, of which many stay alone."""
    rng = np.random.default_rng(11)
    ends = np.sort(rng.integers(0, 6000, (7000, 2)), axis=1)
    ends = np.unique(ends[ends[:, 0] < ends[:, 1]], axis=0)
    problem = MatchingProblem(6000, *ends.T, np.ones(len(ends), np.int64))
    solution = solve(problem)
    begin = time.perf_counter()
    witness = find_witness(problem, solution.partner)
    assert check_witness(witness, problem.blocks()) == solution.unmatched.size > 100
    assert time.perf_counter() - begin < 2


def test_a_matching_that_can_grow_is_refused(problem_of: Maker) -> None:
    """No witness is made up for a matching that is not a largest one."""
    path = problem_of(4, [(0, 1, 1), (1, 2, 1), (2, 3, 1)])
    with pytest.raises(InputDataError, match="as many pairs as possible"):
        find_witness(path, np.array([-1, 2, 1, -1]))


#: A triangle 0-1-2, a vertex 3 and a vertex 4, all of which need vertex 5; the edge 6-7 is elsewhere.
EDGES = [(0, 1, 1), (1, 2, 1), (0, 2, 1), (2, 5, 1), (3, 5, 1), (4, 5, 1), (5, 6, 1), (6, 7, 1)]
SOUND = Witness(8, (5,), ((0, 1, 2), (3,), (4,)))


def test_the_example_by_hand(problem_of: Maker) -> None:
    """Three odd parts compete for one vertex: two stay alone."""
    problem = problem_of(8, EDGES)
    assert find_witness(problem, solve(problem).partner) == SOUND
    assert check_witness(SOUND, problem.blocks()) == 2


CORRUPTED = {
    "vertex 8 is outside 0..7": replace(SOUND, barrier=(8,)),
    "vertex -1 is outside 0..7": replace(SOUND, odd_parts=((0, 1, 2), (3,), (-1,))),
    "vertex 3 is listed more than once": replace(SOUND, odd_parts=((0, 1, 2), (3,), (3,))),
    "vertex 5 is listed more than once": replace(SOUND, odd_parts=((0, 1, 2), (3,), (4,), (5,))),
    "part 0 has 2 vertices, which is not odd": replace(SOUND, odd_parts=((0, 1), (3,), (4,))),
    "part 3 has 0 vertices, which is not odd": replace(SOUND, odd_parts=((0, 1, 2), (3,), (4,), ())),
    "3 edges leave an odd part for somewhere else than the barrier: 2-5, 3-5, 4-5": replace(
        SOUND, barrier=()
    ),
    "2 edges leave an odd part for somewhere else than the barrier: 0-1, 0-2": replace(
        SOUND, odd_parts=((0,), (3,), (4,))
    ),
    "1 edge leaves an odd part for somewhere else than the barrier: 6-7": replace(
        SOUND, odd_parts=((0, 1, 2), (3,), (4,), (6,))
    ),
}


@pytest.mark.parametrize("sentence", CORRUPTED)
def test_a_corrupted_witness_is_refused(sentence: str, problem_of: Maker) -> None:
    """Clause by clause: each kind of fault is told."""
    with pytest.raises(CertificateError) as caught:
        check_witness(CORRUPTED[sentence], problem_of(8, EDGES).blocks(size=3))
    assert sentence in caught.value.failures


def test_faults_far_apart_are_counted_and_the_first_are_named(problem_of: Maker) -> None:
    """Edges of all pieces count; five are named."""
    with pytest.raises(CertificateError, match=r"7 edges .*: 0-1, 0-2, 1-2, 2-5, 3-5, \.\.\."):
        check_witness(
            Witness(8, (), tuple((vertex,) for vertex in range(6))), problem_of(8, EDGES).blocks(size=2)
        )


def test_a_witness_survives_json() -> None:
    """What is written holds every vertex as a plain number."""
    assert SOUND.to_dict() == {"n_vertices": 8, "barrier": [5], "odd_parts": [[0, 1, 2], [3], [4]]}


def test_checking_a_witness_loads_no_engine() -> None:
    """Importing the checker brings in neither an engine nor SciPy."""
    code = (
        "import sys, pairing.matching.proof.witness; "
        "print([name for name in sys.modules if name.split('.')[0] in {'scipy', 'networkx'} "
        "or name.startswith('pairing.matching.') and name.rsplit('.')[-1] not in {'proof', 'witness'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
