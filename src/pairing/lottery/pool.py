"""The pool: of many candidate draws the best balanced ones, exactly.

Candidates come in blocks, each with a random stream of its own, so the pool depends on the seed and on
nothing else: not on memory, not on the number of workers. Where the design has fewer draws than there
would be candidates, all of them are listed instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.lottery.errors import ImpossibleLotteryError
from pairing.lottery.telling import untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from pairing.lottery.design import Design
    from pairing.lottery.score import BalanceScore
    from pairing.lottery.telling import Tell

_NUMBERS_PER_BLOCK = 2**20
_SMALLEST_BLOCK = 2_048
_BLOCKS_PER_TASK = 8
_TIE = 1e-9
_SCORING = "Scoring candidate draws"


@dataclass(frozen=True, eq=False)
class Pool:
    """The draws that were kept, each once, in alphabetical order of their units.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        One row a draw, true for the intervention.
    scores : ndarray of float, shape (S,)
        Balance scores; 0 where the lottery was not balanced on anything.
    candidates : int
        Candidates that were considered.
    enumerated : bool
        Whether the candidates were all draws of the design, rather than a sample.
    keep : float
        Share of the candidates asked for.
    seed : int or None
        Seed of the candidates; None when they were enumerated.
    """

    draws: NDArray[np.bool_]
    scores: NDArray[np.float64]
    candidates: int
    enumerated: bool
    keep: float
    seed: int | None

    def __len__(self) -> int:
        return len(self.draws)


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything that a worker needs in order to look through some of the candidates."""

    design: Design
    score: BalanceScore | None
    candidates: int
    enumerated: bool
    seed: int | None

    @property
    def block(self) -> int:
        return max(_SMALLEST_BLOCK, _NUMBERS_PER_BLOCK // self.design.n_units)

    def task_starts(self) -> range:
        return range(0, self.candidates, self.block * _BLOCKS_PER_TASK)

    def blocks(self, start: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
        stop = min(start + self.block * _BLOCKS_PER_TASK, self.candidates)
        for first in range(start, stop, self.block):
            last = min(first + self.block, stop)
            taken = self._candidates(first, last)
            yield self._scores(taken, first), taken

    def _candidates(self, first: int, last: int) -> NDArray[np.bool_]:
        if self.enumerated:
            return np.ascontiguousarray(self.design.enumerate(first, last).T)
        m = self.design.n_units
        stream = np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=(first // self.block,)))
        # Raw output is the part of NumPy's random numbers that is promised never to change.
        raw = stream.random_raw((m * self.block + 1) // 2).astype("<u8", copy=False).view("<u4")
        numbers = raw[: m * self.block].reshape(m, self.block)[:, : last - first]
        return self.design.select(numbers)

    def _scores(self, taken: NDArray[np.bool_], first: int) -> NDArray[np.float64]:
        if self.score is not None:
            return self.score.of_columns(taken)
        if self.enumerated:
            return np.zeros(taken.shape[1])
        return np.arange(first, first + taken.shape[1], dtype=np.float64)


class _Best:
    """The lowest scores so far, with all ties at the cut; memory in proportion to what is kept."""

    def __init__(self, n_keep: int) -> None:
        self.n_keep = n_keep
        self.cut = math.inf
        self._scores: list[NDArray[np.float64]] = []
        self._packed: list[NDArray[np.uint8]] = []
        self._held = 0
        self._settled = 0

    def add(self, scores: NDArray[np.float64], packed: NDArray[np.uint8]) -> None:
        self._scores.append(scores)
        self._packed.append(packed)
        self._held += len(scores)
        if self._held > 2 * max(self.n_keep, self._settled):
            self.settle()

    def settle(self) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        scores, packed = np.concatenate(self._scores), np.concatenate(self._packed)
        if len(scores) > self.n_keep:
            self.cut = _with_ties(float(np.partition(scores, self.n_keep - 1)[self.n_keep - 1]))
            inside = scores <= self.cut
            scores, packed = scores[inside], packed[inside]
        self._scores, self._packed = [scores], [packed]
        self._held = self._settled = len(scores)
        return scores, packed


def best_draws(
    design: Design,
    score: BalanceScore | None,
    *,
    candidates: int = 1_000_000,
    keep: float = 0.001,
    seed: int = 0,
    can_be_paired: Callable[[tuple[int, ...]], bool] | None = None,
    executor: Executor | None = None,
    progress: Tell | None = None,
) -> Pool:
    """Keep the best balanced share of many candidate draws.

    Parameters
    ----------
    design : Design
        The unconstrained design.
    score : BalanceScore, optional
        What to balance. Without it the first candidates are kept, or all that can be listed.
    candidates : int
        Candidates to draw. If the design has no more draws than that, all of them are listed instead.
    keep : float
        Share of the candidates to keep, above 0 and at most 1.
    seed : int
        Seed of the candidates, at least 0. It cannot favour anyone: the chances are made equal afterwards.
    can_be_paired : callable, optional
        Whether a tuple of unit numbers can be paired among themselves. Draws that cannot are left out,
        and the share is filled up with the next best.
    executor : concurrent.futures.Executor, optional
        Where to score candidates. The result is the same with and without.
    progress : callable, optional
        Told how many candidates are scored.

    Returns
    -------
    Pool
        Without duplicates. All draws that tie with the last one kept are in it (relative tolerance 1e-9).

    Raises
    ------
    SettingsError
        If a number is out of range.
    ImpossibleLotteryError
        If no candidate can be paired.

    Notes
    -----
    The best draws are the exact best of the candidates. Memory is proportional to what is kept and to the
    blocks being scored, not to the number of candidates.
    """
    _check_settings(candidates, keep, seed)
    tell = untold if progress is None else progress
    enumerated = design.n_draws <= candidates
    total = design.n_draws if enumerated else candidates
    search = _Search(design, score, total, enumerated, None if enumerated else seed)
    n_keep = max(1, math.ceil(keep * total - 1e-9))
    if can_be_paired is None:
        scores, packed = _scan(search, n_keep, executor, tell)
    else:
        scores, packed = _scan_pairable(search, n_keep, can_be_paired, executor, tell)
    draws, first = _alphabetical(packed, design.n_units)
    kept_scores = scores[first] if score is not None else np.zeros(len(draws))
    return Pool(draws, kept_scores, total, enumerated, keep, search.seed)


def _check_settings(candidates: int, keep: float, seed: int) -> None:
    problems = []
    if candidates < 1:
        problems.append(Problem("is no number of candidates", value=str(candidates), expected="at least 1"))
    if not 0 < keep <= 1:
        problems.append(Problem("is no share to keep", value=str(keep), expected="above 0 and at most 1"))
    if seed < 0:
        problems.append(Problem("is no seed", value=str(seed), expected="a whole number from 0"))
    if problems:
        raise SettingsError(problems)


def _scan(
    search: _Search, n_keep: int, executor: Executor | None, tell: Tell
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    best = _Best(n_keep)
    starts = search.task_starts()
    if executor is None:
        for start in starts:
            _look_through(search, start, best)
            tell(_SCORING, min(start + starts.step, search.candidates), search.candidates)
        return best.settle()
    found = executor.map(_task, [search] * len(starts), starts, [n_keep] * len(starts))
    for start, (scores, packed) in zip(starts, found, strict=True):
        best.add(scores, packed)
        tell(_SCORING, min(start + starts.step, search.candidates), search.candidates)
    return best.settle()


def _task(search: _Search, start: int, n_keep: int) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    best = _Best(n_keep)
    _look_through(search, start, best)
    return best.settle()


def _look_through(search: _Search, start: int, best: _Best) -> None:
    for scores, taken in search.blocks(start):
        inside = np.flatnonzero(scores <= best.cut)
        best.add(scores[inside], np.packbits(taken[:, inside].T, axis=1))


def _scan_pairable(
    search: _Search,
    n_keep: int,
    can_be_paired: Callable[[tuple[int, ...]], bool],
    executor: Executor | None,
    tell: Tell,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Walk through the candidates in order of their score until enough can be paired."""
    known: dict[bytes, bool] = {}
    n_look = n_keep
    while True:
        n_look = min(4 * n_look, search.candidates)
        scores, packed = _scan(search, n_look, executor, tell)
        order = np.lexsort((*packed.T[::-1], scores))
        chosen: list[int] = []
        cut = math.inf
        for place in order.tolist():
            if scores[place] > cut:
                break
            if _ask(packed[place], search.design.n_units, can_be_paired, known):
                chosen.append(place)
            if len(chosen) == n_keep:
                cut = _with_ties(float(scores[place]))
        if len(chosen) >= n_keep or n_look == search.candidates:
            break
    if not chosen:
        raise ImpossibleLotteryError(
            f"None of {search.candidates:,} candidate draws can be paired under the rules. "
            "Relax a rule, or pair first and draw pairs."
        )
    return scores[chosen], packed[chosen]


def _ask(
    packed: NDArray[np.uint8],
    n_units: int,
    can_be_paired: Callable[[tuple[int, ...]], bool],
    known: dict[bytes, bool],
) -> bool:
    key = packed.tobytes()
    if key not in known:
        units = np.flatnonzero(np.unpackbits(packed, count=n_units))
        known[key] = can_be_paired(tuple(units.tolist()))
    return known[key]


def _with_ties(cut: float) -> float:
    return cut + _TIE * abs(cut) + 1e-15


def _alphabetical(packed: NDArray[np.uint8], n_units: int) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Sort draws by their units and drop repetitions; also give the place of each in `packed`."""
    unique, first = np.unique(packed, axis=0, return_index=True)
    draws = np.unpackbits(unique[::-1], axis=1, count=n_units).view(np.bool_)
    return draws, first[::-1]
