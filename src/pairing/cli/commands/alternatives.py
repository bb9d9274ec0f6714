"""``pairing alternatives``: other plans that are nearly as good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.console import Console, forget_ctrl_c
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.output import STDOUT, write_table
from pairing.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.matching import RankingProgress
    from pairing.planning.alternative_plans import Alternatives


@click.command(
    "alternatives",
    cls=ManualCommand,
    short_help="Other plans that are nearly as good.",
    examples=[
        ("The five best plans", "pairing alternatives {plan} -k 5"),
        ("Good plans that really differ", "pairing alternatives {plan} -k 3 --changed 10 -o plans.csv"),
    ],
    exits={ExitCode.UNPROVEN: MEANING[ExitCode.UNPROVEN]},
    see_also=["explain", "tradeoff", "robustness"],
)
@plan_folder()
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
    help="Then the plans found so far are given. With --changed above 1 or side constraints: for each plan, "
    "and the best one found is taken.",
)
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
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
    against the best, and which pairs it changes.
    """
    from pairing.files.finished import read_finished
    from pairing.planning.alternatives import alternatives

    if as_json and file == STDOUT:
        raise click.UsageError("--json and -o - both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    with console.working("Reading the plan") as stage:
        finished = read_finished(folder)
        found = alternatives(
            finished.pairing,
            wanted,
            changed=changed,
            within=None if within is None else within / 100,
            time_limit_s=time_limit,
            keep_interrupted=True,
            progress=lambda done, total: stage("Finding plans", done, total),
            ranking_progress=lambda state: stage(ranking_in_words(state), state.n_found, state.n_wanted),
        )
        if found.stopped == "interrupted":
            forget_ctrl_c()
        stage("Proving the order of the plans")
        proven = _proven(found)
    if file is not None:
        write_table(file, found.pairs_frame(), force=force, protect=finished.keep)
    _show(found, proven, console)
    if file is not None and file != STDOUT:
        console.say(f"The pairs of every plan are in {file}.")
    console.next_step(
        ("see how much of the plan is chance", command_line("robustness", folder, "--seed", 1)),
        ("see why a pair is in the plan", command_line("explain", folder)),
    )
    written = None if file is None else str(file)
    console.result({"folder": str(folder)} | found.to_dict() | {"proof": proven, "file": written})
    return ExitCode.DONE if found.status == "optimal" else ExitCode.UNPROVEN


def ranking_in_words(state: RankingProgress) -> str:
    """Say how far a ranking is: parts of all plans that were solved, and what the next is worth at most."""
    from pairing.pairs import VALUE_SCALE

    parts = counted(state.n_solved, "part")
    if state.bound is None:
        return f"Finding plans: {parts} solved"
    return f"Finding plans: {parts} solved, the next is at most {state.bound / VALUE_SCALE:,.6f} SD"


def _proven(found: Alternatives) -> str | None:
    """Check the proof of a ranking and say what it covers; None where there is none."""
    if found.ranking is None:
        return None
    parts = counted(found.prove().n_parts, "part")
    outcome = "in none of them is one better than the last of these"
    if not found.is_complete and found.stopped is None:
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
    console.say()
    console.tell(found.summary())
    if proven is not None:
        console.tell(proven)
