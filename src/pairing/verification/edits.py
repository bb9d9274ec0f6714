"""A plan that a person has edited, held against the proven one: each edit by itself, with its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.pairs import VALUE_SCALE
from pairing.planning.exchange import Exchange, exchanges
from pairing.verification.check import Check
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.pairs import PairTable
    from pairing.verification.plan import Plan


def check_edits(table: PairTable, recorded: Plan, plan: Plan, *, worst_first: bool = False) -> Check:
    """Compare the plan as it stands with the recorded one.

    Parameters
    ----------
    table : PairTable
        Values of all pairs, permitted or not.
    recorded, plan : Plan
        The recorded plan and the plan as it stands.
    worst_first : bool
        Whether the recorded plan is the fairest: then the worst pair that each edit makes is compared with
        the worst one that it undoes.

    Returns
    -------
    Check
        One difference an edit: the fewest pairs that can be put back on their own, and what they cost.
        The edits' prices add up to the gap between the two plans.
    """
    clause = "the pairs are those that were proven"
    edits = exchanges(recorded.partner, plan.partner)
    prices = [_price(table, edit) for edit in edits]
    ids = table.model.cohort.ids
    differences = [
        f"{edit.in_words(ids)}: {price.in_words()}" + (_worst_in_words(table, edit) if worst_first else "")
        for edit, price in zip(edits, prices, strict=True)
    ]
    if plan.triad != recorded.triad:
        prices.append(_Price(0, _group_worth(table, plan) - _group_worth(table, recorded)))
        new, old = _group_in_words(plan, ids), _group_in_words(recorded, ids)
        differences.append(f"{new} instead of {old}: {prices[-1].in_words()}")
    if not differences:
        return Check(clause)
    gap = _Price(sum(price.pairs for price in prices), sum(price.units for price in prices))
    return Check(clause, tuple(differences), finding=f"in all {gap.in_words()}")


@dataclass(frozen=True)
class _Price:
    """What an edit changes: the number of pairs, and the total in units of the integer scale."""

    pairs: int
    units: int

    def in_words(self) -> str:
        amount = f"{abs(self.units) / VALUE_SCALE:.6f} SD"
        value = f"{amount} {'more' if self.units > 0 else 'less'}" if self.units else "the same total"
        if self.pairs == 0:
            return value
        return f"{counted(abs(self.pairs), 'pair')} {'more' if self.pairs > 0 else 'fewer'}, {value}"


def _worst_in_words(table: PairTable, edit: Exchange) -> str:
    """Say what the worst new pair has, and what the worst old one had."""
    new, old = (_values(table, np.array(pairs, np.int64).reshape(-1, 2)) for pairs in (edit.new, edit.old))
    if new.size == 0 or old.size == 0:
        return ""
    lowest, was = int(new.min()) / VALUE_SCALE, int(old.min()) / VALUE_SCALE
    return f"; the worst of the new pairs has {lowest:.6f} SD, the worst of the old ones {was:.6f} SD"


def _price(table: PairTable, edit: Exchange) -> _Price:
    gained, lost = (_worth(table, np.array(pairs, np.int64).reshape(-1, 2)) for pairs in (edit.new, edit.old))
    return _Price(len(edit.new) - len(edit.old), gained - lost)


def _group_worth(table: PairTable, plan: Plan) -> int:
    """What the group of three counts for: its least value."""
    visits = plan.visits[len(plan.pairs) :]
    return int(_values(table, visits).min()) if plan.triad else 0


def _group_in_words(plan: Plan, ids: Sequence[str]) -> str:
    return f"the group of {', '.join(ids[at] for at in plan.triad)}" if plan.triad else "no group of three"


def _worth(table: PairTable, pairs: NDArray[np.int64]) -> int:
    return int(_values(table, pairs).sum())


def _values(table: PairTable, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    return table.model.score(pairs[:, 0], pairs[:, 1]).integers
