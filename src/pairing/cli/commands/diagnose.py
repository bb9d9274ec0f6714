"""``pairing diagnose``: why not everyone can be paired, and the least that would change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.diagnosing import flex_of
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, programme, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "diagnose",
    cls=ManualCommand,
    short_help="Why not everyone can be paired; the least that would change it.",
    examples=[("What stands in the way of a full pairing", "pairing diagnose {programme}")],
    exits={
        ExitCode.DONE: "all teams can be paired (all but one where their number is odd)",
        ExitCode.NO_PAIRING: "they cannot; it is said why, and what would change it",
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
    },
    see_also=["pair", "tradeoff"],
)
@programme()
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    help="Also write the options as CSV; - for stdout.",
)
@force
@talking
def command(programme: Path, *, file: Path | None, force: bool, quiet: bool, as_json: bool) -> ExitCode:
    """Say why not all teams of PROGRAMME can be paired, and what is the least that would change it.

    Names the teams that compete for the same partners; for every rule the smallest change that, with all
    other rules kept, makes a full pairing possible; the least that the rules of [flex] have to move
    together; and whom to leave out if no rule may change. Every answer is exact.
    """
    from pairing.pairs import PairTable
    from pairing.planning import diagnose

    if as_json and file == STDOUT:
        raise click.UsageError("--json and a table both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    source = planning.load(programme, planning.default_folder(programme))
    planning.tell_source(source, console)
    with console.working("Estimating profiles and valuing pairs") as stage:
        table = PairTable.build(planning.model_of(source.loaded, planning.Stopwatch()))
        side = source.loaded.programme.side_constraints.constraints(table.model.cohort.ids)
        diagnosis = replace(
            diagnose(table, flex=flex_of(source), progress=stage), n_side_constraints_ignored=len(side)
        )
    if file is not None:
        write_table(file, diagnosis.to_frame(), force=force, protect=source.loaded.inputs)
    console.tell(diagnosis.summary())
    purpose = "with one of these changes made, pair the teams" if diagnosis.options else "pair them"
    console.next_step((purpose, command_line("pair", programme)))
    console.result(diagnosis.to_dict() | {"file": None if file is None else str(file)})
    return ExitCode.DONE if diagnosis.is_full else ExitCode.NO_PAIRING
