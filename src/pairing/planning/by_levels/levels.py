"""One level of an ordered objective: what it makes as great as possible, its best, and the proof of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching import LagrangeanBound, MatchingProblem, SideRow
from pairing.pairs import VALUE_SCALE
from pairing.planning.side.pair_columns import pair_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pairing.pairs import PairTable

METRES = 1000
"""Travel is added up in whole metres, or in thousandths of a minute."""

LEVELS = ("pairs", "worst", "total", "travel")

_UNITS = {"pairs": 1, "worst": VALUE_SCALE, "total": VALUE_SCALE, "travel": -METRES}
_WORDS = {
    "pairs": "as many pairs as possible",
    "worst": "the greatest possible value of the worst-off pair",
    "total": "the greatest total value",
    "travel": "the least travel",
}


@dataclass(frozen=True, eq=False)
class Level:
    """What a level asked for, what is possible, and what later levels may give up of it.

    Parameters
    ----------
    name : {"pairs", "worst", "total", "travel"}
        What it is about.
    best : int
        The best plan found for this level, in its own whole units; greater is better (travel is negative).
    bound : int
        No plan that keeps to the side constraints and to the earlier levels is better.
    tolerance : float
        Which fraction of the best later levels may give up.
    certified : LagrangeanBound, optional
        The proof of a bound without a solver; None if there is nothing to prove.
    certified_bound : int
        What that proves.
    """

    name: str
    best: int
    bound: int
    tolerance: float
    certified: LagrangeanBound | None = field(repr=False)
    certified_bound: int

    @property
    def floor(self) -> int:
        """The least that later levels must leave, in whole units."""
        allowed = Fraction(self.tolerance) * abs(self.best)
        return -int(-(self.best - allowed) // 1)

    def shown(self, units: int) -> float:
        """Turn whole units of this level into SD, pairs, or km or minutes of travel."""
        return shown_units(self.name, units)

    @property
    def in_words(self) -> str:
        """What the level asks for."""
        return _WORDS[self.name]

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "name": self.name,
            "best": self.best,
            "bound": self.bound,
            "tolerance": self.tolerance,
            "certified": None if self.certified is None else self.certified.to_dict(),
            "certified_bound": self.certified_bound,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Level:
        """Read a level back; nothing is checked yet.

        Raises
        ------
        CertificateError
            If an entry is missing or of the wrong kind.
        """
        try:
            proof = data["certified"]
            numbers = [data[name] for name in ("best", "bound", "certified_bound")]
            if data["name"] not in LEVELS or not all(type(number) is int for number in numbers):
                raise CertificateError([f"a level of the objective cannot be read: {dict(data)}"])
            certified = None if proof is None else LagrangeanBound.from_dict(proof)
            return Level(
                data["name"], numbers[0], numbers[1], float(data["tolerance"]), certified, numbers[2]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CertificateError([f"a level of the objective cannot be read: {error}"]) from error


def shown_units(name: str, units: int) -> float:
    """Turn whole units of a level into SD, pairs, or km or minutes of travel."""
    return units / _UNITS[name]


def level_weights(table: PairTable, name: str) -> NDArray[np.int64]:
    """Give what each permitted pair adds to a level, in the level's whole units; shape (m,).

    For travel: kilometres, or minutes where a travel table has no kilometres; less is better.

    Raises
    ------
    InputDataError
        If the travel of a permitted pair is unknown.
    """
    if name == "pairs":
        return np.ones(len(table), dtype=np.int64)
    if name == "travel":
        travel = pair_column(table, travel_column(table), "objective.order")
        return -np.rint(travel * METRES).astype(np.int64)
    return table.integers


def travel_column(table: PairTable) -> str:
    """Whether travel is told in km or, with a travel table that has none, in minutes."""
    travel = table.model.facts.travel
    return "travel_minutes" if travel is not None and travel.km is None else "distance_km"


@dataclass(frozen=True, eq=False)
class Room:
    """The plans that are still possible after some levels.

    Parameters
    ----------
    table : PairTable
        All permitted pairs.
    kept : ndarray of bool, shape (m,)
        The pairs that are still in question.
    rows : tuple of SideRow
        Side constraints and floors of earlier levels, over all permitted pairs.
    n_pairs : int or None
        Pairs of a plan; None before that is settled.
    """

    table: PairTable
    kept: NDArray[np.bool_]
    rows: tuple[SideRow, ...]
    n_pairs: int | None

    def problem(self, weights: NDArray[np.int64]) -> MatchingProblem:
        """The matching problem over the pairs in question."""
        table, kept = self.table, self.kept
        n_teams = len(table.model.cohort)
        return MatchingProblem(n_teams, table.first[kept], table.second[kept], weights[kept])

    def kept_rows(self) -> tuple[SideRow, ...]:
        """The rows over the pairs in question."""
        return tuple(SideRow(row.coefficients[self.kept], row.at_most, row.label) for row in self.rows)

    def above(self, value: int) -> Room:
        """The plans whose every pair is worth more than so much."""
        return replace(self, kept=self.kept & (self.table.integers > value))

    def after(self, level: Level) -> Room:
        """The plans that leave a level as it must be left."""
        if level.name == "pairs":
            return replace(self, n_pairs=level.best)
        if level.name == "worst":
            return replace(self, kept=self.kept & (self.table.integers >= level.floor))
        weights = level_weights(self.table, level.name)
        return replace(self, rows=(*self.rows, SideRow(-weights, -level.floor, level.in_words)))


def prove_level(level: Level, room: Room, *, tolerance: int = 0) -> int | None:
    """Prove from its certificate alone what plans can attain on a level.

    Parameters
    ----------
    level : Level
        The level.
    room : Room
        The plans that the side constraints and the earlier levels leave.
    tolerance : int
        Units by which weights may differ from those that were proven.

    Returns
    -------
    int or None
        No plan attains more; for the level "worst" this is its best, if proven. None if the certificate
        leaves it to the solver.

    Raises
    ------
    CertificateError
        If the certificate proves nothing.
    """
    if level.certified is None:
        return _trivially(level, room)
    if level.name == "worst":
        above = room.above(level.best)
        problem = above.problem(np.zeros(len(room.table), dtype=np.int64))
        proven = level.certified.prove(problem, above.kept_rows(), room.n_pairs, tolerance=tolerance)
        return level.best if proven < 0 else None  # a sum of zeros that cannot reach 0: there is no plan
    problem = room.problem(level_weights(room.table, level.name))
    proven = level.certified.prove(problem, room.kept_rows(), room.n_pairs, tolerance=tolerance)
    return int(proven // 1)


def _trivially(level: Level, room: Room) -> int | None:
    """What needs no certificate: a team has one partner, and no pair is worth more than the best one."""
    if level.name == "pairs":
        return len(room.table.model.cohort) // 2
    nothing_above = level.name == "worst" and not room.above(level.best).kept.any()
    return level.best if nothing_above else None
