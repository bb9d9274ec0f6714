"""What the audit says of a team on an indicator, in the words of the report and of the packs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.planning.explaining.card import LIKELY
from pairing.report.texts import NOT_KNOWN, interval, number, observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.report.facts import Measure, Row


@dataclass(frozen=True)
class Rate:
    """What the audit says of a team on one indicator."""

    value: str
    interval: str
    patients: str
    unadjusted: str

    @property
    def in_words(self) -> str:
        """The rate and its patients, as part of a sentence."""
        if self.value == NOT_KNOWN:
            return "no published rate"
        return f"{self.value} of {self.patients}" if self.patients else self.value


def rate_of(row: Row, measure: Measure) -> Rate:
    """The rate in a row of `profiles.csv`."""
    ends = [own_unit(number(row.get(name)), measure) for name in ("low", "high")]
    patients, unadjusted = number(row.get("patients")), number(row.get("unadjusted"))
    return Rate(
        own_unit(number(row.get("value")), measure),
        interval(ends[0], ends[1]),
        "" if patients is None else f"{patients:,.0f}",
        "" if unadjusted is None else own_unit(unadjusted, measure),
    )


def own_unit(value: float | None, measure: Measure) -> str:
    """A value of an indicator in its own unit, as finely as teams differ."""
    return observed(value, measure.unit, measure.between_team_sd)


def compared(teacher: Rate, learner: Rate) -> str:
    """Two teams' rates as part of a sentence."""
    if teacher.value == learner.value == NOT_KNOWN:
        return "judged by their other results"
    return f"{teacher.in_words} against {learner.in_words}"


def looks_worse(teacher: float | None, learner: float | None, measure: Measure) -> bool:
    """Whether the teacher has the worse published rate."""
    if teacher is None or learner is None:
        return False
    return teacher < learner if measure.higher_is_better else teacher > learner


def may_be_the_same(row: Row, other: Row) -> bool:
    """Whether one of two rates, as in `profiles.csv`, lies within the 95% interval of the other."""
    for value, ends in ((row, other), (other, row)):
        at, low, high = number(value.get("value")), number(ends.get("low")), number(ends.get("high"))
        if at is not None and low is not None and high is not None and low <= at <= high:
            return True
    return False


def lessons_told(rows: Sequence[Row], teacher: str) -> tuple[list[Row], int]:
    """What a team has to teach, of rows of `exchange.csv`: what is likely, and how much more there may be.

    Where nothing is likely, the first is told all the same.
    """
    taught = [row for row in rows if row["teacher"] == teacher]
    told = [row for row in taught if (number(row["probability_real"]) or 0.0) >= LIKELY] or taught[:1]
    return told, len(taught) - len(told)
