"""What a command says when not everyone can be paired: the error, why, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cli.command_line import command_line
from pairing.errors import InfeasibleMatchingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pairing.cli.console import Console
    from pairing.cli.planning import Source
    from pairing.planning import NoFullPairingError
    from pairing.planning.diagnosis import Diagnosis, Flex

MOST_TEAMS_DIAGNOSED = 400
"""Up to so many teams an impossible pairing is diagnosed without being asked for."""


class DiagnosedError(InfeasibleMatchingError):
    """No pairing satisfies the rules, and it is known what would.

    Parameters
    ----------
    message : str
        What is impossible, and why.
    teams : sequence of str
        The teams that cannot be paired.
    diagnosis : Diagnosis
        Why, and what can be done.
    """

    def __init__(self, message: str, teams: Sequence[str], diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        super().__init__(message, teams)


def diagnosed(error: NoFullPairingError, source: Source, table: Path, console: Console) -> Exception:
    """Turn an error into one that says what can be done, and where the rules can be changed.

    Parameters
    ----------
    error : NoFullPairingError
        What planning raised.
    source : Source
        The programme.
    table : pathlib.Path
        Where it was read from.
    console : Console
        Where to show that work is going on.

    Returns
    -------
    Exception
        The error to raise instead.
    """
    advice = ""
    if source.guessed is not None:
        advice = (
            f"\nThe rules were guessed: write them down with  {command_line('init', table)}  and change them "
            "there."
        )
    if len(error.table.model.cohort) > MOST_TEAMS_DIAGNOSED:
        command = f"\n{command_line('diagnose', table)}\nsays what would let everyone be paired."
        return InfeasibleMatchingError(f"{error}{advice}{command}", error.teams)
    with console.working("Looking for the smallest changes of the rules"):
        diagnosis = error.diagnose(flex=flex_of(source))
    return DiagnosedError(f"{error}{advice}", error.teams, diagnosis)


def flex_of(source: Source) -> Flex | None:
    """How far the rules of a programme may move together, if it says so."""
    settings = source.loaded.programme.flex
    return None if settings is None else settings.to_flex()
