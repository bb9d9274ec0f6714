"""HiGHS, run so that it can be watched, stopped at a limit, and interrupted without losing what it found."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pairing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

    import highspy

TOLERANCE = 1e-9
"""By how much HiGHS may miss a constraint or a whole number."""

_POLL_S = 0.05


@dataclass
class Watch:
    """How long a solve may take, who is told of it, and whether it was interrupted.

    Parameters
    ----------
    time_limit_s : float, optional
        Seconds from now.

    Attributes
    ----------
    interrupted : bool
        Whether Ctrl-C was pressed during a run.
    """

    time_limit_s: float | None = None
    interrupted: bool = False
    _start: float = field(default_factory=time.monotonic)

    def left_s(self) -> float:
        """Seconds left, 0 when time is up."""
        if self.time_limit_s is None:
            return float("inf")
        return max(self.time_limit_s - (time.monotonic() - self._start), 0.0)

    @property
    def over(self) -> bool:
        """Whether time is up or the run was interrupted."""
        return self.interrupted or self.left_s() <= 0


def new_highs() -> highspy.Highs:
    """Make a silent HiGHS on a single thread, with the same seed every time."""
    import highspy

    class Silent(highspy.Highs):
        """HiGHS without the banner that it prints on standard output when it is made."""

        def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's own name
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    options: dict[str, bool | int | float | str] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "mip_detect_symmetry": False,  # costs more than it brings: weights are all different
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-6,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    highs = Silent()  # type: ignore[no-untyped-call]
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs


def run(highs: highspy.Highs, watch: Watch, told: Callable[[float, float], None] | None = None) -> None:
    """Let HiGHS work in a thread of its own until it is done, time is up, or Ctrl-C is pressed.

    Parameters
    ----------
    highs : Highs
        The model, loaded.
    watch : Watch
        The limit. Its `interrupted` is set if Ctrl-C was pressed; what HiGHS has found by then is kept.
    told : callable, optional
        Called now and then, in the calling thread, with the best objective so far and its bound.

    Raises
    ------
    SolverError
        If HiGHS itself fails.
    """
    state: dict[str, Any] = {}

    def check(event: Any) -> None:  # noqa: ANN401 - HiGHS's own event
        state["bounds"] = (event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
        event.interrupt(watch.interrupted)

    def stop(event: Any) -> None:  # noqa: ANN401 - HiGHS's own event
        event.interrupt(watch.over)

    highs.cbMipInterrupt.subscribe(check)
    highs.cbSimplexInterrupt.subscribe(stop)
    if watch.time_limit_s is not None:
        highs.setOptionValue("time_limit", highs.getRunTime() + watch.left_s())  # it counts earlier runs too
    done = threading.Event()

    def work() -> None:
        try:
            state["status"] = highs.run()
        finally:
            done.set()

    def tell() -> None:
        if told is not None and "bounds" in state:
            told(*state["bounds"])

    threading.Thread(target=work, daemon=True).start()
    _wait(done, watch, tell)
    highs.cbMipInterrupt.unsubscribe(check)
    highs.cbSimplexInterrupt.unsubscribe(stop)
    if "Error" in str(state.get("status", "Error")):
        raise SolverError("HiGHS failed on this problem; nothing is known about its answer.")


def _wait(done: threading.Event, watch: Watch, tell: Callable[[], None]) -> None:
    """Wait until HiGHS has really returned, however often Ctrl-C is pressed.

    Not by joining its thread: in Python 3.11 a join that is interrupted takes a living thread for dead.
    """
    while True:
        try:
            while not done.wait(_POLL_S):
                tell()
        except KeyboardInterrupt:
            watch.interrupted = True
        else:
            return
