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
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.planning import NoFullPairingError
    from pairing.planning.diagnosis import Diagnosis, Flex

MOST_TEAMS_DIAGNOSED = 400
"""Up to so many teams an impossible pairing is diagnosed without being asked for."""


class NoPairingError(InfeasibleMatchingError):
    """No pairing satisfies the rules of a programme.

    Parameters
    ----------
    message : str
        What is impossible, and why.
    teams : sequence of str
        The teams that cannot be paired.
    guessed_from : pathlib.Path, optional
        The table that the rules were guessed for, if they stand in no programme yet.
    """

    def __init__(self, message: str, teams: Sequence[str], guessed_from: Path | None = None) -> None:
        self.guessed_from = guessed_from
        super().__init__(message, teams)


class DiagnosedError(NoPairingError):
    """No pairing satisfies the rules, and it is known what would.

    Parameters
    ----------
    message : str
        What is impossible, and why.
    teams : sequence of str
        The teams that cannot be paired.
    diagnosis : Diagnosis
        Why, and what can be done.
    guessed_from : pathlib.Path, optional
        The table that the rules were guessed for, if they stand in no programme yet.
    """

    def __init__(
        self, message: str, teams: Sequence[str], diagnosis: Diagnosis, guessed_from: Path | None = None
    ) -> None:
        self.diagnosis = diagnosis
        super().__init__(message, teams, guessed_from)


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
    odd = one_stays_out(source.loaded)
    advice = f"\n{odd}" if odd else ""
    guessed_from = None if source.guessed is None else table
    if guessed_from is not None:
        advice += (
            f"\nThe rules were guessed: write them down with  {command_line('init', table)}  and change them "
            "there."
        )
    if len(error.table.model.cohort) > MOST_TEAMS_DIAGNOSED:
        command = f"\n{command_line('diagnose', table)}\nsays what would let everyone be paired."
        return NoPairingError(f"{error}{advice}{command}", error.teams, guessed_from)
    with console.working("Looking for the smallest changes of the rules") as stage:
        diagnosis = error.diagnose(flex=flex_of(source), progress=stage)
    return DiagnosedError(f"{error}{advice}", error.teams, diagnosis, guessed_from)


def one_stays_out(loaded: LoadedProgramme) -> str | None:
    """Say that an odd number of teams cannot all be paired, where the programme does not provide for it.

    Parameters
    ----------
    loaded : LoadedProgramme
        The programme with its teams.

    Returns
    -------
    str or None
        What can be set; None if the number is even, or it is set, or teams are drawn before they are paired.
    """
    rules, lottery, n = loaded.programme.rules, loaded.programme.lottery, len(loaded.cohort)
    drawn_first = lottery is not None and lottery.draws_teams_first
    if n % 2 == 0 or rules.allow_unpaired or rules.odd == "triad" or drawn_first:
        return None
    return (
        f"{n:,} teams is an odd number: one has to stay out (allow_unpaired = true in [rules]), "
        'or three form a group (odd = "triad").'
    )


def flex_of(source: Source) -> Flex | None:
    """How far the rules of a programme may move together, if it says so."""
    settings = source.loaded.programme.flex
    return None if settings is None else settings.to_flex()
