"""Where the command's words go: results to stdout, messages to stderr, on any console."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from pairing.cli.diagnosing import DiagnosedError
from pairing.cli.progress import shown_on_terminal, unseen
from pairing.cli.visible import echo, echo_json, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from pairing.cli.progress import Stage
    from pairing.errors import PairingError
    from pairing.interrupts import Interrupts


WIDTH_OF_A_FILE = 150
"""Columns of a table when the output is not a terminal."""

NEVER_CUT = 12
"""Columns of at most so many characters are never cut to fit a terminal."""

MOST_ALIKE = 10
"""Of more lines alike the others are only in the file."""

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
            echo(text, err=self.stdout_is_data)

    def tell(self, text: str) -> None:
        """Print sentences of the result, each line folded to the width of the terminal."""
        for line in text.splitlines():
            self.say(folded(line))

    def tell_some(self, lines: Sequence[str], file: str) -> None:
        """Print the first of many lines alike; the others are in a file."""
        for line in lines[:MOST_ALIKE]:
            self.tell(line)
        if (rest := len(lines) - MOST_ALIKE) > 0:
            self.say(f"  ... and {rest:,} more in {file}.")

    def next_step(self, *steps: tuple[str, str]) -> None:
        """Say what to do next.

        Parameters
        ----------
        *steps : (str, str)
            What for, as the end of "Next, ...", and the command, ready to be pasted.
        """
        if self.stdout_is_data or self.quiet or self.as_json:
            return
        echo(next_steps(*steps))

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
            echo(text, err=True)

    def warn(self, warnings: Iterable[str]) -> None:
        """Print warnings, one a line."""
        for warning in warnings:
            self.note(f"{coloured('Warning:', 'yellow')} {warning}")

    @contextmanager
    def working(self, task: str, total: int | None = None) -> Iterator[Stage]:
        """Show on a terminal that work is going on; what is yielded changes the words and the bar."""
        if self.quiet or self.as_json or sys.stderr is None or not sys.stderr.isatty():
            yield unseen
            return
        with shown_on_terminal(task, total) as stage:
            yield stage

    @contextmanager
    def counting(self, task: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show on a terminal how much of a long task is done; what is yielded takes the number done."""
        with self.working(task, total) as stage:
            yield lambda done: stage(task, done, total)

    def result(self, facts: dict[str, Any]) -> None:
        """Print the machine-readable result when JSON is wanted."""
        if self.as_json:
            echo_json(facts)


def coloured(text: str, colour: str) -> str:
    """Colour a word for a terminal; click takes the colour out again where there is none.

    A colour never says what the words do not say, and NO_COLOR (https://no-color.org) turns it off.
    """
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour, bold=True)


def next_steps(*steps: tuple[str, str]) -> str:
    """What to do next, as text: what for, and below it the command, ready to be pasted."""
    lines = []
    for number, (purpose, line) in enumerate(steps):
        word = "Or" if number else coloured("Next", "cyan")
        lines += [f"{word}, {purpose}:", f"  {line}"]
    return "\n".join(["", *lines])


def folded(line: str) -> str:
    """Fold a line to the width of the terminal, indented as it begins.

    Where the output is no terminal a line stays whole, so that it can be searched, unless COLUMNS is set.
    """
    width = shutil.get_terminal_size((0, 0)).columns
    if width == 0 or len(line) <= width:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


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
    """Widths of columns: short ones as they need, long ones an equal share of what the others leave."""
    settled = {name: width for name, width in needed.items() if width <= NEVER_CUT}
    while True:
        long = [name for name in needed if name not in settled]
        rest = available - 2 * len(needed) - sum(settled.values())
        share = max(LEAST_WIDTH, rest // max(1, len(long)))
        fitting = {name: needed[name] for name in long if needed[name] <= share}
        if not fitting:
            return {name: settled.get(name, share) for name in needed}
        settled |= fitting


def _cell_text(value: object) -> str:
    from pandas import isna

    if isna(value):  # type: ignore[call-overload]  # a cell is a scalar
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return visible(text).replace("\n", " ")


def make_streams_forgiving() -> None:
    """Let a console that lacks a character show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def error_facts(name: str, message: str, code: int) -> dict[str, Any]:
    """What every error says to a machine."""
    return {"error": name, "message": message, "exit_code": int(code), "problems": []}


def _public_name(error: PairingError) -> str:
    """The name of the error's class, or of the nearest that the library shows to its users."""
    import pairing

    shown = {*dir(pairing), "OverwriteError"}
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in shown), "PairingError")


def describe_error(error: PairingError, code: int) -> dict[str, Any]:
    """The machine-readable form of an error."""
    facts = error_facts(_public_name(error), str(error), code)
    facts["problems"] = [problem.to_dict() for problem in getattr(error, "problems", ())]
    if teams := getattr(error, "teams", None):
        facts["teams"] = list(teams)
    if without := getattr(error, "without", None):
        facts["side_constraints"] = [row.to_dict() for row in without]
    if isinstance(error, DiagnosedError):
        facts["diagnosis"] = error.diagnosis.to_dict()
    return facts


def ctrl_c_noted_only(told: str | None = None) -> AbstractContextManager[None]:
    """Let the first Ctrl-C only be noted for a while: see :func:`ctrl_c_was_pressed`.

    Parameters
    ----------
    told : str, optional
        What to say when it comes.
    """
    interrupts = click.get_current_context().obj
    if interrupts is None:
        return nullcontext()
    return cast("Interrupts", interrupts).noted_only(None if told is None else lambda: _say_at_once(told))


def _say_at_once(text: str) -> None:
    """Write to stderr past its buffer, which whoever was interrupted may be about to write to."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            os.write(sys.stderr.fileno(), f"\n{text}\n".encode("ascii", "replace"))


def ctrl_c_was_pressed() -> bool:
    """Whether Ctrl-C was pressed, even where it came at a moment at which nothing could be raised."""
    return bool(getattr(click.get_current_context().obj, "pressed", False))


def forget_ctrl_c() -> None:
    """Let a Ctrl-C be over that has ended what it was meant to end."""
    interrupts = click.get_current_context().obj
    if interrupts is not None:
        cast("Interrupts", interrupts).pressed = False
