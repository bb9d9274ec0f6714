"""Analysing outcomes with the lottery that was drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.inference.effect import Analysis, Effect
from pairing.inference.estimand import estimand
from pairing.inference.family import family_p_values
from pairing.inference.inversion import confidence_limits, covered_effects, p_value_of, without_rounding
from pairing.inference.plan import AnalysisPlan
from pairing.inference.reference import reference_draws
from pairing.inference.statistic import adjusted_difference, difference_in_means, studentised_differences
from pairing.inference.unit_values import checked_outcomes, unit_outcomes
from pairing.lottery import covariates_of_units
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from pairing.inference.reference import Reference
    from pairing.inference.statistic import Line
    from pairing.lottery import Covariates, Lottery
    from pairing.lottery.expansion import MissingCovariates


def analyse(
    lottery: Lottery,
    intervention: Sequence[str],
    outcomes: pd.DataFrame,
    plan: AnalysisPlan | None = None,
    *,
    reserves: Sequence[str] = (),
    baseline: Mapping[str, ArrayLike] | None = None,
    missing_baseline: MissingCovariates = "refuse",
    seed: int | None = None,
    n_samples: int = 19_999,
) -> Analysis:
    """Estimate and test the effect of the intervention by the lottery that was drawn.

    Parameters
    ----------
    lottery : Lottery
        The lottery as published.
    intervention : sequence of str
        Units that were drawn.
    outcomes : pandas.DataFrame
        Outcomes of teams, indexed by team. Teams without a row have no outcome.
    plan : AnalysisPlan, optional
        What to analyse, and how. By default every outcome, two-sided, at level 0.05.
    reserves : sequence of str
        Units that were in reserve. The test is then conditional on them.
    baseline : mapping of str to array_like, length n, optional
        Baseline covariates of the teams in the order of `lottery.teams`; those that the plan names are used.
    missing_baseline : {"refuse", "mean-and-indicator"}
        What to do about missing baseline values.
    seed : int, optional
        Seed of the sample of draws, needed only where draws are neither published nor few.
    n_samples : int
        Size of that sample.

    Returns
    -------
    Analysis

    Raises
    ------
    InputDataError
        If outcomes belong to unknown teams or are no numbers, if the allocation is not among the draws of
        the lottery or names a unit twice, or if nothing can be compared.
    SettingsError
        If a sample is needed and has no seed.

    Notes
    -----
    Units are compared by the means of their teams, because units were drawn. Units without an outcome are
    left out, which is sound if the intervention does not decide whose outcome is missing.

    Examples
    --------
    Fisher's lady tasting tea: eight cups, four with the milk first, all told apart correctly.

    >>> import pandas as pd
    >>> from pairing.lottery import simple, uniform_lottery
    >>> cups = [f"cup {number}" for number in range(1, 9)]
    >>> lottery = uniform_lottery(simple(8, 4), cups, [(cup,) for cup in cups])
    >>> said = pd.DataFrame({"said milk first": [1, 1, 1, 1, 0, 0, 0, 0]}, index=cups)
    >>> plan = AnalysisPlan(alternative="greater")
    >>> result = analyse(lottery, cups[:4], said, plan)
    >>> round(1 / result.effects[0].p_value)
    70
    """
    plan = plan or AnalysisPlan()
    table = checked_outcomes(outcomes, plan.outcomes, lottery.teams)
    compared = lottery.given_reserves(reserves)
    reference = reference_draws(compared, compared.row_of(intervention), seed=seed, n_samples=n_samples)
    study = _Study(compared, reference, plan)
    effects = study.effects(table)
    if plan.adjust_for:
        wanted = _wanted_baseline(baseline or {}, plan.adjust_for)
        covariates = covariates_of_units(wanted, lottery.teams, compared.members, missing=missing_baseline)
        effects += replace(study, covariates=covariates).effects(table)
    return Analysis(effects, plan, estimand(compared, reserves))


@dataclass(frozen=True, eq=False)
class _Study:
    """One way of analysing every outcome."""

    lottery: Lottery
    reference: Reference
    plan: AnalysisPlan
    covariates: Covariates | None = None

    def effects(self, table: pd.DataFrame) -> tuple[Effect, ...]:
        """Analyse every column of a table of team outcomes."""
        found = [self._effect(str(name), table[name]) for name in table.columns]
        effects = [effect for effect, _ in found]
        if len(found) > 1:
            lines = [line for _, line in found]
            family = family_p_values(lines, self.reference.weights, self.plan.alternative)
            effects = [replace(e, p_family=p) for e, p in zip(effects, family.tolist(), strict=True)]
        return tuple(effects)

    def _effect(self, name: str, outcome: pd.Series[float]) -> tuple[Effect, Line]:
        values, counts = unit_outcomes(outcome, self.lottery.members, self.plan.missing_outcomes)
        units = _comparable(values, self.reference, name)
        reference, alternative = self.reference.of_units(units), self.plan.alternative
        line = self._line(reference, values[units], units)
        low, high = confidence_limits(line, reference.weights, self.plan.alpha, alternative)
        ends = covered_effects(line, alternative)
        effect = Effect(
            outcome=name,
            n_teams=int(counts[units].sum()),
            n_units=int(units.sum()),
            estimate=line.estimate,
            low=low,
            high=high,
            p_value=p_value_of(
                line.intercepts, line.estimate, reference.weights, alternative, line.tolerance
            ),
            p_studentised=self._p_studentised(reference, values[units]),
            p_family=math.nan,
            adjusted_for=self.plan.adjust_for if self.covariates is not None else (),
            design=self.lottery.design.kind,
            exact=reference.exact,
            n_draws=len(reference.draws),
            smallest_p=without_rounding(
                float(reference.weights[np.isinf(ends[0]) & np.isinf(ends[1])].sum())
            ),
            null_estimates=line.intercepts,
            weights=reference.weights,
            notes=_notes(values, units, counts, self.lottery),
        )
        return effect, line

    def _line(self, reference: Reference, values: NDArray[np.float64], units: NDArray[np.bool_]) -> Line:
        if self.covariates is None:
            return difference_in_means(reference, values)
        return adjusted_difference(reference, values, self.covariates.matrix[units])

    def _p_studentised(self, reference: Reference, values: NDArray[np.float64]) -> float:
        if self.covariates is not None:
            return math.nan
        observed = studentised_differences(reference.observed[None, :], values, reference.strata)
        ratios = studentised_differences(reference.draws, values, reference.strata)
        if observed is None or ratios is None or np.isnan(observed[0]):
            return math.nan
        value = float(observed[0])
        tolerance = 1e-9 * abs(value) if math.isfinite(value) else 0.0
        return p_value_of(ratios, value, reference.weights, self.plan.alternative, tolerance)


def _wanted_baseline(baseline: Mapping[str, ArrayLike], adjust_for: Sequence[str]) -> dict[str, ArrayLike]:
    absent = [name for name in adjust_for if name not in baseline]
    if absent:
        raise InputDataError([Problem("is not among the baseline covariates", value=name) for name in absent])
    return {name: baseline[name] for name in adjust_for}


def _comparable(values: NDArray[np.float64], reference: Reference, name: str) -> NDArray[np.bool_]:
    """Choose the units with an outcome that have another such unit in their stratum."""
    present = ~np.isnan(values)
    number = np.bincount(reference.strata, weights=present)
    units = np.asarray(present & (number[reference.strata] >= 2))
    arms = reference.observed[units]
    if not units.any() or arms.all() or not arms.any():
        raise InputDataError(
            [Problem("has no outcome in both arms, so nothing can be compared", column=name)]
        )
    return units


def _notes(
    values: NDArray[np.float64], units: NDArray[np.bool_], counts: NDArray[np.intp], lottery: Lottery
) -> tuple[str, ...]:
    notes = []
    if not units.all():
        named = shortened([lottery.units[unit] for unit in np.flatnonzero(~units).tolist()])
        total = counted(len(units), lottery.unit_noun)
        notes.append(f"{(~units).sum()} of {total} could not be compared for want of outcomes: {named}")
    partly = [lottery.units[u] for u in np.flatnonzero(units).tolist() if counts[u] < len(lottery.members[u])]
    if partly:
        number, verb = counted(len(partly), lottery.unit_noun), "is" if len(partly) == 1 else "are"
        notes.append(f"{number} {verb} represented by some of the teams only: {shortened(partly)}")
    if np.ptp(values[units]) == 0:
        notes.append("every unit has the same value")
    return tuple(notes)
