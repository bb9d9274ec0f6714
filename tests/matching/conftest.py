"""An oracle by enumeration, a prover, and graphs that are hard for matching engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from pairing.matching import MatchingProblem, MatchingSolution, Mode, Proof, check_certificate, solve

Edge = tuple[int, int, int]


def problem_of(n_vertices: int, edges: Iterable[Edge]) -> MatchingProblem:
    """Make a problem of (one end, other end, weight) triples."""
    columns = np.array(list(edges), dtype=np.int64).reshape(-1, 3).T
    return MatchingProblem(n_vertices, *columns)


def best_by_cardinality(n_vertices: int, edges: Iterable[Edge]) -> dict[int, int]:
    """Give the greatest total for every possible number of pairs, by going through all matchings."""
    partners: list[list[tuple[int, int]]] = [[] for _ in range(n_vertices)]
    for one, other, weight in edges:
        partners[min(one, other)].append((max(one, other), weight))

    @cache
    def best(used: int, vertex: int) -> dict[int, int]:
        if vertex == n_vertices:
            return {0: 0}
        totals = dict(best(used, vertex + 1))
        if not used >> vertex & 1:
            for other, weight in partners[vertex]:
                if not used >> other & 1:
                    for n_pairs, total in best(used | 1 << other, vertex + 1).items():
                        totals[n_pairs + 1] = max(totals.get(n_pairs + 1, total + weight), total + weight)
        return totals

    return best(0, 0)


def prove(problem: MatchingProblem, mode: Mode) -> tuple[MatchingSolution, Proof]:
    """Solve, check the certificate over every edge, and check what the solution says of itself."""
    solution = solve(problem, mode)
    proof = check_certificate(solution.certificate, solution.pairs(), problem.blocks())
    assert proof.gap == 0
    assert proof.total == proof.bound == solution.total
    assert proof.n_edges_checked == problem.n_edges
    assert proof.n_pairs == solution.n_pairs == len(solution.pairs())
    matched = np.flatnonzero(solution.partner >= 0)
    assert (solution.partner[solution.partner[matched]] == matched).all()
    return solution, proof


def onion(n_layers: int, *, step: int = 10, n_hangers: int = 0) -> MatchingProblem:
    """Odd sets nested `n_layers` deep: the further out the outer end of an edge is, the less it weighs.

    Hangers are vertices with one poor edge each; they make a search break into the nest from outside.
    """
    core = 2 * n_layers + 1
    first, second = np.triu_indices(core, 1)
    weights = 10 * step * n_layers - step * ((second + 1) // 2)
    hooks = np.linspace(0, core - 1, n_hangers).astype(np.int64)
    hangers = np.arange(core, core + n_hangers)
    return MatchingProblem(
        core + n_hangers,
        np.concatenate([first, hooks]),
        np.concatenate([second, hangers]),
        np.concatenate([weights, np.arange(n_hangers) + 1]),
    )


def copies(problem: MatchingProblem, n_copies: int) -> MatchingProblem:
    """The same graph many times over, not connected."""
    shifts = np.repeat(np.arange(n_copies) * problem.n_vertices, problem.n_edges)
    return MatchingProblem(
        problem.n_vertices * n_copies,
        np.tile(problem.first, n_copies) + shifts,
        np.tile(problem.second, n_copies) + shifts,
        np.tile(problem.weights, n_copies),
    )


def triangles(n_triangles: int, *, chained: bool) -> MatchingProblem:
    """Triangles with sides of 5, each joined to the next by an edge of 1 if chained."""
    corner = 3 * np.arange(n_triangles)
    first = [corner, corner + 1, corner]
    second = [corner + 1, corner + 2, corner + 2]
    weights = [np.full(n_triangles, 5)] * 3
    if chained:
        first, second = [*first, corner[:-1] + 2], [*second, corner[1:]]
        weights = [*weights, np.ones(n_triangles - 1, dtype=np.int64)]
    return MatchingProblem(
        3 * n_triangles, np.concatenate(first), np.concatenate(second), np.concatenate(weights)
    )


def complete(n_vertices: int, highest: int, seed: int) -> MatchingProblem:
    """Every edge, with a weight from 0 to `highest`."""
    first, second = np.triu_indices(n_vertices, 1)
    weights = np.random.default_rng(seed).integers(0, highest + 1, first.size)
    return MatchingProblem(n_vertices, first, second, weights)


def sparse(n_vertices: int, n_edges: int, highest: int, seed: int) -> MatchingProblem:
    """About so many edges between vertices taken at random."""
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.integers(0, n_vertices, (n_edges, 2)), axis=1)
    ends = np.unique(ends[ends[:, 0] < ends[:, 1]], axis=0)
    return MatchingProblem(n_vertices, *ends.T, rng.integers(0, highest + 1, len(ends)))


def chain(n_vertices: int, highest: int, seed: int, *, closed: bool = False) -> MatchingProblem:
    """A path, or a cycle if closed."""
    first = np.arange(n_vertices if closed else n_vertices - 1)
    weights = np.random.default_rng(seed).integers(1, highest + 1, first.size)
    return MatchingProblem(n_vertices, first, (first + 1) % n_vertices, weights)


def teams(n_teams: int, seed: int) -> MatchingProblem:
    """Teams on a map, pairs banned by distance and size, values as contrasts of nine indicators."""
    rng = np.random.default_rng(seed)
    strengths, place = rng.normal(size=(n_teams, 9)), rng.uniform(0, 500, (n_teams, 2))
    log_size = 0.5 * rng.normal(size=n_teams)
    first, second = np.triu_indices(n_teams, 1)
    distance = np.hypot(*(place[first] - place[second]).T)
    permitted = (distance > 60) & (distance < 350) & (np.abs(log_size[first] - log_size[second]) < np.log(2))
    first, second = first[permitted], second[permitted]
    difference = strengths[second] - strengths[first]
    values = np.abs(difference).sum(axis=1) - np.abs(difference.sum(axis=1))
    return MatchingProblem(n_teams, first, second, np.rint(values * 1e5).astype(np.int64))


HARD_GRAPHS: dict[str, Callable[[], MatchingProblem]] = {
    "nested odd sets, 124 vertices": lambda: onion(61, n_hangers=1),
    "nested odd sets, 404 vertices": lambda: onion(200, n_hangers=3),
    "100 nests of 44 vertices": lambda: copies(onion(20, n_hangers=3), 100),
    "nested 500 deep": lambda: onion(500),
    "1,667 triangles": lambda: triangles(1667, chained=False),
    "1,667 chained triangles": lambda: triangles(1667, chained=True),
    "K151 with weights 0 to 3": lambda: complete(151, 3, 1),
    "K401 with weights 0 and 1": lambda: complete(401, 1, 2),
    "sparse 10,000": lambda: sparse(10_000, 20_000, 10**6, 3),
    "sparse 10,000 with ties": lambda: sparse(10_000, 15_000, 3, 4),
    "chain of 10,000": lambda: chain(10_000, 10**6, 5),
    "cycle of 9,999": lambda: chain(9_999, 10**6, 6, closed=True),
    "1,000 teams": lambda: teams(1000, 7),
}


@pytest.fixture(name="problem_of")
def fixture_problem_of() -> Callable[..., MatchingProblem]:
    """The maker of small problems."""
    return problem_of


@pytest.fixture(name="best_by_cardinality")
def fixture_best_by_cardinality() -> Callable[..., dict[int, int]]:
    """The oracle."""
    return best_by_cardinality


@pytest.fixture(name="prove")
def fixture_prove() -> Callable[..., tuple[MatchingSolution, Proof]]:
    """The prover."""
    return prove


@pytest.fixture(name="teams")
def fixture_teams() -> Callable[..., MatchingProblem]:
    """The maker of graphs like the ones that programmes have."""
    return teams


@pytest.fixture(name="onion")
def fixture_onion() -> Callable[..., MatchingProblem]:
    """The maker of deeply nested odd sets."""
    return onion


@pytest.fixture(name="triangles")
def fixture_triangles() -> Callable[..., MatchingProblem]:
    """The maker of triangles, chained or not."""
    return triangles


@pytest.fixture(params=HARD_GRAPHS)
def hard_graph(request: pytest.FixtureRequest) -> MatchingProblem:
    """One hard graph after the other."""
    return HARD_GRAPHS[request.param]()


@pytest.fixture
def random_edges() -> Callable[..., list[Edge]]:
    """The maker of random edge lists; the same generator gives the same list."""

    def make(rng: np.random.Generator, n_vertices: int, density: float, low: int, high: int) -> list[Edge]:
        pairs: NDArray[np.int64] = np.argwhere(np.triu(rng.random((n_vertices, n_vertices)) < density, 1))
        return [(int(one), int(other), int(rng.integers(low, high + 1))) for one, other in pairs]

    return make
