"""Matchings under side constraints equal enumeration, and their bounds are proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError, InfeasibleMatchingError, InputDataError, SolverError
from pairing.matching import (
    ConstrainedSolution,
    LagrangeanBound,
    MatchingProblem,
    SideRow,
    solve,
    solve_constrained,
)
from pairing.matching.constrained import constrained_search

Edge = tuple[int, int, int]
Graph = tuple[int, list[Edge]]
Teams = Callable[..., MatchingProblem]

SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPANS = {
    "ties": st.integers(0, 2),
    "all equal": st.just(1),
    "signs": st.integers(-3, 3),
    "wide": st.integers(-1000, 1000),
    "large": st.integers(-(10**9), 10**9),
}
COEFFICIENTS = {
    "counts": st.integers(0, 1).map(float),
    "signed counts": st.integers(-1, 1).map(float),
    "kilometres": st.floats(0, 400).map(lambda km: round(km, 3)),
    "doubles": st.floats(-5, 5, allow_subnormal=False),
    "tenths": st.integers(-9, 9).map(lambda tenth: tenth / 10),
}


@st.composite
def constrained(draw: st.DrawFn) -> tuple[MatchingProblem, list[SideRow], int | None]:
    """A graph of up to eight vertices, up to three rows whose limits are often hit exactly, and a count."""
    n_vertices = draw(st.integers(0, 8))
    possible = [(one, other) for one in range(n_vertices) for other in range(one)]
    chosen = draw(st.lists(st.booleans(), min_size=len(possible), max_size=len(possible)))
    if draw(st.booleans()):
        chosen = [True] * len(possible)
    weight = SPANS[draw(st.sampled_from(sorted(SPANS)))]
    edges = [(*ends, draw(weight)) for ends, kept in zip(possible, chosen, strict=True) if kept]
    columns = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    problem = MatchingProblem(n_vertices, *columns)
    rows = []
    matchings = list(all_matchings(problem))
    for number in range(draw(st.integers(0, 3))):
        coefficient = COEFFICIENTS[draw(st.sampled_from(sorted(COEFFICIENTS)))]
        numbers = np.array([draw(coefficient) for _ in edges], dtype=float)
        some = list(draw(st.sampled_from(matchings)))
        limit = float(sum(map(Fraction, numbers[some].tolist())))  # often what a matching spends, exactly
        rows.append(SideRow(numbers, draw(st.sampled_from([limit, limit - 0.5, limit + 2.0])), f"{number}"))
    return problem, rows, draw(st.sampled_from([None, *range(n_vertices // 2 + 1)]))


def all_matchings(problem: MatchingProblem) -> Iterator[tuple[int, ...]]:
    """Every matching, as positions of edges."""

    def extend(start: int, used: frozenset[int]) -> Iterator[tuple[int, ...]]:
        yield ()
        for edge in range(start, problem.n_edges):
            ends = {int(problem.first[edge]), int(problem.second[edge])}
            if not ends & used:
                for rest in extend(edge + 1, used | ends):
                    yield (edge, *rest)

    return extend(0, frozenset())


def best_by_enumeration(problem: MatchingProblem, rows: list[SideRow], n_pairs: int | None) -> int | None:
    """The greatest total of all matchings that keep to the rows, in fractions; None if there is none."""
    totals = [
        sum(int(problem.weights[edge]) for edge in matching)
        for matching in all_matchings(problem)
        if n_pairs in (None, len(matching))
        and all(
            sum(Fraction(float(row.coefficients[edge])) for edge in matching) <= Fraction(row.at_most)
            for row in rows
        )
    ]
    return max(totals, default=None)


def checked(problem: MatchingProblem, rows: list[SideRow], n_pairs: int | None) -> ConstrainedSolution:
    """Solve, and check all that the solution says of itself."""
    solution = solve_constrained(problem, rows, n_pairs=n_pairs)
    chosen = solution.partner[problem.first] == problem.second
    assert 2 * chosen.sum() == (solution.partner >= 0).sum()
    assert solution.total == sum(problem.weights[chosen].tolist())
    assert all(row.permits(chosen) for row in rows)
    assert n_pairs in (None, solution.n_pairs)
    proven = solution.certified.prove(problem, rows, n_pairs)
    assert int(proven // 1) == solution.certified_bound
    assert solution.total <= solution.bound <= solution.certified_bound
    assert (solution.status == "optimal") == (solution.gap == 0)
    return solution


@SETTINGS
@given(case=constrained(), few=st.booleans())
def test_equals_enumeration(
    case: tuple[MatchingProblem, list[SideRow], int | None],
    few: bool,  # noqa: FBT001
) -> None:
    """The same total as going through all matchings with exact fractions, or the same refusal.

    Half of the time HiGHS begins with so few edges that it has to be given more.
    """
    expected = best_by_enumeration(*case)
    with pytest.MonkeyPatch.context() as patch:
        if few:
            patch.setattr(constrained_search, "_FIRST_EDGES", 2)
            patch.setattr(constrained_search, "_FIRST_EDGES_EACH", 0)
        compare(case, expected)


def compare(case: tuple[MatchingProblem, list[SideRow], int | None], expected: int | None) -> None:
    if expected is None:
        with pytest.raises(InfeasibleMatchingError):
            solve_constrained(case[0], case[1], n_pairs=case[2])
    else:
        solution = checked(*case)
        assert (solution.total, solution.status) == (expected, "optimal")


def rows_of(problem: MatchingProblem) -> list[SideRow]:
    """Few long edges, little length in all, some edges between the halves."""
    rng = np.random.default_rng(3)
    place = rng.uniform(0, 400, (problem.n_vertices, 2))
    km = np.hypot(*(place[problem.first] - place[problem.second]).T)
    free = solve(problem)
    spent = float(km[free.partner[problem.first] == problem.second].sum())
    across = ((problem.first % 2) != (problem.second % 2)).astype(float)
    return [
        SideRow((km > 250).astype(float), 3.0, "over 250 km"),
        SideRow(km, 0.8 * spent, "km"),
        SideRow(-across, -float(problem.n_vertices // 3), "across"),
    ]


def test_bound_and_total_of_a_real_size(teams: Teams) -> None:
    """A hundred teams: proven, within the certificate's bound, and the same for any order of the edges."""
    problem = teams(100, 5)
    solution = checked(problem, rows_of(problem), solve(problem).n_pairs)
    assert solution.status == "optimal"
    assert solution.certified_bound - solution.total < 0.01 * solution.total
    again = solve_constrained(problem, rows_of(problem), n_pairs=solution.n_pairs)
    assert np.array_equal(again.partner, solution.partner)


def by_scipy(problem: MatchingProblem, rows: list[SideRow], n_pairs: int) -> int:
    """The greatest total by SciPy's plain integer programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    degrees = np.zeros((problem.n_vertices, problem.n_edges))
    degrees[problem.first, np.arange(problem.n_edges)] = 1
    degrees[problem.second, np.arange(problem.n_edges)] = 1
    limits = [row.at_most for row in rows]
    found = milp(
        -problem.weights.astype(float),
        integrality=np.ones(problem.n_edges),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(degrees, 0, 1),
            LinearConstraint(np.ones((1, problem.n_edges)), n_pairs, n_pairs),
            LinearConstraint(np.array([row.coefficients for row in rows]), -np.inf, limits),
        ],
        options={"mip_rel_gap": 0},
    )
    return round(-found.fun)


def test_no_better_than_scipy(teams: Teams) -> None:
    """Forty teams under three kinds of constraints."""
    problem = teams(40, 6)
    rows, n_pairs = rows_of(problem), solve(problem).n_pairs
    assert checked(problem, rows, n_pairs).total == by_scipy(problem, rows, n_pairs)


@pytest.mark.parametrize("seed", [1, 17, 36, 41, 50, 56])
def test_a_gap_that_prices_leave_open_is_closed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the length that the best matching needs: certificates leave a gap, few edges are not enough."""
    monkeypatch.setattr(constrained_search, "_FIRST_EDGES", 2)
    monkeypatch.setattr(constrained_search, "_FIRST_EDGES_EACH", 0)
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(12, 1)
    problem = MatchingProblem(12, first, second, rng.integers(0, 1000, first.size))
    length = rng.integers(0, 100, first.size).astype(float)
    free = solve(problem)
    spent = length[free.partner[problem.first] == problem.second].sum()
    rows = [SideRow(length, float(spent // 2), "length")]
    solution = checked(problem, rows, 6)
    assert solution.certified_bound > solution.total
    assert (solution.total, solution.status) == (by_scipy(problem, rows, 6), "optimal")


def test_a_time_limit_keeps_the_gap_open_or_says_that_there_is_nothing(teams: Teams) -> None:
    """With no time at all nothing is called optimal that is not."""
    problem = teams(100, 5)
    rows, n_pairs = rows_of(problem), solve(problem).n_pairs
    with pytest.raises(SolverError, match="The time limit passed while the first plan"):
        solve_constrained(problem, rows, n_pairs=n_pairs, time_limit_s=0.0)


def test_the_progress_closes_in(teams: Teams) -> None:
    """Bounds only fall, totals only rise, and they never cross."""
    problem = teams(100, 5)
    seen = []
    solve_constrained(problem, rows_of(problem), n_pairs=solve(problem).n_pairs, progress=seen.append)
    assert seen
    bounds = [state.bound for state in seen]
    totals = [state.total for state in seen if state.total is not None]
    assert totals == sorted(totals)
    assert all(state.gap is None or state.gap >= 0 for state in seen)
    assert bounds[-1] <= bounds[0]


def test_prices_that_prove_nothing_are_refused() -> None:
    """Clause by clause: a negative price, a missing price, a scale of 0, and duals that do not cover."""
    problem = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
    row = SideRow(np.array([0.0, 1.0, 0.0]), 0.0, "not the middle")
    solution = checked(problem, [row], None)
    good = LagrangeanBound.from_dict(solution.certified.to_dict())
    assert good.prove(problem, [row], None) >= 7
    lower = replace(good.certificate, vertex_duals=(0, 0, 0, 0))
    for broken, sentence in (
        (replace(good, prices=(Fraction(-1),)), "negative"),
        (replace(good, prices=()), "0 prices for 1"),
        (replace(good, scale=0), "scale of 0"),
        (replace(good, price_of_a_pair=Fraction(1)), "any number of pairs"),
        (replace(good, certificate=lower), "dual"),
    ):
        with pytest.raises(CertificateError, match=sentence):
            broken.prove(problem, [row], None)
    with pytest.raises(CertificateError, match="cannot be read"):
        LagrangeanBound.from_dict({"prices": ["x"]})


def test_rows_that_do_not_fit_are_refused() -> None:
    """A wrong length and a number that is not finite."""
    problem = MatchingProblem(2, [0], [1], [3])
    with pytest.raises(InputDataError, match=r"2 coefficients; expected one for each of the 1 edges"):
        solve_constrained(problem, [SideRow(np.ones(2), 1.0, "km")], n_pairs=1)
    with pytest.raises(InputDataError, match="not finite"):
        SideRow(np.array([np.nan]), 1.0, "km")


def test_a_limit_that_doubles_cannot_tell_apart() -> None:
    """A plan that is too long by less than any solver sees is refused."""
    problem = MatchingProblem(4, [0, 2, 0, 1], [1, 3, 3, 2], [9, 9, 4, 5])
    km = np.array([100.0, 100.0, 100.0, 100.0 + 1e-12])
    assert km[3] > 100.0
    solution = checked(problem, [SideRow(km, 200.0, "km")], 2)
    assert solution.total == 9
