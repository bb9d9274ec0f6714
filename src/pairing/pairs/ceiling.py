"""What a pair can be worth at most, by square roots alone: enough to pass over most pairs for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.geography import EARTH_RADIUS_KM
from pairing.pairs.gain import level_variance
from pairing.rules.rectangle import unit_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.pairs.model import PairModel

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Indices = NDArray[np.int64]

FOLDED = 2.0 / np.pi
"""The square of the mean of a folded standard normal variable."""

BEND = (np.pi / 2.0 - 1.0) / 8.0

MOST_ABOVE = 0.00496
"""Largest excess of the upper bound over the mean of a folded normal variable with SD 1."""

_TINY = np.float32(1e-18)

ROUNDING = 4e-6
"""Relative error of sums of square roots in single precision, with plenty to spare."""


class ValueCeiling:
    """An upper bound on the value of any pair, some ten times quicker than the value itself.

    Parameters
    ----------
    model : PairModel
        How pairs are valued.

    Notes
    -----
    For X normal with mean μ and SD σ, ``E|X|² − μ²`` falls from 2σ²/π at μ = 0 to nothing, and lies under
    ``(2σ²/π) (1 + (π/2 − 1) μ²/8σ²)⁻⁸``, which has the same value and slope at 0. The root of that plus μ² is
    therefore an upper bound of E|X|, at most 0.005 σ above it. It goes into the contrast of a pair, and less
    0.005 σ into its dominance. Preferences are taken off by what they come to at least, a travel table's
    distances not at all; pairs that lack data for them are refused beforehand. Everything is computed in
    single precision, and `slack` covers that, as well as the rounding of values to whole units.

    Attributes
    ----------
    slack : float
        To be added to every bound, in between-team SD.
    highest : float
        No pair is worth more.
    lowest : float
        No pair is worth less.
    """

    def __init__(self, model: PairModel) -> None:
        profiles, facts, preferences = model.profiles, model.facts, model.preferences
        weights = profiles.weights
        used = np.flatnonzero(weights)
        variances = np.einsum("nkk->nk", profiles.covariance)[:, used] * weights[used] ** 2
        spread = level_variance(profiles.covariance, weights)
        self._mean = _centred((profiles.mean[:, used] * weights[used]).T)
        self._variance = _singles(FOLDED * variances.T)
        self._level, self._spread = _centred(profiles.mean @ weights), _singles(FOLDED * spread)
        size = np.abs(self._mean).sum(axis=0).max(initial=0.0) + np.sqrt(self._variance).sum(axis=0).max(
            initial=0.0
        )
        self._facts, self._preferences = facts, preferences
        self._sizes = _centred(_logarithms(facts.size)) if preferences.size_difference else None
        self._places = unit_vectors(facts) if preferences.travel_per_100_km else None
        self._overall = _centred(facts.level) if preferences.level_gap else None
        self.slack = float(ROUNDING * (1.0 + 4.0 * size + self._largest_penalty()))
        self.highest = float(np.sqrt(2.0) * 2.0 * size) + self.slack
        self.lowest = -self._largest_penalty() - self.slack

    def of(self, first: Indices, second: Indices) -> Singles:
        """Bound the value of each pair, before `slack` is added, in between-team SD.

        Parameters
        ----------
        first, second : ndarray of int, shape (m,)
            Positions of the two teams of each pair.
        """
        contrast = np.zeros(len(first), dtype=np.float32)
        for mean, variance in zip(self._mean, self._variance, strict=True):
            contrast += _root(mean, variance, first, second)
        dominance = _root(self._level, self._spread, first, second)
        deviation = self._spread[second]
        deviation += self._spread[first]
        deviation *= np.float32(MOST_ABOVE**2 / FOLDED)
        dominance -= np.sqrt(deviation, out=deviation)
        np.maximum(dominance, _apart(self._level, first, second), out=dominance)
        contrast -= dominance
        contrast *= np.float32(0.5)
        return self._less_penalty(contrast, first, second)

    def _less_penalty(self, ceiling: Singles, first: Indices, second: Indices) -> Singles:
        preferences = self._preferences
        if self._places is not None and not self._facts.has_table_distances:
            chord = np.sqrt(((self._places[first] - self._places[second]) ** 2).sum(axis=1))
            ceiling -= _known(chord * (preferences.travel_per_100_km * EARTH_RADIUS_KM / 100.0))
        if self._sizes is not None:
            ceiling -= _known(preferences.size_difference * _apart(self._sizes, first, second))
        if self._overall is not None:
            ceiling -= _known(preferences.level_gap * _apart(self._overall, first, second))
        return ceiling

    def _largest_penalty(self) -> float:
        facts, preferences = self._facts, self._preferences
        largest = 0.0
        if preferences.travel_per_100_km:
            longest = np.pi * EARTH_RADIUS_KM
            if facts.travel is not None and facts.travel.km is not None:
                longest = float(np.nanmax(facts.travel.km, initial=0.0))
            largest += preferences.travel_per_100_km * longest / 100.0
        if self._sizes is not None:
            largest += preferences.size_difference * _range(self._sizes)
        if self._overall is not None:
            largest += preferences.level_gap * _range(self._overall)
        return largest


def _singles(values: Floats) -> Singles:
    return np.ascontiguousarray(values, dtype=np.float32)


def _centred(values: Floats) -> Singles:
    """Numbers of which only differences matter, small enough to lose little in single precision."""
    with np.errstate(invalid="ignore"):
        known = np.where(np.isfinite(values), values, 0.0).mean(axis=-1, keepdims=True)
        return _singles(values - known)


def _apart(values: Singles, first: Indices, second: Indices) -> Singles:
    apart = values[second]
    apart -= values[first]
    return np.abs(apart, out=apart)


def _root(mean: Singles, variance: Singles, first: Indices, second: Indices) -> Singles:
    """Bound the mean absolute difference of two normal variables, given `FOLDED` times their variances."""
    squared = mean[second]
    squared -= mean[first]
    squared *= squared
    folded = variance[second]
    folded += variance[first]
    folded += _TINY
    power = squared / folded
    power *= np.float32(BEND * FOLDED)
    power += np.float32(1.0)
    with np.errstate(over="ignore"):  # beyond all bounds there is nothing left to add
        for _ in range(3):
            power *= power
    folded /= power
    squared += folded
    root: Singles = np.sqrt(squared, out=squared)
    return root


def _known(penalty: NDArray[np.floating]) -> Singles:
    known: Singles = np.nan_to_num(penalty, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
    return known


def _logarithms(sizes: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms: Floats = np.log(sizes)
    return logarithms


def _range(values: Singles) -> float:
    known = values[np.isfinite(values)]
    return float(known.max() - known.min()) if known.size else 0.0
