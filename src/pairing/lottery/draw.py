"""The draw: from public randomness to units, by steps that anyone can redo with a hash calculator."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.shown import show_result, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pairing.lottery.lottery import Lottery

_RANGE = 2**256


@dataclass(frozen=True)
class Step:
    """One number of the draw: the text that was hashed, its SHA-256, and the number from 1 to `upper`."""

    text: str
    digest: str
    upper: int
    number: int


@dataclass(frozen=True, eq=False)
class Draw:
    """What was drawn, and how.

    Parameters
    ----------
    lottery : Lottery
        What was drawn from.
    randomness : str
        The randomness, in the form in which it was hashed.
    intervention, controls : tuple of str
        Units of each arm, in the lottery's order.
    reserves : tuple of str
        Units in reserve, in the order in which they are called.
    draw_number : int or None
        Row of the published pool, counted from 1; None where draws are not listed.
    steps : tuple of Step
        Every hash, in order.
    """

    lottery: Lottery
    randomness: str
    intervention: tuple[str, ...]
    controls: tuple[str, ...]
    reserves: tuple[str, ...]
    draw_number: int | None
    steps: tuple[Step, ...]

    def arms(self) -> dict[str, str]:
        """Give every unit's arm: "intervention", "control" or "reserve"."""
        arm = dict.fromkeys(self.intervention, "intervention")
        arm |= dict.fromkeys(self.controls, "control")
        return arm | dict.fromkeys(self.reserves, "reserve")

    def row(self) -> NDArray[np.bool_]:
        """Give the draw as a row over the lottery's units, shape (m,), true for the intervention."""
        return self.lottery.row_of(self.intervention)

    def to_frame(self) -> pd.DataFrame:
        """Give one row a team, sorted by team: `team`, `unit`, `arm`, `reserve_order` (blank if none)."""
        import pandas as pd

        arms = self.arms()
        order = {unit: number for number, unit in enumerate(self.reserves, start=1)}
        unit_of = {
            team: unit
            for unit, teams in zip(self.lottery.units, self.lottery.members, strict=True)
            for team in teams
        }
        teams = sorted(unit_of)
        return pd.DataFrame(
            {
                "team": teams,
                "unit": [unit_of[team] for team in teams],
                "arm": [arms[unit_of[team]] for team in teams],
                "reserve_order": pd.array([order.get(unit_of[team]) for team in teams], dtype="Int64"),
            }
        )

    def summary(self) -> str:
        """Say what was drawn, in a few lines."""
        where = f" (draw {self.draw_number:,} of the pool)" if self.draw_number is not None else ""
        lines = [
            f"Randomness: {self.randomness}",
            f"Intervention{where}: {', '.join(self.intervention)}",
            f"Control: {', '.join(self.controls)}",
        ]
        if self.reserves:
            lines.append(f"Reserves, in order: {', '.join(self.reserves)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        frame = self.to_frame() if self.reserves else self.to_frame().drop(columns="reserve_order")
        return show_result("Draw", self.summary(), show_table(frame, "The arm of each team"))


def draw_lottery(lottery: Lottery, randomness: str) -> Draw:
    """Draw from a lottery with randomness that everyone can check.

    Parameters
    ----------
    lottery : Lottery
        The declared, published lottery.
    randomness : str
        Public randomness named in advance, such as lottery balls, or :func:`seed_text` of a seed.

    Returns
    -------
    Draw

    Raises
    ------
    SettingsError
        If `randomness` is empty.

    Notes
    -----
    The steps are those of :func:`pairing.lottery.recipe`. The pool's SHA-256 is part of what is hashed, so
    that the draw is bound to the pool as published.

    References
    ----------
    Eastlake D (2004). Publicly verifiable nominations committee (NomCom) random selection. RFC 3797.

    Examples
    --------
    >>> from pairing.lottery import pair_then_draw, uniform_lottery
    >>> lottery = uniform_lottery(pair_then_draw(3, 1), ["P1", "P2", "P3"],
    ...                           [("a", "b"), ("c", "d"), ("e", "f")])
    >>> drawn = draw_lottery(lottery, "3 17 22 31 40 45 bonus 9")
    >>> drawn.intervention, drawn.draw_number
    (('P3',), 3)
    """
    text = normalised(randomness)
    if not text:
        raise SettingsError([Problem("the randomness is empty", expected="some text, or a seed")])
    urn = _Urn(f"{text}|{lottery.sha256}")
    if lottery.draws is None:
        drawn = _draw_units(lottery, urn)
        number = None
    else:
        number = _draw_ticket(lottery, urn)
        drawn = np.flatnonzero(lottery.draws[number]).tolist()
    reserves = _draw_reserves(lottery, drawn, urn)
    names = lottery.units
    others = sorted(set(range(len(names))) - set(drawn) - set(reserves))
    return Draw(
        lottery=lottery,
        randomness=text,
        intervention=tuple(names[unit] for unit in sorted(drawn)),
        controls=tuple(names[unit] for unit in others),
        reserves=tuple(names[unit] for unit in reserves),
        draw_number=None if number is None else number + 1,
        steps=tuple(urn.steps),
    )


def seed_text(seed: int) -> str:
    """Give the randomness that stands for a seed.

    Examples
    --------
    >>> seed_text(0)
    'seed 0'
    """
    return f"seed {seed:d}"


def normalised(randomness: str) -> str:
    """Write randomness in the form that is hashed: Unicode NFC, single spaces, none at the ends.

    Examples
    --------
    >>> normalised("  3  17 22 ")
    '3 17 22'
    """
    return " ".join(unicodedata.normalize("NFC", randomness).split())


def hashed_number(text: str, upper: int) -> tuple[int, str, str]:
    """Turn a text into a number from 1 to `upper`, each as likely as any other.

    Parameters
    ----------
    text : str
        What is hashed is the text, "|", and the number of the attempt.
    upper : int
        Largest number, at most 2**256.

    Returns
    -------
    tuple of (int, str, str)
        The number, the text of the attempt that gave it, and its SHA-256 in hexadecimal.

    Notes
    -----
    SHA-256 gives a number below 2**256. Numbers from the largest multiple of `upper` upwards are rejected
    and the next attempt is hashed, so that the remainder of the division has no bias.

    Examples
    --------
    >>> hashed_number("heads or tails", 2)[0]
    2
    """
    attempt = 1
    while True:
        tried = f"{text}|{attempt}"
        digest = hashlib.sha256(tried.encode()).hexdigest()
        value = int(digest, 16)
        if value < _RANGE - _RANGE % upper:
            return value % upper + 1, tried, digest
        attempt += 1


class _Urn:
    """Numbers from one text, with a record of every hash."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.steps: list[Step] = []

    def number(self, purpose: str, upper: int) -> int:
        number, text, digest = hashed_number(f"{self._text}|{purpose}", upper)
        self.steps.append(Step(text, digest, upper, number))
        return number


def _draw_ticket(lottery: Lottery, urn: _Urn) -> int:
    tickets = lottery.tickets if lottery.tickets is not None else np.ones(lottery.n_draws, dtype=np.int64)
    return int(np.searchsorted(np.cumsum(tickets), urn.number("ticket", lottery.n_tickets)))


def _draw_units(lottery: Lottery, urn: _Urn) -> list[int]:
    drawn: list[int] = []
    for stratum, count in zip(lottery.design.strata, lottery.design.drawn, strict=True):
        left = list(stratum)
        for _ in range(count):
            drawn.append(left.pop(urn.number(f"unit {len(drawn) + 1}", len(left)) - 1))
    return drawn


def _draw_reserves(lottery: Lottery, drawn: Sequence[int], urn: _Urn) -> list[int]:
    left = sorted(set(range(len(lottery.units))) - set(drawn))
    return [
        left.pop(urn.number(f"reserve {step}", len(left)) - 1) for step in range(1, lottery.n_reserves + 1)
    ]
