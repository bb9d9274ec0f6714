"""The audit made a second time on the same teams: new counts, and profiles from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.pairs import PairModel, PairTable
from pairing.pairs.gain import expected_reciprocal_gain
from pairing.planning.robustness.redraw import (
    Draw,
    PairList,
    Redraw,
    beside_triad,
    symmetric_root,
    whole_units,
)
from pairing.rules import MaxLevelGap, Require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.planning.pairing import Pairing
    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Recount:
    """What another audit of the same patients' numbers could find; the arrays have shape (n, K) or (K,).

    Parameters
    ----------
    mean, root : ndarray of float, shapes (n, K) and (n, K, K)
        Posterior of the true rates in between-team SD: means, and roots of the covariances.
    centre, sd : ndarray of float, shape (K,)
        Mean and SD of the true values between teams, in own units with the sign turned where lower is better.
    sign : ndarray of float, shape (K,)
        -1 where lower is better, else 1.
    denominators : ndarray of int, shape (n, K)
        Patients; 0 where a standard error was given or nothing was observed.
    case_mix : ndarray of float, shape (n, K)
        Unadjusted rate that goes with an adjusted rate of 1: the team's expected rate over the pooled one.
    error : ndarray of float, shape (n, K)
        Standard errors of values that have no denominator; NaN elsewhere.
    dispersion : float
        What every sampling variance is multiplied by.
    """

    mean: Floats
    root: Floats
    centre: Floats
    sd: Floats
    sign: Floats
    denominators: Indices
    case_mix: Floats
    error: Floats
    dispersion: float

    @classmethod
    def of(cls, cohort: Cohort, profiles: Profiles, columns: Indices) -> Recount:
        """Prepare for the indicators at some columns."""
        model, measured, seen = profiles.model, profiles.measurements, cohort.observations
        observed = measured.observed[:, columns]
        counted = observed & np.isfinite(seen.denominators[:, columns])
        return cls(
            mean=profiles.mean[:, columns],
            root=symmetric_root(profiles.covariance[:, columns[:, None], columns]),
            centre=model.mean[columns],
            sd=model.sd[columns],
            sign=np.array([1.0 if cohort.indicators[k].higher_is_better else -1.0 for k in columns]),
            denominators=np.where(counted, seen.denominators[:, columns], 0.0).astype(np.int64),
            case_mix=_case_mix(cohort, profiles)[:, columns],
            error=np.where(
                observed & np.logical_not(counted), np.sqrt(measured.variances[:, columns]), np.nan
            ),
            dispersion=model.dispersion,
        )

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw true values, then what an audit finds.

        Returns
        -------
        ndarray of float, shape (n, K)
            Estimates in between-team SD about the mean, positive = better; NaN where nothing is observed.
        """
        theta = self.mean + np.einsum("nab,nb->na", self.root, rng.standard_normal(self.mean.shape))
        true = self.centre + self.sd * theta
        found = np.where(self.denominators > 0, self._counted(true, rng), self._measured(true, rng))
        estimates: Floats = (found - self.centre) / self.sd
        return estimates

    def _counted(self, true: Floats, rng: np.random.Generator) -> Floats:
        """Rates of patients counted: binomial, adjusted for case mix as the published ones were."""
        rate = np.clip(self.sign * true * self.case_mix, 0.0, 1.0)
        count = rng.binomial(self.denominators, rate)
        found = rate + np.sqrt(self.dispersion) * (count / np.maximum(self.denominators, 1) - rate)
        estimates: Floats = self.sign * found / self.case_mix
        return estimates

    def _measured(self, true: Floats, rng: np.random.Generator) -> Floats:
        """Values with a standard error of their own: normal."""
        found: Floats = true + self.error * rng.standard_normal(true.shape)
        return found


@dataclass(frozen=True, eq=False)
class CountsRedraw(Redraw):
    """Draws of the profiles that a second audit of the same teams would give.

    Parameters
    ----------
    recount : Recount
        What is counted anew.
    shrinkage : ndarray of float, shape (n, K, K)
        Turns a team's estimates into its posterior mean.
    covariance : ndarray of float, shape (n, K, K)
        Posterior covariances, which do not depend on what is counted.
    weights : ndarray of float, shape (K,)
        Weights of the indicators; 0 for one that only helps to estimate the others.
    gap_penalty : float
        What each SD between the levels takes off a pair's value.
    cap : float
        Largest level gap permitted; infinite without such a rule.
    required, plan_required : ndarray of bool, shapes (m,) and (k,)
        Pairs that the rules require, whatever their levels.

    Notes
    -----
    True rates are drawn from their posterior, then counts from the rates. Counts drawn about the *observed*
    rates would carry the noise of the audit twice (variance Σ + 2S between teams, S that of sampling); about
    the *posterior means*, which vary less than the truth, too little. This way estimates vary between teams
    as those of an audit do, by Σ + S.

    The fitted model (means, covariance, pooled rates, and which indicators are usable) is kept. Fitted anew,
    each draw would have another between-team SD as its unit, and an indicator near the significance level
    would come and go, so that totals could not be compared. With the model, denominators and case mix
    kept, so are sampling variances and posterior covariances: only the means change.
    """

    recount: Recount = field(repr=False)
    shrinkage: Floats = field(repr=False)
    covariance: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    gap_penalty: float
    cap: float
    required: Flags = field(repr=False)
    plan_required: Flags = field(repr=False)

    @classmethod
    def of(cls, pairing: Pairing) -> CountsRedraw:
        """Prepare the draws for a plan."""
        profiles, cohort, model = pairing.profiles, pairing.cohort, pairing.table.model
        columns = np.flatnonzero(profiles.model.usable)
        rules = model.rules.rules
        capless = tuple(rule for rule in rules if not isinstance(rule, MaxLevelGap))
        fixed = replace(
            model,
            rules=replace(model.rules, rules=capless),
            preferences=replace(model.preferences, level_gap=0.0),
        )
        candidates = _fixed_penalties(fixed, *beside_triad(pairing, PairTable.build(fixed)))
        plan = _fixed_penalties(fixed, pairing.pairs[:, 0], pairing.pairs[:, 1])
        together = {pair for rule in rules if isinstance(rule, Require) for pair in rule.pairs}
        return cls(
            n_teams=len(cohort),
            candidates=candidates,
            plan=plan,
            recount=Recount.of(cohort, profiles, columns),
            shrinkage=_shrinkage(profiles, columns),
            covariance=profiles.covariance[:, columns[:, None], columns],
            weights=profiles.weights[columns],
            gap_penalty=model.preferences.level_gap,
            cap=min((rule.sd for rule in rules if isinstance(rule, MaxLevelGap)), default=np.inf),
            required=_among(together, cohort, candidates),
            plan_required=_among(together, cohort, plan),
        )

    def draw(self, rng: np.random.Generator) -> Draw:
        """Count anew, estimate the profiles from it, and apply the cap on the level gap to the new levels."""
        mean = self.profiles(self.recount.draw(rng))
        level = np.einsum("nk,k->n", mean, self.weights)
        candidates, gap = self._values(mean, level, self.candidates)
        plan, plan_gap = self._values(mean, level, self.plan)
        return Draw(
            candidates=candidates,
            plan=plan,
            candidates_permitted=(gap <= self.cap) | self.required,
            plan_permitted=(plan_gap <= self.cap) | self.plan_required,
        )

    def profiles(self, estimates: Floats) -> Floats:
        """Posterior means of teams whose audit found these estimates, both of shape (n, K)."""
        mean: Floats = np.einsum("nab,nb->na", self.shrinkage, np.nan_to_num(estimates))
        return mean

    def _values(self, mean: Floats, level: Floats, pairs: PairList) -> tuple[Indices, Floats]:
        gain = expected_reciprocal_gain(mean, self.covariance, self.weights, pairs.first, pairs.second)
        gap = np.abs(level[pairs.second] - level[pairs.first])
        return whole_units(gain - pairs.penalty - self.gap_penalty * gap), gap


def _case_mix(cohort: Cohort, profiles: Profiles) -> Floats:
    """Expected over pooled rate of each team and indicator; 1 where no case mix can be recovered.

    An adjusted rate is the pooled rate times observed over expected, so this ratio is unadjusted over
    adjusted. It is a property of the patients, and stays when they are counted anew.
    """
    seen, measured = cohort.observations, profiles.measurements
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = seen.unadjusted / seen.values
        expected = measured.pooled * ratio
    recovered = (expected > 0) & (expected < 1) & np.logical_not(measured.capped)
    return np.where(recovered, ratio, 1.0)


def _shrinkage(profiles: Profiles, columns: Indices) -> Floats:
    """V S⁻¹ of each team, which turns estimates into posterior means; zeros where nothing is observed."""
    sampling = profiles.measurements.variances[:, columns] / profiles.model.sd[columns] ** 2
    precision = np.nan_to_num(1.0 / sampling)
    shrinkage: Floats = profiles.covariance[:, columns[:, None], columns] * precision[:, None, :]
    return shrinkage


def _fixed_penalties(model: PairModel, first: Indices, second: Indices) -> PairList:
    return PairList(first, second, np.nan_to_num(model.preferences.penalty(model.facts.pairs(first, second))))


def _among(together: set[tuple[str, str]], cohort: Cohort, pairs: PairList) -> Flags:
    """Which pairs the rules require."""
    position = {team: at for at, team in enumerate(cohort.ids)}
    keys = [position[a] * len(cohort) + position[b] for a, b in together]
    listed: Flags = np.isin(pairs.first * len(cohort) + pairs.second, np.array(keys, np.int64))
    return listed
