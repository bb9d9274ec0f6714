"""How long the steps of a lottery take, and how much memory.

Run it with `python benchmarks/lottery_speed.py`. Each step runs in a process of its own, so that the peak
memory is that of the step.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from pairing.inference.inversion import confidence_limits
from pairing.inference.reference import Reference
from pairing.inference.statistic import difference_in_means
from pairing.lottery import constrained_lottery, covariates_of_units, draw_lottery, pair_then_draw, seed_text
from pairing.lottery.pool import best_draws
from pairing.lottery.score import BalanceScore, balance_score
from pairing.lottery.tickets import weights_for_chances, whole_tickets

if TYPE_CHECKING:
    from collections.abc import Callable


def _units(m: int) -> tuple[list[str], list[tuple[str, str]]]:
    return [f"P{n:04d}" for n in range(m)], [(f"A{n:04d}", f"B{n:04d}") for n in range(m)]


def _score(m: int, k: int) -> BalanceScore:
    rng = np.random.default_rng(1)
    _, members = _units(m)
    teams = [team for pair in members for team in pair]
    shared = rng.normal(size=2 * m)
    columns = {f"x{j}": 0.5 * shared + rng.normal(size=2 * m) for j in range(9)}
    return balance_score(covariates_of_units(columns, teams, members), pair_then_draw(m, k))


def pool(m: int, k: int, candidates: int, keep: float) -> str:
    """Score candidates and keep the exact best."""
    design, score = pair_then_draw(m, k), _score(m, k)
    start = time.perf_counter()
    kept = best_draws(design, score, candidates=candidates, keep=keep, seed=0)
    seconds = time.perf_counter() - start
    fall = score.expected / kept.scores.mean()
    return f"{seconds:.2f} s for {candidates:,} candidates, {len(kept):,} kept, score falls {fall:.1f}-fold"


def tickets(m: int, k: int, n_kept: int) -> str:
    """Make the chances of a kept pool equal."""
    design, score = pair_then_draw(m, k), _score(m, k)
    kept = best_draws(design, score, candidates=100 * n_kept, keep=0.01, seed=0)
    start = time.perf_counter()
    weights = weights_for_chances(kept.draws, design.chances(), _units(m)[0])
    whole = whole_tickets(weights)
    seconds = time.perf_counter() - start
    error = np.abs(whole @ kept.draws / whole.sum() - k / m).max()
    return f"{seconds:.3f} s for {len(kept):,} draws, largest error of a chance {error:.0e}"


def interval(m: int, k: int, n_draws: int) -> str:
    """Test and interval over a published pool."""
    design = pair_then_draw(m, k)
    draws = design.sample(np.random.default_rng(0), n_draws)
    outcome = np.random.default_rng(2).normal(size=m)
    start = time.perf_counter()
    reference = Reference(draws, np.full(n_draws, 1 / n_draws), draws[0], design.stratum_of(), exact=True)
    low, high = confidence_limits(difference_in_means(reference, outcome), reference.weights, 0.05)
    seconds = time.perf_counter() - start
    return f"{seconds:.3f} s over {n_draws:,} draws ({low:.2f} to {high:.2f})"


def whole(m: int, k: int, candidates: int, keep: float | None) -> str:
    """From covariates to a drawn allocation."""
    units, members = _units(m)
    teams = [team for pair in members for team in pair]
    columns = {f"x{j}": np.random.default_rng(j).normal(size=2 * m) for j in range(9)}
    start = time.perf_counter()
    covariates = covariates_of_units(columns, teams, members)
    lottery = constrained_lottery(
        pair_then_draw(m, k), units, members, covariates, seed=0, candidates=candidates, keep=keep
    )
    draw_lottery(lottery, seed_text(1))
    seconds = time.perf_counter() - start
    return f"{seconds:.2f} s, {lottery.n_draws:,} draws, chances within {lottery.largest_chance_error():.0e}"


STEPS: dict[str, tuple[Callable[..., str], tuple[object, ...]]] = {
    "pool, 15 of 40 pairs": (pool, (40, 15, 1_000_000, 0.001)),
    "pool, 15 of 40 pairs, 10 million": (pool, (40, 15, 10_000_000, 0.001)),
    "tickets, 15 of 40 pairs": (tickets, (40, 15, 10_000)),
    "interval, 15 of 40 pairs": (interval, (40, 15, 100_000)),
    "whole lottery, 15 of 40 pairs": (whole, (40, 15, 1_000_000, None)),
    "whole lottery, 30 of 78 pairs": (whole, (78, 30, 1_000_000, None)),
}
LARGE: dict[str, tuple[Callable[..., str], tuple[object, ...]]] = {
    "whole lottery, 1,000 of 3,000 pairs": (whole, (3_000, 1_000, 200_000, None)),
}


def _run(name: str, table: str, results: multiprocessing.Queue[str]) -> None:
    function, arguments = (STEPS if table == "steps" else LARGE)[name]
    said = function(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    results.put(f"{name}: {said}; peak memory {peak:,.0f} MB")


def main() -> None:
    """Run the steps one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 3,000 pairs")
    chosen = parser.parse_args()
    names = [("steps", name) for name in STEPS] + (
        [("large", name) for name in LARGE] if chosen.large else []
    )
    context = multiprocessing.get_context("spawn")
    for table, name in names:
        results: multiprocessing.Queue[str] = context.Queue()
        process = context.Process(target=_run, args=(name, table, results))
        process.start()
        print(results.get(), flush=True)
        process.join()


if __name__ == "__main__":
    main()
