"""``pairing check``: every problem in the input at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.diagnosing import one_stays_out
from pairing.cli.exit_codes import ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import programme, talking
from pairing.errors import InputDataError

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.loaded_programme import LoadedProgramme


@click.command(
    "check",
    cls=ManualCommand,
    short_help="List every problem in the input at once.",
    examples=[("All that can be known before pairing", "pairing check {programme}")],
    exits={ExitCode.BAD_INPUT: "there is a problem; each is named"},
    see_also=["init", "pair", "diagnose"],
)
@programme()
@talking
def command(programme: Path, *, quiet: bool, as_json: bool) -> None:
    """Check PROGRAMME and its tables, and list every problem at once.

    Each problem names the file, row, column and value, what was expected, and what to do. Exit code 3 if
    there is any.
    """
    console = Console(quiet=quiet, as_json=as_json)
    source = planning.load(programme, planning.default_folder(programme))
    planning.tell_source(source, console)
    with console.working("Estimating profiles, and trying the rules"):
        notes = _check_rules(source.loaded)
    odd = one_stays_out(source.loaded)
    if odd is not None:
        notes.append(odd)
    for note in notes:
        console.say(f"Note: {note}")
    cohort = source.loaded.cohort
    console.say(f"No problems: {len(cohort):,} teams, {len(cohort.indicators)} indicators.")
    purpose = "pair the teams" if odd is None else "when one of the two is set, pair the teams"
    console.next_step((purpose, command_line("pair", programme)))
    console.result(
        {
            "programme": str(programme),
            "problems": [],
            "warnings": list(source.loaded.warnings),
            "notes": notes,
            "n_teams": len(cohort),
            "n_indicators": len(cohort.indicators),
        }
    )


def _check_rules(loaded: LoadedProgramme) -> list[str]:
    """Apply what needs profiles as well; give the notes on the profiles."""
    from pairing.allocation.check import lottery_problems
    from pairing.pairs.table import require_contrast

    model = planning.model_of(loaded, planning.Stopwatch())
    problems = model.rules.problems(model.facts)
    try:
        require_contrast(model)
    except InputDataError as error:
        problems += error.problems
    problems += lottery_problems(loaded.programme, loaded.cohort, model.profiles)
    if problems:
        raise InputDataError(problems)
    return list(model.profiles.notes)
