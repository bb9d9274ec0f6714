"""Where the command's words go: results to stdout, messages to stderr, on any console."""

from __future__ import annotations

import io
import json
import shutil
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from pairing.cli.diagnosing import DiagnosedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from pairing.errors import PairingError
    from pairing.interrupts import Interrupts


WIDTH_OF_A_FILE = 150
"""Columns of a table when the output is not a terminal."""

NEVER_CUT = 12
"""Columns of at most so many characters are never cut to fit a terminal."""

LEAST_WIDTH = 8
"""So many characters remain of a long text, however narrow the terminal."""


@dataclass(frozen=True)
class Console:
    """How one command talks.

    Parameters
    ----------
    quiet : bool
        Say nothing but errors.
    as_json : bool
        Print one JSON object on stdout instead of words.
    stdout_is_data : bool
        A table goes to stdout, so that words have to go to stderr.
    """

    quiet: bool = False
    as_json: bool = False
    stdout_is_data: bool = False

    def say(self, text: str = "") -> None:
        """Print a part of the result."""
        if not self.quiet and not self.as_json:
            click.echo(text, err=self.stdout_is_data)

    def table(self, frame: pd.DataFrame, *, rows: int = 200) -> None:
        """Print the first rows of a table for people, as wide as the terminal."""
        if self.quiet or self.as_json:
            return
        self.say(table_text(frame.head(rows)))
        if len(frame) > rows:
            self.say(f"... and {len(frame) - rows:,} more rows in the file.")

    def note(self, text: str) -> None:
        """Print a message that is not a result."""
        if not self.quiet:
            click.echo(text, err=True)

    def warn(self, warnings: Iterable[str]) -> None:
        """Print warnings, one a line."""
        for warning in warnings:
            self.note(f"Warning: {warning}")

    @contextmanager
    def working(self, task: str) -> Iterator[Callable[[str], None]]:
        """Show on a terminal that work is going on; what is yielded changes the words."""
        if self.quiet or self.as_json or not sys.stderr.isatty():
            yield lambda words: None  # noqa: ARG005 - nobody is looking
            return
        from rich.console import Console as Terminal

        with Terminal(stderr=True).status(task) as status:
            yield status.update

    @contextmanager
    def counting(self, task: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show on a terminal how much of a long task is done; what is yielded takes the number done."""
        if self.quiet or self.as_json or not sys.stderr.isatty():
            yield lambda done: None  # noqa: ARG005 - nobody is looking
            return
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns, console=Terminal(stderr=True), transient=True) as bar:
            row = bar.add_task(task, total=total)
            yield lambda done: bar.update(row, completed=done)

    def result(self, facts: dict[str, Any]) -> None:
        """Print the machine-readable result when JSON is wanted."""
        if self.as_json:
            click.echo(json.dumps(facts, ensure_ascii=False, indent=2, allow_nan=False))


def table_text(frame: pd.DataFrame) -> str:
    """A table as text: text on the left, numbers on the right, long names cut to fit the terminal."""
    from pandas.api.types import is_numeric_dtype
    from rich.cells import cell_len
    from rich.console import Console as Terminal
    from rich.table import Table

    terminal = Terminal(
        file=io.StringIO(),
        width=shutil.get_terminal_size((WIDTH_OF_A_FILE, 0)).columns,
        color_system=None,
        markup=False,
        emoji=False,
    )
    cells = {str(name): [_cell_text(value) for value in frame[name]] for name in frame.columns}
    widths = _fitted(
        {name: max(map(cell_len, [name, *column])) for name, column in cells.items()}, terminal.width
    )
    # A number that is cut is no number: a table that is too wide all the same is wrapped by the terminal.
    terminal.width = max(terminal.width, sum(widths.values()) + 2 * len(widths))
    grid = Table(box=None, pad_edge=False, header_style="")
    for name in frame.columns:
        side: Literal["left", "right"] = "right" if is_numeric_dtype(frame[name]) else "left"
        grid.add_column(str(name), justify=side, no_wrap=True, overflow="ellipsis", width=widths[str(name)])
    for record in zip(*cells.values(), strict=True):
        grid.add_row(*record)
    with terminal.capture() as captured:
        terminal.print(grid)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _fitted(needed: dict[str, int], available: int) -> dict[str, int]:
    """Widths of columns: short ones as they need, long ones an equal share of the rest."""
    long = [name for name, width in needed.items() if width > NEVER_CUT]
    rest = available - 2 * len(needed) - sum(width for name, width in needed.items() if name not in long)
    share = max(LEAST_WIDTH, rest // max(1, len(long)))
    return {name: min(width, share) if name in long else width for name, width in needed.items()}


def _cell_text(value: object) -> str:
    from pandas import isna

    if isna(value):  # type: ignore[call-overload]  # a cell is a scalar
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def make_streams_forgiving() -> None:
    """Let a console that lacks a character show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def describe_error(error: PairingError, code: int) -> dict[str, Any]:
    """The machine-readable form of an error."""
    facts: dict[str, Any] = {"error": type(error).__name__, "message": str(error), "exit_code": int(code)}
    if problems := getattr(error, "problems", None):
        facts["problems"] = [problem.to_dict() for problem in problems]
    if teams := getattr(error, "teams", None):
        facts["teams"] = list(teams)
    if without := getattr(error, "without", None):
        facts["side_constraints"] = [row.to_dict() for row in without]
    if isinstance(error, DiagnosedError):
        facts["diagnosis"] = error.diagnosis.to_dict()
    return facts


def ctrl_c_noted_only() -> AbstractContextManager[None]:
    """Let the first Ctrl-C only be noted for a while: see :func:`ctrl_c_was_pressed`."""
    interrupts = click.get_current_context().obj
    return nullcontext() if interrupts is None else cast("Interrupts", interrupts).noted_only()


def ctrl_c_was_pressed() -> bool:
    """Whether Ctrl-C was pressed, even where it came at a moment at which nothing could be raised."""
    return bool(getattr(click.get_current_context().obj, "pressed", False))
