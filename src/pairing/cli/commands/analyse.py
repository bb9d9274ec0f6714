"""``pairing analyse``: the effect of the intervention, by the lottery that was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pairing.inference import Analysis

EFFECTS_NAME = "effects.csv"


@click.command("analyse", short_help="Effects of the intervention, by the lottery.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("outcomes", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path),
    help="CSV file; - for stdout. Default: effects.csv in DIR.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Seed of the sample of draws, needed only where the possible draws are neither published nor few.",
)
@force
@talking
def command(
    folder: Path,
    outcomes: Path,
    *,
    file: Path | None,
    seed: int | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Estimate and test the effect on OUTCOMES, by the lottery that was drawn in DIR.

    OUTCOMES is a table with the column team and one column an outcome. What is analysed, and how, is the plan
    that was published with the lottery. Writes effects.csv, and effects_details.csv with further figures.
    """
    from pairing.cli.analysing import analyse_folder
    from pairing.files.lottery import LOTTERY_FILES

    file = file or folder / EFFECTS_NAME
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    found = analyse_folder(folder, outcomes, seed=seed)
    console.warn(found.warnings)
    protect = [outcomes, *(folder / name for name in LOTTERY_FILES)]
    if file != STDOUT:
        details = file.with_name(f"{file.stem}_details{file.suffix}")
        write_table(details, found.analysis.details(), force=force, protect=protect)
    write_table(file, found.analysis.to_frame(), force=force, protect=protect)
    show(found.analysis, console)
    if file != STDOUT:
        console.say(f"\nWritten to {file}.")
    console.result(
        {
            "file": str(file),
            "estimand": found.analysis.estimand,
            "alpha": found.analysis.plan.alpha,
            "alternative": found.analysis.plan.alternative,
            "effects": _facts(found.analysis),
        }
    )


def show(analysis: Analysis, console: Console) -> None:
    """Print an analysis for people: the table, what stands beside it, and what it means."""
    plan = analysis.plan
    console.say(
        f"{100 * (1 - plan.alpha):g}% intervals, {plan.alternative}; every figure from the lottery drawn."
    )
    console.say()
    table = analysis.details()[
        ["outcome", "n", "estimate", "low", "high", "p_value", "p_studentised", "p_family", "adjusted_for"]
    ]
    console.table(table.assign(**{name: _digits(table[name]) for name in table.columns[2:8]}))
    for effect in analysis.effects:
        for note in effect.notes:
            console.say(f"Note on {effect.outcome}: {note}.")
    if plan.primary is not None:
        console.say(f"Primary outcome: {plan.primary}.")
    console.say(f"\nWhat is estimated: {analysis.estimand}")


def _digits(column: object) -> list[str]:
    return ["" if value != value else f"{value:.4g}" for value in column]  # type: ignore[attr-defined] # a Series


def _facts(analysis: Analysis) -> list[dict[str, object]]:
    """The table as JSON can hold it: an unbounded limit is null."""
    rows = analysis.details().to_dict(orient="records")
    return [{str(key): _finite(value) for key, value in row.items()} for row in rows]


def _finite(value: object) -> object:
    unbounded = isinstance(value, float) and not abs(value) < float("inf")
    return None if unbounded else value
