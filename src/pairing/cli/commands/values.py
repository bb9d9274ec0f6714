"""``pairing values``: every pair, its value, and what bans it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, programme, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "values",
    cls=ManualCommand,
    short_help="Value every pair; say which rules ban it.",
    examples=[("Into a file", "pairing values {programme} -o values.csv")],
    exits={ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT]},
    see_also=["pair", "match"],
)
@programme()
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    default=STDOUT,
    help="CSV file to write; - for stdout, which is the default.",
)
@force
@talking
def command(programme: Path, file: Path, *, force: bool, quiet: bool, as_json: bool) -> None:
    """Value every pair of PROGRAMME's teams, and say which rules ban it.

    Columns: team_a, team_b, permitted, value, gain_a, gain_b, level_gap, size_ratio, distance_km, banned_by.
    Value and gains are in units of the between-team SD; bans are the keys of the rules, joined by a
    semicolon.
    """
    from pairing.pairs import PairTable

    if as_json and file == STDOUT:
        raise click.UsageError("--json and a table both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    source = planning.load(programme, planning.default_folder(programme))
    planning.tell_source(source, console)
    with console.working("Estimating profiles") as stage:
        model = planning.model_of(source.loaded, planning.Stopwatch())
        stage(f"Valuing {model.n_pairs:,} pairs")
        table = PairTable.build(model)
        frame = table.to_frame()
        if file != STDOUT:
            stage(f"Writing {len(frame):,} rows")
            write_table(file, frame, force=force, protect=source.loaded.inputs)
    if file == STDOUT:
        write_table(file, frame, force=force, protect=source.loaded.inputs)
    console.tell(table.summary())
    console.say(f"Written to {file}." if file != STDOUT else "")
    console.next_step(("find the best pairing", command_line("pair", programme)))
    console.result(
        {
            "file": str(file),
            "n_pairs": table.model.n_pairs,
            "n_permitted_pairs": len(table),
            "n_banned_by": table.n_banned_by,
        }
    )
