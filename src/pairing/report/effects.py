"""The effects of the intervention, where an analysis was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.facts import records
from pairing.report.texts import number, plain

if TYPE_CHECKING:
    from pairing.report.facts import Facts, Row


@dataclass(frozen=True)
class EffectRow:
    """One effect, ready to be shown."""

    outcome: str
    n: str
    estimate: str
    interval: str
    p_value: str
    adjusted_for: str


def effects(facts: Facts) -> tuple[EffectRow, ...]:
    """The rows of `effects.csv`; none where no analysis was made."""
    return tuple(map(_row, records(facts.result.table("effects.csv"))))


def _row(row: Row) -> EffectRow:
    low, high = (_limit(row[name]) for name in ("low", "high"))
    p_value = number(row["p_value"])
    return EffectRow(
        row["outcome"],
        row["n"],
        plain(number(row["estimate"]), 3),
        f"{low} to {high}",
        "–" if p_value is None else "below 0.001" if p_value < 0.001 else plain(p_value, 3),
        row["adjusted_for"],
    )


def _limit(cell: str) -> str:
    return plain(number(cell), 3)
