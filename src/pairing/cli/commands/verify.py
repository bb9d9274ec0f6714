"""``pairing verify``: prove a result again from its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.console import Console, coloured, folded
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, plan_folder, talking
from pairing.cli.visible import echo

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.verification import Verification

_COLOURS = {"proven:": "green", "FAILED:": "red"}


@click.command(
    "verify",
    cls=ManualCommand,
    short_help="Prove a result again from its files.",
    examples=[
        ("A plan", "pairing verify {plan}"),
        ("A lottery and its draw", "pairing verify {drawn}"),
        (
            "With the inputs in another place",
            "pairing verify {plan} --inputs pairing-demo",
        ),
    ],
    exits={
        ExitCode.DONE: "everything is proven as recorded",
        ExitCode.FILE_ACCESS: MEANING[ExitCode.FILE_ACCESS],
        ExitCode.DIFFERENCE: "something differs; each difference is named",
    },
    see_also=["pair", "allocate", "explain"],
)
@plan_folder("Folder of a result: what pairing pair, repair, rounds or allocate wrote.")
@click.option(
    "--inputs",
    type=FILE_OR_FOLDER,
    help="Folder with the programme and its tables, if they have moved.",
)
@talking
def command(folder: Path, inputs: Path | None, *, quiet: bool, as_json: bool) -> ExitCode:
    """Prove the result in DIR again, from its files and the original inputs, without any solver.

    Recomputes profiles, values and rules, checks the certificate over every permitted pair, and holds every
    table and hash against what is recorded. A plan edited by hand is judged as it stands: broken rules, and
    what it loses.
    """
    from pairing.verification import verify

    console = Console(quiet=quiet, as_json=as_json)
    with console.working("Proving the result again") as stage:
        verification = verify(folder, inputs=inputs, progress=stage)
    show(verification, console)
    if quiet and not verification.passed:
        echo("\n".join(verification.differences), err=True)
    _say_next(folder, verification, console)
    console.result(verification.to_dict())
    return ExitCode.DONE if verification.passed else ExitCode.DIFFERENCE


def show(verification: Verification, console: Console) -> None:
    """Print every check, with the first word of each in colour where there is colour."""
    for line in verification.summary().splitlines():
        word, blank, rest = folded(line).partition(" ")
        console.say(f"{coloured(word, _COLOURS[word]) if word in _COLOURS else word}{blank}{rest}")


def _say_next(folder: Path, verification: Verification, console: Console) -> None:
    from pairing.files.draw import was_drawn
    from pairing.files.run_record import RECORD_NAME

    if not verification.passed:
        again = command_line("verify", folder)
        console.next_step(("when the files are again as they were written, prove them again", again))
    elif was_drawn(folder):
        analyse = command_line("analyse", folder, "outcomes.csv")
        console.next_step(("when there are outcomes, find the effect of the intervention", analyse))
    elif (folder / RECORD_NAME).is_file():
        console.next_step(("see what each team can learn", command_line("explain", folder)))
    else:
        console.next_step(("see which commands there are", command_line("--help")))
