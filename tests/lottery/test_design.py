"""Designs: counts, enumerations and chances agree with one another and with counting by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing.errors import SettingsError
from pairing.lottery import Design, draw_then_pair, matched_pair, pair_then_draw, simple, stratified
from pairing.lottery.selection import select_by_rank


def _as_sets(draws: np.ndarray) -> list[frozenset[int]]:
    return [frozenset(np.flatnonzero(row).tolist()) for row in draws]


def test_enumeration_equals_listing_by_hand(small_designs: list[tuple[Design, set[frozenset[int]]]]) -> None:
    """Each design lists exactly the draws that itertools lists, each once, and counts them rightly."""
    for design, expected in small_designs:
        listed = _as_sets(design.enumerate())
        assert len(listed) == len(expected) == design.n_draws
        assert set(listed) == expected
        assert design.allows(design.enumerate()).all()


def test_chances_equal_counting(small_designs: list[tuple[Design, set[frozenset[int]]]]) -> None:
    """Single, joint and same-arm chances are the frequencies over the listed draws."""
    for design, _ in small_designs:
        draws = design.enumerate().astype(float)
        np.testing.assert_allclose(design.chances(), draws.mean(axis=0), atol=1e-15)
        np.testing.assert_allclose(design.joint_chances(), draws.T @ draws / len(draws), atol=1e-15)
        alike = (draws[:, :, None] == draws[:, None, :]).mean(axis=0)
        np.testing.assert_allclose(design.same_arm(), alike, atol=1e-15)


def test_three_of_six_and_blocks_of_two_two_three() -> None:
    """The two checks that anyone can redo: 20 draws, and 2 x 2 x 3 = 12 with one or two of the three."""
    assert simple(6, 3).n_draws == 20
    labels = ["a", "a", "b", "b", "c", "c", "c"]
    assert stratified(labels, {"a": 1, "b": 1, "c": 1}).n_draws == 12
    assert stratified(labels, {"a": 1, "b": 1, "c": 2}).n_draws == 12
    assert stratified(labels, {"a": 1, "b": 1, "c": 1}).exact_chances()[-1] == Fraction(1, 3)


def test_first_programme_has_its_published_same_arm_values() -> None:
    """15 of 40 pairs and 30 of 80 teams give Moulton's .5192 and .5253."""
    assert pair_then_draw(40, 15).same_arm()[0, 1] == pytest.approx(0.5192, abs=5e-5)
    assert draw_then_pair(80, 15).same_arm()[0, 1] == pytest.approx(0.5253, abs=5e-5)
    assert pair_then_draw(40, 15).n_draws == comb(40, 15)


@settings(deadline=None)
@given(st.integers(2, 12).flatmap(lambda m: st.tuples(st.just(m), st.integers(1, m - 1))))
def test_ranks_list_subsets_in_alphabetical_order(sizes: tuple[int, int]) -> None:
    """Rank 0 is the first units, every later rank comes later in the alphabet, none repeats."""
    m, k = sizes
    columns = select_by_rank(np.arange(comb(m, k)), m, k)
    words = [tuple(np.flatnonzero(column).tolist()) for column in columns.T]
    assert words == sorted(set(words))
    assert all(len(word) == k for word in words)


def test_sampled_draws_are_uniform(small_designs: list[tuple[Design, set[frozenset[int]]]]) -> None:
    """In 60,000 samples each draw occurs as often as any other (chi-square within five SDs)."""
    for design, expected in small_designs:
        counts = dict.fromkeys(expected, 0)
        for draw in _as_sets(design.sample(np.random.default_rng(7), 60_000)):
            counts[draw] += 1
        mean = 60_000 / len(counts)
        chi_square = sum((count - mean) ** 2 / mean for count in counts.values())
        freedom = len(counts) - 1
        assert chi_square < freedom + 5 * np.sqrt(2 * freedom)


@settings(deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 300).flatmap(lambda m: st.tuples(st.just(m), st.integers(1, m - 1))),
)
def test_sampled_draws_have_the_declared_size(seed: int, sizes: tuple[int, int]) -> None:
    """No sampled draw ever has a wrong number of units."""
    design = simple(*sizes)
    assert design.allows(design.sample(np.random.default_rng(seed), 50)).all()


def test_extreme_random_numbers_keep_the_size() -> None:
    """All-zero and all-one random words still give the right number of units."""
    design = stratified(["a"] * 7 + ["b"] * 5, {"a": 3, "b": 4})
    for word in (0, 1, 2**31, 2**32 - 1):
        taken = design.select(np.full((12, 3), word, dtype=np.uint32))
        assert design.allows(taken.T).all()


def test_without_reserves_is_the_conditional_design() -> None:
    """Dropping units known not to be drawn leaves the draws that avoid them, each as likely as before."""
    design = stratified(["a", "a", "a", "b", "b", "b"], {"a": 1, "b": 2})
    rest = design.without([1])
    expected = {s for s in _as_sets(design.enumerate()) if 1 not in s}
    kept = [0, 2, 3, 4, 5]
    assert {frozenset(kept[u] for u in s) for s in _as_sets(rest.enumerate())} == expected


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pair_then_draw(4, 5), "'5' cannot be drawn of the 4 units"),
        (lambda: pair_then_draw(4, 4), "both arms"),
        (lambda: pair_then_draw(4, 0), "'0' cannot be drawn"),
        (lambda: simple(5, -1), "'-1' cannot be drawn"),
        (lambda: pair_then_draw(0, 1), "nothing to draw from"),
        (lambda: matched_pair([(0, 1), (1, 2)]), "exactly one stratum"),
        (lambda: stratified(["a", "b", "b"], {"a": 1, "b": 1}), "strata of at least two units"),
        (lambda: stratified(["a", "a"], {"b": 1}), "'a' has no number"),
        (lambda: Design("lucky dip", ((0, 1),), (1,)), "'lucky dip' is not a design"),
        (lambda: Design("simple", ((0, 1),), (1, 1)), "2 numbers to draw for 1 strata"),
    ],
)
def test_impossible_designs_are_refused(make: Callable[[], Design], words: str) -> None:
    """A design that cannot be drawn is refused with the number that is wrong."""
    with pytest.raises(SettingsError, match=words):
        make()
