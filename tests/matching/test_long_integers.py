"""Weights beyond 64 bits: problem, engine, pricing, slack and checker agree with enumeration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError, InputDataError
from pairing.matching import Certificate, EdgeSlack, MatchingProblem, check_certificate, solve
from pairing.matching.candidates import in_doubles
from pairing.matching.engine.binary_places import MOST_PLACES, BinaryPlaces

Oracle = Callable[..., dict[int, int]]


def long_problem(n_vertices: int, edges: list[tuple[int, int, int]]) -> MatchingProblem:
    """A problem whose weights are given as Python integers."""
    ends = np.array([edge[:2] for edge in edges], dtype=np.int64).reshape(-1, 2).T
    weights = np.array([edge[2] for edge in edges], dtype=object)
    return MatchingProblem(n_vertices, *ends, weights)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), bits=st.sampled_from([64, 65, 100, 500, 1_500]), n_vertices=st.integers(2, 8))
def test_long_weights_equal_enumeration(
    data: st.DataObject, bits: int, n_vertices: int, best_by_cardinality: Oracle
) -> None:
    """As many pairs as possible, then the greatest total; proven."""
    ends = [(one, other) for one in range(n_vertices) for other in range(one) if data.draw(st.booleans())]
    edges = [(*pair, data.draw(st.integers(-(2**bits), 2**bits))) for pair in ends]
    problem = long_problem(n_vertices, edges)
    totals = best_by_cardinality(n_vertices, edges)
    for mode, best in (("max-cardinality", totals[max(totals)]), ("max-value", max(totals.values()))):
        solution = solve(problem, mode)  # type: ignore[arg-type]
        assert solution.total == best
        proof = check_certificate(solution.certificate, solution.pairs(), problem.blocks())
        assert (proof.total, proof.gap) == (best, 0)


def test_pricing_of_long_weights_is_exact(teams: Callable[..., MatchingProblem]) -> None:
    """Far beyond the range of doubles, candidates and pricing lead to the optimum of the same order."""
    problem = teams(160, 4)
    factor = 2**3_000
    scaled = problem.weights.astype(object) * factor + 1
    long = MatchingProblem(160, problem.first, problem.second, scaled)
    keys = (problem.first * 7 + problem.second * 13) % 5  # breaks ties below the last place of `weights`
    solution, expected = solve(long), solve(problem)
    assert solution.n_rounds > 1
    assert solution.total == expected.total * factor + expected.n_pairs
    check_certificate(solution.certificate, solution.pairs(), long.blocks(1_000))
    broken = MatchingProblem(160, problem.first, problem.second, scaled + keys)
    assert solve(broken).total > solution.total


def test_integers_that_fit_become_64_bits() -> None:
    """Python integers are kept only where they are needed, so that nothing is slower than it must be."""
    short = MatchingProblem(3, [0, 1], [1, 2], np.array([-(2**63), np.int64(5)], dtype=object))
    assert short.weights.dtype == np.int64
    long = MatchingProblem(3, [0, 1], [1, 2], np.array([2**63, np.int64(5)], dtype=object))
    assert long.weights.dtype == object
    assert [type(weight) for weight in long.weights] == [int, int]
    assert not long.weights.flags.writeable


@pytest.mark.parametrize("wrong", [1.5, "7", None, True], ids=repr)
def test_what_is_no_whole_number_is_refused_with_its_position(wrong: Any) -> None:  # noqa: ANN401
    """An array of objects may hold anything."""
    with pytest.raises(InputDataError, match=r"\(position 1\)"):
        MatchingProblem(3, [0, 1], [1, 2], np.array([2**80, wrong], dtype=object))
    with pytest.raises(InputDataError, match="type object"):
        MatchingProblem(3, np.array([0, 1], dtype=object), [1, 2], [1, 2])


def test_long_weights_that_the_duals_do_not_cover_are_found() -> None:
    """One unit in 2**100 matters to the checker and to the slacks."""
    weight = 2**100
    block = (np.array([0]), np.array([1]), np.array([weight], dtype=object))
    certificate = Certificate(2, 0, (weight, weight), (-1, -1), (), ())
    assert check_certificate(certificate, [[0, 1]], [block]).total == weight
    assert EdgeSlack(certificate).of(*block).tolist() == [0]
    short = Certificate(2, 0, (weight, weight - 1), (-1, -1), (), ())
    assert EdgeSlack(short).of(*block).tolist() == [-1]
    with pytest.raises(CertificateError, match="1 edges outweigh their duals"):
        check_certificate(short, [[0, 1]], [block])


@given(
    numbers=st.lists(st.integers(0, 2**200), min_size=1, max_size=5),
    low=st.integers(0, 210),
    n_places=st.integers(0, MOST_PLACES),
)
def test_binary_places_are_those_of_the_numbers(numbers: list[int], low: int, n_places: int) -> None:
    """Any stretch of digits, beyond the longest number too, in both forms of storage."""
    expected = [number >> low & ((1 << n_places) - 1) for number in numbers]
    assert BinaryPlaces(np.array(numbers, dtype=object)).between(low, low + n_places).tolist() == expected
    short = np.array([number % 2**62 for number in numbers], dtype=np.int64)
    if low < 62:
        places = BinaryPlaces(short).between(low, low + n_places)
        assert places.tolist() == [int(number) >> low & ((1 << n_places) - 1) for number in short]


def test_doubles_keep_the_order_of_numbers_beyond_their_range() -> None:
    """Nothing overflows, and what is greater stays greater."""
    numbers = np.array([-(2**2_000), -1, 0, 2**1_999, 2**2_000], dtype=object)
    doubles = in_doubles(numbers)
    assert np.isfinite(doubles).all()
    assert doubles[0] < doubles[1] <= doubles[2] < doubles[3] < doubles[4]
