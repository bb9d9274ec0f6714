"""Lotteries and outcomes that the tests of inference share."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.lottery import (
    Lottery,
    constrained_lottery,
    covariates_of_units,
    draw_then_pair,
    draw_then_pair_lottery,
    matched_pair,
    pair_then_draw,
    simple,
    stratified,
    uniform_lottery,
)


def _pairs(m: int) -> tuple[list[str], list[tuple[str, str]]]:
    return [f"P{u}" for u in range(m)], [(f"a{u}", f"b{u}") for u in range(m)]


def _singles(n: int) -> tuple[list[str], list[tuple[str]]]:
    return [f"t{u}" for u in range(n)], [(f"t{u}",) for u in range(n)]


@pytest.fixture(scope="session")
def small_lotteries() -> dict[str, Lottery]:
    """One small lottery of every kind, also with unequal tickets."""
    rng = np.random.default_rng(8)
    columns = {"x": rng.normal(size=9), "y": rng.normal(size=9)}
    units, members = _singles(9)
    constrained = constrained_lottery(
        simple(9, 4),
        units,
        members,
        covariates_of_units(columns, units, members),
        seed=0,
        keep=0.4,
        alpha=0.5,
    )
    ring = np.arange(8), (np.arange(8) + 1) % 8

    def pairable(drawn: tuple[int, ...]) -> bool:
        left = set(drawn)
        edges = [(a, (a + 1) % 8) for a in drawn if (a + 1) % 8 in left]
        return any({*one, *two} == left for number, one in enumerate(edges) for two in edges[number + 1 :])

    return {
        "pair-then-draw": uniform_lottery(pair_then_draw(5, 2), *_pairs(5)),
        "equal arms": uniform_lottery(pair_then_draw(6, 3), *_pairs(6)),
        "simple": uniform_lottery(simple(8, 3), *_singles(8)),
        "matched-pair": uniform_lottery(
            matched_pair([(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]), *_singles(10)
        ),
        "stratified": uniform_lottery(stratified(["a"] * 4 + ["b"] * 5, {"a": 2, "b": 2}), *_singles(9)),
        "draw-then-pair": draw_then_pair_lottery(
            draw_then_pair(8, 2), _singles(8)[0], ring, pairable, seed=0, alpha=0.5
        ),
        "constrained": constrained,
    }
