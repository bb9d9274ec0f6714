"""The forest of odd sets gives the same sums as climbing from both ends."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.matching.proof.odd_sets import odd_set_forest


def sum_by_climbing(one: int, other: int, innermost: list[int], parents: list[int], duals: list[int]) -> int:
    """Sum the duals of the sets that hold both vertices, set by set."""
    around = []
    for vertex in (one, other):
        sets, index = set(), innermost[vertex]
        while index >= 0:
            sets.add(index)
            index = parents[index]
        around.append(sets)
    return sum(duals[index] for index in around[0] & around[1])


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_common_sums_equal_climbing(seed: int, *, exact: bool) -> None:
    """Random forests, numbered in any order, with duals beyond 64 bits when exact."""
    rng = np.random.default_rng(seed)
    n_sets, n_vertices = int(rng.integers(0, 30)), 25
    relabel = rng.permutation(n_sets)
    parents = [0] * n_sets
    for place in range(n_sets):
        above = int(rng.integers(-1, place)) if place else -1
        parents[relabel[place]] = int(relabel[above]) if above >= 0 else -1
    duals = [int(dual) << (80 if exact else 0) for dual in rng.integers(0, 100, n_sets)]
    innermost = rng.integers(-1, n_sets, n_vertices).tolist()
    forest = odd_set_forest(innermost, parents, duals, exact=exact)
    first, second = np.triu_indices(n_vertices, 1)
    expected = [
        sum_by_climbing(one, other, innermost, parents, duals)
        for one, other in zip(first.tolist(), second.tolist(), strict=True)
    ]
    assert forest.common_sums(first, second).tolist() == expected


def test_a_nest_of_three_thousand_needs_no_recursion() -> None:
    """One set in the other, 3,000 deep."""
    depth = 3000
    forest = odd_set_forest(list(range(depth)), list(range(-1, depth - 1)), [1] * depth, exact=False)
    first, second = np.arange(depth - 1), np.full(depth - 1, depth - 1)
    assert np.array_equal(forest.common_sums(first, second), first + 1)
