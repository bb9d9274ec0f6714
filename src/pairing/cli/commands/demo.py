"""``pairing demo``: the whole programme on the bundled audit."""

from __future__ import annotations

from pathlib import Path

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.commands.pair import show
from pairing.cli.commands.report import REPORT_NAME, write_report
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import force, talking
from pairing.errors import OverwriteError, Problem

RESULT = "programme-result"


@click.command(
    "demo",
    cls=ManualCommand,
    short_help="The whole programme on real audit data.",
    examples=[
        ("Into the folder pairing-demo", "pairing demo"),
        ("Into a folder of your choice", "pairing demo --out first-try"),
    ],
    exits={
        ExitCode.WRONG_USAGE: "the folder holds a demo already, or one that you have changed",
        ExitCode.DIFFERENCE: MEANING[ExitCode.DIFFERENCE],
    },
    see_also=["pair", "allocate", "explain"],
)
@click.option(
    "--out",
    "-o",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("pairing-demo"),
    show_default=True,
    help="Folder for the programme, its data and the result.",
)
@force
@talking
def command(folder: Path, *, force: bool, quiet: bool, as_json: bool) -> ExitCode:
    """Run the whole programme on real data: the National Lung Cancer Audit 2022, 120 English trusts.

    Copies the audit and its programmes into a folder, pairs the trusts, and proves the result from its files.
    Then, for 80 of them, publishes a lottery of 15 of their 40 pairs, draws, and proves that too.
    """
    from pairing.cli.illustration import illustrate, illustration_folder
    from pairing.data import audit_files
    from pairing.files.atomic import write_result_folder
    from pairing.files.result import write_result
    from pairing.verification import verify

    console = Console(quiet=quiet, as_json=as_json)
    _refuse_to_lose_changes(folder, audit_files())
    write_result_folder(folder, audit_files(), last=planning.PROGRAMME_NAME, force=force)
    watch = planning.Stopwatch()
    source = planning.load(folder / planning.PROGRAMME_NAME, folder / RESULT)
    watch.lap("reading")
    planning.tell_source(source, console)
    pairing = planning.plan(source.loaded, watch, console)
    with console.working("Writing the tables"):
        write_result(pairing, source.loaded, folder / RESULT, timings=watch.seconds, force=force)
    show(pairing, console)
    with console.working("Proving the result again from its files") as stage:
        verification = verify(folder / RESULT, progress=stage)
    console.say(f"\nFrom the files alone:\n{verification.summary()}")
    illustration = illustrate(folder, console, force=force)
    said = set(verification.summary().splitlines())
    new = [line for line in illustration.summary().splitlines() if line not in said]
    console.say("\n".join(["", "From the files alone, in addition to the lines above:", *new]))
    reports = [place / REPORT_NAME for place in (folder / RESULT, illustration_folder(folder))]
    with console.working("Writing the reports"):
        for page in reports:
            write_report(page.parent, page, force=force)
    console.say()
    console.say("Reports to open in a browser:")
    for page in reports:
        console.say(f"  {page}")
    console.tell(
        f"Everything is in {folder}: the plan of the {len(pairing.cohort)} trusts in {RESULT}, "
        f"the lottery in {illustration_folder(folder).name}."
    )
    console.next_step(
        ("see why a team has its partner", command_line("explain", folder / RESULT, pairing.cohort.ids[0])),
        (
            f"change a rule in {folder / planning.PROGRAMME_NAME}, and pair again",
            command_line("pair", folder / planning.PROGRAMME_NAME, "--force"),
        ),
    )
    console.result(
        {
            **verification.to_dict(),
            "folder": str(folder),
            "reports": [str(page) for page in reports],
            "lottery": illustration.to_dict(),
        }
    )
    return ExitCode.DONE if verification.passed and illustration.passed else ExitCode.DIFFERENCE


def _refuse_to_lose_changes(folder: Path, bundled: dict[str, bytes]) -> None:
    """Keep what a person has changed in an earlier demo, even with --force."""
    changed = [
        folder / name
        for name, content in bundled.items()
        if (folder / name).is_file() and (folder / name).read_bytes() != content
    ]
    if changed:
        raise OverwriteError(
            Problem(
                "was changed and is not overwritten",
                value=str(path),
                advice="Run pairing pair on it, or give the demo another folder with --out.",
            )
            for path in changed
        )
