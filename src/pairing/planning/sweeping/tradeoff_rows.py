"""What moving one setting costs and brings, as a table: a row for the best plan at each value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.planning.by_total import constraints_of, levels_beside_total, levels_in_words
from pairing.planning.figures import amount
from pairing.planning.objective import TOTAL
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.planning.objective import Objective


@dataclass(frozen=True)
class TradeOffRow:
    """The best plan at one value of a setting. Values, gains and level gaps are in between-team SD.

    Parameters
    ----------
    setting : str
        Which setting.
    value : float
        Its value.
    is_plan : bool
        Whether the plan at hand was made with this value.
    status : str
        "optimal"; "feasible" if it is not proven that no plan under the side constraints is better;
        "infeasible" if no plan keeps to them.
    n_permitted : int
        Pairs that no rule bans.
    n_pairs, n_unpaired : int
        Pairs of the best plan, and teams that it leaves out.
    total_gain : float
        Sum of the expected reciprocal gains, without preferences.
    total_value : float
        The same less what the preferences take off: what is made as great as possible.
    worst_value : float
        Value of the worst pair; NaN without pairs, as are all means.
    total_km, mean_km : float
        How far apart the teams of the pairs are; NaN where that is not known.
    mean_size_ratio, mean_level_gap : float
        Means over the pairs.
    n_changed : int
        Pairs that the plan at hand does not have.
    efficient : bool
        Whether no other row has at least as many pairs, as great a total gain and as few kilometres, and is
        better in one of them.
    """

    setting: str
    value: float
    is_plan: bool
    status: str
    n_permitted: int
    n_pairs: int
    n_unpaired: int
    total_gain: float
    total_value: float
    worst_value: float
    total_km: float
    mean_km: float
    mean_size_ratio: float
    mean_level_gap: float
    n_changed: int
    efficient: bool = False


_MAIN = (
    "value",
    "is_plan",
    "n_permitted",
    "n_pairs",
    "n_unpaired",
    "total_value",
    "worst_value",
    "mean_km",
    "mean_size_ratio",
    "efficient",
)


@dataclass(frozen=True, eq=False)
class TradeOff:
    """The best plans at several values of a setting; see :func:`pairing.planning.sweeping.tradeoff.tradeoff`.

    Parameters
    ----------
    setting : str
        Key of the setting.
    unit : str
        Its unit.
    n_teams : int
        Teams of the cohort.
    rows : tuple of TradeOffRow
        By ascending value of the setting.
    objective : Objective
        Of the plan at hand. Its side constraints hold for all rows; its levels do not count.
    """

    setting: str
    unit: str
    n_teams: int
    rows: tuple[TradeOffRow, ...] = field(repr=False)
    objective: Objective = field(repr=False, default=TOTAL)

    def __repr__(self) -> str:
        return f"<TradeOff: {self.setting} at {counted(len(self.rows), 'value')}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the plans: one row a value, the columns as in :class:`TradeOffRow`."""
        names = [each.name for each in fields(TradeOffRow)]
        return pd.DataFrame([[getattr(row, name) for name in names] for row in self.rows], columns=names)

    def summary(self) -> str:
        """Say in a few sentences what is traded for what."""
        first, last = self.rows[0], self.rows[-1]
        unit = f" {self.unit}" if self.unit else ""
        lines = [
            f"{self.setting} from {first.value:g} to {last.value:g}{unit}, the best plan at each value."
            if len(self.rows) > 1
            else f"{self.setting} at {first.value:g}{unit}: the best plan."
        ]
        most = max(row.n_pairs for row in self.rows)
        lines.append(self._coverage(most))
        full = [row for row in self.rows if row.n_pairs == most and most > 0]
        if full:
            lines.append(self._range([row for row in full if row.efficient] or full))
        if levels := levels_in_words(self.objective):
            lines.append(f"{levels}: every row is the plan of the greatest total value.")
        if constraints_of(self.objective):
            lines.append("Every row keeps to the side constraints of the plan at hand.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        frame = self.to_frame().astype(object)
        rows = frame.where(frame.notna(), None).to_dict("records")
        return {
            "setting": self.setting,
            "unit": self.unit,
            "n_teams": self.n_teams,
            "compared_by": "total value",
            "side_constraints_kept": len(constraints_of(self.objective)),
            "levels_ignored": list(levels_beside_total(self.objective)),
            "rows": rows,
        }

    def _repr_html_(self) -> str:
        table = show_table(self.to_frame(), "The best plan at each value", columns=_MAIN)
        return show_result("Trade-off", self.summary(), table)

    def _coverage(self, most: int) -> str:
        fewer = [row for row in self.rows if row.n_pairs < most]
        left_out = self.n_teams - 2 * most
        who = (
            "everybody has a partner" if left_out == 0 else f"{left_out:,} of {self.n_teams:,} teams left out"
        )
        if not fewer:
            return f"{counted(most, 'pair')} at every value: {who}."
        values = ", ".join(f"{row.value:g} ({row.n_pairs})" for row in fewer)
        return f"At most {counted(most, 'pair')}: {who}. Fewer at {values}."

    def _range(self, rows: list[TradeOffRow]) -> str:
        """The ends of the frontier among the plans with the most pairs."""
        low, high = min(rows, key=lambda row: row.total_gain), max(rows, key=lambda row: row.total_gain)
        values = ", ".join(f"{row.value:g}" for row in rows)
        pairs = counted(rows[0].n_pairs, "pair")
        sentence = f"On the efficient frontier with {pairs}: {values}."
        if low.total_gain == high.total_gain or np.isnan(low.total_km):
            return sentence
        return (
            f"{sentence} From {low.value:g} to {high.value:g} the total gain goes from {low.total_gain:.3f} "
            f"to {high.total_gain:.3f} SD ({amount(100 * (high.total_gain / low.total_gain - 1), 1)}% more), "
            f"the distance from {low.mean_km:.0f} to {high.mean_km:.0f} km a pair."
        )
