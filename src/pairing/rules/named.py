"""Rules that name pairs of teams: never together, always together, not again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.rules.base import Rule
from pairing.rules.rectangle import Glance
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Rectangle

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

NamedPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _NamedRule(Rule):
    pairs: NamedPairs

    def __post_init__(self) -> None:
        wrong = [pair for pair in self.pairs if not _is_pair(pair)]
        if wrong:
            raise SettingsError(
                Problem("is no pair of two teams", column=f"rules.{self.key}", value=repr(pair))
                for pair in wrong
            )
        tidy = sorted({(min(pair), max(pair)) for pair in self.pairs})
        object.__setattr__(self, "pairs", tuple(tidy))

    def without_teams(self, teams: Collection[str]) -> Self:
        """The same rule without the pairs of teams that have left."""
        gone = set(teams)
        return replace(self, pairs=tuple(pair for pair in self.pairs if gone.isdisjoint(pair)))

    def problems(self, facts: TeamFacts) -> list[Problem]:
        """Ids that are not in the cohort."""
        known = set(facts.cohort.ids)
        unknown = sorted({team for pair in self.pairs for team in pair} - known)
        return [
            Problem(
                "is not a team of the cohort",
                column=f"rules.{self.key}",
                value=team,
                advice="Correct the id, or take the pair out.",
            )
            for team in unknown
        ]

    def _in_words(self) -> str:
        return shortened([f"{a} and {b}" for a, b in self.pairs])

    def _listed(self, pairs: PairBlock) -> NDArray[np.bool_]:
        """Which of the pairs are named by the rule."""
        n_teams = len(pairs.facts.cohort)
        first, second = self._positions(pairs.facts)
        return np.isin(pairs.first * n_teams + pairs.second, first * n_teams + second)

    def _listed_in(self, pairs: Rectangle) -> NDArray[np.bool_]:
        """Which pairs of a rectangle are named by the rule."""
        place_of_row, place_of_column = pairs.places(pairs.rows), pairs.places(pairs.columns)
        listed = np.zeros((np.count_nonzero(place_of_row >= 0), np.count_nonzero(place_of_column >= 0)), bool)
        first, second = self._positions(pairs.facts)
        for one, other in ((first, second), (second, first)):
            rows, columns = place_of_row[one], place_of_column[other]
            inside = (rows >= 0) & (columns >= 0)
            listed[rows[inside], columns[inside]] = True
        return listed

    def _positions(self, facts: TeamFacts) -> tuple[Indices, Indices]:
        """Positions of the teams of each named pair in the cohort, the smaller one first."""

        def look_up() -> tuple[Indices, Indices]:
            position = {team: index for index, team in enumerate(facts.cohort.ids)}
            ends = [(position[a], position[b]) for a, b in self.pairs if a in position and b in position]
            known = np.sort(np.array(ends, np.int64).reshape(-1, 2), axis=1)
            return known[:, 0], known[:, 1]

        return facts.once((self.key, self.pairs), look_up)


def _is_pair(pair: object) -> bool:
    """Whether this is a pair of two different ids; a text of two letters is not."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        return False
    return all(isinstance(team, str) for team in pair) and pair[0] != pair[1]


@dataclass(frozen=True)
class Forbid(_NamedRule):
    """Certain teams may never be paired with each other.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Ids of the two teams of each forbidden pair.
    """

    key: ClassVar[str] = "forbid"

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite, negative for the named pairs."""
        return np.where(self._listed(pairs), -np.inf, np.inf)

    @property
    def statement(self) -> str:
        """For example "these teams are never paired with each other: R0A and R1K"."""
        return f"these teams are never paired with each other: {self._in_words()}"

    def glance(self, pairs: Rectangle) -> Glance:
        """The named pairs."""
        return Glance(self._listed_in(pairs))

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R0A and R1K may not be paired (forbid)"."""
        first, second = pairs.names(at)
        return f"{first} and {second} may not be paired (forbid)"


@dataclass(frozen=True)
class Previous(_NamedRule):
    """Teams that have met before do not meet again.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Ids of the two teams of each earlier pair. Teams that have left the cohort do not matter.
    source : str
        Where the earlier pairs come from, for the sentence.
    """

    source: str = "an earlier round"
    key: ClassVar[str] = "previous"

    def problems(self, facts: TeamFacts) -> list[Problem]:  # noqa: ARG002 - see the class docstring
        """None: earlier partners may have left."""
        return []

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite, negative for the named pairs."""
        return np.where(self._listed(pairs), -np.inf, np.inf)

    @property
    def statement(self) -> str:
        """For example "teams that have met before do not meet again (round1/pairs.csv)"."""
        return f"teams that have met before do not meet again ({self.source})"

    def glance(self, pairs: Rectangle) -> Glance:
        """The named pairs."""
        return Glance(self._listed_in(pairs))

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R0A and R1K have met before (round1/pairs.csv)"."""
        first, second = pairs.names(at)
        return f"{first} and {second} have met before ({self.source})"


@dataclass(frozen=True)
class Require(_NamedRule):
    """Certain teams must be paired with each other: every other partner is barred for both.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Ids of the two teams of each required pair; no team twice.
    """

    key: ClassVar[str] = "require"
    judges_by_all_teams: ClassVar[bool] = True

    def partner(self) -> dict[str, str]:
        """The required partner of each named team."""
        return dict(self.pairs) | {b: a for a, b in self.pairs}

    def problems(self, facts: TeamFacts) -> list[Problem]:
        """Unknown ids, and teams required with two partners."""
        named = [team for pair in self.pairs for team in pair]
        twice = sorted({team for team in named if named.count(team) > 1})
        return super().problems(facts) + [
            Problem(
                f"has more than one partner in {self.key}",
                column=f"rules.{self.key}",
                value=team,
                expected="at most one a team",
            )
            for team in twice
        ]

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite, negative for every other pair of a team that is named."""
        named = np.isin(np.array(pairs.facts.cohort.ids), list(self.partner()))
        bound = named[pairs.first] | named[pairs.second]
        return np.where(bound & ~self._listed(pairs), -np.inf, np.inf)

    @property
    def statement(self) -> str:
        """For example "these teams are paired with each other: R0A and R1K"."""
        return f"these teams are paired with each other: {self._in_words()}"

    def glance(self, pairs: Rectangle) -> Glance:
        """Every other pair of a team that is named."""
        named = np.isin(np.array(pairs.facts.cohort.ids), list(self.partner()))
        bound = np.logical_or.outer(named[pairs.rows], named[pairs.columns])
        return Glance(bound & ~self._listed_in(pairs))

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R0A must be paired with R1K (require)"."""
        partner = self.partner()
        team = next(name for name in pairs.names(at) if name in partner)
        return f"{team} must be paired with {partner[team]} (require)"


class Locked(Require):
    """Pairs that a person has settled: they stay together when everything else is planned anew.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Ids of the two teams of each locked pair; no team twice.
    """

    key: ClassVar[str] = "locked"

    @property
    def statement(self) -> str:
        """For example "these pairs were settled beforehand: R0A and R1K"."""
        return f"these pairs were settled beforehand: {self._in_words()}"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R0A is locked in a pair with R1K"."""
        partner = self.partner()
        team = next(name for name in pairs.names(at) if name in partner)
        return f"{team} is locked in a pair with {partner[team]}"
