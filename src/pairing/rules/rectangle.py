"""Many pairs at a glance: every team of some rows with every team of some columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from pairing.geography import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]
    Positions: TypeAlias = slice | Indices

COSINE_MARGIN = 1e-13
"""By how much the cosine of an angle may differ, computed from unit vectors or from degrees: a few 1e-16."""

LIMIT_MARGIN = 1e-12
"""Relative width of the strip along a limit in which pairs are judged one by one."""


class Glance(NamedTuple):
    """What a rule sees of a rectangle without looking at pairs one by one.

    Parameters
    ----------
    banned : ndarray of bool, shape (rows, columns)
        The pairs that are banned for certain.
    unsure : ndarray of bool, shape (rows, columns), or None
        The pairs that must be judged one by one, near a limit or for want of data; None for none. Every
        other pair is permitted for certain.
    """

    banned: Flags
    unsure: Flags | None = None


@dataclass(frozen=True, eq=False)
class Rectangle:
    """All pairs of a team of some rows and a team of some columns.

    Parameters
    ----------
    facts : TeamFacts
        The teams.
    rows, columns : slice, or ndarray of int
        Positions of the teams.
    """

    facts: TeamFacts
    rows: Positions
    columns: Positions

    @cached_property
    def cosine(self) -> Floats:
        """Cosine of the angle between the places, seen from the centre of the Earth; NaN if unknown."""
        vectors = self.facts.once("unit vectors", lambda: unit_vectors(self.facts))
        rows, columns = vectors[self.rows].T, vectors[self.columns].T
        # Not as a product of matrices: for so thin ones a linear algebra library's threads wait longer than
        # they work, and there are threads enough.
        cosine: Floats = np.multiply.outer(rows[0], columns[0])
        part = np.empty_like(cosine)
        for row, column in zip(rows[1:], columns[1:], strict=True):
            cosine += np.multiply.outer(row, column, out=part)
        return cosine

    def pairs(self, rows: Indices, columns: Indices) -> PairBlock:
        """Some pairs, by their places in the rectangle, as pairs that rules can judge one by one."""
        one, other = self.positions(self.rows)[rows], self.positions(self.columns)[columns]
        return self.facts.pairs(np.minimum(one, other), np.maximum(one, other))

    def positions(self, side: Positions) -> Indices:
        """Positions of the teams along one side."""
        return self.facts.once("positions", lambda: np.arange(len(self.facts.cohort), dtype=np.int64))[side]

    def places(self, side: Positions) -> Indices:
        """For each team of the cohort its place along one side, -1 if it is not there."""
        chosen = self.positions(side)
        places = np.full(len(self.facts.cohort), -1, dtype=np.int64)
        places[chosen] = np.arange(len(chosen))
        return places

    def differences(self, values: Floats) -> Floats:
        """Absolute differences of a number between the two teams of each pair."""
        difference: Floats = np.subtract.outer(values[self.rows], values[self.columns])
        return np.abs(difference, out=difference)

    def close_to(self, radius_km: Floats) -> Glance:
        """Which pairs are closer than the radius of one of the two teams.

        Parameters
        ----------
        radius_km : ndarray of float, shape (n,)
            Kilometres; NaN where unknown.
        """
        least = np.cos(np.minimum(radius_km / EARTH_RADIUS_KM, np.pi))
        least = np.minimum.outer(least[self.rows], least[self.columns])
        return Glance(self.cosine > least + COSINE_MARGIN, ~(np.abs(self.cosine - least) > COSINE_MARGIN))

    def nearer(self, km: float) -> Glance:
        """Which pairs are less than so far apart."""
        limit = float(np.cos(min(km / EARTH_RADIUS_KM, np.pi)))
        return _glance(self.cosine > limit + COSINE_MARGIN, self.cosine < limit - COSINE_MARGIN)

    def farther(self, km: float) -> Glance:
        """Which pairs are more than so far apart."""
        limit = float(np.cos(min(km / EARTH_RADIUS_KM, np.pi)))
        return _glance(self.cosine < limit - COSINE_MARGIN, self.cosine > limit + COSINE_MARGIN)

    def wider(self, values: Floats, width: float) -> Glance:
        """In which pairs a number differs by more than a width; exact, as it is the same arithmetic."""
        apart = self.differences(values)
        return _glance(apart > width, apart <= width)

    def more_unequal(self, sizes: Floats, ratio: float) -> Glance:
        """In which pairs the larger size is more than so many times the smaller one."""
        logarithms = self.facts.once("log sizes", lambda: _logarithms(sizes))
        apart, limit = self.differences(logarithms), float(np.log(ratio))
        margin = LIMIT_MARGIN * (1.0 + float(np.nanmax(np.abs(logarithms), initial=0.0)))
        return _glance(apart > limit + margin, apart < limit - margin)


def _glance(banned: Flags, permitted: Flags) -> Glance:
    """Whatever is neither banned nor permitted for certain, be it for want of data, is unsure."""
    unsure = np.logical_or(banned, permitted, out=permitted)
    np.logical_not(unsure, out=unsure)
    return Glance(banned, unsure if unsure.any() else None)


def _logarithms(sizes: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms: Floats = np.log(sizes)
    return np.where(np.isfinite(logarithms), logarithms, np.nan)


def unit_vectors(facts: TeamFacts) -> Floats:
    """Places on the unit sphere, shape (n, 3); NaN where unknown."""
    latitude, longitude = np.radians(facts.latitude), np.radians(facts.longitude)
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])
