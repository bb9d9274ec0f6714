"""Who keeps one partner through all rounds, and what follows for the rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.pairs import PairTable
from pairing.rules import Previous, Require, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pairing.rules import Rule

Named = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Wishes:
    """A table of permitted pairs, split by who keeps one partner and who meets new teams.

    Parameters
    ----------
    table : PairTable
        The permitted pairs. Teams that keep and have met before may meet again.
    keepers : ndarray of int64
        Positions of the teams that keep one partner, ascending.
    """

    table: PairTable
    keepers: NDArray[np.int64] = field(repr=False)

    @property
    def others(self) -> NDArray[np.int64]:
        """Positions of the teams that meet a new team in every round, ascending."""
        return np.setdiff1d(np.arange(len(self.table.model.cohort)), self.keepers)

    def edges_among(
        self, teams: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Permitted pairs among some teams, which are numbered anew from 0, with their values."""
        number = np.full(len(self.table.model.cohort), -1)
        number[teams] = np.arange(teams.size)
        first, second = number[self.table.first], number[self.table.second]
        rows = (first >= 0) & (second >= 0)
        return first[rows], second[rows], self.table.integers[rows]


def with_wishes(table: PairTable, keep: Iterable[str] = ()) -> Wishes:
    """Apply the wish of some teams to keep one partner through all rounds.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    keep : iterable of str
        Ids of the teams that want to keep one partner. Teams that the rules require to be together, or that
        are locked, keep each other in any case.

    Returns
    -------
    Wishes
        Where two of these teams have met before, that pair is permitted again, and required.

    Raises
    ------
    InputDataError
        If an id is unknown, or a team has met several teams before that also keep their partner.
    """
    ids, rules = table.model.cohort.ids, table.model.rules
    keep = sorted(set(keep))
    problems = [
        Problem("is no team of the cohort", column="rounds.keep", value=team, advice=did_you_mean(team, ids))
        for team in keep
        if team not in ids
    ]
    if problems:
        raise InputDataError(problems)
    bound = {team for rule in rules.rules if isinstance(rule, Require) for p in rule.pairs for team in p}
    keepers = (bound | set(keep)) & set(ids)
    met = [pair for rule in rules.rules if isinstance(rule, Previous) for pair in rule.pairs]
    again = [pair for pair in met if set(pair) <= keepers]
    _refuse_several(again)
    if again:
        table = PairTable.build(replace(table.model, rules=_lifted(rules, again, bound)))
    position = {team: at for at, team in enumerate(ids)}
    return Wishes(table, np.array(sorted(position[team] for team in keepers), np.int64))


def _refuse_several(again: Sequence[Named]) -> None:
    times = Counter(team for pair in again for team in pair)
    problems = [
        Problem(
            f"has met {' and '.join(sorted(_partners(team, again)))} before, who also keep their partner",
            column="rounds.keep",
            value=team,
            advice="Name the pair that is to stay under require in [rules], and take the others out of keep.",
        )
        for team, count in sorted(times.items())
        if count > 1
    ]
    if problems:
        raise InputDataError(problems)


def _partners(team: str, pairs: Iterable[Named]) -> set[str]:
    return {other for pair in pairs if team in pair for other in pair if other != team}


def _lifted(rules: RuleSet, again: Sequence[Named], bound: set[str]) -> RuleSet:
    """The rules without the ban on the pairs that meet again, which are required instead."""
    new = [pair for pair in again if not set(pair) & bound]
    required = any(type(rule) is Require for rule in rules.rules)  # and not Locked, which is one too
    changed: list[Rule] = []
    for rule in rules.rules:
        if isinstance(rule, Previous):
            kept = tuple(pair for pair in rule.pairs if pair not in again)
            changed.append(replace(rule, pairs=kept))
        elif type(rule) is Require:
            changed.append(Require((*rule.pairs, *new)))
        else:
            changed.append(rule)
    if new and not required:
        changed.append(Require(tuple(new)))
    return RuleSet(tuple(changed), rules.missing)
