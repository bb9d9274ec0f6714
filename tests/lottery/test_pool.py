"""The pool: exactly the best draws, all ties, no repetition, the same however it is computed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from pairing.errors import SettingsError
from pairing.lottery import (
    Design,
    ImpossibleLotteryError,
    covariates_of_units,
    draw_then_pair,
    pool as pool_module,
    simple,
    stratified,
)
from pairing.lottery.pool import best_draws
from pairing.lottery.score import BalanceScore, balance_score


def _scored(design: Design, seed: int = 0, n_covariates: int = 3) -> BalanceScore:
    rng = np.random.default_rng(seed)
    teams = [f"t{unit}" for unit in range(design.n_units)]
    columns = {f"x{k}": rng.normal(size=design.n_units) for k in range(n_covariates)}
    return balance_score(covariates_of_units(columns, teams, [(t,) for t in teams]), design)


def _rows(draws: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in draws}


@pytest.mark.parametrize(
    "design",
    [simple(11, 4), stratified(["a"] * 5 + ["b"] * 6, {"a": 2, "b": 2})],
    ids=["simple", "stratified"],
)
def test_listed_candidates_give_the_best_of_all_draws(design: Design) -> None:
    """With few draws, the pool is the best share of every one of them."""
    score = _scored(design)
    pool = best_draws(design, score, candidates=1_000, keep=0.1)
    every = design.enumerate()
    scores = score.of_draws(every)
    n_keep = int(np.ceil(0.1 * len(every)))
    assert pool.enumerated
    assert pool.candidates == design.n_draws
    assert _rows(pool.draws) == _rows(every[np.argsort(scores)[:n_keep]])


def test_sampled_candidates_give_the_exact_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kept draws are the lowest scores of all candidates, replayed by brute force."""
    design = simple(24, 9)
    score = _scored(design)
    pool = best_draws(design, score, candidates=100_000, keep=0.002, seed=5)
    seen = []
    monkeypatch.setattr(pool_module._Best, "add", lambda _, scores, packed: seen.append((scores, packed)))
    monkeypatch.setattr(pool_module._Best, "settle", lambda _: seen)
    pool_module._look_through(
        pool_module._Search(design, score, 100_000, enumerated=False, seed=5), 0, pool_module._Best(200)
    )
    scores = np.concatenate([part for part, _ in seen])
    packed = np.concatenate([part for _, part in seen])
    draws = np.unpackbits(packed, axis=1, count=24).astype(bool)
    assert len(scores) == 100_000
    order = np.argsort(scores, kind="stable")
    assert _rows(draws[order[:200]]) <= _rows(pool.draws)
    assert pool.scores.max() <= scores[order[199]] * (1 + 2e-9)


def test_ties_at_the_cut_are_all_kept() -> None:
    """Whole-number covariates tie in masses: no draw outside is as good as the worst one inside.

    The weights are large, so that rounding alone tells tied scores apart by more than any absolute tolerance.
    """
    design = simple(12, 5)
    teams = [f"t{unit}" for unit in range(12)]
    columns = {"x": [0.1, 0.2, 0.3, 0.4, 0.5, 0.7] * 2, "y": [0.1, 0.3, 0.7] * 4}
    weights = {"x": 1e7, "y": 3e7}
    covariates = covariates_of_units(columns, teams, [(t,) for t in teams], weights=weights)
    score = balance_score(covariates, design)
    pool = best_draws(design, score, candidates=10_000, keep=0.03)
    every = score.of_draws(design.enumerate())
    cut = np.sort(every)[int(np.ceil(0.03 * len(every))) - 1]
    assert len(np.unique(every[np.isclose(every, cut, rtol=1e-9)])) > 1
    assert len(pool) == np.isclose(every, cut, rtol=1e-9).sum() + (every < cut * (1 - 1e-9)).sum()


def test_pool_has_no_repetition_and_is_in_alphabetical_order() -> None:
    """Candidates that repeat are kept once, sorted by their units."""
    design = simple(14, 7)
    pool = best_draws(design, _scored(design), candidates=3_000, keep=0.5, seed=0)
    words = [tuple(np.flatnonzero(row).tolist()) for row in pool.draws]
    assert not pool.enumerated
    assert len(words) < 1_500
    assert words == sorted(set(words))


def test_pool_does_not_depend_on_blocks_or_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other task sizes and two workers give the same pool to the last bit."""
    design = simple(30, 10)
    score = _scored(design)
    plain = best_draws(design, score, candidates=400_000, keep=0.001, seed=1)
    with ThreadPoolExecutor(2) as executor:
        monkeypatch.setattr(pool_module, "_BLOCKS_PER_TASK", 3)
        spread = best_draws(design, score, candidates=400_000, keep=0.001, seed=1, executor=executor)
    np.testing.assert_array_equal(plain.draws, spread.draws)
    np.testing.assert_array_equal(plain.scores, spread.scores)


PINNED = [
    [0, 1, 3, 7, 9, 10, 12, 13],
    [0, 3, 4, 5, 7, 9, 15, 16],
    [1, 2, 3, 5, 6, 7, 12, 19],
    [1, 2, 3, 6, 7, 12, 13, 16],
    [2, 5, 7, 8, 10, 13, 15, 18],
]


def test_pool_is_pinned() -> None:
    """The candidates of a seed never change: published pools have to be built again years later."""
    design = simple(20, 8)
    pool = best_draws(design, None, candidates=50_000, keep=0.0001, seed=0)
    units = [np.flatnonzero(row).tolist() for row in pool.draws]
    assert units == PINNED


def test_seed_zero_is_a_seed_and_seeds_differ() -> None:
    """Seed 0 repeats itself and differs from seed 1."""
    design = simple(30, 10)
    first, again, other = (
        _rows(best_draws(design, None, candidates=10_000, keep=0.01, seed=seed).draws) for seed in (0, 0, 1)
    )
    assert first == again != other


def test_pairable_pool_equals_brute_force() -> None:
    """With few teams, the pool is the best share of the sets that have a perfect matching."""
    rng = np.random.default_rng(2)
    permitted = {frozenset(pair) for pair in combinations(range(9), 2) if rng.random() < 0.35}

    def can_be_paired(teams: tuple[int, ...]) -> bool:
        if not teams:
            return True
        first, *rest = teams
        return any(
            frozenset((first, other)) in permitted and can_be_paired(tuple(t for t in rest if t != other))
            for other in rest
        )

    design = draw_then_pair(9, 2)
    score = _scored(design)
    pool = best_draws(design, score, candidates=1_000, keep=0.1, can_be_paired=can_be_paired)
    every = design.enumerate()
    pairable = np.array([can_be_paired(tuple(np.flatnonzero(row).tolist())) for row in every])
    order = np.argsort(np.where(pairable, score.of_draws(every), np.inf))
    assert 13 < pairable.sum() < len(every)
    assert _rows(pool.draws) == _rows(every[order[:13]])


def test_rarely_pairable_sets_are_looked_for_among_all_candidates() -> None:
    """If only badly balanced sets can be paired, the search goes on until it has found enough of them."""
    design = draw_then_pair(10, 2)
    score = _scored(design)
    every = design.enumerate()
    worst = every[np.argsort(score.of_draws(every))[-20:]]
    allowed = _rows(worst)

    def can_be_paired(teams: tuple[int, ...]) -> bool:
        return np.isin(np.arange(10), teams).tobytes() in allowed

    pool = best_draws(design, score, candidates=1_000, keep=0.02, can_be_paired=can_be_paired)
    assert _rows(pool.draws) == _rows(worst[:5])


def test_nothing_pairable_is_refused() -> None:
    """If no candidate can be paired, there is no lottery."""
    with pytest.raises(ImpossibleLotteryError, match="None of 70 candidate draws can be paired"):
        best_draws(draw_then_pair(8, 2), None, candidates=100, keep=1.0, can_be_paired=lambda _: False)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"candidates": 0}, "'0' is no number of candidates"),
        ({"keep": 0.0}, "'0.0' is no share"),
        ({"keep": 1.5}, "'1.5' is no share"),
        ({"seed": -1}, "'-1' is no seed"),
    ],
)
def test_impossible_pool_settings_are_refused(numbers: dict[str, float], words: str) -> None:
    """Numbers out of range are refused."""
    with pytest.raises(SettingsError, match=words):
        best_draws(simple(6, 3), None, **numbers)


def test_only_useful_covariates_can_be_balanced() -> None:
    """If the pairs are alike in everything, there is nothing to balance."""
    covariates = covariates_of_units({"x": [1.0, 2.0, 1.0, 2.0]}, list("abcd"), [("a", "b"), ("c", "d")])
    with pytest.raises(SettingsError, match="every draw is as balanced"):
        balance_score(covariates, simple(2, 1))
