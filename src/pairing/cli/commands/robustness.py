"""``pairing robustness``: how much of a plan depends on chance in the audit."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.console import Console, ctrl_c_noted_only, ctrl_c_was_pressed
from pairing.cli.exit_codes import ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.output import STDOUT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pairing.planning.robustness import Robustness

LEAST_STABLE = 10
ARBITRARY_SHOWN = 15


@click.command(
    "robustness",
    cls=ManualCommand,
    short_help="How much of a plan depends on chance in the audit.",
    examples=[
        ("Draw 100 times", "pairing robustness {plan} --seed 1 --draws 100"),
        (
            "What a second audit would find, into tables",
            "pairing robustness {plan} --seed 1 --draws 50 --method counts -o stability",
        ),
    ],
    exits={ExitCode.INTERRUPTED: "interrupted with Ctrl-C; what was done so far is shown and written"},
    see_also=["alternatives", "explain"],
)
@plan_folder()
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Fixes every draw.")
@click.option(
    "--draws", type=click.IntRange(min=1), default=500, show_default=True, help="How often to solve again."
)
@click.option(
    "--method",
    type=click.Choice(["posterior", "counts"]),
    default="posterior",
    show_default=True,
    help="Draw the true profiles, or a second audit of the same teams.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes to work in; the result is the same.",
)
@click.option(
    "-o",
    "--out",
    "place",
    type=FILE_OR_FOLDER,
    help="Folder for robustness-pairs.csv and robustness-teams.csv, or a .csv file for the pairs alone.",
)
@force
@talking
def command(
    folder: Path,
    *,
    seed: int,
    draws: int,
    method: str,
    workers: int,
    place: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Draw every team's profile anew many times, solve again, and see what is left of the plan in DIR.

    Says how often each pair stays, how much better the best plan of each draw is (the regret), whether the
    promised value comes true, and which teams' partners are arbitrary. Ctrl-C ends it with what was done so
    far, and exit code 130.
    """
    from pairing.cli.workers import worker_processes
    from pairing.files.finished import read_finished
    from pairing.files.robustness import refuse_existing, robustness_files, write_robustness
    from pairing.planning.robustness import assess_robustness

    console = Console(quiet=quiet, as_json=as_json)
    if place == STDOUT:
        raise click.UsageError(
            "The result is two tables and cannot go to stdout; name a folder or a file with -o."
        )
    if place is not None and not force:
        refuse_existing(place)
    with console.working("Reading the plan"):
        finished = read_finished(folder)
    interrupts = nullcontext() if workers == 1 else ctrl_c_noted_only()
    with (
        interrupts,
        worker_processes(workers) as executor,
        console.counting("Solving again", draws) as advance,
    ):
        found = assess_robustness(
            finished.pairing,
            draws,
            seed=seed,
            method=method,  # type: ignore[arg-type]  # click lets nothing else through
            executor=executor,
            cancelled=ctrl_c_was_pressed,
            progress=lambda done, total: advance(done),  # noqa: ARG005 - the bar knows the total
        )
    show(found, console)
    facts = {"folder": str(folder)} | found.to_dict()
    if place is not None:
        write_robustness(found, place, force=force, protect=finished.keep)
        written = [str(path) for path in robustness_files(place)]
        console.say()
        console.tell(f"Written to {' and '.join(written)}.")
        facts["files"] = written
    console.next_step(_next_step(folder, found))
    console.result(facts)
    if not found.is_complete:
        console.note(f"Interrupted after {found.n_draws:,} of {draws:,} draws.")
        return ExitCode.INTERRUPTED
    return ExitCode.DONE


def _next_step(folder: Path, found: Robustness) -> tuple[str, str]:
    teams = found.teams_frame()
    arbitrary = teams.loc[teams["arbitrary"], "team"]
    if len(arbitrary) == 0:
        return "see other plans that are nearly as good", command_line("alternatives", folder)
    return "see whom a team could meet instead", command_line("explain", folder, arbitrary.iloc[0])


def show(found: Robustness, console: Console) -> None:
    """Print what was found for people: the summary, the least stable pairs, the arbitrary partners."""
    console.tell(found.summary())
    least = found.least_stable(LEAST_STABLE)
    console.say(f"\nPairs that stay least often, {len(least)} of {len(found.stays)}:")
    console.table(
        least.assign(**_percentages(least, "stays"))[
            ["pair_id", "team_a", "team_b", "value", "value_drawn", "stays"]
        ]
    )
    teams = found.teams_frame()
    arbitrary = teams[teams["arbitrary"]].sort_values("stays", kind="stable")
    if len(arbitrary) == 0:
        return
    shown = arbitrary.head(ARBITRARY_SHOWN)
    shares = ["stays", "other_1_share", "other_2_share"]
    console.say(f"\nTeams whose partner is arbitrary, {len(shown)} of {len(arbitrary)}:")
    console.table(
        shown.assign(**_percentages(shown, *shares))[
            ["team", "partner", "stays", "other_1", "other_1_share", "other_2", "other_2_share", "n_partners"]
        ]
    )


def _percentages(frame: pd.DataFrame, *columns: str) -> dict[str, list[str]]:
    """Shares as whole percentages, as people read them."""
    return {
        name: ["" if share != share else f"{100 * share:.0f}%" for share in frame[name]] for name in columns
    }
