"""The profiles as tables for people: every indicator, and every team on every indicator, in its own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS
from pairing.profiles.intervals import Z_95, rate_intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]


def indicators_frame(cohort: Cohort, profiles: Profiles) -> pd.DataFrame:
    """Tabulate the indicators with the columns of ``indicators.csv``.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles.

    Returns
    -------
    pandas.DataFrame
        One row an indicator, in the order of the settings: ``indicator, label, unit, higher_is_better,
        weight, usable, p_heterogeneity, average, between_team_sd, target, n_teams``. `average` is the model's
        mean; it, `between_team_sd` (0 where teams do not really differ) and `target` are in the indicator's
        own unit. Weights sum to 1.
    """
    indicators, model = cohort.indicators, profiles.model
    scale, sign = _scale(cohort), _sign(cohort)
    return pd.DataFrame(
        {
            "indicator": [each.column for each in indicators],
            "label": [each.title for each in indicators],
            "unit": [each.unit for each in indicators],
            "higher_is_better": [bool(each.higher_is_better) for each in indicators],
            "weight": profiles.weights.round(VALUE_DIGITS),
            "usable": list(model.usable),
            "p_heterogeneity": np.array([test.p_value for test in model.heterogeneity]).round(VALUE_DIGITS),
            "average": (scale * sign * model.mean).round(VALUE_DIGITS),
            "between_team_sd": (scale * model.sd).round(VALUE_DIGITS),
            "target": np.array([np.nan if each.target is None else each.target for each in indicators]),
            "n_teams": profiles.measurements.observed.sum(axis=0),
        }
    )


def profiles_frame(cohort: Cohort, profiles: Profiles) -> pd.DataFrame:
    """Tabulate every team on every indicator with the columns of ``profiles.csv``.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles.

    Returns
    -------
    pandas.DataFrame
        Teams by id, and for each the indicators in the order of the settings: ``team, indicator, value,
        unadjusted, patients, low, high, estimate, estimate_low, estimate_high``. The value with its 95%
        interval is in the indicator's own unit, see :func:`pairing.profiles.intervals.rate_intervals`; the
        estimate, the posterior mean with its 95% posterior interval, in between-team SD, positive = better
        than the average. Blank where something is not known, and for estimates of indicators on which teams
        do not really differ.
    """
    seen, observed = cohort.observations, profiles.measurements.observed
    low, high = rate_intervals(cohort, profiles)
    scale, usable = _scale(cohort), np.array(profiles.model.usable)
    estimate = np.where(usable, profiles.mean, np.nan)
    half = Z_95 * np.sqrt(np.einsum("nkk->nk", profiles.covariance))

    def known(values: Floats) -> Floats:
        return np.where(observed, values, np.nan)

    return pd.DataFrame(
        {
            "team": np.repeat(np.array(cohort.ids, dtype=object), len(cohort.indicators)),
            "indicator": [each.column for each in cohort.indicators] * len(cohort),
            "value": _column(scale * known(seen.values)),
            "unadjusted": _column(scale * known(seen.unadjusted)),
            "patients": _column(known(seen.denominators)),
            "low": _column(scale * low),
            "high": _column(scale * high),
            "estimate": _column(estimate),
            "estimate_low": _column(estimate - half),
            "estimate_high": _column(estimate + half),
        }
    )


def _column(values: Floats) -> Floats:
    rounded: Floats = values.ravel().round(VALUE_DIGITS)
    return rounded


def _scale(cohort: Cohort) -> Floats:
    """What turns proportions into the unit of each indicator."""
    return np.array([each.per_unit for each in cohort.indicators])


def _sign(cohort: Cohort) -> Floats:
    return np.array([1.0 if each.higher_is_better else -1.0 for each in cohort.indicators])
