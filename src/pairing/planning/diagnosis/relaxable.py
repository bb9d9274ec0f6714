"""The graph of a cohort with the banned pairs beside it: what could be permitted, and how many that pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import MatchingProblem, solve
from pairing.pairs import VALUE_SCALE
from pairing.rules import Drawn, LimitRule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from pairing.matching import MatchingSolution
    from pairing.pairs import PairTable
    from pairing.rules import Rule

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Links:
    """A list of pairs of vertices with their values.

    Parameters
    ----------
    first, second : ndarray of int, shape (m,)
        Numbers of the two teams among those that take part, the smaller one first.
    integers : ndarray of int, shape (m,)
        Values in units of ``1 / VALUE_SCALE``.
    """

    first: Indices
    second: Indices
    integers: Indices

    def __len__(self) -> int:
        return len(self.first)

    def only(self, rows: Flags | Indices) -> Links:
        """Some of the pairs."""
        return Links(self.first[rows], self.second[rows], self.integers[rows])

    def plus(self, other: Links) -> Links:
        """These pairs and others."""
        columns = zip(self._columns(), other._columns(), strict=True)
        return Links(*(np.concatenate(column) for column in columns))

    def weighing(self, integers: Indices) -> Links:
        """The same pairs with other values."""
        return Links(self.first, self.second, integers)

    def _columns(self) -> tuple[Indices, Indices, Indices]:
        return self.first, self.second, self.integers


@dataclass(frozen=True, eq=False)
class RelaxablePairs:
    """The permitted pairs of a cohort, and the banned ones that a change of some rules would permit.

    Make one with :meth:`of`.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    teams : ndarray of int, shape (n,)
        Positions of the teams that take part: all, unless a lottery drew some.
    permitted : Links
        The permitted pairs.
    banned : Links
        Pairs that exactly one rule bans, or only rules that are flexible together.
    bans : ndarray of bool, shape (m, number of rules)
        Which rule bans which of them.
    """

    table: PairTable
    teams: Indices
    permitted: Links
    banned: Links
    bans: Flags

    @classmethod
    def of(cls, table: PairTable, flexible: Collection[str] = ()) -> RelaxablePairs:
        """Look at every pair of a cohort.

        Parameters
        ----------
        table : PairTable
            The permitted pairs.
        flexible : collection of str
            Keys of rules that may move together.
        """
        model = table.model
        teams = _taking_part(table)
        vertex = np.full(len(model.cohort), -1, np.int64)
        vertex[teams] = np.arange(len(teams))
        together = np.array([key in flexible for key in model.rules.keys], dtype=np.bool_)
        links, bans = [], [np.empty((0, len(together)), np.bool_)]
        for scored in model.score_all():
            single = scored.banned.sum(axis=1) == 1
            within = ~scored.permitted & ~(scored.banned & ~together).any(axis=1)
            first, second = vertex[scored.pairs.first], vertex[scored.pairs.second]
            rows = (single | within) & (first >= 0) & (second >= 0)
            links.append(Links(first[rows], second[rows], scored.integers[rows]))
            bans.append(scored.banned[rows])
        banned = Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
        for more in links:
            banned = banned.plus(more)
        permitted = Links(vertex[table.first], vertex[table.second], table.integers)
        return cls(table, teams, permitted, banned, np.concatenate(bans))

    @property
    def most_pairs(self) -> int:
        """Pairs in a full pairing: of everyone, or of all but one where the number of teams is odd."""
        return len(self.teams) // 2

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can be relaxed; that only drawn teams are paired is no such rule."""
        return tuple(rule for rule in self.table.model.rules.rules if not isinstance(rule, Drawn))

    def ids(self, vertices: Iterable[int]) -> list[str]:
        """Ids of teams by their numbers."""
        cohort = self.table.model.cohort
        return [cohort.ids[self.teams[vertex]] for vertex in vertices]

    def column(self, key: str) -> int:
        """Place of a rule among all rules."""
        return self.table.model.rules.keys.index(key)

    def banned_only_by(self, key: str) -> Flags:
        """Which of the banned pairs no other rule bans."""
        alone: Flags = (self.bans.sum(axis=1) == 1) & self.bans[:, self.column(key)]
        return alone

    def figures(self, rule: LimitRule, links: Links) -> Floats:
        """The limit of a rule that would just permit each of some pairs; NaN where data are missing."""
        facts = self.table.model.facts
        return rule.figure(facts.pairs(self.teams[links.first], self.teams[links.second]))

    def full_pairing(self, links: Links) -> Indices | None:
        """Any full pairing that some pairs allow, as the partner of each team (-1 for none); None if none."""
        n_lonely = len(self.teams) - len(np.unique(np.concatenate([links.first, links.second])))
        if n_lonely > len(self.teams) % 2:  # seen at a glance, and often so
            return None
        solution = self.best(links.weighing(np.zeros(len(links), np.int64)))
        return solution.partner if solution.n_pairs == self.most_pairs else None

    def is_full(self, links: Links) -> bool:
        """Whether some pairs are enough for a full pairing."""
        return self.full_pairing(links) is not None

    def best(self, links: Links) -> MatchingSolution:
        """As many pairs as possible, and among those the greatest sum of values."""
        return solve(MatchingProblem(len(self.teams), links.first, links.second, links.integers))

    def n_unpaired(self, n_pairs: int) -> int:
        """Teams without a partner, beyond the one that an odd number of teams always leaves out."""
        return 2 * (self.most_pairs - n_pairs)


@dataclass(frozen=True)
class Outcome:
    """The best plan that some pairs allow.

    Parameters
    ----------
    n_pairs : int
        Its pairs, as many as possible.
    n_unpaired : int
        Teams without a partner, beyond the one that an odd number of teams always leaves out.
    total_value : float
        Its total value, in between-team SD.
    """

    n_pairs: int
    n_unpaired: int
    total_value: float

    @property
    def is_full(self) -> bool:
        """Whether everyone is paired, or all but one where the number of teams is odd."""
        return self.n_unpaired == 0


def outcome(pairs: RelaxablePairs, links: Links) -> Outcome:
    """Find the best plan that some pairs allow."""
    return outcome_of(pairs, pairs.best(links), links)


def outcome_of(pairs: RelaxablePairs, solution: MatchingSolution, links: Links) -> Outcome:
    """Value a matching of some pairs by their own values, whatever the weights that it was found with."""
    chosen = solution.partner[links.first] == links.second
    total = int(links.integers[chosen].sum())
    return Outcome(solution.n_pairs, pairs.n_unpaired(solution.n_pairs), total / VALUE_SCALE)


def _taking_part(table: PairTable) -> Indices:
    model = table.model
    drawn = [rule.teams for rule in model.rules.rules if isinstance(rule, Drawn)]
    return np.array(
        [at for at, team in enumerate(model.cohort.ids) if all(team in teams for teams in drawn)], np.int64
    )
