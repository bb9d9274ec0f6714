"""Doing the draws one after the other, or by any executor, and keeping what is done when somebody stops."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from pairing.errors import SolverError
from pairing.planning.by_executor import results_as_they_come
from pairing.planning.robustness.resolve import Resolved, Task, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Executor

    from pairing.planning.robustness.redraw import Redraw

PAIRS_PER_TASK = 30_000
MOST_DRAWS_PER_TASK = 5


def run(
    redraw: Redraw,
    n_draws: int,
    seed: int,
    *,
    executor: Executor | None,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Resolved:
    """Make the draws, or as many as there was time for.

    Raises
    ------
    KeyboardInterrupt
        If it comes before the first draw is done; later ones only end the work.
    SolverError
        If a worker of the executor dies.
    """
    done: list[Resolved] = []
    count = 0
    try:
        with closing(_resolved(redraw, n_draws, seed, executor)) as parts:
            for part in parts:
                done.append(part)
                count += len(part.numbers)
                if progress is not None:
                    progress(count, n_draws)
                if cancelled is not None and cancelled():
                    break
    except KeyboardInterrupt:
        if not done:
            raise
    except BrokenExecutor as error:
        raise SolverError(
            "A worker process ended before its work was done, perhaps for want of memory. Try fewer workers."
        ) from error
    return Resolved.together(done)


def _resolved(
    redraw: Redraw, n_draws: int, seed: int, executor: Executor | None
) -> Generator[Resolved, None, None]:
    if executor is None:
        return (resolve(Task(redraw, seed, range(number, number + 1))) for number in range(n_draws))
    size = draws_per_task(len(redraw.candidates))
    starts = range(0, n_draws, size)
    tasks = (Task(redraw, seed, range(start, min(start + size, n_draws))) for start in starts)
    return (part for _, part in results_as_they_come(executor, resolve, tasks))


def draws_per_task(n_pairs: int) -> int:
    """Draws that are sent to a worker together: a few, so that arrays are sent seldom and stopping is quick.

    Examples
    --------
    >>> [draws_per_task(n_pairs) for n_pairs in (0, 2_000, 12_000, 500_000)]
    [5, 5, 2, 1]
    """
    return max(1, min(MOST_DRAWS_PER_TASK, PAIRS_PER_TASK // max(1, n_pairs)))
