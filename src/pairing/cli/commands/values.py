"""``pairing values``: every pair, its value, and what bans it."""

from __future__ import annotations

from pathlib import Path

import click

from pairing.cli import planning
from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table


@click.command("values", short_help="Value every pair; say which rules ban it.")
@click.argument("programme", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path),
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
    table = PairTable.build(planning.model_of(source.loaded, planning.Stopwatch()))
    write_table(file, table.to_frame(), force=force, protect=source.loaded.inputs)
    console.say(table.summary())
    console.result(
        {
            "file": str(file),
            "n_pairs": table.model.n_pairs,
            "n_permitted_pairs": len(table),
            "n_banned_by": table.n_banned_by,
        }
    )
