"""How much room each rule leaves a pair, in the rule's own unit and in words."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.planning.figures import amount
from pairing.rules import (
    Caliper,
    Different,
    Drawn,
    Forbid,
    LimitRule,
    Locked,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    NotNearest,
    Previous,
    Require,
    Same,
)
from pairing.wording import against

if TYPE_CHECKING:
    from pairing.rules import PairBlock, Rule, RuleSet


@dataclass(frozen=True)
class RuleRoom:
    """What one rule says of one pair.

    Parameters
    ----------
    key : str
        The rule's key in ``[rules]``.
    permitted : bool
        Whether the rule permits the pair.
    slack : float or None
        Room under the rule's limit, in `unit`; below 0 by how much the limit would have to move for the pair.
        None where only yes or no is possible, or data are missing.
    unit : str
        Unit of the slack.
    sentence : str
        The pair's figure, the limit and the room between them, without a full stop.
    """

    key: str
    permitted: bool
    slack: float | None
    unit: str
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return asdict(self)


@dataclass(frozen=True)
class _Measure:
    """How a rule's figure and limit are told: ``sign`` is 1 where the figure has to be above the limit."""

    sign: int
    digits: int
    figure: str
    unit: str


_MEASURES: dict[type[Rule], _Measure] = {
    MinDistance: _Measure(1, 0, "{0} km apart", " km"),
    MaxDistance: _Measure(-1, 0, "{0} km apart", " km"),
    MaxTravel: _Measure(-1, 0, "{0} minutes apart", " minutes"),
    MaxSizeRatio: _Measure(-1, 2, "one is {0} times as large as the other", ""),
    MaxLevelGap: _Measure(-1, 2, "overall levels {0} SD apart", " SD"),
    Caliper: _Measure(-1, 0, "{column}: {0} apart", ""),
}


def room_under(rules: RuleSet, pairs: PairBlock, at: int) -> tuple[RuleRoom, ...]:
    """Say of one pair what every rule says of it.

    Parameters
    ----------
    rules : RuleSet
        The rules.
    pairs : PairBlock
        Some pairs.
    at : int
        Which of them.

    Returns
    -------
    tuple of RuleRoom
        In the order of the rules.
    """
    one = pairs.facts.pairs(pairs.first[at : at + 1], pairs.second[at : at + 1])
    return tuple(_room(rule, one, bans_unknown=rules.missing == "ban") for rule in rules.rules)


def _room(rule: Rule, one: PairBlock, *, bans_unknown: bool) -> RuleRoom:
    broken, unknown = (bool(flags[0]) for flags in rule.verdict(one))
    slack = float(rule.slack(one)[0])
    if unknown:
        policy = "ban" if bans_unknown else "permit"
        sentence = f'data for {rule.key} are missing (missing = "{policy}")'
        return RuleRoom(rule.key, not bans_unknown, None, rule.unit, sentence)
    measured = math.isfinite(slack)
    if broken:
        sentence = rule.sentence(one, 0) + (_missed_by(rule, slack) if measured else "")
    else:
        sentence = _kept(rule, one, slack) if measured else _satisfied(rule, one)
    return RuleRoom(rule.key, not broken, slack if measured else None, rule.unit, sentence)


def _missed_by(rule: Rule, slack: float) -> str:
    measure = _MEASURES.get(type(rule))
    if measure is None:
        return ""
    return f" (missed by {amount(-slack, measure.digits)}{measure.unit})"


def _kept(rule: Rule, one: PairBlock, slack: float) -> str:
    """A permitted pair's figure, and how far it is from the limit."""
    if isinstance(rule, NotNearest):
        rank = slack + rule.k + 1
        barred = "the nearest team" if rule.k == 1 else f"the {rule.k} nearest teams"
        first, second = one.names(0)
        return f"{first} and {second} are not among {barred} of each other (rank {rank:.0f} at the closest)"
    measure = _MEASURES.get(type(rule))
    if measure is None or not isinstance(rule, LimitRule):
        return f"{amount(slack, 2)} {rule.unit} of room"
    limit = float(rule.limit)
    value, shown_limit = against(limit + measure.sign * slack, limit, measure.digits)
    figure = measure.figure.format(value if slack else shown_limit, column=getattr(rule, "column", ""))
    if slack == 0:
        return f"{figure}, exactly at the limit"
    side = "above the minimum" if measure.sign > 0 else "below the limit"
    return f"{figure}, {amount(slack, measure.digits)}{measure.unit} {side} of {shown_limit}{measure.unit}"


def _satisfied(rule: Rule, one: PairBlock) -> str:
    """What a yes-or-no rule found in order."""
    if isinstance(rule, (Different, Same)):
        values = one.facts.cohort.text(rule.column)
        first, second = (values[int(end[0])] for end in (one.first, one.second))
        shared = f"both have {rule.column} '{first}'; the same, as required"
        apart = f"{rule.column} is '{first}' and '{second}'; different, as required"
        return shared if isinstance(rule, Same) else apart
    if isinstance(rule, Require):
        verb = "locked in a pair" if isinstance(rule, Locked) else "required to be paired"
        named = bool(np.isin(one.names(0), list(rule.partner())).any())
        return verb if named else f"neither team is {verb} with another"
    words: dict[type[Rule], str] = {
        Forbid: "not among the forbidden pairs",
        Previous: "have not met before",
        Drawn: "both were drawn",
    }
    return words.get(type(rule), f"{rule.key} permits it")
