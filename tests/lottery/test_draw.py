"""The draw: anyone can redo it, no number is favoured, reserves are never controls."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest

from pairing.errors import SettingsError
from pairing.lottery import (
    Lottery,
    draw_lottery,
    matched_pair,
    pair_then_draw,
    recipe,
    replace_dropped,
    seed_text,
    simple,
    stratified,
    uniform_lottery,
)
from pairing.lottery.draw import hashed_number

UNITS = tuple(f"P{number}" for number in range(1, 7))
MEMBERS = tuple((f"{unit}a", f"{unit}b") for unit in UNITS)


def _pool(n_reserves: int = 0) -> Lottery:
    design = pair_then_draw(6, 2)
    return Lottery(design, UNITS, MEMBERS, design.enumerate(), np.arange(1, 16) ** 3, n_reserves=n_reserves)


def _by_hand(text: str, upper: int) -> int:
    return int(hashlib.sha256(f"{text}|1".encode()).hexdigest(), 16) % upper + 1


def test_ticket_is_redone_with_a_hash_calculator() -> None:
    """Following the recipe by hand on the published file gives the same draw."""
    lottery = _pool()
    drawn = draw_lottery(lottery, "3 17 22 31 40 45 bonus 9")
    published = hashlib.sha256(lottery.to_frame().to_csv(index=False).encode()).hexdigest()
    ticket = _by_hand(f"3 17 22 31 40 45 bonus 9|{published}|ticket", 15**2 * 16**2 // 4)
    running = 0
    for _, row in lottery.to_frame().iterrows():
        running += row["tickets"]
        if running >= ticket:
            break
    assert tuple(row["intervention"].split()) == drawn.intervention
    assert row["draw"] == drawn.draw_number
    assert drawn.steps[0].number == ticket


def test_unlisted_draw_is_redone_with_a_hash_calculator() -> None:
    """Striking units from the list by hand gives the same draw, stratum after stratum."""
    design = stratified(["n"] * 4 + ["s"] * 5, {"n": 2, "s": 1})
    units = [f"t{number}" for number in range(9)]
    lottery = uniform_lottery(design, units, [(unit,) for unit in units], list_up_to=0)
    drawn = draw_lottery(lottery, seed_text(0))
    expected, step = [], 0
    for names, count in ((units[:4], 2), (units[4:], 1)):
        left = list(names)
        for _ in range(count):
            step += 1
            expected.append(left.pop(_by_hand(f"seed 0|{lottery.sha256}|unit {step}", len(left)) - 1))
    assert sorted(expected) == sorted(drawn.intervention)
    assert drawn.draw_number is None


def test_reserves_are_redone_with_a_hash_calculator() -> None:
    """Reserves are struck from the units that were not drawn, in the same way."""
    lottery = _pool(n_reserves=2)
    drawn = draw_lottery(lottery, "x")
    left = [unit for unit in UNITS if unit not in drawn.intervention]
    expected = [left.pop(_by_hand(f"x|{lottery.sha256}|reserve {s}", len(left)) - 1) for s in (1, 2)]
    assert list(drawn.reserves) == expected
    assert set(drawn.controls) == set(left)


def test_same_randomness_gives_the_same_draw_and_spaces_do_not_matter() -> None:
    """The draw is a function of the pool and the words, not of their spacing."""
    first, again = draw_lottery(_pool(), " 3 17  22\n"), draw_lottery(_pool(), "3 17 22")
    assert first.intervention == again.intervention
    assert first.steps == again.steps


def test_draw_is_bound_to_the_pool() -> None:
    """Another pool hashes to another number even with the same randomness."""
    one, other = _pool(), _pool()
    other = Lottery(other.design, UNITS, MEMBERS, other.draws, np.arange(2, 17) ** 3)
    assert draw_lottery(one, "x").steps[0].digest != draw_lottery(other, "x").steps[0].digest


def test_hashed_numbers_have_no_modulo_bias() -> None:
    """With a range of 3/4 of 2**256, taking the remainder alone would double the lower third's chance."""
    upper = 3 * 2**254
    numbers = [hashed_number(f"text {n}", upper)[0] for n in range(4_000)]
    attempts = Counter(hashed_number(f"text {n}", upper)[1].rsplit("|", 1)[1] for n in range(4_000))
    lower = sum(number <= upper / 3 for number in numbers) / 4_000
    assert abs(lower - 1 / 3) < 5 * np.sqrt(2 / 9 / 4_000)
    assert 700 < attempts["2"] < 1_000 - 200 + 50
    assert all(1 <= number <= upper for number in numbers)


@pytest.mark.parametrize("upper", [1, 2, 7, 10])
def test_hashed_numbers_reach_every_value(upper: int) -> None:
    """Numbers run from 1 to the upper end, both included, about equally often."""
    counts = Counter(hashed_number(f"{n}", upper)[0] for n in range(5_000))
    assert set(counts) == set(range(1, upper + 1))
    assert max(abs(count / 5_000 - 1 / upper) for count in counts.values()) < 5 / np.sqrt(5_000 * upper)


def test_drawn_frequencies_follow_the_tickets() -> None:
    """Over 20,000 seeds every draw comes up as often as its tickets say (chi-square within five SDs)."""
    lottery = _pool()
    counts = Counter(draw_lottery(lottery, seed_text(seed)).draw_number for seed in range(20_000))
    expected = lottery.tickets / lottery.n_tickets * 20_000
    chi_square = sum((counts[n + 1] - mean) ** 2 / mean for n, mean in enumerate(expected))
    assert chi_square < 14 + 5 * np.sqrt(28)


def test_unlisted_frequencies_are_even() -> None:
    """Over 5,000 seeds each of the 8 draws of three matched pairs comes up equally often."""
    design = matched_pair([(0, 3), (1, 4), (2, 5)])
    lottery = uniform_lottery(design, list("abcdef"), [(t,) for t in "abcdef"], list_up_to=0)
    counts = Counter(draw_lottery(lottery, seed_text(seed)).intervention for seed in range(5_000))
    assert len(counts) == 8
    assert sum((count - 625) ** 2 / 625 for count in counts.values()) < 7 + 5 * np.sqrt(14)


def test_arms_cover_every_team_once_and_reserves_are_no_controls() -> None:
    """Intervention, controls and reserves are disjoint and are everyone."""
    drawn = draw_lottery(_pool(n_reserves=2), "x")
    table = drawn.to_frame()
    assert sorted(drawn.intervention + drawn.controls + drawn.reserves) == sorted(UNITS)
    assert table["team"].tolist() == sorted(team for pair in MEMBERS for team in pair)
    assert table["arm"].value_counts().to_dict() == {"intervention": 4, "control": 4, "reserve": 4}
    assert table.loc[table["arm"] != "reserve", "reserve_order"].isna().all()
    assert drawn.row().sum() == 2


def test_draw_given_reserves_follows_the_conditional_lottery() -> None:
    """Over 20,000 seeds, draws with the same reserves occur in proportion to their tickets."""
    lottery = _pool(n_reserves=1)
    counts: Counter[tuple[str, ...]] = Counter()
    for seed in range(20_000):
        drawn = draw_lottery(lottery, seed_text(seed))
        if drawn.reserves == ("P6",):
            counts[drawn.intervention] += 1
    rest = lottery.given_reserves(["P6"])
    expected = rest.tickets / rest.n_tickets * sum(counts.values())
    names = [tuple(text.split()) for text in rest.to_frame()["intervention"]]
    chi_square = sum((counts[name] - mean) ** 2 / mean for name, mean in zip(names, expected, strict=True))
    assert set(counts) <= set(names)
    assert chi_square < 9 + 5 * np.sqrt(18)


def test_dropped_units_are_replaced_in_order_until_reserves_are_used_up() -> None:
    """The first to drop out gets the first reserve; the third gets none; the draw itself does not change."""
    lottery = uniform_lottery(simple(7, 4), list("abcdefg"), [(t,) for t in "abcdefg"], n_reserves=2)
    drawn = draw_lottery(lottery, "x")
    dropped = [drawn.intervention[2], drawn.intervention[0], drawn.intervention[1]]
    called = replace_dropped(drawn, dropped)
    assert [call.dropped for call in called] == dropped
    assert [call.reserve for call in called] == [*drawn.reserves, None]
    with pytest.raises(SettingsError) as caught:
        replace_dropped(drawn, [drawn.controls[0], dropped[0], dropped[0]])
    assert len(caught.value.problems) == 2


def test_empty_randomness_is_refused() -> None:
    """Nothing but spaces is no randomness."""
    with pytest.raises(SettingsError, match="randomness is empty"):
        draw_lottery(_pool(), "  ")


def test_recipe_says_what_is_needed() -> None:
    """The recipe holds the hash, the number of tickets or the lists, and the reserves."""
    pool = _pool(n_reserves=1)
    assert pool.sha256 in recipe(pool)
    assert f"N = {pool.n_tickets} tickets" in recipe(pool)
    assert "'reserve 1'" in recipe(pool)
    unlisted = uniform_lottery(pair_then_draw(6, 2), UNITS, MEMBERS, list_up_to=0)
    assert "Draw 2 from this list: P1, P2, P3, P4, P5, P6." in recipe(unlisted)
    assert "reserve" not in recipe(unlisted)


def test_views_of_a_draw_are_safe() -> None:
    """Names are data: no markup gets through."""
    units = ["<script>", "b", "c"]
    lottery = uniform_lottery(simple(3, 1), units, [(unit,) for unit in units])
    assert "<script>" not in draw_lottery(lottery, "x")._repr_html_()
    assert "&lt;script&gt;" in draw_lottery(lottery, "x")._repr_html_()
