"""Work that NumPy does outside Python's lock, on several threads, its results in order."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_THREADS = 8
"""More gain little: the work is bound by memory before that, and each thread holds a block of its own."""


def n_threads() -> int:
    """How many threads to use: one for each processor that this process may run on."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_THREADS, usable))


def in_threads(
    work: Callable[[Item], Result], items: Iterable[Item], *, threads: int | None = None
) -> Iterator[Result]:
    """Do the same work on every item, several at a time, and give the results in the order of the items.

    Parameters
    ----------
    work : callable
        Called with each item.
    items : iterable
        Taken only a few ahead of what is being worked on.
    threads : int, optional
        How many threads; 1 works in the calling thread.

    Yields
    ------
    result
        The same whatever the number of threads.

    Examples
    --------
    >>> list(in_threads(abs, [3, -1, -2]))
    [3, 1, 2]
    """
    threads = n_threads() if threads is None else threads
    if threads == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
