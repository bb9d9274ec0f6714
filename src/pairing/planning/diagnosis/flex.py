"""How far each rule may move when several may move together."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem
from pairing.planning.diagnosis.readable import limit_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pairing.rules import LimitRule


@dataclass(frozen=True)
class Flex:
    """The furthest limit of each rule that may move, and what "as little as possible" means.

    Parameters
    ----------
    limits : mapping of str to float
        The furthest acceptable limit by the rule's key ("max_size_ratio", "calipers.beds").
    order : sequence of str
        Keys; the rule named first moves least. Rules that are not named follow in the order of the rules.
    weights : mapping of str to float
        Above 0; if given instead of `order`, the weighted sum of all moves is made as small as possible,
        each move in units of the rule's whole room. Rules that are not named have weight 1.
    """

    limits: Mapping[str, float]
    order: Sequence[str] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    def problems(self, rules: Iterable[LimitRule]) -> list[Problem]:
        """Find what does not go with the rules that are set.

        Parameters
        ----------
        rules : iterable of LimitRule
            The rules that have a limit.

        Returns
        -------
        list of Problem
            Limits that are stricter than the rule, rules that are not set, and an order or weights for
            rules that may not move.
        """
        return [
            *self._problems_of_limits({rule.key: rule for rule in rules}),
            *self._problems_of_order(),
            *self._problems_of_weights(),
        ]

    def _problems_of_limits(self, rules: Mapping[str, LimitRule]) -> Iterator[Problem]:
        for key, furthest in self.limits.items():
            place = f"flex.{key}"
            rule = rules.get(key)
            if rule is None:
                yield Problem(
                    "there is no rule of that name with a limit in [rules]",
                    column=place,
                    advice=did_you_mean(key, rules) or "Set the rule, or take it out of [flex].",
                )
                continue
            looser = furthest > rule.limit if rule.raised_to_relax else furthest < rule.limit
            if not (isfinite(furthest) and looser):
                yield Problem(
                    "is not looser than the rule itself",
                    column=place,
                    value=limit_text(furthest) if isfinite(furthest) else str(furthest),
                    expected=f"{'more' if rule.raised_to_relax else 'less'} than {limit_text(rule.limit)}, "
                    "the limit in [rules]",
                )
            elif furthest < 0:
                yield Problem("is out of range", None, None, place, limit_text(furthest), "at least 0")

    def _problems_of_order(self) -> Iterator[Problem]:
        for key in self.order:
            if key not in self.limits:
                yield self._may_not_move(key, "flex.order")
        for key in sorted({key for key in self.order if list(self.order).count(key) > 1}):
            yield Problem("is named more than once", column="flex.order", value=key)

    def _problems_of_weights(self) -> Iterator[Problem]:
        if self.order and self.weights:
            yield Problem(
                "the key contradicts flex.order",
                column="flex.weights",
                advice="Give either an order (the rule named first moves least) or weights.",
            )
        for key, weight in self.weights.items():
            if key not in self.limits:
                yield self._may_not_move(key, "flex.weights")
            if not (isfinite(weight) and weight > 0):
                yield Problem("is out of range", None, None, f"flex.weights.{key}", f"{weight:g}", "above 0")

    def _may_not_move(self, key: str, column: str) -> Problem:
        return Problem(
            "is not among the rules that may move",
            column=column,
            value=key,
            expected=", ".join(self.limits) or "a rule with a limit in [flex]",
            advice=did_you_mean(key, self.limits),
        )
