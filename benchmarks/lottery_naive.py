"""What goes wrong when a constrained lottery of pairs is analysed as if it had been something simpler.

Teams are simulated many times: nine baseline covariates, an outcome that depends on them, 40 pairs of which
15 are drawn by the lottery of :mod:`pairing.lottery`. Every simulated trial is analysed four ways, with and
without an effect, and the share of significant results is printed.

``python benchmarks/lottery_naive.py`` prints the table of ``docs/explanation/inference.md``; ``--trials 300``
is quick.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import ttest_ind

from pairing.inference.inversion import p_value_of
from pairing.inference.reference import Reference, reference_draws
from pairing.inference.statistic import difference_in_means
from pairing.lottery import Lottery, constrained_lottery, covariates_of_units, pair_then_draw, uniform_lottery

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALPHA = 0.05
N_PAIRS, N_DRAWN, N_COVARIATES = 40, 15, 9
ANALYSES = ("own lottery", "simple lottery", "t-test of pairs", "t-test of teams")


@dataclass(frozen=True)
class Scenario:
    """How outcomes arise: share of their variance that covariates explain, and correlation within pairs."""

    explained: float
    pair_correlation: float


SCENARIOS = tuple(
    Scenario(explained, correlation) for explained in (0.0, 0.3, 0.6) for correlation in (-0.3, 0.0, 0.3)
)


def lotteries(seed: int) -> tuple[Floats, Lottery, Lottery]:
    """Make covariates of the teams, the constrained lottery on them, and the simple one."""
    rng = np.random.default_rng(seed)
    members = [(f"A{n:02d}", f"B{n:02d}") for n in range(N_PAIRS)]
    teams = [team for pair in members for team in pair]
    values = rng.normal(size=(2 * N_PAIRS, N_COVARIATES))
    covariates = covariates_of_units({f"x{k}": values[:, k] for k in range(N_COVARIATES)}, teams, members)
    design, units = pair_then_draw(N_PAIRS, N_DRAWN), [f"P{n:02d}" for n in range(N_PAIRS)]
    constrained = constrained_lottery(design, units, members, covariates, seed=seed, candidates=1_000_000)
    return values, constrained, uniform_lottery(design, units, members)


def outcomes(values: Floats, scenario: Scenario, rng: np.random.Generator) -> Floats:
    """Simulate the teams' outcomes without the intervention, variance 1."""
    coefficients = rng.normal(size=N_COVARIATES)
    explained = values @ coefficients
    explained *= np.sqrt(scenario.explained) / np.linalg.norm(coefficients)
    shared, own = rng.normal(size=N_PAIRS), rng.normal(size=N_PAIRS)
    means = np.sqrt((1 + scenario.pair_correlation) / 2) * shared
    gaps = np.sqrt((1 - scenario.pair_correlation) / 2) * own
    rest = np.column_stack([means + gaps, means - gaps]).ravel()
    return explained + np.sqrt(1 - scenario.explained) * rest


def significant(
    outcome: Floats, row: NDArray[np.bool_], own: Reference, simple: Reference
) -> tuple[bool, bool, bool, bool]:
    """Analyse one trial in each of the four ways."""
    means = outcome.reshape(-1, 2).mean(axis=1)
    by_team = np.repeat(row, 2)
    return (
        _randomisation_p(own, row, means) <= ALPHA,
        _randomisation_p(simple, row, means) <= ALPHA,
        bool(ttest_ind(means[row], means[~row]).pvalue <= ALPHA),
        bool(ttest_ind(outcome[by_team], outcome[~by_team]).pvalue <= ALPHA),
    )


def _randomisation_p(reference: Reference, row: NDArray[np.bool_], means: Floats) -> float:
    draws = reference.draws
    if not reference.exact:
        draws = np.vstack([row[None, :], draws[1:]])
    seen = Reference(draws, reference.weights, row, reference.strata, reference.exact)
    line = difference_in_means(seen, means)
    return p_value_of(line.intercepts, line.estimate, seen.weights, "two-sided", line.tolerance)


def shares(scenario: Scenario, effect: float, n_trials: int, seed: int) -> Floats:
    """Give the share of trials that are significant under each analysis, shape (4,)."""
    values, constrained, simple = lotteries(seed)
    rng = np.random.default_rng(seed)
    rows = constrained.sample(rng, n_trials)
    own = reference_draws(constrained, rows[0])
    unconstrained = reference_draws(simple, rows[0], seed=seed, n_samples=1_999)
    hits = np.zeros(len(ANALYSES))
    for row in rows:
        outcome = outcomes(values, scenario, rng) + effect * np.repeat(row, 2)
        hits += significant(outcome, row, own, unconstrained)
    return hits / n_trials


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print("| explained by covariates | correlation within pairs | effect |", " | ".join(ANALYSES), "|")
    print("|---" * (3 + len(ANALYSES)) + "|")
    for scenario in SCENARIOS:
        for effect in (0.0, 0.5):
            found = shares(scenario, effect, chosen.trials, chosen.seed)
            cells = " | ".join(f"{share:.3f}" for share in found)
            print(f"| {scenario.explained} | {scenario.pair_correlation} | {effect} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
