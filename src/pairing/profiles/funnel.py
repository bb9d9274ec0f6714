"""Funnel limits: how far from the standard a team's result may be by chance, given how precise it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem, SettingsError
from pairing.profiles.funnel_limits import between_team_sd, exact_limits, winsorised_dispersion
from pairing.profiles.measurements import measure
from pairing.profiles.profiles import Profiles
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pairing.cohort import Cohort, Indicator

    Array = NDArray[np.float64]

Overdispersion = Literal["additive", "multiplicative"]

LIMITS = (0.95, 0.998)
"""The customary limits: about two and about three standard errors."""


@dataclass(frozen=True, eq=False)
class Funnel:
    """Results of all teams on one indicator, and the limits between which chance alone would keep them.

    Make one with :func:`funnel`.

    Parameters
    ----------
    indicator : Indicator
        The indicator.
    ids : tuple of str, length n
        The teams that have a result.
    values : ndarray of float, shape (n,)
        Their results; proportions between 0 and 1, or numbers in the indicator's own unit and direction.
    standard_errors : ndarray of float, shape (n,)
        Sampling standard errors *at the standard*.
    standard : float
        What results are compared with.
    limits : tuple of float
        Shares of the results that chance alone keeps inside, ascending.
    overdispersion : {"additive", "multiplicative"} or None
        How variation beyond chance is allowed for.
    phi : float
        Mean square of the winsorised z-scores, 1 if there is only chance.
    tau : float
        Standard deviation between teams of the additive model, in the unit of `values`; 0 if chance
        explains all.
    """

    indicator: Indicator
    ids: tuple[str, ...]
    values: Array
    standard_errors: Array
    standard: float
    limits: tuple[float, ...]
    overdispersion: Overdispersion | None
    phi: float
    tau: float

    def __post_init__(self) -> None:
        for name in ("values", "standard_errors"):
            getattr(self, name).setflags(write=False)

    def __repr__(self) -> str:
        return f"<Funnel: {self.indicator.title}, {len(self.ids)} teams>"

    @property
    def is_rate(self) -> bool:
        """Whether the results are proportions of patients."""
        return self.indicator.denominator is not None

    @cached_property
    def sizes(self) -> Array:
        """How much is known of each team, shape (n,): patients, or one over the squared standard error.

        For a rate that is adjusted for case mix, as many patients as would make an unadjusted one as precise.
        """
        precision = 1.0 / self.standard_errors**2
        patients = np.maximum(np.rint(self.standard * (1 - self.standard) * precision), 1.0)
        return patients if self.is_rate else precision

    def bounds(self, sizes: Array, limit: float) -> tuple[Array, Array]:
        """Give the lower and the upper limit for teams of given sizes.

        Parameters
        ----------
        sizes : ndarray of float, shape (m,)
            As in :attr:`sizes`; above 0.
        limit : float
            Share inside, one of `limits` or another.

        Returns
        -------
        tuple of ndarray of float, shape (m,)
        """
        tails = (1 - limit) / 2, (1 + limit) / 2
        if self.is_rate and self.overdispersion is None:
            low, high = (exact_limits(sizes, self.standard, tail) for tail in tails)
        else:
            low, high = (self._normal_limits(sizes, tail) for tail in tails)
        return (np.maximum(low, 0.0), np.minimum(high, 1.0)) if self.is_rate else (low, high)

    def outside(self, limit: float) -> NDArray[np.bool_]:
        """Say which teams are outside a limit, shape (n,)."""
        low, high = self.bounds(self.sizes, limit)
        return (self.values < low) | (self.values > high)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the teams.

        Returns
        -------
        pandas.DataFrame
            One row a team: ``team, value, standard_error, size``, and for each limit, such as 95, ``low_95,
            high_95, outside_95`` ("low", "high" or blank).
        """
        columns: dict[str, object] = {
            "team": list(self.ids),
            "value": self.values,
            "standard_error": self.standard_errors,
            "size": self.sizes,
        }
        for limit in self.limits:
            low, high = self.bounds(self.sizes, limit)
            name = f"{100 * limit:g}"
            columns |= {f"low_{name}": low, f"high_{name}": high}
            columns[f"outside_{name}"] = np.select(
                [self.values < low, self.values > high], ["low", "high"], default=""
            )
        return pd.DataFrame(columns)

    def summary(self) -> str:
        """Say how many teams are outside, and how much variation beyond chance there is."""
        lines = [f"{self.indicator.title}: {counted(len(self.ids), 'team')}, standard {self.standard:.4g}."]
        lines.append(f"Variation is {self.phi:.2f} times what chance alone would make (winsorised z-scores).")
        for limit in self.limits:
            ids = [self.ids[at] for at in np.flatnonzero(self.outside(limit)).tolist()]
            named = f": {shortened(ids)}" if ids else ""
            lines.append(f"Outside the {100 * limit:g}% limits: {counted(len(ids), 'team')}{named}.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Give everything as a JSON-safe dictionary."""
        return {
            "indicator": self.indicator.column,
            "standard": self.standard,
            "limits": list(self.limits),
            "overdispersion": self.overdispersion,
            "phi": self.phi,
            "tau": self.tau,
            "teams": self.to_frame().to_dict("records"),
        }

    def _repr_html_(self) -> str:
        from pairing.shown import show_result, show_table

        return show_result("Funnel", self.summary(), show_table(self.to_frame(), "The teams"))

    def _normal_limits(self, sizes: Array, tail: float) -> Array:
        from scipy.special import ndtri

        unit = self.standard * (1 - self.standard) if self.is_rate else 1.0
        variance = unit / sizes
        if self.overdispersion == "multiplicative":
            # Less variation than chance would make is itself chance: limits never get narrower.
            variance = variance * max(1.0, self.phi)
        elif self.overdispersion == "additive":
            variance = variance + self.tau**2
        limits: Array = self.standard + float(ndtri(tail)) * np.sqrt(variance)
        return limits


def funnel(
    source: Profiles | Cohort,
    indicator: str,
    *,
    limits: Sequence[float] = LIMITS,
    overdispersion: Overdispersion | None = "additive",
    standard: float | None = None,
) -> Funnel:
    """Compute the funnel of an indicator.

    Parameters
    ----------
    source : Profiles or Cohort
        The teams and what was observed of them.
    indicator : str
        Column of the indicator.
    limits : sequence of float
        Shares that chance alone keeps inside, each between 0 and 1.
    overdispersion : {"additive", "multiplicative"} or None
        How to allow for variation that chance does not explain: teams differ by a standard deviation of
        their own ("additive"), all variances are larger by a factor ("multiplicative"), or not at all.
    standard : float, optional
        What results are compared with, in the unit of the observations (a percentage divided by 100). By
        default the proportion among all patients; for results with standard errors, their mean weighted by
        precision.

    Returns
    -------
    Funnel

    Raises
    ------
    InputDataError
        If there is no such indicator, or fewer than two teams have a result.
    SettingsError
        If a limit, `overdispersion` or `standard` is none.

    Notes
    -----
    Without overdispersion the limits of rates are those of the binomial distribution, interpolated between
    its steps (appendix A.1.1 of [1]_). All other limits are normal. Overdispersion is measured by z-scores
    winsorised at 10% and 90%, so that the teams that the funnel is there to find do not hide themselves.
    Pulling in the ends makes the mean square of z-scores too small even where there is nothing but chance
    (0.679 instead of 1); it is divided by that, which [1]_ does not do, because the limits would otherwise
    keep too few inside: of 95% limits under multiplicative overdispersion, 89%. The additive model's τ²
    follows from the same mean square by the method of moments [2]_; where precisions differ threefold it
    comes out up to a tenth too small.

    A rate that is adjusted for case mix counts as many patients as would make an unadjusted rate as
    precise, so its exact limits are approximate.

    References
    ----------
    .. [1] Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in
       Medicine 24(8), 1185-1202.
    .. [2] DerSimonian and Laird (1986), "Meta-analysis in clinical trials", Controlled Clinical Trials
       7(3); as used by Spiegelhalter, Sherlaw-Johnson, Bardsley, Blunt, Wood and Grigg (2012), "Statistical
       methods for healthcare regulation: rating, screening and surveillance", JRSS A 175(1).

    Examples
    --------
    >>> from pairing.data import load_audit
    >>> result = funnel(load_audit(), "seen_by_nurse_specialist")
    >>> round(result.phi, 1), [int(result.outside(limit).sum()) for limit in result.limits]
    (8.2, [10, 3])
    """
    problems = list(_setting_problems(limits, overdispersion))
    if problems:
        raise SettingsError(problems)
    number = _number_of(source, indicator)
    measured = source.measurements if isinstance(source, Profiles) else measure(source)
    chosen = source.indicators[number]
    values = measured.values[:, number]  # noqa: PD011 - an array
    variances = measured.variances[:, number]
    known = ~np.isnan(values)
    if known.sum() < 2:
        raise InputDataError([Problem("has fewer than two results, so there is no funnel", column=indicator)])
    values = values[known] * (1.0 if chosen.higher_is_better else -1.0)
    errors = np.sqrt(variances[known])
    centre = _standard(values, errors, float(measured.pooled[number])) if standard is None else standard
    if chosen.denominator is not None and not 0 < centre < 1:
        raise SettingsError(
            [Problem("cannot be the standard of a rate", value=f"{centre:g}", expected="between 0 and 1")]
        )
    z = (values - centre) / errors
    phi = winsorised_dispersion(z)
    return Funnel(
        indicator=chosen,
        ids=tuple(source.ids[at] for at in np.flatnonzero(known).tolist()),
        values=values,
        standard_errors=errors,
        standard=centre,
        limits=tuple(sorted(limits)),
        overdispersion=overdispersion,
        phi=phi,
        tau=between_team_sd(phi, errors),
    )


def _standard(values: Array, errors: Array, pooled: float) -> float:
    if not math.isnan(pooled):
        return pooled
    weights = 1.0 / errors**2
    return float(weights @ values / weights.sum())


def _number_of(source: Profiles | Cohort, indicator: str) -> int:
    columns = [each.column for each in source.indicators]
    if indicator not in columns:
        advice = did_you_mean(indicator, columns)
        raise InputDataError([Problem("there is no such indicator", column=indicator, advice=advice)])
    return columns.index(indicator)


def _setting_problems(limits: Sequence[float], overdispersion: object) -> Iterator[Problem]:
    if not limits:
        yield Problem("there is no limit to draw", expected="such as 0.95")
    for limit in limits:
        if not 0 < limit < 1:
            yield Problem("is no limit", value=str(limit), expected="between 0 and 1")
    choices = get_args(Overdispersion)
    if overdispersion is not None and overdispersion not in choices:
        expected = " or ".join(f"'{choice}'" for choice in choices) + " or None"
        yield Problem("is no kind of overdispersion", value=str(overdispersion), expected=expected)
