"""``pairing tradeoff``: the best plan at each of several values of one setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pairing.planning.tradeoff import TradeOff

_SHOWN = {
    "value": "value",
    "n_pairs": "pairs",
    "n_unpaired": "left_out",
    "total_gain": "gain",
    "worst_value": "worst",
    "total_km": "km",
    "mean_km": "km_a_pair",
    "mean_size_ratio": "size_ratio",
    "mean_level_gap": "level_gap",
    "n_changed": "changed",
    "efficient": "efficient",
}


@click.command("tradeoff", short_help="What moving one rule or weight costs and brings.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("setting")
@click.argument("values", type=float, nargs=-1, metavar="[VALUE]...")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes to work in; the result is the same.",
)
@click.option(
    "-o", "--out", "file", type=click.Path(path_type=Path), help="CSV file for the table; - for stdout."
)
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

    SETTING is the key of a rule with a limit (max_distance_km, calipers.beds) or of a preference
    (preferences.travel_per_100_km); the programme need not have it. Without values, sensible ones are taken.
    """
    from pairing.cli.workers import worker_processes
    from pairing.files.finished import read_finished
    from pairing.planning.tradeoff import tradeoff

    if as_json and file == STDOUT:
        raise click.UsageError("--json and -o - both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    finished = read_finished(folder)
    with worker_processes(workers) as executor, console.counting("Planning", len(values) or 11) as advance:
        found = tradeoff(
            finished.pairing,
            setting,
            values or None,
            executor=executor,
            progress=lambda done, total: advance(done),  # noqa: ARG005 - the bar has a total of its own
        )
    if file is not None:
        write_table(file, found.to_frame(), force=force, protect=finished.keep)
    _show(found, console)
    if file is not None and file != STDOUT:
        console.say(f"The whole table is in {file}.")
    console.result(found.to_dict() | {"file": None if file is None else str(file)})


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
    console.say("\n" + found.summary())
