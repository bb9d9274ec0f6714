"""Lotteries small enough to count by hand, and one of the real size."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from pairing.lottery import (
    Covariates,
    Design,
    covariates_of_units,
    draw_then_pair,
    matched_pair,
    pair_then_draw,
    simple,
    stratified,
)


@pytest.fixture
def small_designs() -> list[tuple[Design, set[frozenset[int]]]]:
    """Every design with at most ten teams, each with its draws listed by itertools."""
    return [
        (pair_then_draw(5, 2), {frozenset(s) for s in combinations(range(5), 2)}),
        (pair_then_draw(4, 2), {frozenset(s) for s in combinations(range(4), 2)}),
        (draw_then_pair(8, 2), {frozenset(s) for s in combinations(range(8), 4)}),
        (simple(6, 3), {frozenset(s) for s in combinations(range(6), 3)}),
        (simple(10, 1), {frozenset([u]) for u in range(10)}),
        (
            matched_pair([(0, 5), (3, 1), (2, 4)]),
            {frozenset(s) for s in product((0, 5), (3, 1), (2, 4))},
        ),
        (
            stratified(["b", "a", "a", "b", "c", "c", "c"], {"a": 1, "b": 1, "c": 2}),
            {frozenset((a, b, *c)) for a, b, c in product((1, 2), (0, 3), combinations((4, 5, 6), 2))},
        ),
    ]


@pytest.fixture
def eighty_teams() -> tuple[list[str], list[tuple[str, str]], dict[str, np.ndarray], Covariates]:
    """Give 40 pairs of 80 teams with nine correlated covariates: units, members, columns, covariates."""
    rng = np.random.default_rng(20)
    teams = [f"T{number:02d}" for number in range(80)]
    pairs = [f"P{number:02d}" for number in range(40)]
    members = [(teams[2 * number], teams[2 * number + 1]) for number in range(40)]
    shared = rng.normal(size=(80, 1))
    values = 0.5 * shared + rng.normal(size=(80, 9))
    columns = {f"indicator {k}": values[:, k] for k in range(9)}
    return pairs, members, columns, covariates_of_units(columns, teams, members)
