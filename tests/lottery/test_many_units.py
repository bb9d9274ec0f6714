"""Pools of many units: tickets that even out every chance, and counts of two units, exact."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.lottery import ImpossibleLotteryError, simple
from pairing.lottery.joint import tickets_of_two
from pairing.lottery.telling import untold
from pairing.lottery.tickets import weights_for_chances, whole_tickets


def test_every_chance_is_equal_among_many_units() -> None:
    """600 units go by conjugate gradients, and end at the declared chance all the same."""
    design = simple(600, 200)
    draws = design.sample(np.random.default_rng(0), 3_000)
    tickets = whole_tickets(weights_for_chances(draws, design.chances(), [str(u) for u in range(600)]))
    assert np.abs(tickets @ draws / tickets.sum() - 1 / 3).max() < 1e-8


def test_a_unit_that_is_never_drawn_is_proven_out_of_reach_and_named() -> None:
    """A pool too large for a linear programme is refused without one, and says whom no draw has."""
    design = simple(2_000, 10)
    draws = design.sample(np.random.default_rng(0), 6_000)
    draws = draws[~draws[:, 7]]
    with pytest.raises(ImpossibleLotteryError, match="kept draws draws U7: no tickets") as refused:
        weights_for_chances(draws, design.chances(), [f"U{u}" for u in range(2_000)])
    assert list(refused.value.units) == ["U7"]


def test_tickets_of_two_units_are_exact() -> None:
    """More units than a panel, and tickets as large as published ones: exact whole numbers."""
    rng = np.random.default_rng(1)
    draws, tickets = rng.random((40, 700)) < 0.4, rng.integers(1, 2 * 10**10, 40)
    counted = (draws.astype(np.int64) * tickets[:, None]).T @ draws.astype(np.int64)
    assert (tickets_of_two(draws, tickets, untold).astype(np.int64) == counted).all()
