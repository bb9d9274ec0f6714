"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from pairing.cli.manual import DescribedArgument

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., object]")

FILE_OR_FOLDER = click.Path(path_type=Path)
"""A path that the shell completes; whether it exists is for the library to say, with advice."""


def talking(function: Command) -> Command:
    """Add ``--quiet`` and ``--json``."""
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of words, errors included."
    )
    quiet = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
    return quiet(as_json(function))


A_PLAN = "Folder of a plan: what pairing pair or pairing repair wrote."


def plan_folder(description: str = A_PLAN) -> Callable[[Command], Command]:
    """Take the folder of a plan, DIR, as the parameter ``folder``."""
    return click.argument(
        "folder", type=FILE_OR_FOLDER, metavar="DIR", cls=DescribedArgument, description=description
    )


def programme(name: str = "programme") -> Callable[[Command], Command]:
    """Take a programme, or a table of teams from which one is guessed."""
    return click.argument(
        name,
        type=FILE_OR_FOLDER,
        cls=DescribedArgument,
        description="A programme.toml, or simply a table of teams (CSV or XLSX), whose columns are guessed.",
    )


def _in_bytes(_: click.Context, __: click.Parameter, amount: str | None) -> int | None:
    """Read an amount of memory such as "800MB"."""
    from pairing.memory import memory_in_bytes

    try:
        return None if amount is None else memory_in_bytes(amount)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


memory_limit = click.option(
    "--memory-limit",
    "memory_limit",
    callback=_in_bytes,
    metavar="SIZE",
    help='Plan the work so that it fits into so much memory, such as "800MB" or "2GB"; refuse what does not.',
)
force = click.option("--force", is_flag=True, help="Replace an existing result.")
xlsx = click.option("--xlsx", is_flag=True, help="Also write the tables as one workbook, pairing.xlsx.")
