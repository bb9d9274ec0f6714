"""Worker processes for a command: none for one worker, and Ctrl-C is for the command alone."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


@contextmanager
def worker_processes(number: int) -> Iterator[Executor | None]:
    """Start processes to work in.

    They are started afresh rather than copied from this process, which may have threads. A terminal sends
    Ctrl-C to all of them: the workers do not listen, so that work which is nearly done is not lost.

    Parameters
    ----------
    number : int
        How many; 1 stands for this process itself.

    Yields
    ------
    concurrent.futures.Executor or None
        None for one worker. At the end, work that has begun is waited for.
    """
    if number == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(number, get_context("spawn"), initializer=_ignore_interrupts) as pool:
        with _interrupts_held_back():
            for _ in range(number):
                pool.submit(int)  # the processes start with the first work that they are given
        yield pool


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: a process started meanwhile never hears it.

    Windows cannot do that; there a worker interrupted while it starts ends with a message of its own.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    earlier = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, earlier)
