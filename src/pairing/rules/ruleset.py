"""All rules of a programme together, with the policy for missing data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.rules.base import LimitRule, Rule
from pairing.rules.named import Forbid, Locked, Require

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.named import NamedPairs
    from pairing.rules.rectangle import Glance, Rectangle

    Indices = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Missing = Literal["error", "ban", "permit"]


@dataclass(frozen=True)
class RuleSet:
    """The rules of a programme.

    Parameters
    ----------
    rules : tuple of Rule
        The rules, in the order in which they are reported.
    missing : {"error", "ban", "permit"}
        What a rule does with a pair whose data it lacks: refuse to work, ban the pair, or permit it.

    Raises
    ------
    SettingsError
        If something is no rule, or two rules have the same key.
    """

    rules: tuple[Rule, ...] = ()
    missing: Missing = "error"

    def __post_init__(self) -> None:
        wrong = [rule for rule in self.rules if not isinstance(rule, Rule)]
        if wrong:
            raise SettingsError(
                Problem("is no rule", value=repr(rule), expected="a rule such as MinDistance(50)")
                for rule in wrong
            )
        twice = sorted({key for key in self.keys if self.keys.count(key) > 1})
        if twice:
            raise SettingsError(
                Problem("is given more than once", column=f"rules.{key}", advice="Keep the stricter one.")
                for key in twice
            )

    @property
    def keys(self) -> tuple[str, ...]:
        """The rules' keys, in order."""
        return tuple(rule.key for rule in self.rules)

    def without(self, key: str) -> RuleSet:
        """The same rules but for one."""
        return RuleSet(tuple(rule for rule in self.rules if rule.key != key), self.missing)

    def with_limit(self, key: str, limit: float) -> RuleSet:
        """The same rules with another limit of one; a rule that would then ban nothing is left out."""
        moved = (
            rule.with_limit(limit) if isinstance(rule, LimitRule) and rule.key == key else rule
            for rule in self.rules
        )
        return RuleSet(tuple(rule for rule in moved if rule is not None), self.missing)

    @property
    def limits(self) -> tuple[LimitRule, ...]:
        """The rules that have a limit, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, LimitRule))

    def without_teams(self, teams: Collection[str]) -> RuleSet:
        """The same rules once some teams have left."""
        return RuleSet(tuple(rule.without_teams(teams) for rule in self.rules), self.missing)

    def with_pairs(self, *, forbid: NamedPairs = (), locked: NamedPairs = ()) -> RuleSet:
        """The same rules with further pairs that are forbidden or locked."""
        added = {Forbid.key: Forbid(forbid), Locked.key: Locked(locked)}
        rules: list[Rule] = []
        for rule in self.rules:
            more = added.pop(rule.key, None)
            if isinstance(rule, (Forbid, Locked)) and more is not None:
                rules.append(type(rule)((*rule.pairs, *more.pairs)))
            else:
                rules.append(rule)
        return RuleSet((*rules, *(rule for rule in added.values() if rule.pairs)), self.missing)

    def problems(self, facts: TeamFacts) -> list[Problem]:
        """Everything in the data and the settings that keeps the rules from being applied."""
        found = [problem for rule in self.rules for problem in self._problems_of(rule, facts)]
        return found or self._banned_requirements(facts)

    def require_applicable(self, facts: TeamFacts) -> None:
        """Refuse data or settings with which the rules make no sense.

        Raises
        ------
        InputDataError
            With every problem of :meth:`problems`.
        """
        problems = self.problems(facts)
        if problems:
            raise InputDataError(problems)

    def bans(self, pairs: PairBlock) -> Flags:
        """Which rule bans which pair, shape (m, number of rules)."""
        banned = np.zeros((len(pairs), len(self.rules)), dtype=np.bool_)
        for column, rule in enumerate(self.rules):
            banned[:, column] = self._banned(rule, pairs)
        return banned

    def sift(self, pairs: Rectangle, wanted: Flags, counts: Indices | None = None) -> Flags:
        """Take the banned pairs out of a rectangle.

        Parameters
        ----------
        pairs : Rectangle
            Teams of some rows with teams of some columns.
        wanted : ndarray of bool, shape (rows, columns)
            The pairs in question; changed in place.
        counts : ndarray of int, shape (number of rules,), optional
            How many pairs each rule bans; the wanted ones that it bans are added.

        Returns
        -------
        ndarray of bool, shape (rows, columns)
            The wanted pairs that no rule bans: exactly those of :meth:`permitted`.
        """
        asked = wanted.copy() if counts is not None else wanted
        slow: list[int] = []
        for column, rule in enumerate(self.rules):
            glance = rule.glance(pairs)
            if glance is None:
                slow.append(column)
                continue
            self._look_closely(rule, pairs, glance, asked)
            if counts is not None:
                counts[column] += np.count_nonzero(glance.banned & asked)
            np.greater(wanted, glance.banned, out=wanted)
        for column in slow:
            rows, columns = np.nonzero(asked)
            banned = self._banned(self.rules[column], pairs.pairs(rows, columns))
            if counts is not None:
                counts[column] += np.count_nonzero(banned)
            wanted[rows[banned], columns[banned]] = False
        return wanted

    def _look_closely(self, rule: Rule, pairs: Rectangle, glance: Glance, asked: Flags) -> None:
        """Settle by the rule itself what a glance could not."""
        if glance.unsure is None:
            return
        rows, columns = np.nonzero(glance.unsure & asked)
        if rows.size:
            banned = self._banned(rule, pairs.pairs(rows, columns))
            glance.banned[rows[banned], columns[banned]] = True

    def _banned(self, rule: Rule, pairs: PairBlock) -> Flags:
        broken, unknown = rule.verdict(pairs)
        return broken | unknown if self.missing == "ban" else broken

    def permitted(self, pairs: PairBlock) -> Flags:
        """Which pairs no rule bans, shape (m,)."""
        return np.logical_not(self.bans(pairs).any(axis=1))

    def reasons(self, pairs: PairBlock, at: int) -> list[str]:
        """Every ban of one pair, as sentences with its figures."""
        one = pairs.facts.pairs(pairs.first[at : at + 1], pairs.second[at : at + 1])
        sentences = []
        for rule in self.rules:
            broken, unknown = rule.verdict(one)
            if broken[0]:
                sentences.append(rule.sentence(one, 0))
            elif unknown[0] and self.missing == "ban":
                sentences.append(f'data for {rule.key} are missing (missing = "ban")')
        return sentences

    def _problems_of(self, rule: Rule, facts: TeamFacts) -> list[Problem]:
        try:
            missing = rule.missing(facts)
        except InputDataError as error:  # the rule's column does not exist or cannot be read
            return list(error.problems)
        return rule.problems(facts) + (missing if self.missing == "error" else [])

    def _banned_requirements(self, facts: TeamFacts) -> list[Problem]:
        """Required pairs that another rule bans; neither rule is passed over in silence."""
        position = {team: index for index, team in enumerate(facts.cohort.ids)}
        required = [
            (rule.key, *pair) for rule in self.rules if isinstance(rule, Require) for pair in rule.pairs
        ]
        ends = np.array([(position[a], position[b]) for _, a, b in required], np.int64).reshape(-1, 2)
        block = facts.pairs(ends[:, 0], ends[:, 1])
        return [
            Problem(
                f"must be a pair, and another rule bans it: {'; '.join(reasons)}",
                column=f"rules.{key}",
                value=f"{a}, {b}",
                advice=f"Take the pair out of {key}, or relax the other rule.",
            )
            for at, (key, a, b) in enumerate(required)
            if (reasons := self.reasons(block, at))
        ]
