"""The lottery: one declared object to draw from, to question, and to analyse with."""

from __future__ import annotations

import hashlib
import math
import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.lottery.design import Design, same_arm_from_joint
from pairing.lottery.facts import count_in_words, lottery_facts
from pairing.lottery.joint import tickets_of_two
from pairing.lottery.listing import listing_frame, listing_pieces, listing_size, read_listing, written_unit
from pairing.lottery.origin import PossibleDraws
from pairing.lottery.telling import untold
from pairing.lottery.tickets import effective_number
from pairing.lottery.validity import pool_problems, reserve_problems, unit_problems
from pairing.shown import show_facts, show_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pairing.lottery.origin import Origin
    from pairing.lottery.telling import Tell

_LARGEST_FLOAT = int(sys.float_info.max)
_ROWS = 1_024
"""Draws that are counted together."""


@dataclass(frozen=True, eq=False)
class Lottery:
    """The draws that can happen, with exact probabilities.

    Make one with :func:`pairing.lottery.uniform_lottery` or :func:`pairing.lottery.constrained_lottery`.
    The same object is drawn from, asked for chances, and handed to the analysis.

    Parameters
    ----------
    design : Design
        What was declared.
    units : tuple of str, length m
        Ids of the units that are drawn: pairs, or teams.
    members : tuple of tuple of str, length m
        The teams of each unit; the team itself where teams are drawn.
    draws : ndarray of bool, shape (S, m), optional
        The pool. Without it every draw of the design is equally likely.
    tickets : ndarray of int64, shape (S,), optional
        Tickets of each draw in the pool, at least 1.
    n_reserves : int
        How many of the units that are not drawn stand by, in the order that the same draw gives them.
    origin : Origin, optional
        Where the pool came from.

    Raises
    ------
    InputDataError
        If units or teams repeat, or the pool does not follow the design.
    SettingsError
        If reserves are asked for that the design cannot have.

    Notes
    -----
    Reserves are an arm of their own and never controls. Given the reserves, the draw of the others follows
    :meth:`given_reserves`, which is what the analysis uses; the effect is then the average over the units
    that are not in reserve.

    Examples
    --------
    >>> from pairing.lottery import pair_then_draw, uniform_lottery
    >>> lottery = uniform_lottery(pair_then_draw(3, 1), ["P1", "P2", "P3"],
    ...                           [("a", "b"), ("c", "d"), ("e", "f")])
    >>> lottery.n_draws, lottery.exact_chances()[0]
    (3, Fraction(1, 3))
    >>> lottery.to_frame()["intervention"].tolist()
    ['P1', 'P2', 'P3']
    """

    design: Design
    units: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    draws: NDArray[np.bool_] | None = None
    tickets: NDArray[np.int64] | None = None
    n_reserves: int = 0
    origin: Origin | None = None

    def __post_init__(self) -> None:
        problems = [*unit_problems(self), *pool_problems(self)]
        if problems:
            raise InputDataError(problems)
        settings = list(reserve_problems(self))
        if self.draws is None and self.design.kind == "draw-then-pair":
            settings.append(Problem("a draw-then-pair lottery needs the list of draws that can be paired"))
        if settings:
            raise SettingsError(settings)
        for array in (self.draws, self.tickets):
            if array is not None:
                array.setflags(write=False)

    @property
    def listed(self) -> bool:
        """Whether the draws are listed, rather than being all draws of the design."""
        return self.draws is not None

    @property
    def n_draws(self) -> int:
        """Exact number of draws that can happen."""
        return self.design.n_draws if self.draws is None else len(self.draws)

    @property
    def n_tickets(self) -> int:
        """Tickets in the urn; one for each draw where draws are not listed."""
        return self.design.n_draws if self.tickets is None else int(self.tickets.sum())

    @property
    def teams(self) -> tuple[str, ...]:
        """All teams, unit by unit."""
        return tuple(team for unit in self.members for team in unit)

    @property
    def unit_noun(self) -> str:
        """What a unit is called: a team, a pair (of teams), or just a unit."""
        sizes = {len(teams) for teams in self.members}
        return {1: "team", 2: "pair"}.get(sizes.pop(), "unit") if len(sizes) == 1 else "unit"

    @property
    def effective_draws(self) -> float:
        """Number of equally likely draws that would be as even as these."""
        if self.tickets is None:
            return float(self.design.n_draws) if self.design.n_draws < _LARGEST_FLOAT else math.inf
        return effective_number(self.tickets.astype(np.float64))

    @property
    def largest_weight(self) -> float:
        """Probability of the most likely draw: p-values cannot be smaller once it is drawn."""
        if self.tickets is None:
            return float(Fraction(1, self.design.n_draws))
        return float(self.tickets.max() / self.n_tickets)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of :meth:`canonical_text`, in hexadecimal: the hash of the published pool."""
        found = hashlib.sha256()
        for piece in self.canonical_pieces():
            found.update(piece)
        return found.hexdigest()

    def exact_chances(self) -> tuple[Fraction, ...]:
        """Give every unit's chance of the intervention as a fraction."""
        if self.draws is None or self.tickets is None:
            return self.design.exact_chances()
        total = self.n_tickets
        return tuple(Fraction(count, total) for count in self._tickets_of_each)

    @cached_property
    def _tickets_of_each(self) -> tuple[int, ...]:
        """How many tickets draw each unit."""
        counts = np.zeros(len(self.units), dtype=np.int64)
        if self.draws is not None and self.tickets is not None:
            for start in range(0, len(self.draws), _ROWS):
                rows = slice(start, start + _ROWS)
                counts += self.tickets[rows] @ self.draws[rows]
        return tuple(counts.tolist())

    def chances(self) -> NDArray[np.float64]:
        """Give every unit's chance of the intervention, shape (m,)."""
        return np.array([float(chance) for chance in self.exact_chances()])

    def team_chances(self) -> dict[str, float]:
        """Give every team's chance of the intervention."""
        pairs = zip(self.members, self.chances().tolist(), strict=True)
        return {team: chance for unit, chance in pairs for team in unit}

    def largest_chance_error(self) -> float:
        """Give the largest difference between a unit's chance and the declared one."""
        declared = self.design.exact_chances()
        return float(max(abs(a - b) for a, b in zip(self.exact_chances(), declared, strict=True)))

    def joint_chances(self, progress: Tell | None = None) -> NDArray[np.float64]:
        """Give the chance that two units are both drawn, shape (m, m), single chances on the diagonal.

        It takes about S m² steps; `progress` is told how many of the S draws are done.
        """
        if self.draws is None or self.tickets is None:
            return self.design.joint_chances()
        return tickets_of_two(self.draws, self.tickets, progress or untold) / self.n_tickets

    def same_arm(self, progress: Tell | None = None) -> NDArray[np.float64]:
        """Give the chance that two units share an arm, either one, shape (m, m)."""
        return same_arm_from_joint(self.joint_chances(progress))

    def team_same_arm(self) -> NDArray[np.float64]:
        """Give the chance that two teams share an arm, shape (n, n), in the order of :attr:`teams`."""
        unit = np.repeat(np.arange(len(self.units)), [len(teams) for teams in self.members])
        return self.same_arm()[np.ix_(unit, unit)]

    def enumerate(self, limit: int = 200_000) -> PossibleDraws:
        """List all draws that can happen, with their probabilities.

        Parameters
        ----------
        limit : int
            Largest number of draws to list.

        Raises
        ------
        SettingsError
            If there are more; then draw with :meth:`sample`.
        """
        if self.draws is not None and self.tickets is not None:
            return PossibleDraws(self.draws, self.tickets / self.n_tickets)
        if self.n_draws > limit:
            raise SettingsError(
                [
                    Problem(
                        f"{count_in_words(self.n_draws)} draws are too many to list",
                        expected=f"at most {limit:,}",
                    )
                ]
            )
        return PossibleDraws(self.design.enumerate(), np.full(self.n_draws, 1 / self.n_draws))

    def sample(self, rng: np.random.Generator, n: int) -> NDArray[np.bool_]:
        """Draw `n` times with replacement, for simulation: shape (n, m). The real draw is `draw_lottery`."""
        if self.draws is None or self.tickets is None:
            return self.design.sample(rng, n)
        # Tickets are counted, not rounded to weights, so that the sample follows them exactly.
        ticket = rng.integers(0, self.n_tickets, size=n)
        return self.draws[np.searchsorted(np.cumsum(self.tickets), ticket, side="right")]

    def row_of(self, units: Sequence[str]) -> NDArray[np.bool_]:
        """Turn the ids of drawn units into a draw, shape (m,).

        Raises
        ------
        InputDataError
            If a unit is unknown or named twice, or this draw cannot happen in this lottery.
        """
        number = {unit: position for position, unit in enumerate(self.units)}
        unknown = [unit for unit in units if unit not in number]
        if unknown:
            raise InputDataError([Problem("is not a unit of this lottery", value=unit) for unit in unknown])
        twice = sorted({unit for unit in units if list(units).count(unit) > 1})
        if twice:
            raise InputDataError([Problem("is named twice", value=unit) for unit in twice])
        row = np.zeros(len(self.units), dtype=np.bool_)
        row[[number[unit] for unit in units]] = True
        possible = self.design.allows(row[None, :])[0] and (
            self.draws is None or bool((self.draws == row).all(axis=1).any())
        )
        if not possible:
            raise InputDataError(
                [Problem("this allocation is not among the draws of this lottery", value=" ".join(units))]
            )
        return row

    def given_reserves(self, reserves: Sequence[str]) -> Lottery:
        """Give the lottery of the other units, once `reserves` are known to be in reserve.

        Parameters
        ----------
        reserves : sequence of str
            Units in reserve, which were therefore not drawn.

        Returns
        -------
        Lottery
            Over the other units, with the draws that do not contain a reserve and their tickets. The
            reserves' order is uniform whatever was drawn, so these are the exact conditional chances.

        Raises
        ------
        InputDataError
            If a reserve is no unit of the lottery, or no draw is left without it.
        """
        if not reserves:
            return replace(self, n_reserves=0)
        unknown = [unit for unit in reserves if unit not in self.units]
        if unknown:
            raise InputDataError([Problem("is not a unit of this lottery", value=unit) for unit in unknown])
        gone = [self.units.index(unit) for unit in reserves]
        kept = [number for number in range(len(self.units)) if number not in set(gone)]
        possible = None if self.draws is None else ~self.draws[:, gone].any(axis=1)
        return Lottery(
            design=self.design.without(gone),
            units=tuple(self.units[number] for number in kept),
            members=tuple(self.members[number] for number in kept),
            draws=None if self.draws is None else self.draws[possible][:, kept],
            tickets=None if self.tickets is None else self.tickets[possible],
            origin=self.origin,
        )

    def canonical_text(self) -> str:
        """Give what is published, as text: the pool's CSV, or the strata where draws are not listed."""
        return b"".join(self.canonical_pieces()).decode("utf-8")

    def canonical_pieces(self, progress: Tell | None = None) -> Iterator[bytes]:
        """Give :meth:`canonical_text` in pieces, as UTF-8, for a pool that would not fit into memory twice.

        Yields
        ------
        bytes
            Whole lines.
        """
        if self.draws is not None and self.tickets is not None:
            yield from listing_pieces(self.draws, self.tickets, self.units, progress or untold)
            return
        yield f"design,{self.design.kind}\n".encode()
        for stratum, drawn in zip(self.design.strata, self.design.drawn, strict=True):
            listed = " ".join(written_unit(self.units[unit]) for unit in stratum)
            yield f"draw {drawn} of,{listed}\n".encode()

    def canonical_size(self) -> int:
        """Give the bytes that the published pool takes, about; 0 where draws are not listed."""
        if self.draws is None or self.tickets is None:
            return 0
        return listing_size(self.tickets, self.units, self.design.n_drawn)

    def to_frame(self) -> pd.DataFrame:
        """Give the published pool: one row a draw, columns `draw`, `tickets`, `intervention`.

        Raises
        ------
        SettingsError
            If the draws are not listed.
        """
        if self.draws is None or self.tickets is None:
            raise SettingsError(
                [Problem(f"all {count_in_words(self.n_draws)} draws are equally likely and not listed")]
            )
        return listing_frame(self.draws, self.tickets, self.units)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        design: Design,
        units: Sequence[str],
        members: Sequence[Sequence[str]],
        *,
        n_reserves: int = 0,
        origin: Origin | None = None,
    ) -> Lottery:
        """Read a lottery back from its published pool.

        Raises
        ------
        InputDataError
            With every problem of the table.
        """
        listed = read_listing(frame, design, units)
        return cls(
            design=design,
            units=tuple(units),
            members=tuple(tuple(unit) for unit in members),
            draws=listed.draws,
            tickets=listed.tickets,
            n_reserves=n_reserves,
            origin=origin,
        )

    def summary(self) -> str:
        """Describe the lottery in a few lines."""
        return "\n".join(f"{name}: {value}" for name, value in lottery_facts(self).items())

    def _repr_html_(self) -> str:
        return show_result("Lottery", "", show_facts(lottery_facts(self), "What is drawn, and how"))
