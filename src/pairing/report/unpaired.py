"""Teams without a partner, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.facts import Team, records

if TYPE_CHECKING:
    from pairing.report.facts import Facts


@dataclass(frozen=True)
class LeftOut:
    """A team without a partner."""

    team: Team
    reason: str


def unpaired(facts: Facts) -> tuple[LeftOut, ...]:
    """The teams without a partner, in the order of the file."""
    return tuple(
        LeftOut(facts.teams[row["team"]], _sentence(row["reason"]))
        for row in records(facts.result.table("unpaired.csv"))
    )


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}"
