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
from pairing.cli.output import STDOUT, write_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd


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
@click.option("--permitted-only", is_flag=True, help="Leave out the pairs that a rule bans.")
@force
@talking
def command(
    programme: Path, file: Path, *, permitted_only: bool, force: bool, quiet: bool, as_json: bool
) -> None:
    """Value every pair of PROGRAMME's teams, and say which rules ban it.

    Columns: team_a, team_b, permitted, value, gain_a, gain_b, level_gap, size_ratio, distance_km, banned_by.
    Value and gains are in units of the between-team SD; bans are the keys of the rules, joined by a
    semicolon. Rows are written as they are worked out, so that memory does not grow with their number; of
    thousands of teams there are millions, and --permitted-only leaves most of them out.
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
        n_rows = len(table) if permitted_only else model.n_pairs
        pieces = table.frames(permitted_only=permitted_only)
        if file != STDOUT:
            counted = _counting(pieces, lambda done: stage(f"Writing {n_rows:,} rows", done, n_rows))
            write_pieces(file, counted, force=force, protect=source.loaded.inputs)
    if file == STDOUT:
        write_pieces(file, pieces, force=force, protect=source.loaded.inputs)
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


def _counting(pieces: Iterator[pd.DataFrame], tell: Callable[[int], None]) -> Iterator[pd.DataFrame]:
    """Pass the pieces of a table on, and tell how many rows there were so far."""
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        tell(done)
