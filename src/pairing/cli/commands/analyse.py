"""``pairing analyse``: the effect of the intervention, by the lottery that was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pairing.cli.analysing import FoundEffects
    from pairing.inference import Analysis


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
    help="Another seed for the sample of draws, where they are too many to list. Default: by lottery.json.",
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
    from pairing.files.effects import EFFECTS_NAME, write_effects

    file = file or folder / EFFECTS_NAME
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    found = analyse_folder(folder, outcomes, seed=seed)
    console.warn(found.warnings)
    effects = found.analysis.to_frame()
    if file == STDOUT:
        write_table(file, effects, force=force, protect=found.keep)
    else:
        write_effects(file, effects, found.details(), force=force, protect=found.keep)
    show(found, console)
    if file != STDOUT:
        console.say(f"\nWritten to {file}.")
    console.result(
        {
            "file": str(file),
            "estimand": found.analysis.estimand,
            "alpha": found.analysis.plan.alpha,
            "alternative": found.analysis.plan.alternative,
            "sampled_draws": found.n_sampled,
            "seed": found.seed,
            "effects": _facts(found.analysis),
        }
    )


def show(found: FoundEffects, console: Console) -> None:
    """Print an analysis for people: the table, what stands beside it, and what it means."""
    analysis, plan = found.analysis, found.analysis.plan
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
    console.say(_draws_in_words(found))
    console.say(f"\nWhat is estimated: {analysis.estimand}")


def _draws_in_words(found: FoundEffects) -> str:
    if found.n_sampled is None:
        return f"Compared with all {found.analysis.effects[0].n_draws:,} draws that could have happened."
    source = "given with --seed" if found.seed_is_given else "which follows from the SHA-256 of lottery.json"
    return f"Compared with a sample of {found.n_sampled:,} draws by seed {found.seed}, {source}."


def _digits(column: object) -> list[str]:
    return ["" if value != value else f"{value:.4g}" for value in column]  # type: ignore[attr-defined] # a Series


def _facts(analysis: Analysis) -> list[dict[str, object]]:
    """The table as JSON can hold it: an unbounded limit is null."""
    rows = analysis.details().to_dict(orient="records")
    return [{str(key): _finite(value) for key, value in row.items()} for row in rows]


def _finite(value: object) -> object:
    unbounded = isinstance(value, float) and not abs(value) < float("inf")
    return None if unbounded else value
