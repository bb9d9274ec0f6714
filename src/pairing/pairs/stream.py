"""Every permitted pair of a cohort, found anew whenever it is asked for, and never all held at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError
from pairing.matching.candidates import BestPerVertex
from pairing.matching.edge_source import EdgeSource, HeavyEdges
from pairing.pairs.ceiling import ValueCeiling
from pairing.pairs.going_rates import balanced_prices, high_offers, sampled_teams
from pairing.pairs.model import VALUE_SCALE
from pairing.pairs.reach import Reach
from pairing.rules import Rectangle
from pairing.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock
    from pairing.pairs.model import PairModel

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Pairs = tuple[Indices, Indices]

PAIRS_PER_BLOCK = 1 << 18
"""Pairs, permitted or not, that a thread judges at once: they fit into its cache."""

PAIRS_COMPARED = 256
"""Pairs of each block that are valued to find out by how much ceilings exceed values."""

CANDIDATES_EACH = 12
"""Pairs of each team that the first pass picks out, to begin the search for the best plan with."""


@dataclass(frozen=True, eq=False)
class Survey:
    """What one pass over all pairs tells.

    Parameters
    ----------
    n_permitted : int
        How many pairs no rule bans.
    n_banned_by : ndarray of int, shape (number of rules,)
        How many of all pairs each rule bans.
    first, second : ndarray of int, shape (m,)
        The most promising pairs of each team, in ascending order.
    rates : ndarray of float, shape (n,)
        What each team can ask for its part in a pair, roughly, in between-team SD.
    average_value : float
        Average value of the permitted pairs in between-team SD, to within a few millionths: the average
        ceiling, less the average excess of some.
    best_units : int
        The greatest value of a permitted pair in units of ``1 / VALUE_SCALE``; 0 if there is none.
    """

    n_permitted: int
    n_banned_by: Indices
    first: Indices
    second: Indices
    rates: Floats
    average_value: float
    best_units: int


class PairStream(EdgeSource):
    """The permitted pairs of a cohort as the edges of a graph, by blocks, on every processor.

    Parameters
    ----------
    model : PairModel
        How pairs are valued and judged.
    pairs_per_block : int
        How many pairs are judged at once.
    threads : int, optional
        How many blocks are worked on at a time; as many as there are processors if not given. No answer
        depends on it.

    Notes
    -----
    Memory grows with the number of teams and not with that of pairs. Rules are judged by rectangles of teams,
    most pairs at a glance (:meth:`pairing.rules.Rule.glance`). A pair's value is computed only where its
    ceiling (:class:`~pairing.pairs.ceiling.ValueCeiling`) leaves open whether it is heavy, and always by
    :meth:`PairModel.integers`, so that it is the same number wherever it occurs.
    """

    def __init__(
        self, model: PairModel, *, pairs_per_block: int = PAIRS_PER_BLOCK, threads: int | None = None
    ) -> None:
        self.model = model
        self.n_vertices = len(model.cohort)
        self._pairs_per_block = pairs_per_block
        self._threads = threads

    @cached_property
    def survey(self) -> Survey:
        """One pass over all pairs: how many are permitted, what bans the others, which look best.

        Raises
        ------
        InputDataError
            If the preferences need data that a permitted pair lacks.
        """
        rates, best = self._going_rates(), BestPerVertex(self.n_vertices, CANDIDATES_EACH)
        counts, values = np.zeros(len(self.model.rules.rules), np.int64), _Values(self)
        unknown: list[Pairs] = []
        for first, second, ceilings, banned in in_threads(
            self._surveyed, self._stretches(), threads=self._threads
        ):
            counts += banned
            values.add(first, second, ceilings)
            if self.model.preferences.active:
                unknown.append(self._unknown(first, second))
            keys = first * self.n_vertices + second
            best.add(first, ceilings - rates[second], keys)
            best.add(second, ceilings - rates[first], keys)
        self._require_preferences(unknown)
        first, second = np.divmod(best.kept(), self.n_vertices)
        return Survey(values.n_seen, counts, first, second, rates, values.average(), values.best_units)

    @property
    def n_edges(self) -> int:
        """How many pairs are permitted."""
        return self.survey.n_permitted

    @cached_property
    def ceiling(self) -> ValueCeiling:
        """What any pair is worth at most."""
        return ValueCeiling(self.model)

    def permitted(self) -> tuple[Indices, Indices, Indices]:
        """Every permitted pair, ascending, and how many of all pairs each rule bans."""
        counts = np.zeros(len(self.model.rules.rules), np.int64)
        found = [self._permitted(pairs, counts) for pairs in self._stretches()]
        found.append((np.zeros(0, np.int64), np.zeros(0, np.int64)))
        first, second = (np.concatenate(column) for column in zip(*found, strict=True))
        return first, second, counts

    def weight_range(self) -> tuple[int, int]:
        """Two whole numbers between which the value of every pair lies, in units of ``1 / VALUE_SCALE``."""
        return int(self.ceiling.lowest * VALUE_SCALE) - 1, int(self.ceiling.highest * VALUE_SCALE) + 1

    def candidates(self, n_each: int = CANDIDATES_EACH) -> EdgeBlock:
        """The most promising pairs of each team, by the ceiling less the going rate of the partner."""
        del n_each  # settled when the pairs were surveyed
        first, second = self.survey.first, self.survey.second
        return first, second, self.model.integers(first, second)

    def prices(self) -> Floats:
        """What each team can ask for, in units of ``1 / VALUE_SCALE``."""
        return self.survey.rates * VALUE_SCALE

    def look_up(self, first: Indices, second: Indices) -> Indices:
        """Values of some permitted pairs."""
        return self.model.integers(first, second)

    def blocks(self) -> Iterator[EdgeBlock]:
        """Every permitted pair with its value, in ascending order."""
        yield from in_threads(self._valued, self._stretches(), threads=self._threads)

    def heavy(self, floors: Floats, vertices: Indices | None = None) -> Iterator[HeavyEdges]:
        """Find the pairs whose value is above the floors of the two teams together.

        Parameters
        ----------
        floors : ndarray of float, shape (n,)
            In units of ``1 / VALUE_SCALE``; minus infinity asks for every pair.
        vertices : ndarray of int, optional
            Look only at the pairs of these teams; a pair of two of them may come twice.

        Yields
        ------
        HeavyEdges
            The pairs whose ceiling is above the floors, which includes every pair that is heavy.
        """
        self.ceiling  # noqa: B018 - made once, before threads ask for it
        room = floors / VALUE_SCALE - self.ceiling.slack
        if vertices is None and self._reach is not None:
            near = partial(self._heavy_near, room)
            yield from in_threads(near, self._reach.rectangles(self._pairs_per_block), threads=self._threads)
            return
        yield from in_threads(partial(self._heavy, room), self._stretches(vertices), threads=self._threads)

    @cached_property
    def _reach(self) -> Reach | None:
        return Reach.of(self.model.rules, self.model.facts)

    def _stretches(self, vertices: Indices | None = None) -> Iterable[Rectangle]:
        """Cut all pairs, or those of some teams, into rectangles of about as many pairs."""
        facts, n_teams = self.model.facts, self.n_vertices
        self.model.facts.once("positions", lambda: np.arange(n_teams, dtype=np.int64))
        if vertices is not None:
            step = max(1, self._pairs_per_block // max(n_teams, 1))
            for start in range(0, len(vertices), step):
                yield Rectangle(facts, vertices[start : start + step], slice(0, n_teams))
            return
        start = 0
        while start < n_teams - 1:
            stop = min(n_teams - 1, start + max(1, self._pairs_per_block // (n_teams - start)))
            yield Rectangle(facts, slice(start, stop), slice(start + 1, n_teams))
            start = stop

    def _permitted(self, pairs: Rectangle, counts: Indices | None = None) -> Pairs:
        """The permitted pairs of a rectangle, the smaller position first."""
        rows, columns = pairs.positions(pairs.rows), pairs.positions(pairs.columns)
        if isinstance(pairs.rows, slice):
            wanted = np.tri(len(rows), len(columns), -1, dtype=np.bool_)
            np.logical_not(wanted, out=wanted)
        else:
            wanted = np.not_equal.outer(rows, columns)
        chosen = np.flatnonzero(self.model.rules.sift(pairs, wanted, counts))
        row = chosen // len(columns)
        one, other = rows[row], columns[chosen - row * len(columns)]
        if isinstance(pairs.rows, slice):
            return one, other
        return np.minimum(one, other), np.maximum(one, other)

    def _surveyed(self, pairs: Rectangle) -> tuple[Indices, Indices, NDArray[np.float32], Indices]:
        counts = np.zeros(len(self.model.rules.rules), np.int64)
        first, second = self._permitted(pairs, counts)
        return first, second, self.ceiling.of(first, second), counts

    def _valued(self, pairs: Rectangle) -> EdgeBlock:
        first, second = self._permitted(pairs)
        return first, second, self.model.integers(first, second)

    def _heavy(self, room: Floats, pairs: Rectangle) -> HeavyEdges:
        return self._heavy_among(room, *self._permitted(pairs))

    def _heavy_near(self, room: Floats, near: tuple[Rectangle, NDArray[np.bool_]]) -> HeavyEdges:
        pairs, wanted = near
        rows, columns = pairs.positions(pairs.rows), pairs.positions(pairs.columns)
        chosen = np.flatnonzero(self.model.rules.sift(pairs, wanted))
        row = chosen // max(1, len(columns))
        one, other = rows[row], columns[chosen - row * len(columns)]
        return self._heavy_among(room, np.minimum(one, other), np.maximum(one, other))

    def _heavy_among(self, room: Floats, first: Indices, second: Indices) -> HeavyEdges:
        heavy = np.flatnonzero(self.ceiling.of(first, second) > room[first] + room[second])
        one, other = first[heavy], second[heavy]
        return HeavyEdges(first.size, one, other, self.model.integers(one, other))

    def _going_rates(self) -> Floats:
        self.ceiling  # noqa: B018 - made once, before threads ask for it
        sampled = sampled_teams(self.n_vertices)
        step = max(1, self._pairs_per_block // max(len(sampled), 1))
        pieces = [sampled[start : start + step] for start in range(0, len(sampled), step)]
        values = partial(self._ceilings_with, sampled)
        among = np.concatenate(list(in_threads(values, pieces, threads=self._threads)))
        asked = balanced_prices(among)
        everyone = np.arange(self.n_vertices)
        pieces = [everyone[start : start + step] for start in range(0, self.n_vertices, step)]
        offers = in_threads(lambda rows: high_offers(values(rows), asked), pieces, threads=self._threads)
        return np.concatenate(list(offers)).astype(np.float64)

    def _ceilings_with(self, sampled: Indices, rows: Indices) -> NDArray[np.float32]:
        """Ceilings of the pairs of some teams with the sample; minus infinity for those that are banned."""
        pairs = Rectangle(self.model.facts, rows, sampled)
        wanted = self.model.rules.sift(pairs, np.not_equal.outer(rows, sampled))
        values = np.full(wanted.shape, -np.inf, dtype=np.float32)
        at, other = np.nonzero(wanted)
        values[at, other] = self.ceiling.of(rows[at], sampled[other])
        return values

    def _unknown(self, first: Indices, second: Indices) -> Pairs:
        """The pairs whose preferences lack data."""
        penalty = self.model.preferences.penalty(self.model.facts.pairs(first, second))
        without = np.isnan(penalty)
        return first[without], second[without]

    def _require_preferences(self, unknown: list[Pairs]) -> None:
        if not unknown:
            return
        first, second = (np.concatenate(column) for column in zip(*unknown, strict=True))
        problems = self.model.preferences.problems(self.model.facts.pairs(first, second))
        if problems:
            raise InputDataError(problems)


class _Values:
    """The average and the greatest value of pairs that come by with their ceilings."""

    def __init__(self, stream: PairStream) -> None:
        self._stream = stream
        self._ceilings = self._excess = 0.0
        self._n_compared = 0
        self._best: int | None = None
        self.n_seen = 0

    @property
    def best_units(self) -> int:
        return self._best or 0

    def add(self, first: Indices, second: Indices, ceilings: NDArray[np.float32]) -> None:
        if first.size == 0:
            return
        self.n_seen += first.size
        self._ceilings += float(ceilings.sum(dtype=np.float64))
        self._compare(first, second, ceilings)
        bar = -np.inf if self._best is None else self._best / VALUE_SCALE - self._stream.ceiling.slack
        if self._best is None:  # a good one to begin with, so that few others need be valued
            highest = int(np.argmax(ceilings))
            chosen = slice(highest, highest + 1)
            self._best = int(self._stream.model.integers(first[chosen], second[chosen])[0])
            bar = self._best / VALUE_SCALE - self._stream.ceiling.slack
        high = np.flatnonzero(ceilings > bar)
        if high.size:
            found = int(self._stream.model.integers(first[high], second[high]).max())
            self._best = max(self._best, found)

    def _compare(self, first: Indices, second: Indices, ceilings: NDArray[np.float32]) -> None:
        """Value a few pairs exactly, evenly spread."""
        step = max(1, first.size // PAIRS_COMPARED)
        values = self._stream.model.integers(first[::step], second[::step]) / VALUE_SCALE
        self._excess += float((ceilings[::step] - values).sum())
        self._n_compared += values.size

    def average(self) -> float:
        """Average value of all pairs; NaN if there are none."""
        if self.n_seen == 0:
            return float("nan")
        return self._ceilings / self.n_seen - self._excess / self._n_compared
