"""The smallest change of one rule's limit that makes a full pairing possible."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.planning.diagnosis.readable import limit_text, readable_limit
from pairing.planning.diagnosis.relaxable import outcome
from pairing.planning.diagnosis.setting_text import limit_setting, rule_is_left_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.planning.diagnosis.links import Links
    from pairing.planning.diagnosis.relaxable import Outcome, RelaxablePairs
    from pairing.rules import LimitRule, RuleSet

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_ROUNDING = 0.1
"""Rounding may add so much of a move to it."""


@dataclass(frozen=True)
class MovedLimit:
    """A limit that has moved.

    Parameters
    ----------
    key : str
        The rule.
    unit : str
        Unit of the limits.
    old : float
        The limit as it is.
    exact : float
        The least change that is needed, to the last digit.
    new : float
        The same rounded outwards, by at most a tenth of the move, to the fewest decimals that permit the
        same pairs.
    """

    key: str
    unit: str
    old: float
    exact: float
    new: float

    @property
    def setting(self) -> str:
        """What to write in ``[rules]``."""
        return limit_setting(self.key, self.new)

    def applied_to(self, rules: RuleSet) -> RuleSet:
        """The same rules with the new limit."""
        return rules.with_limit(self.key, self.new)

    def in_words(self) -> str:
        """For example "Raise max_size_ratio from 1.3 to 1.42"."""
        if rule_is_left_out(self.key, self.new):
            return f"Leave {self.key} = {limit_text(self.old)} out"
        verb = "Raise" if self.new > self.old else "Lower"
        return f"{verb} {self.key} from {limit_text(self.old)} to {limit_text(self.new)}"

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "rule": self.key,
            "unit": self.unit,
            "limit": self.old,
            "new_limit": self.new,
            "exact_limit": self.exact,
            "setting": self.setting,
        }


@dataclass(frozen=True)
class LimitChange:
    """What moving the limit of one rule, and no other, can do.

    Parameters
    ----------
    key : str
        The rule.
    moved : MovedLimit or None
        The smallest change that makes a full pairing possible; None if no limit does.
    n_pairs_added : int
        Banned pairs that the new limit permits; if no limit is enough, those that the rule alone bans.
    outcome : Outcome
        The best plan with the new limit; if no limit is enough, without the rule. (Without it there may be
        more than with any limit where pairs are banned because their data are missing.)
    without : Outcome
        The best plan without the rule.
    """

    key: str
    moved: MovedLimit | None
    n_pairs_added: int
    outcome: Outcome
    without: Outcome

    @property
    def restores(self) -> bool:
        """Whether a full pairing can be had this way."""
        return self.outcome.is_full

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "kind": "limit",
            "rule": self.key,
            "restores": self.restores,
            "change": self.moved.to_dict() if self.moved else None,
            "n_pairs_added": self.n_pairs_added,
            **outcome_facts(self.outcome),
            "without_the_rule": outcome_facts(self.without),
        }


def outcome_facts(found: Outcome) -> dict[str, Any]:
    """The facts of a plan as a JSON-safe dictionary."""
    return {
        "n_pairs": found.n_pairs,
        "n_unpaired": found.n_unpaired,
        "total_value": found.total_value,
    }


@dataclass(frozen=True, eq=False)
class Steps:
    """The limits at which a rule permits more, from the one it has outwards.

    Parameters
    ----------
    rule : LimitRule
        The rule.
    limits : ndarray of float, shape (k,)
        The distinct figures of the pairs that it bans, the nearest to the limit first.
    of_pair : ndarray of int, shape (m,)
        The step that permits each pair; k where no step does, for want of data or beyond the furthest limit.
    furthest : float, optional
        A limit that may not be passed.
    """

    rule: LimitRule
    limits: Floats
    of_pair: Indices
    furthest: float | None = None

    def __len__(self) -> int:
        return len(self.limits)

    def moved(self, step: int) -> MovedLimit:
        """The limit moved as far as a step."""
        rule, exact = self.rule, float(self.limits[step])
        beyond = float(self.limits[step + 1]) if step + 1 < len(self) else None
        most = exact + (exact - rule.limit) * _ROUNDING
        if self.furthest is not None:
            most = min(most, self.furthest) if rule.raised_to_relax else max(most, self.furthest)
        new = readable_limit(exact, beyond, most, upwards=rule.raised_to_relax)
        return MovedLimit(rule.key, rule.unit, rule.limit, exact, new)


def steps_of(rule: LimitRule, figures: Floats, furthest: float | None = None) -> Steps:
    """Sort the figures of pairs that a rule bans into steps; NaN is on none, nor is what is too far out."""
    outwards = figures if rule.raised_to_relax else -figures
    reached = ~np.isnan(figures)
    if furthest is not None:
        reached &= ~_passes(rule, figures, furthest)
    limits, of_pair = np.unique(outwards[reached], return_inverse=True)
    step = np.full(len(figures), len(limits), np.int64)
    step[reached] = of_pair
    return Steps(rule, limits if rule.raised_to_relax else -limits, step, furthest)


def _passes(rule: LimitRule, figures: Floats, furthest: float) -> NDArray[np.bool_]:
    """Which figures lie beyond the furthest limit."""
    return np.greater(figures, furthest) if rule.raised_to_relax else np.less(figures, furthest)


def smallest_limit_change(pairs: RelaxablePairs, rule: LimitRule, now: Outcome) -> LimitChange:
    """Find how far the limit of one rule has to move, all others being kept.

    Parameters
    ----------
    pairs : RelaxablePairs
        The cohort, which has no full pairing.
    rule : LimitRule
        The rule that may move.
    now : Outcome
        The best plan as the rules are.

    Returns
    -------
    LimitChange
        Exact: a limit that permits one pair less (of those that no other rule bans) allows no full pairing.

    Notes
    -----
    The number of possible pairs never falls when a limit is relaxed, and changes only where the limit passes
    the figure of a pair that no other rule bans. So bisection over those figures finds the change.
    """
    count = pairs.n_banned_only_by(rule.key)
    without = pairs.best_without(rule.key) if count else now
    if not without.is_full:
        return LimitChange(rule.key, None, count, without, without)
    extra = pairs.banned_only_by(rule.key)
    steps = steps_of(rule, pairs.figures(rule, extra))
    step = _first_enough(pairs, extra, steps)
    if step is None:
        return LimitChange(rule.key, None, count, without, without)
    added = steps.of_pair <= step
    found = outcome(pairs, pairs.permitted.plus(extra.only(added)))
    return LimitChange(rule.key, steps.moved(step), int(added.sum()), found, without)


def _first_enough(pairs: RelaxablePairs, extra: Links, steps: Steps) -> int | None:
    """The first step that allows a full pairing; None if none does.

    First the bisection asks for less: a full pairing in which pairs may be halved, which takes a moment. At
    the step where that begins a whole one is mostly there too, and one question is left of many.
    """

    def with_step(step: int) -> Links:
        return pairs.permitted.plus(extra.only(steps.of_pair <= step))

    def may_be_enough(step: int) -> bool:
        return pairs.may_be_full(with_step(step))

    def enough(step: int) -> bool:
        return pairs.is_full(with_step(step))

    last = len(steps) - 1
    if last < 0 or not may_be_enough(last):
        return None
    step = bisect_left(range(last), True, key=may_be_enough)
    if enough(step):
        return step
    if step == last or not enough(last):
        return None
    return bisect_left(range(last), True, lo=step + 1, key=enough)
