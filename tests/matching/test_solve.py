"""Modes, named cases with stored optima, and answers that depend on nothing but the graph."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
import rustworkx as rx

from pairing.errors import InfeasibleMatchingError, SettingsError
from pairing.matching import MatchingProblem, MatchingSolution, NoPerfectMatchingError, Proof, solve

Maker = Callable[..., MatchingProblem]
Prove = Callable[..., tuple[MatchingSolution, Proof]]
Oracle = Callable[..., dict[int, int]]

NAMED_CASES = {
    "empty": (0, [], 0, 0),
    "isolated": (3, [], 0, 0),
    "single edge": (2, [(0, 1, 1)], 1, 1),
    "path, middle is best": (4, [(0, 1, 5), (1, 2, 11), (2, 3, 5)], 10, 11),
    "negative": (4, [(0, 1, 2), (0, 2, -2), (1, 2, 1), (1, 3, -1), (2, 3, -6)], -3, 2),
    "all negative": (4, [(0, 1, -5), (1, 2, -1), (2, 3, -5)], -10, 0),
    "zero": (4, [(0, 1, 0), (2, 3, 0)], 0, 0),
    "blossom, then augment": (6, [(0, 1, 9), (0, 2, 9), (1, 2, 10), (0, 5, 5), (2, 3, 7), (3, 4, 6)], 21, 21),
    "pentagon with a tail": (6, [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 4, 4), (0, 4, 4), (4, 5, 1)], 9, 9),
    "nested, then opened": (
        10,
        [(0, 1, 45), (0, 4, 45), (1, 2, 50), (2, 3, 45), (3, 4, 50), (0, 5, 30), (2, 8, 35), (3, 7, 35),
         (4, 6, 26), (8, 9, 5)],
        146,
        146,
    ),
    "two components": (7, [(0, 1, 3), (1, 2, 4), (3, 4, 1), (4, 5, 2), (3, 5, 3)], 7, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED_CASES)
def test_named_case_has_its_stored_optimum(name: str, problem_of: Maker, prove: Prove) -> None:
    """Totals worked out by hand or by enumeration."""
    n_vertices, edges, cardinality_first, by_value = NAMED_CASES[name]
    assert prove(problem_of(n_vertices, edges), "max-cardinality")[0].total == cardinality_first
    assert prove(problem_of(n_vertices, edges), "max-value")[0].total == by_value


@pytest.mark.parametrize("name", NAMED_CASES)
def test_stored_optima_equal_enumeration(name: str, best_by_cardinality: Oracle) -> None:
    """The stored numbers themselves are right."""
    n_vertices, edges, cardinality_first, by_value = NAMED_CASES[name]
    totals = best_by_cardinality(n_vertices, edges)
    assert (totals[max(totals)], max(totals.values())) == (cardinality_first, by_value)


@pytest.mark.parametrize("seed", range(6))
def test_totals_equal_networkx(seed: int, teams: Maker) -> None:
    """Forty teams, pairs included, against another implementation."""
    problem = teams(40, seed)
    graph = nx.Graph()
    graph.add_nodes_from(range(40))
    edges = zip(problem.first.tolist(), problem.second.tolist(), problem.weights.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    for mode in ("max-cardinality", "max-value"):
        pairs = nx.max_weight_matching(graph, maxcardinality=mode == "max-cardinality")
        solution = solve(problem, mode)
        assert solution.total == sum(graph[one][other]["weight"] for one, other in pairs)
        assert solution.n_pairs == len(pairs)


@pytest.mark.parametrize(("n_teams", "seed"), [(100, 0), (101, 1), (200, 2), (301, 3), (400, 4)])
def test_totals_equal_rustworkx(n_teams: int, seed: int, teams: Maker) -> None:
    """Hundreds of teams, where candidates and pricing are at work."""
    problem = teams(n_teams, seed)
    edges = list(zip(problem.first.tolist(), problem.second.tolist(), problem.weights.tolist(), strict=True))
    graph = rx.PyGraph()
    graph.add_nodes_from(range(n_teams))
    graph.add_edges_from(edges)
    for mode in ("max-cardinality", "max-value"):
        pairs = rx.max_weight_matching(graph, max_cardinality=mode == "max-cardinality", weight_fn=int)
        assert solve(problem, mode).total == sum(graph.get_edge_data(*pair) for pair in pairs)


@pytest.mark.parametrize("n_teams", [50, 301])
def test_edge_order_does_not_matter(n_teams: int, teams: Maker) -> None:
    """Shuffled and reversed edges give the same pairs and the same certificate, with ties all over."""
    problem = teams(n_teams, 1)
    weights = problem.weights // 200_000
    order = np.random.default_rng(0).permutation(problem.n_edges)
    one = solve(MatchingProblem(n_teams, problem.first, problem.second, weights))
    other = solve(MatchingProblem(n_teams, problem.second[order], problem.first[order], weights[order]))
    assert np.array_equal(one.partner, other.partner)
    assert one.certificate.to_dict() == other.certificate.to_dict()


@pytest.mark.parametrize("n_teams", [50, 151])
def test_renumbering_the_vertices_keeps_the_total(n_teams: int, teams: Maker) -> None:
    """The optimum belongs to the graph, not to the numbers of its vertices."""
    problem = teams(n_teams, 2)
    number = np.random.default_rng(0).permutation(n_teams)
    renumbered = MatchingProblem(n_teams, number[problem.first], number[problem.second], problem.weights)
    for mode in ("max-cardinality", "max-value"):
        assert solve(problem, mode).total == solve(renumbered, mode).total


def test_no_perfect_matching_carries_the_best_there_is(problem_of: Maker) -> None:
    """A star with three rays: the error has the matching, its proof and who is left out."""
    star = problem_of(4, [(0, 1, 1), (0, 2, 5), (0, 3, 2)])
    with pytest.raises(NoPerfectMatchingError, match="at most 2 of 4 vertices") as caught:
        solve(star, "perfect")
    assert isinstance(caught.value, InfeasibleMatchingError)
    assert caught.value.unmatched.tolist() == [1, 3]
    assert caught.value.solution.pairs().tolist() == [[0, 2]]
    assert caught.value.solution.mode == "perfect"


def test_unknown_mode_is_refused(problem_of: Maker) -> None:
    """The message lists the modes."""
    with pytest.raises(SettingsError, match="max-cardinality"):
        solve(problem_of(2, [(0, 1, 1)]), "maximum")
