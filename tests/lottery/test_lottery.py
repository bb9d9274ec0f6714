"""The lottery object: one declared object, exact chances, published and read back."""

from __future__ import annotations

import hashlib
import io
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pairing.errors import InputDataError, SettingsError
from pairing.lottery import (
    Design,
    ImpossibleLotteryError,
    Lottery,
    constrained_lottery,
    covariates_of_units,
    draw_lottery,
    draw_then_pair,
    matched_pair,
    pair_then_draw,
    simple,
    uniform_lottery,
)

UNITS = ("P1", "P2", "P3", "P4")
MEMBERS = (("a", "b"), ("c", "d"), ("e", "f"), ("g", "h"))


def _small() -> Lottery:
    design = pair_then_draw(4, 2)
    return Lottery(design, UNITS, MEMBERS, design.enumerate()[[0, 2, 5]], np.array([1, 2, 3]))


def test_chances_count_tickets_exactly() -> None:
    """Chances are whole tickets over all tickets, for units and for their teams."""
    lottery = _small()
    assert lottery.n_tickets == 6
    assert lottery.exact_chances() == (Fraction(1, 2), Fraction(1, 6), Fraction(1, 2), Fraction(5, 6))
    assert lottery.team_chances()["g"] == lottery.team_chances()["h"] == pytest.approx(5 / 6)
    assert lottery.largest_chance_error() == pytest.approx(1 / 3)
    assert lottery.largest_weight == 0.5
    assert lottery.effective_draws == pytest.approx(36 / 14)


def test_same_arm_counts_tickets() -> None:
    """P1 and P2 share an arm in draw 1 (both drawn) and in draw 3 (neither): 4 of 6 tickets."""
    lottery = _small()
    assert lottery.same_arm()[0, 1] == pytest.approx(4 / 6)
    teams = lottery.teams
    matrix = lottery.team_same_arm()
    assert matrix[teams.index("a"), teams.index("b")] == pytest.approx(1.0)
    assert matrix[teams.index("a"), teams.index("d")] == pytest.approx(4 / 6)


def test_uniform_lottery_agrees_with_its_design(
    small_designs: list[tuple[Design, set[frozenset[int]]]],
) -> None:
    """Listed or not, the unconstrained lottery gives the chances of its design."""
    for design, _ in small_designs:
        if design.kind == "draw-then-pair":
            continue
        units = [f"u{unit}" for unit in range(design.n_units)]
        for limit in (0, 10_000):
            lottery = uniform_lottery(design, units, [(unit,) for unit in units], list_up_to=limit)
            assert lottery.listed == (limit > 0)
            assert lottery.n_draws == design.n_draws
            assert lottery.exact_chances() == design.exact_chances()
            np.testing.assert_allclose(lottery.same_arm(), design.same_arm(), atol=1e-15)
            possible = lottery.enumerate()
            assert len(possible.draws) == design.n_draws
            assert possible.weights.sum() == pytest.approx(1.0)


def test_sampling_follows_the_tickets() -> None:
    """Draws with 1, 2 and 3 tickets come out in that proportion (within five SDs)."""
    lottery = _small()
    sample = lottery.sample(np.random.default_rng(0), 60_000)
    for row, tickets in zip(lottery.draws, (1, 2, 3), strict=True):
        share = (sample == row).all(axis=1).mean()
        assert abs(share - tickets / 6) < 5 * np.sqrt(tickets / 6 * (1 - tickets / 6) / 60_000)


def test_published_text_is_the_csv_and_its_hash() -> None:
    """The hash is that of the file as pandas writes it, so that `sha256sum lottery.csv` can check it."""
    lottery = _small()
    text = lottery.to_frame().to_csv(index=False, lineterminator="\n")
    assert text == lottery.canonical_text() == "draw,tickets,intervention\n1,1,P1 P2\n2,2,P1 P4\n3,3,P3 P4\n"
    assert lottery.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_published_pool_is_read_back() -> None:
    """Writing and reading the pool gives the same lottery, also with awkward ids."""
    design = simple(4, 2)
    units = ["St. Mary's, North", "50% club", "=1+1", 'the "best"']
    lottery = Lottery(
        design, tuple(units), tuple((unit,) for unit in units), design.enumerate(), np.arange(1, 7)
    )
    table = pd.read_csv(io.StringIO(lottery.canonical_text()))
    again = Lottery.from_frame(table, design, units, [(unit,) for unit in units])
    np.testing.assert_array_equal(again.draws, lottery.draws)
    np.testing.assert_array_equal(again.tickets, lottery.tickets)
    assert again.sha256 == lottery.sha256


@pytest.mark.parametrize(
    ("tickets", "intervention", "words"),
    [
        ([1, 0], ["P1 P2", "P3 P4"], "row 3, column 'tickets': '0' is no number of tickets"),
        ([1, -2], ["P1 P2", "P3 P4"], "'-2' is no number of tickets"),
        ([1, 2.5], ["P1 P2", "P3 P4"], "'2.5' is no number of tickets"),
        (["many", 1], ["P1 P2", "P3 P4"], "row 2, column 'tickets': 'many'"),
        ([2**63 - 1, 1], ["P1 P2", "P3 P4"], "more tickets than can be counted"),
        ([1, 1], ["P1 P2", "P3 P9"], "row 3, column 'intervention': 'P9' is not a unit"),
        ([1, 1], ["P1 P2", "P3"], "row 3, column 'intervention': does not draw the declared number"),
        ([1, 1], ["P1 P1 P2", "P3 P4"], "names a unit twice"),
        ([1, 1], ["P1 P2", "P2 P1"], "listed more than once"),
        ([], [], "the pool has no draw"),
    ],
)
def test_edited_pools_are_refused(tickets: list[object], intervention: list[str], words: str) -> None:
    """A pool that was tampered with is refused with row, column and value."""
    frame = pd.DataFrame({"tickets": tickets, "intervention": intervention})
    with pytest.raises(InputDataError, match=words):
        Lottery.from_frame(frame, pair_then_draw(4, 2), UNITS, MEMBERS)


def test_pool_without_its_columns_is_refused() -> None:
    """Both columns are named when they are missing."""
    with pytest.raises(InputDataError) as caught:
        Lottery.from_frame(pd.DataFrame({"draw": [1]}), pair_then_draw(4, 2), UNITS, MEMBERS)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"units": ("P1", "P1", "P3", "P4")}, "'P1' is the id of two units"),
        ({"members": (("a", "b"), ("b", "c"), ("d",), ("e",))}, "'b' is a team of two units"),
        ({"members": (("a",), (), ("d",), ("e",))}, "'P2' has no team"),
        ({"units": ("P1", "P2")}, "2 units"),
        ({"tickets": np.array([0])}, "whole numbers from 1"),
        ({"tickets": np.array([1.5])}, "whole numbers from 1"),
        ({"tickets": None}, "tickets for each"),
        ({"draws": np.array([[True, False, False, False]])}, "declared number"),
        ({"draws": np.array([[True, True]])}, "draws of 2 units"),
        (
            {"draws": np.array([[1, 1, 0, 0]] * 2, dtype=bool), "tickets": np.array([1, 1])},
            "listed more than once",
        ),
    ],
)
def test_contradictory_lotteries_are_refused(changes: dict[str, object], words: str) -> None:
    """The parts of a lottery have to fit together."""
    parts: dict[str, object] = {
        "design": pair_then_draw(4, 2),
        "units": UNITS,
        "members": MEMBERS,
        "draws": np.array([[True, True, False, False]]),
        "tickets": np.array([1]),
    }
    with pytest.raises(InputDataError, match=words):
        Lottery(**(parts | changes))  # type: ignore[arg-type] # wrong parts on purpose


def test_arrays_of_a_lottery_cannot_be_changed() -> None:
    """The pool is read-only once declared."""
    lottery = _small()
    with pytest.raises(ValueError, match="read-only"):
        lottery.tickets[0] = 5


def test_draw_then_pair_needs_its_pool() -> None:
    """A draw-then-pair lottery without a list of pairable sets is refused."""
    with pytest.raises(SettingsError, match="needs the list of draws"):
        uniform_lottery(draw_then_pair(8, 2), list("abcdefgh"), [(t,) for t in "abcdefgh"], list_up_to=0)


@pytest.mark.parametrize("n_reserves", [-1, 2])
def test_reserves_leave_a_control(n_reserves: int) -> None:
    """With 2 of 4 pairs drawn, at most one of the others can be in reserve."""
    with pytest.raises(SettingsError, match="from 0 to 1"):
        uniform_lottery(pair_then_draw(4, 2), UNITS, MEMBERS, n_reserves=n_reserves)


def test_reserves_would_break_matched_pairs() -> None:
    """Designs whose strata a reserve would break cannot have any."""
    with pytest.raises(SettingsError, match="matched-pair lottery cannot have reserves"):
        uniform_lottery(matched_pair([(0, 1), (2, 3)]), list("abcd"), [(t,) for t in "abcd"], n_reserves=1)


def test_given_reserves_is_the_conditional_lottery() -> None:
    """Given the reserves, each remaining draw keeps its tickets."""
    lottery = _small()
    rest = lottery.given_reserves(["P2"])
    assert rest.units == ("P1", "P3", "P4")
    assert rest.to_frame()["intervention"].tolist() == ["P1 P4", "P3 P4"]
    assert rest.tickets.tolist() == [2, 3]


def test_impossible_reserves_are_refused() -> None:
    """Reserves that are no units, or that every draw contains, are refused."""
    lottery = _small()
    with pytest.raises(InputDataError, match="'P9' is not a unit"):
        lottery.given_reserves(["P9"])
    always = Lottery(lottery.design, UNITS, MEMBERS, lottery.draws[:2], lottery.tickets[:2])
    with pytest.raises(InputDataError, match="at least one draw"):
        always.given_reserves(["P1"])


def test_astronomically_many_draws_are_no_obstacle() -> None:
    """1,000 of 3,000 pairs: 10^827 draws are counted, described, drawn from and recorded."""
    units = [f"P{number}" for number in range(3_000)]
    lottery = uniform_lottery(pair_then_draw(3_000, 1_000), units, [(unit,) for unit in units])
    assert "about 10^827" in lottery.summary()
    assert lottery.effective_draws == np.inf
    assert lottery.largest_weight == 0.0
    assert len(draw_lottery(lottery, "x").intervention) == 1_000
    with pytest.raises(SettingsError, match=r"about 10\^827 draws are too many to list"):
        lottery.enumerate()


def test_row_of_refuses_what_cannot_happen() -> None:
    """An allocation that is not in the pool, or of unknown units, is refused."""
    lottery = _small()
    assert lottery.row_of(["P4", "P1"]).tolist() == [True, False, False, True]
    with pytest.raises(InputDataError, match="not among the draws"):
        lottery.row_of(["P2", "P3"])
    with pytest.raises(InputDataError, match="not among the draws"):
        lottery.row_of(["P1"])
    with pytest.raises(InputDataError, match="'P7' is not a unit"):
        lottery.row_of(["P1", "P7"])


def test_large_lotteries_are_not_listed_by_accident() -> None:
    """Forty billion draws are counted, not listed."""
    units = [f"P{number}" for number in range(40)]
    lottery = uniform_lottery(pair_then_draw(40, 15), units, [(unit,) for unit in units])
    assert not lottery.listed
    with pytest.raises(SettingsError, match="40,225,345,056 draws are too many"):
        lottery.enumerate()
    with pytest.raises(SettingsError, match="not listed"):
        lottery.to_frame()
    assert "draw 15 of" in lottery.canonical_text()


def test_summary_and_html_tell_the_same_and_are_safe() -> None:
    """Both views hold the hash, and names cannot inject markup."""
    lottery = _small()
    assert lottery.sha256 in lottery.summary()
    assert lottery.sha256 in lottery._repr_html_()
    assert "pair-then-draw: 2 of 4 pairs are drawn" in lottery.summary()


def test_best_balanced_lottery_keeps_equal_chances(eighty_teams: tuple) -> None:
    """80 teams, nine covariates, 15 of 40 pairs: chances to 1e-6 while the mean score falls tenfold."""
    pairs, members, columns, covariates = eighty_teams
    lottery = constrained_lottery(
        pair_then_draw(40, 15),
        pairs,
        members,
        covariates,
        seed=3,
        candidates=400_000,
        keep=0.0005,
        alpha=0.05,
    )
    assert lottery.largest_chance_error() <= 1e-6
    assert lottery.origin.mean_score_unconstrained >= 10 * lottery.origin.mean_score
    # The same, longhand: from the published pool and the covariates alone.
    declared = 0.375
    table = lottery.to_frame()
    drawn = [set(text.split()) for text in table["intervention"]]
    share = (table["tickets"] / table["tickets"].sum()).to_numpy()
    for number, unit in enumerate(pairs):
        chance = sum(weight for weight, units in zip(share, drawn, strict=True) if unit in units)
        assert abs(chance - declared) < 1e-9, number
    frame = np.column_stack(list(columns.values()))
    unit_means = np.array([frame[2 * n : 2 * n + 2].mean(axis=0) for n in range(40)])
    rows = np.array([[unit in units for unit in pairs] for units in drawn])
    gaps = rows @ unit_means / 15 - ~rows @ unit_means / 25
    score = ((gaps / frame.std(axis=0, ddof=1)) ** 2).sum(axis=1) @ share
    assert score == pytest.approx(lottery.origin.mean_score, rel=1e-9)


def test_lottery_without_constraint_has_the_stated_mean_score(eighty_teams: tuple) -> None:
    """The mean score it is compared with is what simple draws give on average (1% at 200,000 draws)."""
    pairs, members, _, covariates = eighty_teams
    lottery = constrained_lottery(
        pair_then_draw(40, 15), pairs, members, covariates, seed=0, candidates=50_000
    )
    from pairing.lottery.score import balance_score

    design = pair_then_draw(40, 15)
    scores = balance_score(covariates, design).of_draws(design.sample(np.random.default_rng(0), 200_000))
    assert lottery.origin.mean_score_unconstrained == pytest.approx(scores.mean(), rel=0.01)
    assert lottery.n_draws == 1_000


def test_too_strict_a_constraint_is_refused_with_names(eighty_teams: tuple) -> None:
    """Fifty draws of 40 pairs cannot give equal chances; the pairs responsible are named."""
    pairs, members, _, covariates = eighty_teams
    with pytest.raises(ImpossibleLotteryError) as caught:
        constrained_lottery(
            pair_then_draw(40, 15), pairs, members, covariates, seed=0, candidates=50_000, keep=0.0006
        )
    assert set(caught.value.units) <= set(pairs)
    assert caught.value.units


def test_lopsided_lottery_is_refused() -> None:
    """If one draw is likelier than alpha, no outcome could be significant: refused."""
    units = list("abcdef")
    covariates = covariates_of_units({"x": [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]}, units, [(u,) for u in units])
    with pytest.raises(ImpossibleLotteryError, match=r"more than the significance level 0\.05"):
        constrained_lottery(simple(6, 3), units, [(u,) for u in units], covariates, seed=0, keep=0.5)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_impossible_alpha_is_refused(alpha: float, eighty_teams: tuple) -> None:
    """A significance level lies between 0 and 1."""
    pairs, members, _, covariates = eighty_teams
    with pytest.raises(SettingsError, match="no significance level"):
        constrained_lottery(pair_then_draw(40, 15), pairs, members, covariates, seed=0, alpha=alpha)


def test_covariates_of_other_units_are_refused(eighty_teams: tuple) -> None:
    """Covariates and design have to be about the same units."""
    pairs, members, _, covariates = eighty_teams
    with pytest.raises(SettingsError, match="covariates of 40 units for a design of 39"):
        constrained_lottery(pair_then_draw(39, 15), pairs[:39], members[:39], covariates, seed=0)
