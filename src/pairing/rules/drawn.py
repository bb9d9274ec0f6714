"""Only teams that a lottery drew are paired: for programmes that draw first and pair afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.errors import Problem
from pairing.rules.base import Rule
from pairing.rules.rectangle import Glance

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Rectangle


@dataclass(frozen=True)
class Drawn(Rule):
    """Both teams were drawn. All other rules see the whole cohort, as they did before the draw.

    Parameters
    ----------
    teams : frozenset of str
        Ids of the teams that were drawn.
    """

    teams: frozenset[str]
    key: ClassVar[str] = "drawn"

    def without_teams(self, teams: Collection[str]) -> Drawn:
        """The same rule without the drawn teams that have left."""
        return Drawn(self.teams.difference(teams))

    def problems(self, facts: TeamFacts) -> list[Problem]:
        """Ids that are not in the cohort."""
        unknown = sorted(self.teams - set(facts.cohort.ids))
        return [Problem("was drawn and is not a team of the cohort", value=team) for team in unknown]

    def slack(self, pairs: PairBlock) -> NDArray[np.float64]:
        """Infinite, negative unless both were drawn."""
        drawn = self._drawn(pairs.facts)
        return np.where(drawn[pairs.first] & drawn[pairs.second], np.inf, -np.inf)

    @property
    def statement(self) -> str:
        """For example "both teams were drawn"."""
        return "both teams were drawn"

    def glance(self, pairs: Rectangle) -> Glance:
        """Banned unless both were drawn."""
        drawn = self._drawn(pairs.facts)
        return Glance(~np.logical_and.outer(drawn[pairs.rows], drawn[pairs.columns]))

    def _drawn(self, facts: TeamFacts) -> NDArray[np.bool_]:
        return np.array([team in self.teams for team in facts.cohort.ids])

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R0A was not drawn"."""
        missing = [team for team in pairs.names(at) if team not in self.teams]
        return f"{' and '.join(missing)} {'was' if len(missing) == 1 else 'were'} not drawn"
