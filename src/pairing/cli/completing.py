"""Completing the ids of teams, quickly and quietly: nothing but the standard library is imported."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem, split_arg_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

TEAMS_NAME = "teams.csv"
"""Written with the columns ``team`` and ``name`` by every command that makes a plan."""

_SAFE = re.compile(r"\w[\w.+:@/-]*")
"""Ids that every shell takes as they are; bash would take others apart, or expand them."""


def complete_team(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Give the ids of the teams of the plan in DIR that begin as typed, each with its name.

    Whatever goes wrong, there is nothing to complete: a word of complaint would land in the command line.

    Parameters
    ----------
    ctx : click.Context
        What has been typed so far.
    param : click.Parameter
        What is completed.
    incomplete : str
        How it begins.

    Returns
    -------
    list of click.shell_completion.CompletionItem
    """
    folder = next((each for each in _folders(ctx) if (each / TEAMS_NAME).is_file()), None)
    if folder is None:
        return []
    wanted = incomplete.casefold()
    return [
        CompletionItem(team, help=name)
        for team, name in _teams(folder)
        if team.casefold().startswith(wanted) and _SAFE.fullmatch(team)
    ]


def _folders(ctx: click.Context) -> Iterator[Path]:
    """Folders that may be meant: DIR, or any word so far where an option without its value hides it."""
    named = ctx.params.get("folder") or ctx.params.get("source")
    words = [named] if named else split_arg_string(os.environ.get("COMP_WORDS", ""))[1:]
    return (Path(word) for word in words)


def _teams(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        with (folder / TEAMS_NAME).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["team"], _one_line(row.get("name") or "")
    except (OSError, ValueError, KeyError, csv.Error):
        return


def _one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in name)
