"""How many draws inference needs, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.lottery import (
    ImpossibleLotteryError,
    Lottery,
    Origin,
    check_significance_possible,
    constrained_lottery,
    covariates_of_units,
    pair_then_draw,
    simple,
    uniform_lottery,
)
from pairing.lottery.significance import worst_smallest_p


def singles(n: int) -> tuple[list[str], list[tuple[str]]]:
    """Give ids of n teams, and each as a unit of its own."""
    units = [f"t{number}" for number in range(n)]
    return units, [(unit,) for unit in units]


def test_a_mirror_image_counts_with_its_draw() -> None:
    """Of six draws of two of four, each has a mirror image: 2/6 two-sided, listed or not, 1/6 one-sided."""
    for limit in (0, 10_000):
        lottery = uniform_lottery(simple(4, 2), *singles(4), list_up_to=limit)
        assert worst_smallest_p(lottery) == pytest.approx(1 / 6)
        assert worst_smallest_p(lottery, two_sided=True) == pytest.approx(2 / 6)


def test_unequal_arms_have_no_mirror_image() -> None:
    """Two of five: the other three are no possible draw."""
    for limit in (0, 10_000):
        lottery = uniform_lottery(simple(5, 2), *singles(5), list_up_to=limit)
        assert worst_smallest_p(lottery, two_sided=True) == pytest.approx(1 / 10)


def test_tickets_of_a_draw_and_its_mirror_image_are_added() -> None:
    """Draws ab, cd, ac with 3, 2 and 4 tickets: ab and cd together are likelier than ac."""
    draws = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]], dtype=bool)
    units, members = singles(4)
    lottery = Lottery(simple(4, 2), tuple(units), tuple(members), draws, np.array([3, 2, 4]))
    assert worst_smallest_p(lottery) == pytest.approx(4 / 9)
    assert worst_smallest_p(lottery, two_sided=True) == pytest.approx(5 / 9)


@pytest.mark.parametrize(
    ("origin", "advice"),
    [
        (Origin(8_000, enumerated=False, keep=0.1, seed=1), "Keep a larger share"),
        (Origin(10, enumerated=False, keep=1.0, seed=1), "Declare more candidates"),
        (Origin(12_870, enumerated=True, keep=1.0, seed=None), "relax a rule"),
    ],
)
def test_the_advice_is_one_that_can_be_followed(origin: Origin, advice: str) -> None:
    """A larger share is advised only where a share was cut."""
    design = simple(16, 8)
    units, members = singles(16)
    lottery = Lottery(
        design,
        tuple(units),
        tuple(members),
        design.enumerate()[:10],
        np.full(10, 7),
        origin=origin,
    )
    with pytest.raises(ImpossibleLotteryError) as caught:
        check_significance_possible(lottery, 0.05)
    assert advice in str(caught.value)
    assert "With 10 draws and equal chances, one draw has probability 0.1" in str(caught.value)


def test_too_few_pairs_are_called_so_where_every_draw_is_kept() -> None:
    """Nothing is left to keep more of, so that is not advised."""
    members = [(f"a{u}", f"b{u}") for u in range(12)]
    teams = [team for pair in members for team in pair]
    covariates = covariates_of_units({"x": np.arange(24.0) ** 2}, teams, members)
    with pytest.raises(ImpossibleLotteryError) as caught:
        constrained_lottery(pair_then_draw(12, 1), [f"P{u}" for u in range(12)], members, covariates, seed=0)
    assert str(caught.value).startswith("Too few pairs: 1 of 12 pairs are drawn, so there are only 12 draws.")
    assert "The smallest attainable p-value is 0.0833" in str(caught.value)
    assert "Keep a larger" not in str(caught.value)
