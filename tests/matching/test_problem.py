"""A problem refuses what is no simple graph, and forgets the order in which edges were given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pairing.errors import InputDataError
from pairing.matching import MatchingProblem

Maker = Callable[..., MatchingProblem]


def test_all_problems_are_listed_at_once() -> None:
    """Out of range, self-loop and parallel edge in one message, each with its position."""
    with pytest.raises(InputDataError) as caught:
        MatchingProblem(4, [0, 1, 2, 3, 9], [1, 0, 2, 0, 1], [1, 2, 3, 4, 5])
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    for part in ("9-1 (position 4)", "2-2 (position 2)", "1-0 (position 1)"):
        assert part in text


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ([0, 1], [1, 9], "1-9 (position 1)"),
        ([-2, 0], [1, 1], "-2-1 (position 0)"),
        ([0, 0, 1], [2, 2, 3], "0-2 (position 1)"),
        ([0, 1, 2], [1, 1, 3], "1-1 (position 1)"),
    ],
)
def test_edges_in_ascending_order_are_examined_too(first: list[int], second: list[int], fault: str) -> None:
    with pytest.raises(InputDataError) as caught:
        MatchingProblem(4, first, second, [1] * len(first))
    assert len(caught.value.problems) == 1
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("n_vertices", "first", "weights"), [(-1, [], []), (3, [0], [1, 2]), (3, [[0]], [[1]]), (3, [0], [1.5])]
)
def test_wrong_shapes_and_types_are_refused(n_vertices: int, first: list[Any], weights: list[Any]) -> None:
    """Negative counts, unequal lengths, two dimensions and fractional weights raise."""
    with pytest.raises(InputDataError):
        MatchingProblem(n_vertices, first, np.add(first, 1) if len(first) else [], weights)


def test_order_of_edges_is_forgotten(teams: Maker) -> None:
    """Shuffled and reversed edges give the same arrays, read-only."""
    problem = teams(40, 1)
    order = np.random.default_rng(0).permutation(problem.n_edges)
    shuffled = MatchingProblem(40, problem.second[order], problem.first[order], problem.weights[order])
    for name in ("first", "second", "weights"):
        assert np.array_equal(getattr(problem, name), getattr(shuffled, name))
        assert not getattr(shuffled, name).flags.writeable


def test_blocks_cover_every_edge_once(teams: Maker) -> None:
    """The pieces together are the problem."""
    problem = teams(40, 1)
    pieces = list(problem.blocks(7))
    assert max(len(first) for first, _, _ in pieces) == 7
    assert np.array_equal(np.concatenate([weights for _, _, weights in pieces]), problem.weights)
