"""Two teams' profiles on one indicator as a small picture: a line an interval, a mark an estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.texts import number, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.report.facts import Row

WIDTH, HEIGHT = 180, 26
"""Units of the picture."""

WIDEST = 4.0
"""Between-team SD on either side of the average; what lies beyond is drawn at the edge."""

_HIGH, _LOW = 8.0, 18.0  # heights of the first and of the second team


@dataclass(frozen=True)
class Mark:
    """One team's estimate and interval, in units of the picture; None where nothing is known."""

    at: float
    low: float
    high: float
    y: float


@dataclass(frozen=True)
class Strip:
    """The picture of one indicator.

    Parameters
    ----------
    first, second : Mark
        The two teams.
    words : tuple of (str, str)
        The same in words: estimate and interval of each team.
    """

    first: Mark
    second: Mark
    words: tuple[str, str]


@dataclass(frozen=True)
class Scale:
    """The axis that the profiles of all teams share, symmetric around the average team.

    Parameters
    ----------
    limit : float
        Between-team SD at either end.
    """

    limit: float

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places of whole SDs, in units of the picture, and what stands there."""
        whole = int(self.limit)
        step = 1 if whole <= 2 else 2
        marks = range(-(whole // step) * step, whole + 1, step)
        return tuple((self.place(mark), signed(float(mark), 0)) for mark in marks)

    def place(self, estimate: float) -> float:
        """Where an estimate stands; at the edge if it lies beyond."""
        bounded = min(self.limit, max(-self.limit, estimate))
        return round(WIDTH / 2 + bounded / self.limit * (WIDTH / 2 - 6), 1)

    def strip(self, first: Row, second: Row) -> Strip | None:
        """The picture of two teams, or None where one of them has no estimate."""
        marks = self._mark(first, _HIGH), self._mark(second, _LOW)
        if marks[0] is None or marks[1] is None:
            return None
        return Strip(marks[0], marks[1], (_in_words(first), _in_words(second)))

    def _mark(self, row: Row, y: float) -> Mark | None:
        estimate, low, high = (number(row[name]) for name in ("estimate", "estimate_low", "estimate_high"))
        if estimate is None or low is None or high is None:
            return None
        return Mark(self.place(estimate), self.place(low), self.place(high), y)


def scale_of(profiles: Sequence[Row]) -> Scale | None:
    """The scale on which all profiles fit, in whole SDs, but no wider than `WIDEST`.

    Examples
    --------
    >>> scale_of([{"estimate_low": "-1.2", "estimate_high": "2.4"}])
    Scale(limit=3.0)
    """
    ends = [number(row[name]) for row in profiles for name in ("estimate_low", "estimate_high")]
    known = [abs(end) for end in ends if end is not None]
    return Scale(min(WIDEST, max(2.0, float(math.ceil(max(known)))))) if known else None


def _in_words(row: Row) -> str:
    estimate, low, high = (
        signed(number(row[name]), 1) for name in ("estimate", "estimate_low", "estimate_high")
    )
    return f"{estimate} SD ({low} to {high})"
