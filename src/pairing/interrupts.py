"""Ctrl-C that cannot get lost: some libraries swallow it while they are imported."""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


@dataclass
class Interrupts:
    """Remembers whether Ctrl-C was pressed, beside raising ``KeyboardInterrupt`` as usual."""

    pressed: bool = False

    def watch(self) -> None:
        """Begin to watch; only the main thread of a process can."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._note)
            sys.unraisablehook = _tell_unless_interrupted

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        signal.default_int_handler(number, frame)


def _tell_unless_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    """Keep quiet about an interrupt that came where nothing can be raised: it is remembered all the same."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
