"""Every permitted pair with its value, and for every other pair what bans it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.errors import InputDataError, Problem
from pairing.matching import MatchingProblem
from pairing.memory import available_memory
from pairing.pairs.model import VALUE_DIGITS, VALUE_SCALE, PairModel, ScoredPairs
from pairing.shown import FIRST_ROWS, show_result, show_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.matching import EdgeSource

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

MOST_PAIRS_HELD = 1 << 18
"""With up to so many pairs of teams (724 teams) the permitted ones are held from the beginning."""

ROWS_A_PIECE = 1 << 15
"""Rows, or a few more, of each piece in which pairs are tabulated."""


@dataclass(frozen=True, eq=False)
class PairTable:
    """The permitted pairs of a cohort with their values. Make one with :meth:`build`.

    Parameters
    ----------
    model : PairModel
        How pairs are valued and judged.
    first, second : ndarray of int, shape (m,)
        Positions of the teams of each permitted pair, the smaller one first, in ascending order.
    integers : ndarray of int, shape (m,)
        Values in units of ``1 / VALUE_SCALE``.
    n_banned_by : dict of str to int
        How many of all pairs each rule bans, by the rule's key.
    """

    model: PairModel
    first: Indices
    second: Indices
    integers: Indices
    n_banned_by: dict[str, int]

    @classmethod
    def build(cls, model: PairModel, *, memory_limit: int | str | None = None) -> PairTable:
        """Judge every pair and value the permitted ones.

        Of a large cohort the pairs are not held; they are found anew when they are needed.

        Parameters
        ----------
        model : PairModel
            How pairs are valued and judged.
        memory_limit : int or str, optional
            Memory that the whole process may take: bytes, or an amount such as "800MB". The work is cut into
            smaller pieces, and what does not fit is refused. No answer depends on it.

        Raises
        ------
        InputDataError
            If fewer than two indicators can tell teams apart, or data are missing that the rules or the
            preferences need.
        SettingsError
            If the memory does not suffice.
        """
        from pairing.pairs.memory_budget import MemoryBudget
        from pairing.pairs.stream import PairStream
        from pairing.pairs.streamed_table import StreamedTable

        require_contrast(model)
        model.rules.require_applicable(model.facts)
        if memory_limit is not None:
            budget = MemoryBudget.within(memory_limit, len(model.cohort))
            if model.n_pairs > min(MOST_PAIRS_HELD, budget.pairs_held):
                stream = PairStream(model, pairs_per_block=budget.pairs_per_block, threads=budget.threads)
                return StreamedTable(stream, memory_bytes=budget.bytes_for_pairs)
        elif model.n_pairs > MOST_PAIRS_HELD:
            return StreamedTable(PairStream(model))
        first, second, counts = PairStream(model).permitted()
        _require_preferences(model, first, second)
        banned = dict(zip(model.rules.keys, counts.tolist(), strict=True))
        return cls(model, first, second, model.integers(first, second), banned)

    def __len__(self) -> int:
        return len(self.first)

    def __repr__(self) -> str:
        return f"<PairTable: {self.summary().splitlines()[0]}>"

    @property
    def value(self) -> Floats:
        """Values of the permitted pairs, shape (m,)."""
        return self.integers / VALUE_SCALE

    @property
    def average_value(self) -> float:
        """Average value of the permitted pairs."""
        return float(self.value.mean())

    @property
    def best_value(self) -> float:
        """Value of the best permitted pair."""
        return float(self.value.max())

    def fits_in_memory(self) -> bool:
        """Whether all permitted pairs can be held at once, as some questions need."""
        return True

    def memory_allowed(self) -> int:
        """Bytes of memory that a question about the pairs may take."""
        return available_memory()

    def edges(self) -> EdgeSource:
        """The permitted pairs with their values, as the edges of a graph."""
        return self.problem()

    def problem(self) -> MatchingProblem:
        """The matching problem: numbered teams, permitted pairs, integer values."""
        return MatchingProblem(len(self.model.cohort), self.first, self.second, self.integers)

    def partners(self, position: int) -> Indices:
        """Positions of the permitted partners of one team, ascending."""
        return np.sort(
            np.concatenate([self.second[self.first == position], self.first[self.second == position]])
        )

    def to_frame(self, *, permitted_only: bool = False) -> pd.DataFrame:
        """Tabulate the pairs.

        Parameters
        ----------
        permitted_only : bool
            Leave out the banned pairs.

        Returns
        -------
        pandas.DataFrame
            One row a pair of teams: ``team_a, team_b, permitted, value, gain_a, gain_b, level_gap,
            size_ratio, distance_km, banned_by``; the bans are the keys of the rules, joined by ``;``.
        """
        return pd.concat([*self.frames(permitted_only=permitted_only)], ignore_index=True)

    def frames(self, *, permitted_only: bool = False) -> Iterator[pd.DataFrame]:
        """Tabulate the pairs piece by piece, so that they need never be held all at once.

        Parameters
        ----------
        permitted_only : bool
            Leave out the banned pairs.

        Yields
        ------
        pandas.DataFrame
            The next rows of :meth:`to_frame`; at least one piece, perhaps without rows.
        """
        nothing = np.zeros(0, np.int64)
        yield scored_frame(self.model, self.model.score(nothing, nothing))
        if not permitted_only:
            for scored in self.model.score_all(ROWS_A_PIECE):
                yield scored_frame(self.model, scored)
            return
        for first, second, _ in self.edges().blocks():
            for start in range(0, len(first), ROWS_A_PIECE):
                rows = slice(start, start + ROWS_A_PIECE)
                yield scored_frame(self.model, self.model.score(first[rows], second[rows]))

    def summary(self) -> str:
        """Say how many pairs are permitted and how many each rule bans."""
        total = self.model.n_pairs
        share = 100.0 * len(self) / total
        lines = [f"{len(self):,} of {total:,} pairs are permitted ({share:.0f}%)."]
        lines += [f"  {key} bans {count:,}" for key, count in self.n_banned_by.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        best = np.argsort(-self.integers, kind="stable")[:FIRST_ROWS]
        scored = self.model.score(self.first[best], self.second[best])
        rows = scored_frame(self.model, scored).drop(columns=["permitted", "banned_by"])
        whole = ".to_frame(permitted_only=True)"
        table = show_table(rows, "The most valuable permitted pairs", n_rows=len(self), whole=whole)
        return show_result("Pair table", self.summary(), table)


def scored_frame(model: PairModel, scored: ScoredPairs) -> pd.DataFrame:
    """Tabulate scored pairs with the columns of :meth:`PairTable.to_frame`, rounded as they are published."""
    ids = np.array(model.cohort.ids, dtype=object)
    keys = model.rules.keys
    return pd.DataFrame(
        {
            "team_a": ids[scored.pairs.first],
            "team_b": ids[scored.pairs.second],
            "permitted": scored.permitted,
            "value": scored.value,
            "gain_a": scored.gains.first.round(VALUE_DIGITS),
            "gain_b": scored.gains.second.round(VALUE_DIGITS),
            "level_gap": scored.pairs.level_gap.round(VALUE_DIGITS),
            "size_ratio": scored.pairs.size_ratio.round(6),
            "distance_km": scored.pairs.distance_km.round(3),
            "banned_by": [
                ";".join(key for key, bans in zip(keys, row, strict=True) if bans)
                for row in scored.banned.tolist()
            ],
        }
    )


def require_contrast(model: PairModel) -> None:
    """Refuse profiles in which no pair can have anything to teach in both directions."""
    usable = np.array(model.profiles.model.usable) & (model.profiles.weights > 0)
    if usable.sum() >= 2:
        return
    titles = [
        indicator.title for indicator, real in zip(model.cohort.indicators, usable, strict=True) if real
    ]
    found = f"only '{titles[0]}' does" if titles else "none does"
    raise InputDataError(
        [
            Problem(
                f"pairs need at least two weighted indicators on which teams really differ, and {found}",
                advice="With fewer, one team of every pair would have nothing to learn. Add indicators, or "
                "use larger denominators (several years of audit).",
            )
        ]
    )


def _require_preferences(model: PairModel, first: Indices, second: Indices) -> None:
    problems = (
        model.preferences.problems(model.facts.pairs(first, second)) if model.preferences.active else []
    )
    if problems:
        raise InputDataError(problems)
