"""Ctrl-C that cannot get lost: some libraries swallow it while they are imported."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@dataclass
class Interrupts:
    """Remembers whether Ctrl-C was pressed, beside raising ``KeyboardInterrupt`` as usual."""

    pressed: bool = False
    noting: bool = False
    on_note: Callable[[], None] | None = None

    def watch(self) -> None:
        """Begin to watch; only the main thread of a process can."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._note)
            sys.unraisablehook = _tell_unless_interrupted

    @contextmanager
    def noted_only(self, on_note: Callable[[], None] | None = None) -> Iterator[None]:
        """Only remember the first Ctrl-C meanwhile; who works asks for it, and a second one is raised.

        Raised while a lock of a pool of processes is being taken, it would leave that lock held for ever.

        Parameters
        ----------
        on_note : callable, optional
            Called when the first one comes; it may come between any two steps of anything.
        """
        self.noting, self.on_note = True, on_note
        try:
            yield
        finally:
            self.noting, self.on_note = False, None

    def _note(self, number: int, frame: FrameType | None) -> None:
        is_first, self.pressed = not self.pressed, True
        if not (self.noting and is_first):
            signal.default_int_handler(number, frame)
        elif self.on_note is not None:
            self.on_note()


def _tell_unless_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    """Keep quiet about an interrupt that came where nothing can be raised: it is remembered all the same."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
