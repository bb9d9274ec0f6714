"""The graph of a cohort with the banned pairs beside it: what could be permitted, and how many that pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import MatchingProblem, solve
from pairing.matching.half_pairs import most_half_pairs
from pairing.pairs import VALUE_SCALE
from pairing.planning.diagnosis.banned import BannedPairs
from pairing.planning.diagnosis.links import Links
from pairing.rules import Drawn, LimitRule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from pairing.matching import MatchingSolution
    from pairing.pairs import PairTable
    from pairing.rules import Rule

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


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
    banned : BannedPairs
        Pairs that exactly one rule bans, or only rules that are flexible together.
    """

    table: PairTable
    teams: Indices
    permitted: Links
    banned: BannedPairs

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
        teams = _taking_part(table)
        vertex = np.full(len(table.model.cohort), -1, np.int64)
        vertex[teams] = np.arange(len(teams))
        banned = BannedPairs.of(table.model, teams, flexible)
        return cls(table, teams, Links(vertex[table.first], vertex[table.second], table.integers), banned)

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

    def banned_only_by(self, key: str) -> Links:
        """The banned pairs that no other rule bans."""
        return self.banned.only(self.banned.only_by(self.column(key)))

    def n_banned_only_by(self, key: str) -> int:
        """How many of the banned pairs no other rule bans."""
        return len(self.banned.only_by(self.column(key)))

    def best_without(self, key: str) -> Outcome:
        """The best plan without a rule; of millions of pairs no list is held longer than it is needed."""
        solution = solve(self._problem_without(key))
        return Outcome(solution.n_pairs, self.n_unpaired(solution.n_pairs), solution.total / VALUE_SCALE)

    def _problem_without(self, key: str) -> MatchingProblem:
        links = self.permitted.plus(self.banned_only_by(key)).in_order(len(self.teams))
        return MatchingProblem(len(self.teams), links.first, links.second, links.integers)

    def figures(self, rule: LimitRule, links: Links) -> Floats:
        """The limit of a rule that would just permit each of some pairs; NaN where data are missing."""
        facts = self.table.model.facts
        return rule.figure(facts.pairs(self.teams[links.first], self.teams[links.second]))

    def full_pairing(self, links: Links) -> Indices | None:
        """Any full pairing that some pairs allow, as the partner of each team (-1 for none); None if none."""
        if not self.may_be_full(links):
            return None
        solution = self.best(links.weighing(np.zeros(len(links), np.int64)))
        return solution.partner if solution.n_pairs == self.most_pairs else None

    def may_be_full(self, links: Links) -> bool:
        """Whether some pairs would be enough for a full pairing if pairs could be halved; soon found out."""
        n_lonely = len(self.teams) - len(np.unique(np.concatenate([links.first, links.second])))
        if n_lonely > len(self.teams) % 2:  # seen at a glance, and often so
            return False
        return most_half_pairs(len(self.teams), links.first, links.second) >= 2 * self.most_pairs

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
