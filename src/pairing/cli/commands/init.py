"""``pairing init``: a programme to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pairing.cli import planning
from pairing.cli.console import Console
from pairing.cli.options import force, talking


@click.command("init", short_help="Write a commented programme to start from.")
@click.argument("place", type=click.Path(path_type=Path), default=Path(), metavar="[DIR | TEAMS]")
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
    console.say(f"Next: look at it, then  pairing pair {written[0]}")
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
