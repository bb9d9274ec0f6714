"""The least that the rules of ``[flex]`` have to move together, as limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.planning.diagnosis.limits import outcome_facts, steps_of
from pairing.planning.diagnosis.relaxable import outcome
from pairing.planning.diagnosis.together import States, least_by_weight, least_in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.planning.diagnosis.flex import Flex
    from pairing.planning.diagnosis.limits import MovedLimit, Steps
    from pairing.planning.diagnosis.links import Links
    from pairing.planning.diagnosis.relaxable import Outcome, RelaxablePairs
    from pairing.planning.diagnosis.together import State
    from pairing.rules import RuleSet

    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class FlexChange:
    """What moving several rules, each no further than the user accepts, can do.

    Parameters
    ----------
    moved : tuple of MovedLimit or None
        The least change that makes a full pairing possible, rule by rule, without those that stay; None if
        even the furthest limits do not.
    aim : str
        What "least" means, as part of a sentence.
    n_pairs_added : int
        Banned pairs that the new limits (or, if none are enough, the furthest ones) permit.
    outcome : Outcome
        The best plan with the new limits (or with the furthest ones).
    """

    moved: tuple[MovedLimit, ...] | None
    aim: str
    n_pairs_added: int
    outcome: Outcome

    @property
    def restores(self) -> bool:
        """Whether a full pairing can be had this way."""
        return self.moved is not None

    def applied_to(self, rules: RuleSet) -> RuleSet:
        """The same rules with the new limits."""
        for move in self.moved or ():
            rules = move.applied_to(rules)
        return rules

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "kind": "flex",
            "restores": self.restores,
            "aim": self.aim,
            "changes": None if self.moved is None else [move.to_dict() for move in self.moved],
            "n_pairs_added": self.n_pairs_added,
            **outcome_facts(self.outcome),
        }


def least_joint_change(pairs: RelaxablePairs, flex: Flex) -> FlexChange:
    """Find the least that the rules of `flex` have to move together.

    Parameters
    ----------
    pairs : RelaxablePairs
        The cohort, which has no full pairing, looked at with the keys of `flex`.
    flex : Flex
        The furthest limits, and the order or the weights.

    Returns
    -------
    FlexChange
        Exact. In order: no full pairing has a smaller move of the first rule, and so on. By weight: none
        has a smaller weighted sum of moves.
    """
    search = _Search.of(pairs, flex)
    states = States(search.furthest, search.needed)
    aim = _aim(flex, search.keys)
    if not states.enough(states.furthest):
        return search.change(None, aim)
    if flex.weights or not flex.order:
        return search.change(least_by_weight(states, search.costs(flex)), aim)
    ranked = [*flex.order, *(key for key in search.keys if key not in flex.order)]
    return search.change(least_in_order(states, [search.keys.index(key) for key in ranked]), aim)


def _aim(flex: Flex, keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"{keys[0]} moves as little as possible"
    if flex.order and not flex.weights:
        ranked = [*flex.order, *(key for key in keys if key not in flex.order)]
        return f"{ranked[0]} moves as little as possible, then {', then '.join(ranked[1:])}"
    weights = {key: flex.weights.get(key, 1.0) for key in keys}
    named = (
        ""
        if len(set(weights.values())) == 1
        else f", weighted {', '.join(f'{weights[key]:g}' for key in keys)}"
    )
    return f"the sum of the moves of {', '.join(keys)}{named}, each as a share of its room, is least"


@dataclass(frozen=True, eq=False)
class _Search:
    """The pairs that only flexible rules ban, and the step of each rule that each of them needs."""

    pairs: RelaxablePairs
    links: Links
    needs: Indices
    steps: tuple[Steps, ...]

    @classmethod
    def of(cls, pairs: RelaxablePairs, flex: Flex) -> _Search:
        rules = [rule for rule in pairs.table.model.rules.limits if rule.key in flex.limits]
        columns = [pairs.column(rule.key) for rule in rules]
        others = np.delete(np.arange(pairs.banned.bans.shape[1]), columns)
        movable = np.flatnonzero(~np.any(pairs.banned.bans[:, others], axis=1))
        links, bans = pairs.banned.only(movable), pairs.banned.bans[movable][:, columns]
        needs = np.zeros(bans.shape, np.int64)
        found = []
        for at, rule in enumerate(rules):
            banned = np.flatnonzero(bans[:, at])
            steps = steps_of(rule, pairs.figures(rule, links.only(banned)), flex.limits[rule.key])
            needs[banned, at] = 1 + steps.of_pair
            found.append(steps)
        return cls(pairs, links, needs, tuple(found))

    @property
    def keys(self) -> list[str]:
        return [steps.rule.key for steps in self.steps]

    @property
    def furthest(self) -> State:
        return tuple(len(steps) for steps in self.steps)

    def permitted(self, state: State) -> Indices:
        return np.flatnonzero(np.all(self.needs <= np.array(state), axis=1)).astype(np.int64)

    def needed(self, state: State) -> State | None:
        """How far the rules have to move for one of the full pairings that a state allows, if any."""
        extra = self.permitted(state)
        links = self.links.only(extra)
        partner = self.pairs.full_pairing(self.pairs.permitted.plus(links))
        if partner is None:
            return None
        used = self.needs[extra[partner[links.first] == links.second]]
        return tuple(used.max(axis=0, initial=0).tolist())

    def costs(self, flex: Flex) -> list[list[Fraction]]:
        """Exact cost of every step, in units of the whole room of its rule."""
        costs = []
        for steps in self.steps:
            limit = Fraction(steps.rule.limit)
            share = Fraction(flex.weights.get(steps.rule.key, 1.0)) / abs(
                Fraction(flex.limits[steps.rule.key]) - limit
            )
            moves = (abs(Fraction(figure) - limit) for figure in steps.limits.tolist())
            costs.append([Fraction(0), *(share * move for move in moves)])
        return costs

    def change(self, state: State | None, aim: str) -> FlexChange:
        added = self.permitted(self.furthest if state is None else state)
        found = outcome(self.pairs, self.pairs.permitted.plus(self.links.only(added)))
        moved = None
        if state is not None:
            moved = tuple(
                steps.moved(step - 1) for steps, step in zip(self.steps, state, strict=True) if step > 0
            )
        return FlexChange(moved, aim, len(added), found)
