"""The work on a few draws: draw, find the best plan, check its proof. Any process can do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import MatchingProblem, check_certificate, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.planning.robustness.redraw import Redraw

    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Task:
    """Some draws to make.

    Parameters
    ----------
    redraw : Redraw
        How to draw.
    seed : int
        The seed of all draws.
    numbers : range
        Which of them to make, counted from 0.
    """

    redraw: Redraw
    seed: int
    numbers: range


@dataclass(frozen=True, eq=False)
class Resolved:
    """What came of d draws.

    Parameters
    ----------
    numbers : ndarray of int, shape (d,)
        Which draws these are.
    partner : ndarray of int, shape (d, n)
        Partner of each team in the best plan of each draw; -1 for none.
    best : ndarray of int, shape (d,)
        Total value of that plan, in units of ``1 / VALUE_SCALE``.
    plan_values : ndarray of int, shape (d, k)
        Values of the pairs of the plan that is tested.
    plan_permitted : ndarray of bool, shape (d, k)
        Whether the rules permit them under the draw.
    """

    numbers: Indices
    partner: NDArray[np.int32]
    best: Indices
    plan_values: Indices
    plan_permitted: NDArray[np.bool_]

    @classmethod
    def together(cls, parts: Sequence[Resolved]) -> Resolved:
        """Put parts together, in the order of the draws' numbers."""
        numbers = np.concatenate([part.numbers for part in parts])
        order = np.argsort(numbers)
        return cls(
            numbers[order],
            np.concatenate([part.partner for part in parts])[order],
            np.concatenate([part.best for part in parts])[order],
            np.concatenate([part.plan_values for part in parts])[order],
            np.concatenate([part.plan_permitted for part in parts])[order],
        )


def resolve(task: Task) -> Resolved:
    """Make some draws and find the best plan of each.

    Every draw has a random stream of its own, the child of the seed with the draw's number, so that it is
    the same wherever and together with whichever others it is made.

    Raises
    ------
    CertificateError
        If the engine's plan is not proven optimal; each of them is checked.
    """
    redraw = task.redraw
    partner = np.empty((len(task.numbers), redraw.n_teams), np.int32)
    best = np.empty(len(task.numbers), np.int64)
    values = np.empty((len(task.numbers), len(redraw.plan)), np.int64)
    permitted = np.empty(values.shape, np.bool_)
    for row, number in enumerate(task.numbers):
        draw = redraw.draw(stream(task.seed, number))
        kept = draw.candidates_permitted
        first, second = redraw.candidates.first[kept], redraw.candidates.second[kept]
        partner[row], best[row] = best_plan(redraw.n_teams, first, second, draw.candidates[kept])
        values[row], permitted[row] = draw.plan, draw.plan_permitted
    return Resolved(np.array(task.numbers, np.int64), partner, best, values, permitted)


def stream(seed: int, number: int) -> np.random.Generator:
    """The random stream of one draw: what ``SeedSequence(seed).spawn(n)[number]`` gives, without the rest."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))


def best_plan(n_teams: int, first: Indices, second: Indices, integers: Indices) -> tuple[Indices, int]:
    """Partners and total of the plan with as many pairs as possible and then the greatest total, proven."""
    problem = MatchingProblem(n_teams, first, second, integers)
    solution = solve(problem, "max-cardinality")
    check_certificate(solution.certificate, solution.pairs(), list(problem.blocks()))
    return solution.partner, solution.total
