"""What each rule costs: the plan that would be possible without it, solved anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import MatchingProblem, fairest_matching, solve
from pairing.pairs import VALUE_SCALE
from pairing.planning.alteration import refuse_group_of_three
from pairing.planning.by_total import refuse_more_than_total
from pairing.planning.fairest import Fairest
from pairing.shown import show_facts, show_result
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.planning.pairing import Pairing

    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class RulePrice:
    """What a pairing would gain if one rule were dropped and all others kept.

    Parameters
    ----------
    key : str
        The rule.
    n_banned : int
        How many of all pairs the rule bans.
    n_banned_alone : int
        How many pairs no other rule bans.
    n_pairs_gained : int
        How many more pairs the best plan without the rule has.
    value_gained : float
        By how much its total value is greater, in between-team SD. With more pairs, or when the plan is made
        fairest, this can be below 0.
    worst_gained : float
        By how much the value of its worst-off pair is greater, in between-team SD. This can be below 0
        unless the plan is made fairest and has no more pairs.
    """

    key: str
    n_banned: int
    n_banned_alone: int
    n_pairs_gained: int
    value_gained: float
    worst_gained: float

    def summary(self) -> str:
        """Say what the rule costs the plan."""
        pairs = f"{counted(self.n_pairs_gained, 'pair')} more and " if self.n_pairs_gained else ""
        return f"Without {self.key} the best plan has {pairs}{self.value_gained:+.3f} SD in total."

    def _repr_html_(self) -> str:
        facts = {"pairs banned": f"{self.n_banned:,}", "banned by no other rule": f"{self.n_banned_alone:,}"}
        return show_result(f"Price of {self.key}", self.summary(), show_facts(facts, "What the rule bans"))


def rule_prices(
    pairing: Pairing, *, progress: Callable[[int, int], None] | None = None
) -> tuple[RulePrice, ...]:
    """Price every rule of a pairing by solving again without it.

    Parameters
    ----------
    pairing : Pairing
        An optimal pairing. If it is the fairest one, so is the plan without the rule.
    progress : callable, optional
        Called with the number of rules priced and of all.

    Returns
    -------
    tuple of RulePrice
        In the order of the rules; exact.

    Raises
    ------
    SettingsError
        If the plan has a group of three, or was made by levels or under side constraints: the best plan
        without a rule would be one by total value, and the difference no price of the rule.
    """
    refuse_group_of_three(pairing, "used to price rules by totals")
    advice = "Plan again without the rule, and compare the two plans level by level."
    refuse_more_than_total(pairing, "used to price rules by totals", advice)
    table = pairing.table
    prices: list[RulePrice] = []
    banned = _banned_by_one(pairing)
    for key, extra in banned.items():
        prices.append(_price(pairing, key, table.n_banned_by[key], extra))
        if progress is not None:
            progress(len(prices), len(banned))
    return tuple(prices)


def _banned_by_one(pairing: Pairing) -> dict[str, Indices]:
    """Pairs that only one rule bans: for each rule the rows (first, second, integer value)."""
    model = pairing.table.model
    found: dict[str, list[Indices]] = {key: [np.empty((3, 0), np.int64)] for key in model.rules.keys}
    for scored in model.score_all():
        alone = scored.banned.sum(axis=1) == 1
        for column, key in enumerate(model.rules.keys):
            rows = alone & scored.banned[:, column]
            block = scored.pairs.first[rows], scored.pairs.second[rows], scored.integers[rows]
            found[key].append(np.stack(block))
    return {key: np.concatenate(blocks, axis=1) for key, blocks in found.items()}


def _price(pairing: Pairing, key: str, n_banned: int, extra: Indices) -> RulePrice:
    table = pairing.table
    if extra.shape[1] == 0:
        return RulePrice(key, n_banned, 0, 0, 0.0, 0.0)
    problem = MatchingProblem(
        len(table.model.cohort),
        np.concatenate([table.first, extra[0]]),
        np.concatenate([table.second, extra[1]]),
        np.concatenate([table.integers, extra[2]]),
    )
    best = fairest_matching if pairing.objective.kind == Fairest.kind else solve
    before, values = pairing.scored.integers, _values_of_pairs(problem, best(problem).partner)
    return RulePrice(
        key,
        n_banned,
        extra.shape[1],
        values.size - before.size,
        int(values.sum() - before.sum()) / VALUE_SCALE,
        (_worst(values) - _worst(before)) / VALUE_SCALE,
    )


def _values_of_pairs(problem: MatchingProblem, partner: NDArray[np.int64]) -> Indices:
    values: Indices = problem.weights[partner[problem.first] == problem.second]
    return values


def _worst(values: Indices) -> int:
    """The least value of a pair; 0 where there is no pair."""
    return int(values.min()) if values.size else 0
