"""``pairing verify``: prove a result again from its files."""

from __future__ import annotations

from pathlib import Path

import click

from pairing.cli.console import Console
from pairing.cli.exit_codes import ExitCode
from pairing.cli.options import talking


@click.command("verify", short_help="Prove a result again from its files.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    help="Folder with the programme and its tables, if they have moved.",
)
@talking
def command(folder: Path, inputs: Path | None, *, quiet: bool, as_json: bool) -> ExitCode:
    """Prove the result in DIR again, from its files and the original inputs, without any solver.

    Recomputes profiles, values and rules, checks the certificate over every permitted pair, and holds every
    table and hash against what is recorded. A plan edited by hand is judged as it stands: broken rules, and
    what it loses. Exit code 0 if everything is proven as recorded, 6 if anything differs.
    """
    from pairing.verification import verify

    console = Console(quiet=quiet, as_json=as_json)
    verification = verify(folder, inputs=inputs)
    console.say(verification.summary())
    if quiet and not verification.passed:
        click.echo("\n".join(verification.differences), err=True)
    console.result(verification.to_dict())
    return ExitCode.DONE if verification.passed else ExitCode.DIFFERENCE
