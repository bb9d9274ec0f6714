"""How work in progress is shown on a terminal: what is being done, how far it is, how long it has taken."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stage(Protocol):
    """Tells what is being done, and how many of how many steps are done where that is known."""

    def __call__(self, words: str, done: int | None = None, total: int | None = None) -> None:
        """Tell it."""


def unseen(words: str, done: int | None = None, total: int | None = None) -> None:
    """Tell nobody."""


@contextmanager
def shown_on_terminal(task: str, total: int | None = None) -> Iterator[Stage]:
    """Show a line on stderr until the work is done, and leave nothing of it behind.

    Parameters
    ----------
    task : str
        What is being done first.
    total : int, optional
        Of how many steps.

    Yields
    ------
    Stage
        Changes what is shown: with a total there is a bar, without one a spinner; always the time elapsed.
    """
    from rich.console import Console as Terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Counted(ProgressColumn):
        """A column that is there only where the number of steps is known."""

        def __init__(self, column: ProgressColumn) -> None:
            super().__init__()
            self.column = column

        def render(self, task: Task) -> Text:
            return Text() if task.total is None else self.column(task)  # type: ignore[return-value]

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        Counted(BarColumn(bar_width=24)),
        Counted(MofNCompleteColumn()),
        TimeElapsedColumn(),
        Counted(TimeRemainingColumn(compact=True)),
    )
    with Progress(*columns, console=Terminal(stderr=True), transient=True) as progress:
        row = progress.add_task(task, total=total)

        def tell(words: str, done: int | None = None, total: int | None = None) -> None:
            nonlocal row
            shown = progress.tasks[0]
            if (shown.description, shown.total) != (words, total):
                # Another stage, with a clock of its own. Ctrl-C may come between any two of these steps, and
                # whoever keeps the plan so far goes on telling: the row that is updated has to be there.
                earlier = progress.task_ids
                row = progress.add_task(words, total=total)
                for old in earlier:
                    progress.remove_task(old)
            progress.update(row, completed=done or 0)

        yield tell
