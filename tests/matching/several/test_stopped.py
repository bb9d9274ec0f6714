"""A search for rounds that is stopped, by the clock or by Ctrl-C, gives what it has, with its bound."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from pairing.matching import MatchingProblem
from pairing.matching.constrained.highs import Watch, new_highs, run
from pairing.matching.several import RoundsSolution, SearchProgress, solve_rounds

Tell = Callable[[SearchProgress], None]


@cache
def fractional() -> MatchingProblem:
    """A graph whose rounds take branches to find."""
    rng = np.random.default_rng(5)
    edges = [(a, b) for b in range(60) for a in range(b) if rng.random() < 0.1]
    first, second = np.array(edges).T
    return MatchingProblem(60, first, second, rng.integers(1, 50, len(edges)))


@cache
def best() -> RoundsSolution:
    """Its best two rounds."""
    return solve_rounds(fractional(), 2)


def pressing(at: int) -> tuple[Tell, list[SearchProgress]]:
    """Ctrl-C the so-manieth time that something is told of totals; and what was told."""
    told: list[SearchProgress] = []

    def tell(state: SearchProgress) -> None:
        told.append(state)
        if sum(each.aim == "total" for each in told) == at + 1:
            raise KeyboardInterrupt

    return tell, told


@pytest.mark.parametrize("at", range(6))
def test_ctrl_c_keeps_the_rounds_so_far(at: int) -> None:
    """Whenever it comes, they are labelled, and what is told and proven bounds the best ones."""
    tell, told = pressing(at)
    solution = solve_rounds(fractional(), 2, keep_interrupted=True, progress=tell)
    assert (solution.status, solution.stopped) == ("feasible", "interrupted")
    assert solution.proof.total <= best().proof.total <= solution.proof.bound
    assert solution.proof.n_pairs == best().proof.n_pairs
    of_totals = [each for each in told if each.aim == "total"]
    assert all((each.total or 0) <= best().proof.total <= each.bound for each in of_totals)
    assert solution.proof.bound <= of_totals[0].bound


def test_ctrl_c_passes_through_where_nothing_is_to_be_kept() -> None:
    """It is raised, as before."""
    with pytest.raises(KeyboardInterrupt):
        solve_rounds(fractional(), 2, progress=pressing(1)[0])


def test_without_a_linear_programme_single_rounds_give_the_bound() -> None:
    """Stopped at once, two rounds are worth no more than twice the best one, in which pairs may be halved."""
    stopped = solve_rounds(fractional(), 2, time_limit_s=0)
    one = solve_rounds(fractional(), 1).proof.total
    assert (stopped.status, stopped.stopped) == ("feasible", "time limit")
    assert best().proof.total < stopped.proof.bound < 2.1 * one
    assert best().stopped is None


def transport(n: int) -> tuple[np.ndarray, np.ndarray]:
    """A linear programme that takes a while: rows and costs of an assignment of n to n."""
    rows = np.column_stack([np.repeat(np.arange(n), n), n + np.tile(np.arange(n), n)])
    return rows.ravel().astype(np.int32), np.random.default_rng(1).random(n * n)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("by", ["clock", "Ctrl-C"])
@pytest.mark.usefixtures("interrupts")  # workers of a test run in parallel ignore Ctrl-C by themselves
def test_a_linear_programme_stops_before_its_end(by: str) -> None:
    """The simplex method ran on to its end, whatever the limit and whoever pressed Ctrl-C."""
    n = 1200  # seconds of work, where nobody stops it
    rows, costs = transport(n)
    solver, nothing = new_highs(), np.zeros(0)
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("solver", "simplex")
    solver.addRows(2 * n, np.ones(2 * n), np.ones(2 * n), 0, np.zeros(2 * n, np.int32), rows[:0], nothing)
    starts = (2 * np.arange(n * n)).astype(np.int32)
    solver.addCols(n * n, costs, np.zeros(n * n), np.ones(n * n), 2 * n * n, starts, rows, np.ones(2 * n * n))
    watch = Watch(0.3 if by == "clock" else None)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    if by == "Ctrl-C":
        timer.start()
    run(solver, watch)
    assert watch.over
    assert watch.interrupted == (by == "Ctrl-C")
    assert "Optimal" not in str(solver.getModelStatus())
