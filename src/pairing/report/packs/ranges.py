"""Teams' rates on one indicator as a small picture: a line an interval, a mark a rate, beside the average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.rates import own_unit, rate_of
from pairing.report.texts import NOT_KNOWN, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.report.facts import Measure, Row, Team

WIDTH = 220
"""Units of the picture from side to side."""

LINE_HEIGHT = 11
"""Units from one team to the next."""

_EDGE, _ABOVE = 8.0, 4.0


@dataclass(frozen=True)
class RateMark:
    """One team's rate and 95% interval, in units of the picture."""

    at: float
    low: float | None
    high: float | None
    y: float
    style: int


@dataclass(frozen=True)
class Range:
    """The picture of one indicator.

    Parameters
    ----------
    marks : tuple of RateMark
        The teams that have a rate.
    average, target : float or None
        Where the average team and the target stand.
    height : float
        Units from top to bottom, without the figures below.
    ends : tuple of str
        What the left and the right end stand for.
    words : str
        All of it in words.
    """

    marks: tuple[RateMark, ...]
    average: float | None
    target: float | None
    height: float
    ends: tuple[str, str]
    words: str


def range_of(teams: Sequence[Team], rows: Sequence[Row], measure: Measure) -> Range | None:
    """Draw the rates of some teams; None where nobody has one, or nothing can be told apart.

    Parameters
    ----------
    teams : sequence of Team
        The teams.
    rows : sequence of dict
        Their rows of `profiles.csv`, {} where there is none.
    measure : Measure
        The indicator.
    """
    values = [[number(row.get(name)) for name in ("value", "low", "high")] for row in rows]
    known = [value for row in values for value in row if value is not None]
    shown = [*known, *(value for value in (measure.average, measure.target) if value is not None)]
    if not known or min(shown) == max(shown):
        return None
    left, right = _ends(min(shown), max(shown), measure)
    place = _Axis(left, right).place
    marks = [
        RateMark(place(value), _maybe(place, low), _maybe(place, high), _ABOVE + LINE_HEIGHT * line + 3, line)
        for line, (value, low, high) in enumerate(values)
        if value is not None
    ]
    return Range(
        tuple(marks),
        _maybe(place, measure.average),
        _maybe(place, measure.target),
        2 * _ABOVE + LINE_HEIGHT * (len(teams) - 1) + 6,
        (own_unit(left, measure), own_unit(right, measure)),
        _in_words(teams, rows, measure),
    )


@dataclass(frozen=True)
class _Axis:
    left: float
    right: float

    def place(self, value: float) -> float:
        return round(_EDGE + (value - self.left) / (self.right - self.left) * (WIDTH - 2 * _EDGE), 1)


def _maybe(place: object, value: float | None) -> float | None:
    return None if value is None else place(value)  # type: ignore[operator]


def _ends(low: float, high: float, measure: Measure) -> tuple[float, float]:
    """A little room at both ends, but no share below nothing or above everything."""
    room = 0.06 * (high - low)
    if measure.unit == "number":
        return low - room, high + room
    whole = 100.0 if measure.unit == "percent" else 1.0
    return min(low, max(0.0, low - room)), max(high, min(whole, high + room))


def _in_words(teams: Sequence[Team], rows: Sequence[Row], measure: Measure) -> str:
    told = []
    for team, row in zip(teams, rows, strict=True):
        rate = rate_of(row, measure)
        if rate.value == NOT_KNOWN:
            told.append(f"{team.id} has no rate")
        else:
            told.append(f"{team.id} {rate.value}" + (f" ({rate.interval})" if rate.interval else ""))
    told.append(f"average team {own_unit(measure.average, measure)}")
    if measure.target is not None:
        told.append(f"target {own_unit(measure.target, measure)}")
    return f"{measure.label}: {'; '.join(told)}"
