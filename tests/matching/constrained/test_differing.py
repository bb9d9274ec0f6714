"""Good matchings that differ equal a greedy search through all matchings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import SettingsError
from pairing.matching import MatchingProblem, differing_matchings

Maker = Callable[..., MatchingProblem]
Edges = list[tuple[int, int, int]]
Pairs = frozenset[tuple[int, int]]

WEIGHTS = {"ties": st.integers(0, 2), "signs": st.integers(-3, 3), "wide": st.integers(-1000, 1000)}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    """A graph of two to seven vertices."""
    n_vertices = draw(st.integers(2, 7))
    possible = [(other, one) for one in range(n_vertices) for other in range(one)]
    everything = draw(st.booleans())
    weight = WEIGHTS[draw(st.sampled_from(sorted(WEIGHTS)))]
    return n_vertices, [(*ends, draw(weight)) for ends in possible if everything or draw(st.booleans())]


def every_matching(edges: Edges) -> dict[Pairs, int]:
    """The total of each matching with as many pairs as possible."""
    found: dict[Pairs, int] = {frozenset(): 0}
    for one, other, weight in edges:
        for pairs, total in list(found.items()):
            if not any({one, other} & set(pair) for pair in pairs):
                found[pairs | {(one, other)}] = total + weight
    most = max(map(len, found))
    return {pairs: total for pairs, total in found.items() if len(pairs) == most}


def pairs_of(partner: np.ndarray) -> Pairs:
    """The pairs of a matching."""
    return frozenset((one, other) for one, other in enumerate(partner.tolist()) if one < other)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs(), n_changed=st.integers(1, 4), n_wanted=st.integers(1, 5))
def test_each_step_is_the_best_there_is(
    graph: tuple[int, Edges], n_changed: int, n_wanted: int, problem_of: Maker
) -> None:
    """Given those before it, none that differs enough weighs more; it stops only if none is left."""
    totals = every_matching(graph[1])
    found = differing_matchings(problem_of(*graph), n_wanted, n_changed)
    chosen: list[Pairs] = []
    for one in found:
        open_to_choice = _far_from(chosen, totals, n_changed)
        assert pairs_of(one.partner) in open_to_choice
        assert one.total == one.bound == totals[pairs_of(one.partner)] == max(open_to_choice.values())
        chosen.append(pairs_of(one.partner))
    assert len(found) == n_wanted or not _far_from(chosen, totals, n_changed)


def _far_from(chosen: list[Pairs], totals: dict[Pairs, int], n_changed: int) -> dict[Pairs, int]:
    return {
        pairs: total
        for pairs, total in totals.items()
        if all(len(pairs - earlier) >= n_changed for earlier in chosen)
    }


COMPLETE = [(0, 1, 9), (0, 2, 5), (0, 3, 1), (1, 2, 2), (1, 3, 6), (2, 3, 8)]


def test_a_least_total_stops_the_search(problem_of: Maker) -> None:
    """Only those that come up to it; progress is told once for each."""
    told: list[tuple[int, int]] = []
    found = differing_matchings(
        problem_of(4, COMPLETE), 3, 2, at_least=11, progress=lambda *so_far: told.append(so_far)
    )
    assert [one.total for one in found] == [17, 11]
    assert told == [(1, 3), (2, 3)]


def test_the_order_of_the_edges_does_not_matter(teams: Callable[..., MatchingProblem]) -> None:
    """The same matchings from shuffled edges, and they differ as they should."""
    problem = teams(40, 1)
    order = np.random.default_rng(0).permutation(problem.n_edges)
    shuffled = MatchingProblem(40, problem.second[order], problem.first[order], problem.weights[order])
    one, other = (differing_matchings(each, 4, 6) for each in (problem, shuffled))
    assert [each.partner.tolist() for each in one] == [each.partner.tolist() for each in other]
    chosen = [pairs_of(each.partner) for each in one]
    assert all(len(a - b) >= 6 for at, a in enumerate(chosen) for b in chosen[:at])


def test_bad_numbers_are_refused(problem_of: Maker) -> None:
    """Both at once."""
    with pytest.raises(SettingsError) as caught:
        differing_matchings(problem_of(4, COMPLETE), 0, 0)
    assert len(caught.value.problems) == 2
