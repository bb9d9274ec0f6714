"""Two teams on one indicator: what was observed, what it probably means, and who can learn."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.pairs.gain import expected_absolute
from pairing.planning.figures import rate

if TYPE_CHECKING:
    from pairing.cohort import Cohort, Indicator
    from pairing.profiles import Profiles


@dataclass(frozen=True)
class Observed:
    """What the audit observed of one team on one indicator; None where it did not, or does not apply.

    Parameters
    ----------
    value : float or None
        The value in the indicator's own direction; a proportion between 0 and 1, or a number in its own unit.
        None also where the settings treat a capped value as missing.
    unadjusted : float or None
        The unadjusted rate, of an indicator that is adjusted for case mix.
    patients : int or None
        Patients behind the rate.
    patients_with : int or None
        How many of them, by the (unadjusted) rate: the nearest whole number.
    standard_error : float or None
        Sampling standard error of the value as the profiles use it.
    """

    value: float | None
    unadjusted: float | None
    patients: int | None
    patients_with: int | None
    standard_error: float | None

    def in_words(self, indicator: Indicator, between_team_sd: float) -> str:
        """The value with the patients or the standard error behind it, short enough for a table."""
        if self.value is None or self.standard_error is None:
            return "not known"
        value = rate(self.value, indicator, between_team_sd)
        if self.patients is not None:
            return f"{value} of {self.patients:,}"
        return f"{value} ± {rate(self.standard_error, indicator, between_team_sd)}"


@dataclass(frozen=True)
class Comparison:
    """Two teams on one indicator. Profiles and differences are in between-team SD, positive = better.

    Parameters
    ----------
    indicator, label : str
        Column and name of the indicator.
    weight : float
        Its weight; all weights sum to 1.
    usable : bool
        Whether teams really differ on it; if not, it is worth nothing to a pairing.
    higher_is_better : bool
        Direction of the observed values.
    observed_a, observed_b : Observed
        What was observed of either team.
    average : float
        The average team's value, in the unit and direction of the observed ones.
    target : float or None
        The programme's target, in the same unit.
    shown_a, shown_b, shown_average : str
        The same as short text.
    profile_a, profile_b : float or None
        Posterior mean of either team; None where not usable.
    difference : float or None
        ``profile_b - profile_a``.
    difference_sd : float or None
        Posterior standard deviation of the true difference.
    probability_b_better : float or None
        Posterior probability that team_b is truly the better of the two.
    gain_a, gain_b : float
        Part of the expected gain of either team that comes from this indicator: what it can learn there.
    """

    indicator: str
    label: str
    weight: float
    usable: bool
    higher_is_better: bool
    observed_a: Observed
    observed_b: Observed
    average: float
    target: float | None
    shown_a: str
    shown_b: str
    shown_average: str
    profile_a: float | None
    profile_b: float | None
    difference: float | None
    difference_sd: float | None
    probability_b_better: float | None
    gain_a: float
    gain_b: float

    @property
    def counts(self) -> bool:
        """Whether the indicator enters the value of a pair."""
        return self.usable and self.weight > 0

    @property
    def b_teaches(self) -> bool:
        """Whether team_b has more to teach here than team_a."""
        return self.gain_a >= self.gain_b

    @property
    def against_appearances(self) -> bool:
        """Whether the team with the better observed value is not the one that is probably better."""
        a, b = self.observed_a.value, self.observed_b.value
        if a is None or b is None or a == b:
            return False
        return ((b > a) == self.higher_is_better) != self.b_teaches

    @property
    def probability_real(self) -> float | None:
        """Posterior probability that the team that seems better is truly better."""
        if self.probability_b_better is None:
            return None
        return self.probability_b_better if self.b_teaches else 1.0 - self.probability_b_better

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return asdict(self)


def compare(cohort: Cohort, profiles: Profiles, first: int, second: int) -> tuple[Comparison, ...]:
    """Compare two teams indicator by indicator.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles.
    first, second : int
        Positions of team_a and team_b.

    Returns
    -------
    tuple of Comparison
        Those from which most can be learned first; those that are worth nothing last, in their own order.
    """
    found = [_compare_on(cohort, profiles, number, first, second) for number in range(len(cohort.indicators))]
    return tuple(sorted(found, key=lambda each: (not each.counts, -max(each.gain_a, each.gain_b))))


def _compare_on(cohort: Cohort, profiles: Profiles, number: int, first: int, second: int) -> Comparison:
    indicator = cohort.indicators[number]
    sd = float(profiles.model.sd[number])
    seen_a, seen_b = (_observed(cohort, profiles, number, team) for team in (first, second))
    sign = 1.0 if indicator.higher_is_better else -1.0
    average = sign * float(profiles.model.mean[number])
    return Comparison(
        indicator=indicator.column,
        label=indicator.title,
        weight=float(profiles.weights[number]),
        usable=bool(profiles.model.usable[number]),
        higher_is_better=bool(indicator.higher_is_better),
        observed_a=seen_a,
        observed_b=seen_b,
        average=average,
        target=indicator.scaled_target,
        shown_a=seen_a.in_words(indicator, sd),
        shown_b=seen_b.in_words(indicator, sd),
        shown_average=rate(average, indicator, sd),
        **_posterior(profiles, number, first, second),
    )


def _observed(cohort: Cohort, profiles: Profiles, number: int, team: int) -> Observed:
    seen, measured = cohort.observations, profiles.measurements
    if not measured.observed[team, number]:
        return Observed(None, None, None, None, None)
    value, unadjusted = float(seen.values[team, number]), _known(seen.unadjusted[team, number])
    patients = _known(seen.denominators[team, number])
    counted = value if unadjusted is None else unadjusted
    return Observed(
        value=value,
        unadjusted=unadjusted,
        patients=None if patients is None else round(patients),
        patients_with=None if patients is None else round(counted * patients),
        standard_error=float(np.sqrt(measured.variances[team, number])),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _posterior(profiles: Profiles, number: int, first: int, second: int) -> dict[str, Any]:
    """What is probably true, from the independent posteriors of the two teams."""
    if not profiles.model.usable[number]:
        unknown = ("profile_a", "profile_b", "difference", "difference_sd", "probability_b_better")
        return dict.fromkeys(unknown) | {"gain_a": 0.0, "gain_b": 0.0}
    from scipy.special import ndtr

    mean_a, mean_b = (float(profiles.mean[team, number]) for team in (first, second))
    variance = sum(float(profiles.covariance[team, number, number]) for team in (first, second))
    difference, deviation = mean_b - mean_a, math.sqrt(variance)
    contrast = float(expected_absolute(np.array(difference), np.array(variance)))
    weight = float(profiles.weights[number])
    sure = 0.5 if difference == 0 else float(difference > 0)
    return {
        "profile_a": mean_a,
        "profile_b": mean_b,
        "difference": difference,
        "difference_sd": deviation,
        "probability_b_better": float(ndtr(difference / deviation)) if deviation > 0 else sure,
        "gain_a": weight * 0.5 * (contrast + difference),
        "gain_b": weight * 0.5 * (contrast - difference),
    }
