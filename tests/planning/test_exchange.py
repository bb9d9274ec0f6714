"""The difference between two plans, split into parts that stand on their own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from pairing.planning.exchange import exchanges

Partner = np.ndarray


def partner_of(pairs: list[tuple[int, int]], n: int) -> Partner:
    partner = np.full(n, -1)
    for one, other in pairs:
        partner[one], partner[other] = other, one
    return partner


@st.composite
def two_plans(draw: st.DrawFn) -> tuple[Partner, Partner]:
    """Two matchings of up to twelve teams."""
    n = draw(st.integers(0, 12))

    def plan() -> Partner:
        order = draw(st.permutations(range(n)))
        n_pairs = draw(st.integers(0, n // 2))
        return partner_of([(order[2 * at], order[2 * at + 1]) for at in range(n_pairs)], n)

    return plan(), plan()


def pairs_of(partner: Partner) -> set[tuple[int, int]]:
    return {(team, int(other)) for team, other in enumerate(partner) if team < other}


@given(plans=two_plans())
def test_parts_are_the_whole_difference_and_independent(plans: tuple[Partner, Partner]) -> None:
    """All parts together lead from one plan to the other; any one alone leads to a plan as well."""
    before, after = plans
    parts = exchanges(before, after)
    removed = [pair for part in parts for pair in part.old]
    added = [pair for part in parts for pair in part.new]
    assert sorted(removed) == sorted(pairs_of(before) - pairs_of(after))
    assert sorted(added) == sorted(pairs_of(after) - pairs_of(before))
    for part in parts:
        alone = (pairs_of(before) - set(part.old)) | set(part.new)
        teams = [team for pair in alone for team in pair]
        assert len(teams) == len(set(teams))


def test_two_swaps_are_two_parts() -> None:
    """Swaps that share no team are told apart."""
    before = partner_of([(0, 1), (2, 3), (4, 5), (6, 7)], 8)
    after = partner_of([(0, 2), (1, 3), (4, 6), (5, 7)], 8)
    assert [part.old for part in exchanges(before, after)] == [((0, 1), (2, 3)), ((4, 5), (6, 7))]


def test_in_words() -> None:
    """A swap, a pair more, and a pair less."""
    ids = ["A", "B", "C", "D"]
    swap = exchanges(partner_of([(0, 1), (2, 3)], 4), partner_of([(0, 2), (1, 3)], 4))
    assert [part.in_words(ids) for part in swap] == ["A–C and B–D instead of A–B and C–D"]
    more = exchanges(partner_of([], 4), partner_of([(0, 3)], 4))
    assert [part.in_words(ids) for part in more] == ["A–D in addition"]
    less = exchanges(partner_of([(0, 3)], 4), partner_of([], 4))
    assert [part.in_words(ids) for part in less] == ["without A–D"]


def test_a_long_exchange_is_shortened() -> None:
    """Some pairs are named, and how many more there are."""
    before = np.array([at ^ 1 for at in range(60)], np.int64)
    after = np.arange(60)
    after[1:-1] = [at - 1 if at % 2 == 0 else at + 1 for at in range(1, 59)]
    after[0], after[59] = 59, 0
    [exchange] = exchanges(before, after)
    words = exchange.in_words([f"T{at}" for at in range(60)])
    assert words.count("–") == 16
    assert words.count(" and 22 more") == 2
