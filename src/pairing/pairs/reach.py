"""Where a largest distance bans most pairs, the rectangles of teams that hold all the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from pairing.geography import EARTH_RADIUS_KM
from pairing.rules import MaxDistance, Rectangle
from pairing.rules.rectangle import unit_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.rules import RuleSet
    from pairing.rules.facts import TeamFacts

    Indices = NDArray[np.int64]

WORTHWHILE = 0.25
"""The index is used where at most this share of all pairs is within reach: it has a cost of its own.

With 20,000 teams a pass takes half as long at shares of 2% and 15%, and hardly less at 38%.
"""

TEAMS_ASKED = 128
"""From so many teams that share is estimated, evenly spread over the cohort."""

CHORD_MARGIN = 1e-9
"""Added to every radius on the unit sphere, some 6 mm on the ground: nothing is missed by rounding."""


class Reach:
    """A spatial index of the teams, by which pairs that are too far apart are never looked at.

    Make one with :meth:`of`.

    Parameters
    ----------
    facts : TeamFacts
        The teams, all with coordinates.
    km : float
        The largest distance between two teams of a pair.

    Notes
    -----
    Places are points on the unit sphere, and distances chords, in a k-d tree. Teams in the order of its
    leaves are near each other, so that a stretch of them has all its partners around its middle: within the
    reach and the stretch's own radius.
    """

    def __init__(self, facts: TeamFacts, km: float) -> None:
        from scipy.spatial import cKDTree

        self._facts = facts
        self._places = unit_vectors(facts)
        self._tree = cKDTree(self._places)
        self._order = np.asarray(self._tree.indices, np.int64)
        self._rank = np.argsort(self._order)
        self._chord = 2.0 * math.sin(min(km / EARTH_RADIUS_KM, math.pi) / 2.0) + CHORD_MARGIN

    @classmethod
    def of(cls, rules: RuleSet, facts: TeamFacts) -> Reach | None:
        """Make the index; None where no largest distance bans most pairs, or distances come from a table."""
        limits = [rule.km for rule in rules.rules if isinstance(rule, MaxDistance)]
        unknown = np.isnan(facts.latitude + facts.longitude).any()
        if not limits or unknown or facts.has_table_distances or len(facts.cohort) == 0:
            return None
        reach = cls(facts, min(limits))
        return reach if reach.share() <= WORTHWHILE else None

    def share(self) -> float:
        """Share of the teams within reach of one, on average, estimated from some."""
        n_teams = len(self._places)
        asked = np.unique(np.linspace(0, n_teams - 1, min(n_teams, TEAMS_ASKED)).astype(np.int64))
        near = self._tree.query_ball_point(self._places[asked], self._chord, return_length=True)
        return float(np.mean(near) / n_teams)

    def rectangles(self, pairs_each: int) -> Iterator[tuple[Rectangle, NDArray[np.bool_]]]:
        """Rectangles that hold every pair within reach.

        Parameters
        ----------
        pairs_each : int
            About how many pairs a rectangle has.

        Yields
        ------
        Rectangle
            A stretch of neighbours with all teams in their reach.
        ndarray of bool, shape (rows, columns)
            The pairs to look at: over all rectangles every pair within reach once.
        """
        n_teams = len(self._places)
        step = max(1, int(pairs_each / max(1.0, n_teams * self.share())))
        for start in range(0, n_teams, step):
            rows = self._order[start : start + step]
            columns = self._around(rows)
            columns = columns[self._rank[columns] > start]
            wanted = np.less.outer(self._rank[rows], self._rank[columns])
            yield Rectangle(self._facts, rows, columns), wanted

    def _around(self, rows: Indices) -> Indices:
        middle = self._places[rows].mean(axis=0)
        radius = float(np.sqrt(((self._places[rows] - middle) ** 2).sum(axis=1).max()))
        near = self._tree.query_ball_point(middle, self._chord + radius)
        return np.sort(np.asarray(near, np.int64))
