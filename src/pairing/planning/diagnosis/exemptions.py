"""The fewest pairs to exempt from a rule that knows only yes and no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.planning.diagnosis.limits import outcome_facts
from pairing.planning.diagnosis.relaxable import outcome_of
from pairing.rules import Forbid, Previous, Require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.planning.diagnosis.links import Links
    from pairing.planning.diagnosis.relaxable import Outcome, RelaxablePairs
    from pairing.rules import Rule

    Indices = NDArray[np.int64]

TeamPair = tuple[str, str]


@dataclass(frozen=True)
class Exemption:
    """What exempting pairs from one rule, and from no other, can do.

    Parameters
    ----------
    key : str
        The rule.
    kind : {"take out of the list", "meet again", "give up", "exempt"}
        What an exemption means for this rule: an entry of ``forbid`` goes, teams meet again, a required
        pair is given up, or a pair with (or without) a shared attribute is accepted.
    pairs : tuple of (str, str)
        The pairs: as few as make the best plan that can be had this way possible.
    outcome : Outcome
        That plan; of all with so few exemptions the one of the greatest value.
    without : Outcome
        The best plan without the rule.
    """

    key: str
    kind: str
    pairs: tuple[TeamPair, ...]
    outcome: Outcome
    without: Outcome

    @property
    def restores(self) -> bool:
        """Whether a full pairing can be had this way."""
        return self.outcome.is_full

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "kind": "exemption",
            "rule": self.key,
            "restores": self.restores,
            "exempted": [list(pair) for pair in self.pairs],
            "meaning": self.kind,
            **outcome_facts(self.outcome),
            "without_the_rule": outcome_facts(self.without),
        }


def fewest_exemptions(pairs: RelaxablePairs, rule: Rule, now: Outcome) -> Exemption:
    """Find the fewest pairs that have to be exempted from one rule, all others being kept.

    Parameters
    ----------
    pairs : RelaxablePairs
        The cohort, which has no full pairing.
    rule : Rule
        A rule without a limit.
    now : Outcome
        The best plan as the rules are.

    Returns
    -------
    Exemption
        Exact: first as many pairs as possible, then as few exemptions as possible, then the greatest value.

    Notes
    -----
    One matching: a pair that counts as an exemption loses more than all values together can differ. Of
    ``require`` not the pairs that are made instead count, but the required pairs that are given up: a
    required pair that is kept gains as much.
    """
    extra = pairs.banned_only_by(rule.key)
    links = pairs.permitted.plus(extra)
    without = pairs.best_without(rule.key) if len(extra) else now
    counts = np.arange(len(links)) >= len(pairs.permitted)
    required = _required(pairs, rule, links)
    cost = _more_than_any_difference(pairs, links)
    weights = (
        links.integers + cost * required if isinstance(rule, Require) else links.integers - cost * counts
    )
    solution = pairs.best(links.weighing(weights))
    chosen = solution.partner[links.first] == links.second
    exempted = required & ~chosen if isinstance(rule, Require) else counts & chosen
    named = _named(pairs, links.only(exempted))
    return Exemption(rule.key, _meaning(rule), named, outcome_of(pairs, solution, links), without)


def _required(pairs: RelaxablePairs, rule: Rule, links: Links) -> NDArray[np.bool_]:
    if not isinstance(rule, Require):
        return np.zeros(len(links), np.bool_)
    wanted = set(rule.pairs)
    return np.array([pair in wanted for pair in _named(pairs, links)], dtype=np.bool_)


def _more_than_any_difference(pairs: RelaxablePairs, links: Links) -> int:
    spread = int(links.integers.max(initial=0)) - int(links.integers.min(initial=0))
    return pairs.most_pairs * spread + 1


def _named(pairs: RelaxablePairs, links: Links) -> tuple[TeamPair, ...]:
    return tuple(zip(pairs.ids(links.first.tolist()), pairs.ids(links.second.tolist()), strict=True))


def _meaning(rule: Rule) -> str:
    if isinstance(rule, Forbid):
        return "take out of the list"
    if isinstance(rule, Previous):
        return "meet again"
    return "give up" if isinstance(rule, Require) else "exempt"
