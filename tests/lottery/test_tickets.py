"""Tickets: exact chances, entropy, the boundary, and what is impossible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from scipy.optimize import linprog, minimize

from pairing.errors import SolverError
from pairing.lottery import ImpossibleLotteryError, simple, tickets as tickets_module
from pairing.lottery.hull import attainable_draws, nearest_chances
from pairing.lottery.tickets import effective_number, weights_for_chances, whole_tickets


def _units(m: int) -> list[str]:
    return [f"u{unit}" for unit in range(m)]


def _feasible(draws: np.ndarray, chances: np.ndarray) -> bool:
    n = len(draws)
    rows = np.vstack([draws.T, np.ones(n)])
    return linprog(np.zeros(n), A_eq=rows, b_eq=np.append(chances, 1.0)).status == 0


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**6), st.integers(4, 8), st.integers(3, 40))
def test_weights_exist_exactly_when_a_linear_programme_says_so(seed: int, m: int, n: int) -> None:
    """On random pools: equal chances to 1e-9, or an error naming units, as an independent programme finds."""
    design = simple(m, m // 2)
    every = design.enumerate()
    rng = np.random.default_rng(seed)
    draws = every[np.sort(rng.choice(len(every), min(n, len(every)), replace=False))]
    if _feasible(draws, design.chances()):
        weights = weights_for_chances(draws, design.chances(), _units(m))
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights @ draws, design.chances(), atol=1e-9)
    else:
        with pytest.raises(ImpossibleLotteryError) as caught:
            weights_for_chances(draws, design.chances(), _units(m))
        assert caught.value.units


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_weights_have_the_greatest_entropy(seed: int) -> None:
    """A general-purpose optimiser finds no more even weights with the same chances."""
    design = simple(6, 3)
    every = design.enumerate()
    draws = every[np.sort(np.random.default_rng(seed).choice(20, 12, replace=False))]
    assume(_feasible(draws, design.chances()))
    weights = weights_for_chances(draws, design.chances(), _units(6))
    found = minimize(
        lambda w: np.sum(w * np.log(np.maximum(w, 1e-300))),
        np.full(12, 1 / 12),
        bounds=[(0, 1)] * 12,
        constraints={"type": "eq", "fun": lambda w: np.append((w @ draws - 0.5)[:5], w.sum() - 1)},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    entropy = -np.sum(weights[weights > 0] * np.log(weights[weights > 0]))
    assert entropy >= -found.fun - 1e-6


def test_boundary_drops_draws_that_no_equal_lottery_can_use() -> None:
    """Here the declared chances force the third draw's weight to 0; the others share by halves."""
    draws = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]], dtype=bool)
    weights = weights_for_chances(draws, np.full(4, 0.5), _units(4))
    np.testing.assert_allclose(weights, [0.5, 0.5, 0.0], atol=1e-12)
    assert attainable_draws(draws, np.full(4, 0.5), _units(4)).tolist() == [0, 1]


def test_impossible_chances_name_the_units_and_how_far_they_are_off() -> None:
    """A unit that is in no kept draw is named, with its chance at best."""
    draws = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0]], dtype=bool)
    with pytest.raises(ImpossibleLotteryError, match=r"u3 \(declared 0.5, at best 0\)") as caught:
        weights_for_chances(draws, np.full(4, 0.5), _units(4))
    assert "u3" in caught.value.units


def test_nearest_chances_are_attainable_and_nearest() -> None:
    """The reported chances come from weights on the draws, at the least total distance."""
    draws = np.array([[1, 0, 0], [0, 1, 0]], dtype=bool)
    reached = nearest_chances(draws, np.full(3, 1 / 3))
    assert reached[2] == 0
    assert reached.sum() == pytest.approx(1.0)
    assert np.abs(reached - 1 / 3).sum() == pytest.approx(2 / 3)


@settings(deadline=None)
@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=60), st.integers(100, 10**12))
def test_tickets_are_whole_and_add_up(raw: list[float], total: int) -> None:
    """Tickets are non-negative integers with the wanted sum, each within one of its exact share."""
    weights = np.array(raw) / np.sum(raw)
    tickets = whole_tickets(weights, total)
    assert tickets.dtype == np.int64
    assert tickets.sum() == total
    assert (np.abs(tickets - weights * total) < 1 + 1e-3).all()


def test_largest_remainders_are_served_first() -> None:
    """Shares of 2.1, 3.5 and 1.4 of seven tickets become 2, 4 and 1."""
    assert whole_tickets(np.array([0.3, 0.5, 0.2]), 7).tolist() == [2, 4, 1]


def test_many_units_are_weighed_without_their_hessian(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conjugate gradients, meant for many units, give the same weights as the dense solution."""
    design = simple(40, 15)
    draws = design.sample(np.random.default_rng(0), 1_000)
    dense = weights_for_chances(draws, design.chances(), _units(40))
    monkeypatch.setattr(tickets_module, "_DENSE", 10)
    np.testing.assert_allclose(weights_for_chances(draws, design.chances(), _units(40)), dense, rtol=1e-9)


def test_unfinished_weights_are_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """If Newton is stopped before the chances are right, that is an error and not a lottery."""
    draws = simple(40, 15).sample(np.random.default_rng(1), 400)
    monkeypatch.setattr(tickets_module, "_STEPS", 1)
    with pytest.raises(SolverError, match="found only to within"):
        weights_for_chances(draws, np.full(40, 0.375), _units(40))


def test_effective_number_is_the_number_when_even() -> None:
    """Equal weights count in full; a lopsided urn counts for less."""
    assert effective_number(np.full(8, 0.125)) == pytest.approx(8)
    assert effective_number(np.array([0.97, 0.01, 0.01, 0.01])) < 1.1


def test_inseparable_units_do_not_stop_newton() -> None:
    """Units that are always together make the Hessian singular; the chances still come out exactly."""
    every = simple(8, 4).enumerate()
    draws = every[every[:, 0] == every[:, 1]]
    weights = weights_for_chances(draws, np.full(8, 0.5), _units(8))
    np.testing.assert_allclose(weights @ draws, 0.5, atol=1e-12)
