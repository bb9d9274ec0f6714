"""Is a promised gain an honest one? Simulated audits with a known truth.

Cohorts are drawn as the bundled audit might have turned out: true rates from the model fitted to it, counts
from the binomial distribution with real denominators, places and sizes of real teams. Every cohort is paired
twice under the same rules: by the expected gain of :mod:`pairing.profiles`, and by the gain computed on raw
z-scores. What each promised is held against what the truth gives.

``python benchmarks/honesty.py`` prints the table of ``docs/simulation.md``; ``--cohorts 20`` is a quick look.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.cohort import Cohort, Indicator, Observations
from pairing.geography import great_circle_km
from pairing.matching import MatchingProblem, scale_values, solve
from pairing.pairs.gain import expected_reciprocal_gain
from pairing.profiles import estimate_profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

INDICATORS = (
    "pathological_confirmation",
    "nsclc_resection",
    "sclc_chemotherapy",
    "curative_stage_1_2",
    "curative_stage_3a",
    "sact_stage_3b_4",
    "seen_by_nurse_specialist",
)
ADJUSTED = (1, 2, 3, 4, 5)
SPECIALIST_CENTRES = ("RBV", "REN", "RGM", "RPY")
NULL_INDICATOR = 3
MIN_DISTANCE_KM, MAX_DISTANCE_KM, MAX_SIZE_RATIO = 60.0, 250.0, 2.0
LOWEST_RATE, HIGHEST_RATE = 0.01, 0.99
SEED = 20_221
PERSISTENCE = (0.9, 0.7, 0.5)


@dataclass(frozen=True, eq=False)
class World:
    """What cohorts are drawn from: the model's parameters, and the real teams' circumstances."""

    mean: Floats
    root: Floats
    denominators: Floats
    size: Floats
    latitude: Floats
    longitude: Floats

    def rates(self, n: int, rng: np.random.Generator, null: int | None) -> Floats:
        """Draw true rates of n teams, shape (n, K); without differences on the null indicator."""
        rates = self.mean + rng.normal(size=(n, self.mean.size)) @ self.root.T
        if null is not None:
            rates[:, null] = self.mean[null]
        return np.clip(rates, LOWEST_RATE, HIGHEST_RATE)


@dataclass(frozen=True, eq=False)
class Drawn:
    """One simulated cohort, its truth in true between-team SDs (n, K), and its permitted pairs."""

    cohort: Cohort
    truth: Floats
    first: Indices
    second: Indices


@dataclass(frozen=True)
class Outcome:
    """What the two ways promised and what came true, per pair, in between-team SDs."""

    promised: float
    true: float
    raw_promised: float
    raw_true: float
    permitted_share: float


def audit_world() -> World:
    """Fit the model to the bundled audit and keep its real denominators, sizes and places."""
    with files("pairing.data").joinpath("nlca_2022.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file).sort_values("trust_code")
    table = table[~table["trust_code"].isin(SPECIALIST_CENTRES)]
    unadjusted = table[list(INDICATORS)].to_numpy(dtype=float)
    rates = unadjusted.copy()
    for number in ADJUSTED:
        rates[:, number] = table[f"{INDICATORS[number]}_adj"]
    denominators = table[[f"{name}_n" for name in INDICATORS]].to_numpy(dtype=float)
    denominators[np.isnan(rates)] = np.nan
    model = estimate_profiles(_as_cohort(rates, denominators, unadjusted)).model
    values, vectors = np.linalg.eigh(model.covariance)
    return World(
        mean=model.mean,
        root=vectors * np.sqrt(np.maximum(values, 0.0)),
        denominators=denominators,
        size=table["patients"].to_numpy(dtype=float),
        latitude=table["latitude"].to_numpy(dtype=float),
        longitude=table["longitude"].to_numpy(dtype=float),
    )


def draw(world: World, n: int, rng: np.random.Generator, true_sd: Floats, null: int | None) -> Drawn:
    """Draw n teams: circumstances of n real ones, true rates, and binomial counts."""
    chosen = rng.permutation(len(world.size))[:n]
    rates, denominators = world.rates(n, rng, null), world.denominators[chosen]
    published = ~np.isnan(denominators)
    counts = rng.binomial(np.where(published, denominators, 0).astype(int), rates)
    observed = np.where(published, counts / np.where(published, denominators, 1), np.nan)
    first, second = np.triu_indices(n, 1)
    distance = great_circle_km(world.latitude[chosen], world.longitude[chosen], first, second)
    larger = np.maximum(world.size[chosen][first], world.size[chosen][second])
    smaller = np.minimum(world.size[chosen][first], world.size[chosen][second])
    permitted = (distance >= MIN_DISTANCE_KM) & (distance <= MAX_DISTANCE_KM)
    permitted &= larger <= MAX_SIZE_RATIO * smaller
    truth = (rates - world.mean) / true_sd
    return Drawn(_as_cohort(observed, denominators), truth, first[permitted], second[permitted])


def try_both(drawn: Drawn) -> Outcome:
    """Pair one cohort by expected gain and by raw z-scores; hold both against the truth."""
    profiles = estimate_profiles(drawn.cohort)
    first, second, weights = drawn.first, drawn.second, profiles.weights
    certain = np.zeros_like(profiles.covariance)
    honest = expected_reciprocal_gain(profiles.mean, profiles.covariance, weights, first, second)
    raw = expected_reciprocal_gain(raw_scores(drawn.cohort), certain, weights, first, second)
    true = expected_reciprocal_gain(drawn.truth, certain, weights, first, second)
    by_gain, by_raw = best_pairs(honest, drawn), best_pairs(raw, drawn)
    n = len(drawn.cohort)
    return Outcome(
        promised=honest[by_gain].mean(),
        true=true[by_gain].mean(),
        raw_promised=raw[by_raw].mean(),
        raw_true=true[by_raw].mean(),
        permitted_share=2 * first.size / (n * (n - 1)),
    )


def raw_scores(cohort: Cohort) -> Floats:
    """Give the z-scores of the published rates, shape (n, K); 0 where none is published."""
    observed = cohort.observations.values  # noqa: PD011  # an array
    scores = (observed - np.nanmean(observed, axis=0)) / np.nanstd(observed, axis=0, ddof=1)
    return np.nan_to_num(scores)


def best_pairs(values: Floats, drawn: Drawn) -> Indices:
    """Give the positions, among the permitted pairs, of an optimal pairing."""
    n = len(drawn.cohort)
    problem = MatchingProblem(n, drawn.first, drawn.second, scale_values(values, digits=9).integers)
    position = np.full((n, n), -1)
    position[drawn.first, drawn.second] = np.arange(drawn.first.size)
    pairs = np.asarray(solve(problem).pairs())
    return position[pairs[:, 0], pairs[:, 1]]


def simulate(n: int, n_cohorts: int, *, seed: int = SEED, null: int | None = None) -> list[Outcome]:
    """Draw cohorts of n teams and try both ways on each.

    Parameters
    ----------
    n : int
        Teams a cohort, at most as many as the audit has.
    n_cohorts : int
        Cohorts to draw.
    seed : int
        With `n` and `null` it fixes every number drawn.
    null : int, optional
        Indicator on which the simulated teams do not differ.

    Returns
    -------
    list of Outcome
        One a cohort.
    """
    world = audit_world()
    rng = np.random.default_rng([seed, n, 0 if null is None else 1 + null])
    true_sd = world.rates(200_000, np.random.default_rng(seed), None).std(axis=0)
    return [try_both(draw(world, n, rng, true_sd, null)) for _ in range(n_cohorts)]


def a_year_on(persistence: float, n: int, n_cohorts: int, *, seed: int = SEED) -> float:
    """Divide what is promised for the audited year by what is true a year on.

    Parameters
    ----------
    persistence : float
        Correlation of a team's true rate between the two years, the same for every indicator.
    n, n_cohorts, seed : int
        As in :func:`simulate`.

    Returns
    -------
    float
        1 if nothing of the promise is lost.
    """
    world = audit_world()
    rng = np.random.default_rng([seed, n, int(1000 * persistence)])
    true_sd = world.rates(200_000, np.random.default_rng(seed), None).std(axis=0)
    promised, later = 0.0, 0.0
    for _ in range(n_cohorts):
        drawn = draw(world, n, rng, true_sd, None)
        fresh = (world.rates(n, rng, None) - world.mean) / true_sd
        truth = persistence * drawn.truth + np.sqrt(1 - persistence**2) * fresh
        profiles = estimate_profiles(drawn.cohort)
        pairs, certain = (drawn.first, drawn.second), np.zeros_like(profiles.covariance)
        value = expected_reciprocal_gain(profiles.mean, profiles.covariance, profiles.weights, *pairs)
        chosen = best_pairs(value, drawn)
        promised += value[chosen].sum()
        later += expected_reciprocal_gain(truth, certain, profiles.weights, *pairs)[chosen].sum()
    return promised / later


def row(n: int, outcomes: list[Outcome], null: int | None) -> dict[str, object]:
    """Sum up the outcomes of one size of cohort as one row of the table."""
    table = pd.DataFrame([vars(outcome) for outcome in outcomes])
    total = table.mean()
    difference = table["true"] - table["raw_true"]
    error = difference.std(ddof=1) / np.sqrt(len(table))
    return {
        "teams": n,
        "cohorts": len(table),
        "null indicators": 0 if null is None else 1,
        "pairs permitted": f"{total['permitted_share']:.0%}",
        "promised / true": f"{total['promised'] / total['true']:.2f}",
        "promised / true, raw": f"{total['raw_promised'] / total['raw_true']:.2f}",
        "true gain": f"{total['true']:.4f}",
        "true gain, raw": f"{total['raw_true']:.4f}",
        "difference": f"{difference.mean():+.4f} ({total['true'] / total['raw_true'] - 1:+.1%})",
        "paired standard errors": f"{difference.mean() / error:.1f}",
    }


def markdown(rows: list[dict[str, object]]) -> str:
    """Lay rows out as a Markdown table."""
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([str(cell) for cell in each.values()] for each in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _as_cohort(rates: Floats, denominators: Floats, unadjusted: Floats | None = None) -> Cohort:
    """Make a cohort of rates; with `unadjusted` (n, K), some of them are adjusted for case mix."""
    ids = tuple(f"T{number:03d}" for number in range(len(rates)))
    blank = np.full(rates.shape, np.nan)
    adjusted = () if unadjusted is None else ADJUSTED
    indicators = tuple(
        Indicator(name, denominator=f"{name}_n", unadjusted=f"{name}_raw" if number in adjusted else None)
        for number, name in enumerate(INDICATORS)
    )
    before = blank if unadjusted is None else np.where(np.isin(np.arange(7), adjusted), unadjusted, np.nan)
    return Cohort(ids, ids, indicators, Observations(rates, denominators, blank, before))


def _plan(cohorts: int | None) -> Iterator[tuple[int, int, int | None]]:
    """Sizes, numbers of cohorts, and null indicator of each row."""
    for null in (None, NULL_INDICATOR):
        for n, wanted in ((30, 1000), (80, 200), (120, 200)):
            yield n, cohorts or wanted, null


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Promised against true gain on simulated audits.")
    parser.add_argument(
        "--cohorts", type=int, help="cohorts of every size (else 1,000 of 30, 200 of 80 and of 120)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="default: %(default)s")
    settings = parser.parse_args()
    start, rows = time.perf_counter(), []
    for n, cohorts, null in _plan(settings.cohorts):
        rows.append(row(n, simulate(n, cohorts, seed=settings.seed, null=null), null))
    print(markdown(rows))
    for persistence in PERSISTENCE:
        lost = a_year_on(persistence, 80, settings.cohorts or 200, seed=settings.seed)
        print(f"\nA year on, at persistence {persistence:g}: promised / true {lost:.2f}")
    print(f"\nSeed {settings.seed}, {time.perf_counter() - start:.0f} s.")


if __name__ == "__main__":
    main()
