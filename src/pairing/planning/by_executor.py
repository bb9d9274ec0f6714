"""Tasks done by an executor, their results given as they come, and Ctrl-C that never waits for ever."""

from __future__ import annotations

from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Executor, Future

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_TASKS_AT_ONCE = 256
"""Tasks handed to an executor before the first is done: enough for any pool, few enough to cancel at once."""


def results_as_they_come(
    executor: Executor, work: Callable[[Task], Result], tasks: Iterable[Task]
) -> Generator[tuple[int, Result], None, None]:
    """Give the results of tasks as they come; whatever ends this early, what has not begun is cancelled.

    Finished work announces itself in a queue. To wait for the futures would take the locks of all of them,
    and Ctrl-C at that moment would leave some locked, and the executor waiting for them, for ever.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        Who does the work.
    work : callable
        What is done with each task; both have to reach the executor's workers.
    tasks : iterable
        The tasks; they are taken as there is room for them.

    Yields
    ------
    tuple of (int, result)
        The number of the task, counted from 0, and its result.

    Raises
    ------
    concurrent.futures.BrokenExecutor
        If a worker dies.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as executor:
    ...     sorted(results_as_they_come(executor, abs, [-3, 5, -8]))
    [(0, 3), (1, 5), (2, 8)]
    """
    numbered = enumerate(tasks)
    waiting: dict[Future[Result], int] = {}
    finished: SimpleQueue[Future[Result]] = SimpleQueue()
    try:
        while True:
            for number, task in islice(numbered, MOST_TASKS_AT_ONCE - len(waiting)):
                future = executor.submit(work, task)
                waiting[future] = number
                future.add_done_callback(finished.put)
            if not waiting:
                return
            future = finished.get()
            yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
