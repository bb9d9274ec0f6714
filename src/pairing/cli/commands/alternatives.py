"""``pairing alternatives``: other plans that are nearly as good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.exit_codes import ExitCode
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.planning.alternatives import Alternatives


@click.command("alternatives", short_help="Other plans that are nearly as good.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "-k",
    "wanted",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many plans, the best included.",
)
@click.option(
    "--changed",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="At least so many pairs of each plan must be new against every plan before it.",
)
@click.option(
    "--within",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="At most so many per cent below the best total.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="For each plan, with --changed above 1 or side constraints; then the best plan found is taken.",
)
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path),
    help="CSV file for the pairs of every plan; - for stdout.",
)
@force
@talking
def command(
    folder: Path,
    *,
    wanted: int,
    changed: int,
    within: float | None,
    time_limit: float | None,
    file: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Find plans that are nearly as good as the one in DIR, under the same rules.

    The best ones in order, proven; or, with --changed, good ones that really differ. Says what each loses
    against the best, and which pairs it changes. Exit code 4 if a time limit left a plan unproven.
    """
    from pairing.files.finished import read_finished
    from pairing.planning.alternatives import alternatives

    if as_json and file == STDOUT:
        raise click.UsageError("--json and -o - both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    finished = read_finished(folder)
    with console.counting("Finding plans", wanted) as advance:
        found = alternatives(
            finished.pairing,
            wanted,
            changed=changed,
            within=None if within is None else within / 100,
            time_limit_s=time_limit,
            progress=lambda done, total: advance(done),  # noqa: ARG005 - the bar knows the total
        )
    proven = _proven(found)
    if file is not None:
        write_table(file, found.pairs_frame(), force=force, protect=finished.keep)
    _show(found, proven, console)
    if file is not None and file != STDOUT:
        console.say(f"The pairs of every plan are in {file}.")
    console.result(found.to_dict() | {"proof": proven, "file": None if file is None else str(file)})
    return ExitCode.DONE if found.status == "optimal" else ExitCode.UNPROVEN


def _proven(found: Alternatives) -> str | None:
    """Check the proof of a ranking and say what it covers; None where there is none."""
    if found.ranking is None:
        return None
    parts = counted(found.prove().n_parts, "part")
    outcome = "in none of them is one better than the last of these"
    if not found.is_complete:
        outcome = "none of them holds another plan" + ("" if found.within is None else " that is good enough")
    return f"Proven from certificates, without any solver: all other plans fall into {parts}, and {outcome}."


def _show(found: Alternatives, proven: str | None, console: Console) -> None:
    frame = found.to_frame()
    shown = frame.assign(
        total_value=[f"{value:.4f}" for value in frame["total_value"]],
        loss=[f"{value:.4f}" for value in frame["loss"]],
        loss_percent=[f"{value:.3f}" for value in frame["loss_percent"]],
    )
    if found.status == "optimal":
        shown = shown.drop(columns="gap")
    console.table(shown)
    console.say("\n" + found.summary())
    if proven is not None:
        console.say(proven)
