"""A repaired pairing: what changes for whom, what stays, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.alteration import named_pairs
from pairing.planning.by_total import constraints_of, levels_beside_total, levels_in_words
from pairing.planning.repairs.change import Change, changes_between
from pairing.rules import Locked
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.planning.alteration import NamedPairs
    from pairing.planning.pairing import Pairing

_COLUMNS = (
    "team",
    "name",
    "change",
    "earlier_partner",
    "new_partner",
    "reason",
    "earlier_gain",
    "new_gain",
)


@dataclass(frozen=True, eq=False)
class Repair:
    """A repaired pairing, with what it changes and what keeping to the earlier one costs.

    Parameters
    ----------
    earlier : Pairing
        The pairing before.
    pairing : Pairing
        The pairing from now on, with its certificate.
    best_units : int
        Total of the best pairing of the same teams without regard to the earlier one, in units of
        ``1 / VALUE_SCALE``.
    n_kept_by_best : int
        How many of the earlier pairs that best pairing happens to keep.
    constrained : bool
        Whether side constraints hold for the repaired pairing. The best one is not held to them.
    """

    earlier: Pairing = field(repr=False)
    pairing: Pairing
    best_units: int
    n_kept_by_best: int
    constrained: bool = False

    @cached_property
    def kept(self) -> NamedPairs:
        """The earlier pairs that stay, by the ids of their teams."""
        now = set(named_pairs(self.pairing))
        return tuple(pair for pair in named_pairs(self.earlier) if pair in now)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is different for each team; none for a team that keeps its partner."""
        return changes_between(self.earlier, self.pairing)

    @property
    def price_of_stability(self) -> float:
        """The best total without regard to the earlier pairs less this one, in between-team SD.

        Exact, and never below 0. Both totals are of as many pairs, under the same rules. Where there are
        side constraints the best pairing may break them, and the price is at most this.
        """
        return (self.best_units - _units(self.pairing)) / VALUE_SCALE

    @property
    def locked(self) -> NamedPairs:
        """The pairs that were to stay or come about in any case, those of earlier repairs too."""
        rules = self.pairing.table.model.rules.rules
        return tuple(pair for rule in rules if isinstance(rule, Locked) for pair in rule.pairs)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the changes.

        Returns
        -------
        pandas.DataFrame
            One row a change, with the columns of ``changes.csv``: `team`, `name`, `change` ("left", "joined",
            "new partner" or "no partner"), `earlier_partner`, `new_partner`, `reason`, and `earlier_gain` and
            `new_gain`, what the team can expect to learn from its partner, in between-team SD.
        """
        rows = [
            (
                change.team,
                change.name,
                _kind(change),
                change.earlier_partner,
                change.new_partner,
                change.reason,
                change.earlier_gain,
                change.new_gain,
            )
            for change in self.changes
        ]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS))
        gains = ["earlier_gain", "new_gain"]
        return frame.astype(dict.fromkeys(gains, np.float64)).round(dict.fromkeys(gains, VALUE_DIGITS))

    def summary(self) -> str:
        """Say what changes, what stays, and what that costs."""
        lines = [f"{change.sentence}." for change in self.changes]
        return "\n".join([*lines, *self._in_words(), *self.pairing.summary().splitlines()])

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "n_pairs": len(self.pairing.pairs),
            "n_earlier_pairs": len(self.earlier.pairs),
            "n_kept": len(self.kept),
            "kept": [list(pair) for pair in self.kept],
            "locked": [list(pair) for pair in self.locked],
            "changes": [
                {
                    "team": change.team,
                    "change": _kind(change),
                    "earlier_partner": change.earlier_partner,
                    "new_partner": change.new_partner,
                    "reason": change.reason,
                    "sentence": f"{change.sentence}.",
                }
                for change in self.changes
            ],
            "unpaired": [row.team for row in self.pairing.unpaired],
            "total_value": self.pairing.total_value,
            "earlier_total_value": self.earlier.total_value,
            "price_of_stability": self.price_of_stability,
            "price_of_stability_is_at_most": self.constrained,
            "n_kept_without_regard": self.n_kept_by_best,
            "side_constraints_kept": len(constraints_of(self.pairing.objective)),
            "levels_ignored": list(levels_beside_total(self.earlier.objective)),
        }

    def _in_words(self) -> list[str]:
        lines = [self._what_stays(), self._price()]
        if levels := levels_in_words(self.earlier.objective):
            lines.append(f"{levels}: the fewest changes come first, and then the total value.")
        if n_kept := len(constraints_of(self.pairing.objective)):
            lines.append(f"The repaired plan keeps to {counted(n_kept, 'side constraint')}.")
        return lines

    def _what_stays(self) -> str:
        earlier = counted(len(self.earlier.pairs), "earlier pair")
        there = set(self.pairing.cohort.ids)
        lost = sum(not there.issuperset(pair) for pair in named_pairs(self.earlier))
        because = f" ({lost:,} lost a team)" if lost else ""
        return f"{len(self.kept):,} of {earlier} stay{because}; no plan with as many pairs keeps more."

    def _price(self) -> str:
        if self.price_of_stability == 0:
            return "Price of stability: none; no plan of these teams is worth more."
        at_most, without = ("at most ", " without side constraints") if self.constrained else ("", "")
        return (
            f"Price of stability: {at_most}{self.price_of_stability:.3f} SD. The best plan of these teams"
            f"{without} is worth that much more and keeps {self.n_kept_by_best:,} of the earlier pairs."
        )

    def _repr_html_(self) -> str:
        text = "\n".join([*self._in_words(), *self.pairing.summary().splitlines()])
        return show_result("Repair", text, show_table(self.to_frame(), "What changes for whom"))


def _units(pairing: Pairing) -> int:
    return int(pairing.scored.integers.sum())


def _kind(change: Change) -> str:
    if change.left:
        return "left"
    if change.joined:
        return "joined"
    return "new partner" if change.new_partner else "no partner"
