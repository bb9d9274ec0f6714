"""Profiles: every team's indicators with the noise removed and the uncertainty kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.profiles.estimate import estimate_model
from pairing.profiles.measurements import Measurements, measure
from pairing.profiles.notes import write_notes
from pairing.profiles.posterior import posterior
from pairing.profiles.threads import one_blas_thread
from pairing.shown import show_result, show_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.cohort.indicator import Indicator
    from pairing.profiles.model import ProfileModel

    Array = NDArray[np.float64]

_ONE_YEAR = (
    "Profiles describe the audited year. A year on, where a team's true rates correlate by .9, .7 or .5 with "
    "those of the audited year, a promised gain is about 1.1, 1.2 or 1.4 times what comes true (simulated)."
)


@dataclass(frozen=True, eq=False)
class Profiles:
    """What each team's indicators probably are, in units of the between-team SD, positive = better.

    Make them with :func:`estimate_profiles` or, from stored parameters, :func:`profiles_from_model`.

    Parameters
    ----------
    ids : tuple of str, length n
        The teams, in the cohort's order.
    indicators : tuple of Indicator, length K
        The indicators.
    model : ProfileModel
        The fitted parameters.
    measurements : Measurements
        What was observed, with its sampling variances.
    mean : ndarray of float, shape (n, K)
        Posterior means; 0 for indicators that are not usable.
    covariance : ndarray of float, shape (n, K, K)
        Posterior covariances; zeros for indicators that are not usable.
    weights : ndarray of float, shape (K,)
        Indicator weights scaled to sum to 1 over all indicators, usable or not.
    notes : tuple of str
        What a reader must know about these profiles.
    """

    ids: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    model: ProfileModel
    measurements: Measurements
    mean: Array
    covariance: Array
    weights: Array
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("mean", "covariance", "weights"):
            getattr(self, name).setflags(write=False)

    def __repr__(self) -> str:
        n_usable = sum(self.model.usable)
        return f"Profiles({len(self.ids)} teams, {len(self.indicators)} indicators, {n_usable} usable)"

    @property
    def level(self) -> Array:
        """Overall level of each team, shape (n,): the weighted mean of its posterior means."""
        level: Array = self.mean @ self.weights
        return level

    @property
    def level_variance(self) -> Array:
        """Posterior variance of each team's level, shape (n,).

        That of the gap between two teams' levels is the sum of the two.
        """
        variance: Array = np.einsum("a,nab,b->n", self.weights, self.covariance, self.weights)
        return np.maximum(variance, 0.0)

    @property
    def n_observed(self) -> NDArray[np.int64]:
        """How many indicators were observed of each team, shape (n,)."""
        count: NDArray[np.int64] = self.measurements.observed.sum(axis=1)
        return count

    def to_frame(self) -> pd.DataFrame:
        """Give one row a team and indicator.

        Returns
        -------
        pandas.DataFrame
            Columns `team`, `indicator`, `label`, `value` and `standard_error` as observed (in the
            indicator's own unit and direction), `mean` and `sd` of the posterior (in between-team SDs,
            positive = better), and `usable`.
        """
        n, k = self.mean.shape
        measured = self.measurements
        sign = np.array([1.0 if each.higher_is_better else -1.0 for each in self.indicators])
        observed = sign * measured.values  # noqa: PD011  # these are arrays
        return pd.DataFrame(
            {
                "team": np.repeat(np.array(self.ids, dtype=object), k),
                "indicator": [each.column for each in self.indicators] * n,
                "label": [each.title for each in self.indicators] * n,
                "value": observed.ravel(),
                "standard_error": np.sqrt(measured.variances).ravel(),
                "mean": self.mean.ravel(),
                "sd": np.sqrt(np.einsum("nkk->nk", self.covariance)).ravel(),
                "usable": list(self.model.usable) * n,
            }
        )

    def indicator_frame(self) -> pd.DataFrame:
        """Give one row an indicator: what the model says of it.

        Returns
        -------
        pandas.DataFrame
            Columns `indicator`, `weight`, `n_teams`, `mean` and `between_team_sd` (own unit and direction),
            `typical_standard_error` (the median one), `p_value` of Cochran's test, and `usable`.
        """
        sign = [1.0 if each.higher_is_better else -1.0 for each in self.indicators]
        errors = [_median(column) for column in np.sqrt(self.measurements.variances).T]
        return pd.DataFrame(
            {
                "indicator": [each.title for each in self.indicators],
                "weight": self.weights,
                "n_teams": self.measurements.observed.sum(axis=0),
                "mean": np.array(sign) * self.model.mean,
                "between_team_sd": self.model.sd,
                "typical_standard_error": errors,
                "p_value": [test.p_value for test in self.model.heterogeneity],
                "usable": list(self.model.usable),
            }
        )

    def summary(self) -> str:
        """Say in a few lines what the profiles rest on."""
        table = self.indicator_frame().to_string(index=False, float_format="{:.3f}".format)
        return "\n".join([self._coverage(), table, *self.notes, _ONE_YEAR])

    def _coverage(self) -> str:
        n_usable = sum(self.model.usable)
        return f"Profiles of {len(self.ids)} teams on {n_usable} usable of {len(self.indicators)} indicators."

    def _repr_html_(self) -> str:
        table = show_table(self.indicator_frame(), "The indicators", whole=".indicator_frame()")
        return show_result("Profiles", "\n".join([self._coverage(), *self.notes, _ONE_YEAR]), table)


def estimate_profiles(cohort: Cohort, *, dispersion: float = 1.0) -> Profiles:
    """Estimate what each team's indicators really are.

    Parameters
    ----------
    cohort : Cohort
        The teams and what was observed of them.
    dispersion : float
        Every sampling variance is multiplied by it; above 0. No dispersion is estimated: variation beyond
        chance within the year is part of the covariance between teams.

    Returns
    -------
    Profiles
        Posterior means and covariances in between-team SDs, positive = better. Indicators without real
        differences are kept with zeros, and the notes say so.

    Raises
    ------
    InputDataError
        If an observation has no usable denominator or standard error.
    SettingsError
        If `dispersion` is not above 0 or all weights are 0.
    SolverError
        If the fit does not come to rest.

    See Also
    --------
    profiles_from_model : The same from stored parameters.
    check_model : Prove that stored parameters solve the model's equations.

    Notes
    -----
    Estimates y_i are normal about the team's true values θ_i with known sampling variances; the true values
    are normal between teams with a full covariance, fitted by restricted maximum likelihood. Missing
    indicators are integrated out.

    References
    ----------
    .. [1] Efron and Morris (1975), "Data analysis using Stein's estimator and its generalizations",
       JASA 70(350).
    .. [2] Spiegelhalter (2005), "Funnel plots for comparing institutional performance",
       Statistics in Medicine 24(8).

    Examples
    --------
    >>> from pairing.cohort import Cohort, Indicator, Observations
    >>> rates, none = np.array([[0.1], [0.3], [0.8]]), np.full((3, 1), np.nan)
    >>> cohort = Cohort(("a", "b", "c"), ("A", "B", "C"), (Indicator("seen", denominator="patients"),),
    ...                 Observations(rates, np.full((3, 1), 40.0), none, none))
    >>> estimate_profiles(cohort).mean.round(2).ravel()
    array([-0.81, -0.27,  1.08])
    """
    measurements = measure(cohort, dispersion=dispersion)
    columns = tuple(indicator.column for indicator in cohort.indicators)
    with one_blas_thread():
        model = estimate_model(measurements, columns, dispersion=dispersion)
        return _assemble(cohort, measurements, model)


def profiles_from_model(cohort: Cohort, model: ProfileModel) -> Profiles:
    """Make profiles from stored parameters, without fitting.

    Parameters
    ----------
    cohort : Cohort
        The teams and what was observed of them.
    model : ProfileModel
        Parameters fitted earlier, for the same indicators; perhaps to other teams.

    Returns
    -------
    Profiles
        What :func:`estimate_profiles` gives when it arrives at this model. Pooled proportions come from the
        model too, so that a team's profile stays the same when others leave or join (but for the floor under
        absurdly small standard errors, which is a share of what the teams at hand show).

    Raises
    ------
    InputDataError
        If the model is for other indicators, or an observation cannot be used.
    SettingsError
        If all weights are 0.
    """
    columns = tuple(indicator.column for indicator in cohort.indicators)
    if columns != model.indicators:
        raise InputDataError(
            [
                Problem(
                    f"the profile model is for the indicators {', '.join(model.indicators)}",
                    expected=", ".join(columns),
                )
            ]
        )
    with one_blas_thread():
        measurements = measure(cohort, dispersion=model.dispersion, pooled=model.pooled)
        return _assemble(cohort, measurements, model)


def _assemble(cohort: Cohort, measurements: Measurements, model: ProfileModel) -> Profiles:
    mean, covariance = posterior(measurements, model)
    return Profiles(
        ids=cohort.ids,
        indicators=cohort.indicators,
        model=model,
        measurements=measurements,
        mean=mean,
        covariance=covariance,
        weights=_scaled_weights(cohort.indicators),
        notes=write_notes(cohort, measurements, model),
    )


def _scaled_weights(indicators: tuple[Indicator, ...]) -> Array:
    weights = np.array([indicator.weight for indicator in indicators], dtype=np.float64)
    if not weights.any():
        raise SettingsError([Problem("no indicator has a weight above 0", column="indicators.weight")])
    weights = weights / weights.max()
    scaled: Array = weights / weights.sum()
    return scaled


def _median(column: Array) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if known.size else float("nan")
