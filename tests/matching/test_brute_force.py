"""Every mode equals enumeration on small graphs of every kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.matching import MatchingProblem, MatchingSolution, NoPerfectMatchingError, Proof, solve

Maker = Callable[..., MatchingProblem]
Prove = Callable[..., tuple[MatchingSolution, Proof]]
Oracle = Callable[..., dict[int, int]]
Graph = tuple[int, list[tuple[int, int, int]]]

SETTINGS = settings(
    max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPANS = {
    "ties": st.integers(0, 2),
    "all equal": st.just(1),
    "signs": st.integers(-3, 3),
    "negative": st.integers(-1000, -1),
    "wide": st.integers(-1000, 1000),
    "huge": st.integers(-(10**14), 10**14),
    "beyond doubles": st.integers(-(2**62), 2**62),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, int]]]:
    """A graph of up to ten vertices, from empty to complete."""
    n_vertices = draw(st.integers(0, 10))
    possible = [(one, other) for one in range(n_vertices) for other in range(one)]
    chosen = draw(st.lists(st.booleans(), min_size=len(possible), max_size=len(possible)))
    if draw(st.booleans()):
        chosen = [True] * len(possible)
    weight = SPANS[draw(st.sampled_from(sorted(SPANS)))]
    return n_vertices, [(*ends, draw(weight)) for ends, kept in zip(possible, chosen, strict=True) if kept]


@SETTINGS
@given(graph=graphs())
def test_max_cardinality_equals_enumeration(
    graph: Graph, problem_of: Maker, best_by_cardinality: Oracle, prove: Prove
) -> None:
    """As many pairs as possible, then the greatest total; and the certificate proves it."""
    totals = best_by_cardinality(*graph)
    solution, _ = prove(problem_of(*graph), "max-cardinality")
    assert solution.n_pairs == max(totals)
    assert solution.total == totals[max(totals)]


@SETTINGS
@given(graph=graphs())
def test_max_value_equals_enumeration(
    graph: Graph, problem_of: Maker, best_by_cardinality: Oracle, prove: Prove
) -> None:
    """The greatest total whatever the number of pairs, and no pair that is worth nothing."""
    solution, _ = prove(problem_of(*graph), "max-value")
    assert solution.total == max(best_by_cardinality(*graph).values())
    weights = {frozenset(edge[:2]): edge[2] for edge in graph[1]}
    assert all(weights[frozenset(pair)] > 0 for pair in solution.pairs().tolist())


@SETTINGS
@given(graph=graphs())
def test_perfect_equals_enumeration_or_says_that_there_is_none(
    graph: Graph, problem_of: Maker, best_by_cardinality: Oracle
) -> None:
    """The best perfect matching, or an error that carries the best matching there is."""
    totals = best_by_cardinality(*graph)
    n_vertices = graph[0]
    if 2 * max(totals) == n_vertices:
        solution = solve(problem_of(*graph), "perfect")
        assert solution.is_perfect
    else:
        with pytest.raises(NoPerfectMatchingError) as caught:
            solve(problem_of(*graph), "perfect")
        solution = caught.value.solution
        assert len(caught.value.unmatched) == n_vertices - 2 * max(totals)
    assert solution.total == totals[max(totals)]
