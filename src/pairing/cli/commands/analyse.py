"""``pairing analyse``: the effect of the intervention, by the lottery that was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.cli.analysing import FoundEffects
    from pairing.inference import Analysis


@click.command(
    "analyse",
    cls=ManualCommand,
    short_help="Effects of the intervention, by the lottery.",
    examples=[
        ("A table of outcomes, one row a team", "pairing analyse {drawn} outcomes.csv"),
        (
            "The effects alone, to another program",
            "pairing analyse {drawn} outcomes.csv -o - --quiet",
        ),
    ],
    exits={
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
        ExitCode.FILE_ACCESS: MEANING[ExitCode.FILE_ACCESS],
    },
    see_also=["allocate", "verify"],
)
@plan_folder("Folder in which pairing allocate published and drew a lottery.")
@click.argument(
    "outcomes",
    type=FILE_OR_FOLDER,
    cls=DescribedArgument,
    description="Table with the column team and one column an outcome (CSV or XLSX).",
)
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    help="CSV file; - for stdout. Default: effects.csv in DIR.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Another seed for the sample of draws, where they are too many to list. Default: by lottery.json.",
)
@click.option(
    "--xlsx", is_flag=True, help="Also write the effects and the allocation as one workbook, effects.xlsx."
)
@force
@talking
def command(
    folder: Path,
    outcomes: Path,
    *,
    file: Path | None,
    seed: int | None,
    xlsx: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Estimate and test the effect on OUTCOMES, by the lottery that was drawn in DIR.

    What is analysed, and how, is the plan that was published with the lottery. Writes effects.csv, and
    effects_details.csv with further figures.
    """
    from pairing.cli.analysing import analyse_folder
    from pairing.files.effects import EFFECTS_NAME, write_effects

    file = file or folder / EFFECTS_NAME
    if xlsx and (file == STDOUT or file.suffix.lower() == ".xlsx"):
        raise click.UsageError("--xlsx stands beside a CSV file: name that one with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    with console.working("Comparing with the draws that could have happened"):
        found = analyse_folder(folder, outcomes, seed=seed)
    console.warn(found.warnings)
    effects = found.analysis.to_frame()
    if file == STDOUT:
        write_table(file, effects, force=force, protect=found.keep)
    else:
        workbook = (folder, _statements(found)) if xlsx else None
        write_effects(file, effects, found.details(), force=force, protect=found.keep, workbook=workbook)
    show(found, console)
    if file != STDOUT:
        console.say(f"\nWritten to {file}.")
    console.next_step(("prove the lottery again that this rests on", command_line("verify", folder)))
    console.result(
        {
            "folder": str(folder),
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
            console.tell(f"Note on {effect.outcome}: {note}.")
    if plan.primary is not None:
        console.say(f"Primary outcome: {plan.primary}.")
    console.tell(_draws_in_words(found))
    console.say()
    console.tell(f"What is estimated: {analysis.estimand}")


def _statements(found: FoundEffects) -> dict[str, object]:
    """What a workbook says of an analysis beside its tables."""
    plan = found.analysis.plan
    return {
        "what is estimated": found.analysis.estimand,
        "primary outcome": plan.primary,
        "alpha": plan.alpha,
        "alternative": plan.alternative,
        "draws": _draws_in_words(found),
    }


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
