"""What every rule can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Glance, Rectangle

    Floats = NDArray[np.float64]


class Rule(ABC):
    """A hard rule on pairs of teams.

    A rule is a small frozen value. It permits a pair or bans it; a banned pair is absent from the matching
    problem, never an expensive part of it.
    """

    unit: ClassVar[str] = ""
    """Unit of the rule's limit and slack; empty where only yes or no is possible."""

    judges_by_all_teams: ClassVar[bool] = False
    """Whether what a pair is allowed depends on other teams, and so can change when one leaves or joins."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The rule's key in ``[rules]``, which also stands in the column ``banned_by``."""

    @property
    @abstractmethod
    def statement(self) -> str:
        """What the rule demands of every pair, as a sentence without a full stop."""

    @abstractmethod
    def slack(self, pairs: PairBlock) -> Floats:
        """Room that each pair has under the limit.

        Parameters
        ----------
        pairs : PairBlock
            The pairs.

        Returns
        -------
        ndarray of float, shape (m,)
            At least 0 where the rule permits the pair; below 0 by how much the limit would have to move;
            infinite where no limit is involved; NaN where data are missing.
        """

    @abstractmethod
    def sentence(self, pairs: PairBlock, at: int) -> str:
        """Say with the pair's own figures why the rule bans it."""

    def verdict(self, pairs: PairBlock) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which pairs the rule bans, and which it cannot judge for want of data (each of shape (m,))."""
        slack = self.slack(pairs)
        return slack < 0, np.isnan(slack)

    def glance(self, pairs: Rectangle) -> Glance | None:  # noqa: ARG002 - most rules of one's own have none
        """Judge all pairs of a rectangle at once; None for a rule that judges pairs one by one only.

        Parameters
        ----------
        pairs : Rectangle
            Teams of some rows with teams of some columns.

        Returns
        -------
        Glance or None
            Which pairs are banned for certain, and which :meth:`verdict` must decide; it never contradicts
            that.
        """
        return None

    def without_teams(self, teams: Collection[str]) -> Rule:  # noqa: ARG002 - most rules name no teams
        """The same rule once some teams have left; a rule that names teams no longer names these."""
        return self

    def problems(self, facts: TeamFacts) -> list[Problem]:  # noqa: ARG002 - most rules know of no such fault
        """What in the data makes the rule meaningless, whatever the policy for missing data."""
        return []

    def missing(self, facts: TeamFacts) -> list[Problem]:  # noqa: ARG002 - named rules need no data
        """Teams (or journeys) without the data that the rule needs."""
        return []


class LimitRule(Rule):
    """A rule with a number as its limit, which can be moved.

    A pair is permitted if its own figure (its distance, say) does not go beyond the limit. The figure of a
    pair is therefore also the limit that would just permit it.
    """

    raised_to_relax: ClassVar[bool] = True
    """Whether a higher limit permits more pairs; if not, a lower one does."""

    whole_limit: ClassVar[bool] = False
    """Whether only whole numbers are limits."""

    @property
    @abstractmethod
    def limit(self) -> float:
        """The limit, in the rule's unit."""

    @abstractmethod
    def figure(self, pairs: PairBlock) -> Floats:
        """The limit that would just permit each pair, in the rule's unit; NaN where data are missing."""

    @abstractmethod
    def with_limit(self, limit: float) -> Rule | None:
        """The same rule with another limit; None if a rule with such a limit would ban nothing."""

    def slack(self, pairs: PairBlock) -> Floats:
        """Room between the pair's figure and the limit, below 0 where the figure goes beyond it."""
        room = self.limit - self.figure(pairs)
        return room if self.raised_to_relax else -room


def missing_values(facts: TeamFacts, values: Floats, key: str, what: str) -> list[Problem]:
    """Name the teams whose value is unknown, in one problem; no problem if none is."""
    return missing_at(facts, np.isnan(values), key, what)


def missing_at(facts: TeamFacts, unknown: NDArray[np.bool_], key: str, what: str) -> list[Problem]:
    """Name the marked teams in one problem; no problem if none is marked."""
    teams = [facts.cohort.ids[index] for index in np.flatnonzero(unknown)]
    if not teams:
        return []
    return [
        Problem(
            f"needs the {what} of every team, and {len(teams)} of {len(facts.cohort)} have none: "
            + shortened(teams),
            column=f"rules.{key}",
            advice=f'Give the missing {what}, leave the rule out, or set missing = "ban" or "permit" '
            "in [rules].",
        )
    ]


def require_number(key: str, value: float, *, least: float, strictly: bool = False) -> None:
    """Refuse a limit that is not a finite number in range.

    Raises
    ------
    SettingsError
        If `value` is no number, not finite, below `least`, or equal to it where it must be above.
    """
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    fits = is_number and np.isfinite(value) and (value > least if strictly else value >= least)
    if not fits:
        bound = f"above {least:g}" if strictly else f"at least {least:g}"
        raise SettingsError(
            [
                Problem(
                    "is out of range",
                    column=f"rules.{key}",
                    value=f"{value:g}" if is_number else repr(value),
                    expected=f"a finite number, {bound}",
                )
            ]
        )
