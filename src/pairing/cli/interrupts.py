"""Ctrl-C that cannot get lost: some libraries swallow it while they are imported."""

from __future__ import annotations

import signal
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

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        signal.default_int_handler(number, frame)
