"""What a reader must know about the profiles, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles.measurements import Measurements
    from pairing.profiles.model import ProfileModel

#: A team further than this from what the model expects, in predictive SDs, is reported.
OUTLIER_SD = 4.0
_NAMES_SHOWN = 5


def write_notes(cohort: Cohort, measurements: Measurements, model: ProfileModel) -> tuple[str, ...]:
    """Say what is unusual about the profiles.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    measurements : Measurements
        Their estimates and sampling variances.
    model : ProfileModel
        The fitted parameters.

    Returns
    -------
    tuple of str
        Sentences on indicators without real differences, capped rates, outliers, and teams of which most
        indicators were not observed. Empty if there is nothing to say.
    """
    return (
        *_unusable(cohort, model),
        *_capped(cohort, measurements),
        *_outliers(cohort, measurements, model),
        *_unobserved(cohort, measurements),
    )


def name_some(names: Sequence[str], shown: int = _NAMES_SHOWN) -> str:
    """List names, cut off politely.

    Examples
    --------
    >>> name_some(["A", "B", "C"], shown=2)
    'A, B and 1 more'
    >>> name_some(["A", "B"])
    'A and B'
    """
    if len(names) > shown:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _unusable(cohort: Cohort, model: ProfileModel) -> Iterator[str]:
    rows = zip(cohort.indicators, model.usable, model.heterogeneity, strict=True)
    for indicator, usable, test in rows:
        if not usable and test.is_real:
            yield (
                f"'{indicator.title}' has no variance between teams left once all indicators are fitted "
                "together. It counts for nothing in a pair's value; its weight is not handed on."
            )
        elif not usable:
            yield (
                f"'{indicator.title}' shows no differences between teams beyond chance (Cochran's Q "
                f"{test.q:.1f} on {test.degrees_of_freedom} degrees of freedom, p = {test.p_value:.2f}). It "
                "counts for nothing in a pair's value; its weight is not handed on."
            )
    if not any(model.usable):
        yield "No indicator shows real differences between teams: there is nothing to pair on."


def _capped(cohort: Cohort, measurements: Measurements) -> Iterator[str]:
    for number, indicator in enumerate(cohort.indicators):
        teams = _names(cohort, np.flatnonzero(measurements.capped[:, number]))
        if teams:
            missing = indicator.capped == "missing"
            treated = "treated as missing" if missing else "given the pooled rate's variance"
            yield (
                f"'{indicator.title}' is exactly 100% after adjustment, but not before it, for "
                f"{name_some(teams)}: this looks capped and was {treated}."
            )


def _outliers(cohort: Cohort, measurements: Measurements, model: ProfileModel) -> Iterator[str]:
    distances = outlier_distances(measurements, model)
    for number, indicator in enumerate(cohort.indicators):
        column = np.nan_to_num(distances[:, number])
        far = np.flatnonzero(np.abs(column) > OUTLIER_SD)
        far = far[np.argsort(-np.abs(column[far]), kind="stable")]
        if far.size:
            teams = [f"{cohort.names[row]} ({column[row]:+.1f} SD)" for row in far]
            yield f"'{indicator.title}': far from all other teams: {name_some(teams)}."


def outlier_distances(measurements: Measurements, model: ProfileModel) -> NDArray[np.float64]:
    """Give how far each estimate lies from the mean, in SDs of its predictive distribution.

    Parameters
    ----------
    measurements : Measurements
        Estimates of n teams on K indicators.
    model : ProfileModel
        The fitted parameters.

    Returns
    -------
    ndarray of float, shape (n, K)
        (y − μ)/√(Σ_kk + s²), positive = better; NaN where missing or without any spread.
    """
    spread = np.sqrt(model.sd**2 + measurements.variances)
    spread[spread == 0] = np.nan
    return (measurements.values - model.mean) / spread


def _unobserved(cohort: Cohort, measurements: Measurements) -> Iterator[str]:
    k = len(cohort.indicators)
    count = measurements.observed.sum(axis=1)
    for n_observed in np.unique(count[2 * count < k]):
        teams = _names(cohort, np.flatnonzero(count == n_observed))
        yield (
            f"{name_some(teams)}: {n_observed or 'none'} of {k} indicators observed. The rest of the profile "
            "rests on how indicators go together in other teams."
        )


def _names(cohort: Cohort, rows: Iterable[int]) -> list[str]:
    return [cohort.names[row] for row in rows]
