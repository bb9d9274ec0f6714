"""Draw then pair: when equal chances are possible, against an independent linear programme."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from pairing.errors import SettingsError
from pairing.lottery import (
    ImpossibleLotteryError,
    draw_then_pair,
    draw_then_pair_lottery,
    pair_then_draw,
)
from pairing.lottery.pairable import check_equal_chances_possible, short_of_partners


def _arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    array = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _fractional_matching_exists(n: int, pairs: list[tuple[int, int]]) -> bool:
    if not pairs:
        return False
    incidence = np.zeros((n, len(pairs)))
    for column, (a, b) in enumerate(pairs):
        incidence[[a, b], column] = 1
    return bool(linprog(np.zeros(len(pairs)), A_eq=incidence, b_eq=np.ones(n)).status == 0)


def _pairable(pairs: list[tuple[int, int]], teams: tuple[int, ...]) -> bool:
    if not teams:
        return True
    first, *rest = teams
    return any(
        (first, other) in pairs and _pairable(pairs, tuple(t for t in rest if t != other)) for other in rest
    )


def _random_graph(seed: int, n: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 0.6)
    return [pair for pair in combinations(range(n), 2) if rng.random() < share]


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**6), st.integers(3, 12))
def test_shortage_is_found_exactly_when_there_is_no_fractional_matching(seed: int, n: int) -> None:
    """On random graphs the combinatorial check agrees with the linear programme, and its witness is true."""
    pairs = _random_graph(seed, n)
    crowded, partners = short_of_partners(n, *_arrays(pairs))
    assert (not crowded) == _fractional_matching_exists(n, pairs)
    if crowded:
        neighbours = {b for a, b in pairs if a in crowded} | {a for a, b in pairs if b in crowded}
        assert sorted(neighbours) == partners
        assert len(partners) < len(crowded)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_equal_chances_exist_exactly_with_a_fractional_matching(seed: int) -> None:
    """Drawing 4 of 8 teams: a lottery is made if and only if the condition holds, with exact chances."""
    pairs = _random_graph(seed, 8)
    design = draw_then_pair(8, 2)
    teams = [f"t{number}" for number in range(8)]
    if not _fractional_matching_exists(8, pairs):
        with pytest.raises(ImpossibleLotteryError, match="Equal chances are impossible"):
            draw_then_pair_lottery(
                design, teams, _arrays(pairs), lambda drawn: _pairable(pairs, drawn), seed=0, alpha=0.999
            )
        return
    lottery = draw_then_pair_lottery(
        design, teams, _arrays(pairs), lambda drawn: _pairable(pairs, drawn), seed=0, alpha=0.999
    )
    assert lottery.largest_chance_error() < 1e-9
    assert lottery.draws is not None
    assert all(_pairable(pairs, tuple(np.flatnonzero(row).tolist())) for row in lottery.draws)


def test_five_teams_with_two_partners_are_named() -> None:
    """A hub-and-spoke graph is refused with the spokes and the hubs by name."""
    pairs = [(hub, spoke) for hub in (0, 1) for spoke in (2, 3, 4, 5, 6)] + [(7, 8)]
    with pytest.raises(ImpossibleLotteryError) as caught:
        check_equal_chances_possible([f"t{number}" for number in range(9)], *_arrays(pairs))
    assert caught.value.units == ("t2", "t3", "t4", "t5", "t6")
    assert "only with t0, t1" in str(caught.value)


def test_a_team_without_partners_is_named() -> None:
    """An isolated team may be paired with no one."""
    with pytest.raises(ImpossibleLotteryError, match=r"\(c\) may be paired only with no one"):
        check_equal_chances_possible(["a", "b", "c"], *_arrays([(0, 1)]))


def test_rejecting_alone_would_be_unequal_and_tickets_repair_it() -> None:
    """One team knows everyone and is in most pairable sets; the lottery gives it no more than the others."""
    pairs = [(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6)]
    design = draw_then_pair(8, 2)
    lottery = draw_then_pair_lottery(
        design,
        [f"t{number}" for number in range(8)],
        _arrays(pairs),
        lambda drawn: _pairable(pairs, drawn),
        seed=0,
        alpha=0.5,
    )
    assert lottery.draws is not None
    pairable = [drawn for drawn in combinations(range(8), 4) if _pairable(pairs, drawn)]
    assert sum(0 in drawn for drawn in pairable) / len(pairable) > 0.8
    np.testing.assert_allclose(lottery.chances(), 0.5, atol=1e-9)


def test_sampled_pool_of_pairable_teams_has_equal_chances() -> None:
    """30 of 80 teams on a sparse graph: 2,000 sets, every one pairable, chances equal to 1e-9."""
    rng = np.random.default_rng(4)
    pairs = [pair for pair in combinations(range(80), 2) if rng.random() < 0.35]
    permitted = np.zeros((80, 80), dtype=bool)
    permitted[tuple(np.array(pairs).T)] = True
    permitted |= permitted.T

    def can_be_paired(drawn: tuple[int, ...]) -> bool:
        # Enough for this graph: everyone drawn knows at least eight of the others.
        return bool(permitted[np.ix_(drawn, drawn)].sum(axis=1).min() >= 6)

    lottery = draw_then_pair_lottery(
        draw_then_pair(80, 15),
        [f"t{number}" for number in range(80)],
        _arrays(pairs),
        can_be_paired,
        seed=1,
        candidates=20_000,
        keep=0.1,
    )
    assert lottery.n_draws == 2_000
    assert lottery.largest_chance_error() < 1e-9
    assert all(can_be_paired(tuple(np.flatnonzero(row).tolist())) for row in lottery.draws[:200])


def test_other_designs_are_no_draw_then_pair() -> None:
    """The design has to be the one that was declared."""
    with pytest.raises(SettingsError, match="pair-then-draw"):
        draw_then_pair_lottery(pair_then_draw(4, 2), list("abcd"), _arrays([(0, 1)]), lambda _: True, seed=0)
