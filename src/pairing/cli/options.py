"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., object]")


def talking(function: Command) -> Command:
    """Add ``--quiet`` and ``--json``."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead of words.")
    quiet = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
    return quiet(as_json(function))


force = click.option("--force", is_flag=True, help="Replace an existing result.")
xlsx = click.option("--xlsx", is_flag=True, help="Also write the tables as one workbook, pairing.xlsx.")
