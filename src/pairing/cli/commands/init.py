"""``pairing init``: a programme to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.exit_codes import ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, talking


@click.command(
    "init",
    cls=ManualCommand,
    short_help="Write a commented programme to start from.",
    examples=[
        ("A programme with made-up teams, to see how it works", "pairing init my-programme"),
        ("Guess the columns of your own table", "pairing init pairing-demo/nlca_2022.csv -o guessed.toml"),
    ],
    exits={
        ExitCode.WRONG_USAGE: "there is a programme already",
        ExitCode.BAD_INPUT: "the columns of the table cannot be guessed",
    },
    see_also=["check", "pair"],
)
@click.argument(
    "place",
    type=FILE_OR_FOLDER,
    default=Path(),
    metavar="[DIR | TEAMS]",
    cls=DescribedArgument,
    description="A folder, by default this one; or your own table of teams (CSV or XLSX).",
)
@click.option(
    "-o",
    "--out",
    "target",
    type=click.Path(path_type=Path),
    help="Where to write the programme for TEAMS. Default: programme.toml beside TEAMS.",
)
@force
@talking
def command(place: Path, target: Path | None, *, force: bool, quiet: bool, as_json: bool) -> None:
    """Write a commented programme.toml to start from.

    Given a folder (default: this one), also writes a small teams.csv of made-up teams, so that pairing pair
    works at once. Given your own table TEAMS (CSV or XLSX), guesses its columns and says what it guessed.
    """
    console = Console(quiet=quiet, as_json=as_json)
    if planning.is_table(place) or place.is_file():
        written = _from_table(place, target or place.with_name(planning.PROGRAMME_NAME), console, force=force)
    else:
        written = _starter(place, force=force)
    console.say(f"Written: {', '.join(str(path) for path in written)}")
    console.next_step(
        (f"look at {written[0]}, and check it", command_line("check", written[0])),
        ("pair by it", command_line("pair", written[0])),
    )
    console.result({"written": [str(path) for path in written]})


def _from_table(table: Path, target: Path, console: Console, *, force: bool) -> list[Path]:
    from pairing.files.atomic import write_file
    from pairing.files.guess import guess_programme
    from pairing.files.tables import read_table

    file = Path(os.path.relpath(table.resolve(), target.parent.resolve())).as_posix()
    guess = guess_programme(read_table(table), file)
    for note in guess.notes:
        console.note(f"Guessed: {note}")
    write_file(target, guess.toml_text.encode("utf-8"), force=force, protect=[table])
    return [target]


def _starter(folder: Path, *, force: bool) -> list[Path]:
    from pairing.files.atomic import write_result_folder
    from pairing.files.guess import starter_files

    files = starter_files()
    write_result_folder(folder, files, last=planning.PROGRAMME_NAME, force=force)
    return [
        folder / planning.PROGRAMME_NAME,
        *(folder / name for name in files if name != planning.PROGRAMME_NAME),
    ]
