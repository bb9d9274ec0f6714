"""The least that several rules have to move together: in order of rank, or by weighted sum. Exact.

Each rule has steps: its limit as it is (step 0), and the figures of the pairs that it bans, outwards. A state
says how far each rule has moved. A pair is permitted in a state if every rule has moved as far as the pair
needs; so a state that is at least as far out in every rule permits at least as much.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from operator import le
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

State = tuple[int, ...]


class States:
    """Whether states are enough, each asked only if earlier answers do not settle it.

    Parameters
    ----------
    furthest : tuple of int
        The last step of each rule.
    needed : callable
        Of a state that allows a full pairing, a state no further out that allows the same one (the state
        itself, at worst); None of one that allows none. A state further out than one that allows a full
        pairing must allow one.
    """

    def __init__(self, furthest: State, needed: Callable[[State], State | None]) -> None:
        self.furthest = furthest
        self._needed = needed
        self._enough: list[State] = []
        self._too_little: list[State] = []

    def enough(self, state: State) -> bool:
        """Whether a state is enough."""
        if any(_within(known, state) for known in self._enough):
            return True
        if any(_within(state, known) for known in self._too_little):
            return False
        needed = self._needed(state)
        if needed is None:
            self._too_little = [one for one in self._too_little if not _within(one, state)] + [state]
        else:
            self._enough = [one for one in self._enough if not _within(needed, one)] + [needed]
        return needed is not None

    def least_step(self, rule: int, state: State, *, at_least: int = 0) -> int:
        """The least step of one rule with which a state that is enough still is, the other rules staying."""
        return bisect_left(
            range(state[rule]), True, lo=at_least, key=lambda step: self.enough(_put(state, rule, step))
        )


def least_in_order(states: States, order: Sequence[int]) -> State:
    """Move the first rule as little as possible, then the second, and so on.

    Parameters
    ----------
    states : States
        Of which the furthest is enough.
    order : sequence of int
        Numbers of all rules, the one that should move least first.

    Returns
    -------
    tuple of int
        The step of each rule.
    """
    state = states.furthest
    for rule in order:
        state = _put(state, rule, states.least_step(rule, state))
    return state


@dataclass(frozen=True, order=True)
class _Box:
    """All states between two corners; the least cost of the lower one comes first."""

    bound: Fraction
    low: State
    high: State


def least_by_weight(states: States, costs: Sequence[Sequence[Fraction]]) -> State:
    """Find the state of least total cost that is enough, and of those the first in order of the steps.

    Parameters
    ----------
    states : States
        Of which the furthest is enough.
    costs : sequence of sequence of Fraction
        Cost of every step of every rule, growing with the step, 0 for step 0.

    Returns
    -------
    tuple of int
        The step of each rule.

    Notes
    -----
    Branch and bound over boxes of states. A box whose upper corner is not enough holds nothing; the lower
    corner rises to the least step that each rule needs with all others at the upper corner; no state of the
    box costs less than its lower corner. (Land and Doig 1960.)
    """
    best = min(
        (least_in_order(states, _starting_with(rule, len(costs))) for rule in range(len(costs))),
        key=lambda state: (_cost(costs, state), state),
    )
    waiting = [_Box(Fraction(0), (0,) * len(costs), states.furthest)]
    while waiting:
        box = heappop(waiting)
        raised = _raised(states, costs, box, best)
        if raised is None:
            continue
        if states.enough(raised.low):
            best = min(best, raised.low, key=lambda state: (_cost(costs, state), state))
            continue
        found = least_in_order_within(states, raised)
        best = min(best, found, key=lambda state: (_cost(costs, state), state))
        for half in _halves(costs, raised):
            heappush(waiting, half)
    return best


def least_in_order_within(states: States, box: _Box) -> State:
    """A state of a box that is enough, and from which no rule can be moved back on its own."""
    state = box.high
    for rule in range(len(state)):
        state = _put(state, rule, states.least_step(rule, state, at_least=box.low[rule]))
    return state


def _raised(states: States, costs: Sequence[Sequence[Fraction]], box: _Box, best: State) -> _Box | None:
    """The same box without what cannot be enough or costs more than the best; None if nothing is left."""
    most = _cost(costs, best)
    if (box.bound, box.low) >= (most, best):
        return None
    high = tuple(
        _last_affordable(costs[rule], most - (box.bound - costs[rule][box.low[rule]]), box.high[rule])
        for rule in range(len(costs))
    )
    if not states.enough(high):
        return None
    low = box.low
    for rule in range(len(costs)):
        low = _put(low, rule, states.least_step(rule, high, at_least=low[rule]))
    bound = _cost(costs, low)
    return _Box(bound, low, high) if (bound, low) < (most, best) else None


def _halves(costs: Sequence[Sequence[Fraction]], box: _Box) -> list[_Box]:
    """Cut the side along which the cost differs most, between its two corners."""
    rule = max(range(len(costs)), key=lambda rule: costs[rule][box.high[rule]] - costs[rule][box.low[rule]])
    middle = (box.low[rule] + box.high[rule]) // 2
    near = _Box(box.bound, box.low, _put(box.high, rule, middle))
    low = _put(box.low, rule, middle + 1)
    return [near, _Box(_cost(costs, low), low, box.high)]


def _last_affordable(costs: Sequence[Fraction], budget: Fraction, last: int) -> int:
    return bisect_right(costs, budget, 0, last + 1) - 1


def _cost(costs: Sequence[Sequence[Fraction]], state: State) -> Fraction:
    return sum((costs[rule][step] for rule, step in enumerate(state)), Fraction(0))


def _starting_with(rule: int, count: int) -> list[int]:
    return [rule, *(other for other in range(count) if other != rule)]


def _put(state: State, rule: int, step: int) -> State:
    return (*state[:rule], step, *state[rule + 1 :])


def _within(inner: State, outer: State) -> bool:
    return all(map(le, inner, outer))
