"""``pairing tradeoff``: the best plan at each of several values of one setting."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line, path_to_show
from pairing.cli.console import Console, ctrl_c_noted_only, ctrl_c_was_pressed
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.planning.sweeping.tradeoff_rows import TradeOff

_SHOWN = {
    "value": "value",
    "n_pairs": "pairs",
    "n_unpaired": "out",
    "total_gain": "gain",
    "worst_value": "worst",
    "total_km": "km",
    "mean_km": "mean_km",
    "mean_size_ratio": "ratio",
    "mean_level_gap": "gap",
    "n_changed": "new",
    "efficient": "",
}


@click.command(
    "tradeoff",
    cls=ManualCommand,
    short_help="What moving one rule or weight costs and brings.",
    examples=[
        ("How far people travel, at limits that make sense", "pairing tradeoff {plan} max_distance_km"),
        ("At limits of your own", "pairing tradeoff {plan} max_distance_km 150 200 250 -o curve.csv"),
        ("The weight of a preference", "pairing tradeoff {plan} preferences.travel_per_100_km 0 0.05"),
    ],
    exits={ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT]},
    see_also=["alternatives", "diagnose", "pair"],
)
@plan_folder()
@click.argument(
    "setting",
    cls=DescribedArgument,
    description="Key of a rule with a limit (max_distance_km, calipers.beds) or of a preference "
    "(preferences.travel_per_100_km); the programme need not have it.",
)
@click.argument(
    "values",
    type=float,
    nargs=-1,
    metavar="[VALUE]...",
    cls=DescribedArgument,
    description="Values of the setting; by default sensible ones, and the programme's own.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes to work in; the result is the same.",
)
@click.option("-o", "--out", "file", type=FILE_OR_FOLDER, help="CSV file for the table; - for stdout.")
@force
@talking
def command(
    folder: Path,
    setting: str,
    values: tuple[float, ...],
    *,
    workers: int,
    file: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Find the best plan at each VALUE of one SETTING of the programme behind DIR, all else equal.

    Shows the curve: pairs, gain, the worst pair, kilometres and how many pairs are new at each value, and
    which values are on the efficient frontier, where nothing can be had for nothing.
    """
    from pairing.cli.workers import worker_processes
    from pairing.files.finished import read_finished
    from pairing.planning.sweeping.tradeoff import tradeoff

    if as_json and file == STDOUT:
        raise click.UsageError("--json and -o - both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    interrupts = nullcontext() if workers == 1 else ctrl_c_noted_only()
    with interrupts, worker_processes(workers) as executor, console.working("Reading the plan") as stage:
        finished = read_finished(folder)
        stage("Planning at each value")
        found = tradeoff(
            finished.pairing,
            setting,
            values or None,
            executor=executor,
            cancelled=ctrl_c_was_pressed,
            progress=lambda done, total: stage("Planning at each value", done, total),
        )
    if file is not None:
        write_table(file, found.to_frame(), force=force, protect=finished.keep)
    _show(found, console)
    if file is not None and file != STDOUT:
        console.say(f"The whole table is in {file}.")
    changed = folder.with_name(f"{folder.resolve().name}-changed")
    pair = command_line("pair", path_to_show(finished.loaded.path), "-o", changed)
    console.next_step((f"set {found.setting} in the programme as you choose, and pair again", pair))
    console.result({"folder": str(folder)} | found.to_dict() | {"file": None if file is None else str(file)})


def _show(found: TradeOff, console: Console) -> None:
    frame = found.to_frame()
    marks = [
        ("*" if efficient else "") + (" the plan" if is_plan else "")
        for efficient, is_plan in zip(frame["efficient"], frame["is_plan"], strict=True)
    ]
    shown = frame.assign(
        value=[f"{value:g}" for value in frame["value"]],
        total_km=frame["total_km"].round().astype("Int64"),
        mean_km=frame["mean_km"].round().astype("Int64"),
        efficient=marks,
    )
    console.table(shown[list(_SHOWN)].rename(columns=_SHOWN))
    console.tell(
        "out: teams left out; gain, worst, gap: in SD; km, mean_km: of all pairs together, and of a pair; "
        "ratio: of sizes; new: pairs that the plan has not; *: on the efficient frontier."
    )
    console.say()
    console.tell(found.summary())
