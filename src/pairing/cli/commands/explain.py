"""``pairing explain``: why these two, why not those two, and what another choice would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.completing import complete_team
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.planning import NextBest, Overview, PairCard, PairExplanation, TeamExplanation


@click.command(
    "explain",
    cls=ManualCommand,
    short_help="Why this pair, why not another, and what that would cost.",
    examples=[
        ("All pairs, a line each", "pairing explain {plan}"),
        ("One team: its partner, and whom else it could meet", "pairing explain {plan} R0A"),
        ("Why these two are not a pair, and what it would cost", "pairing explain {plan} R0A R1K"),
    ],
    exits={ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT]},
    see_also=["alternatives", "repair", "verify"],
)
@plan_folder()
@click.argument(
    "team",
    required=False,
    shell_complete=complete_team,
    cls=DescribedArgument,
    description="Id of a team, or its name in quotes.",
)
@click.argument(
    "other",
    required=False,
    metavar="[TEAM]",
    shell_complete=complete_team,
    cls=DescribedArgument,
    description="Another one: why the two are, or are not, a pair.",
)
@click.option(
    "--partners",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="How many other partners of a team to price.",
)
@click.option("--all-partners", is_flag=True, help="Price every partner that the team may have.")
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    help="CSV file for the table: the pairs; of one team, its other partners; of two, the indicators.",
)
@force
@talking
def command(
    folder: Path,
    team: str | None,
    other: str | None,
    *,
    partners: int,
    all_partners: bool,
    file: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Explain the plan in DIR: every pair in a line, one TEAM, or why two TEAMs are, or are not, a pair.

    Of one team you learn what it and its partner can
    teach each other, and whom it could meet instead: each with the exact price to the whole plan, found by
    planning again with that pair fixed. Of two teams that are not a pair you learn which rules ban them, and
    what the plan would lose, or gain, if they met all the same.
    """
    from pairing.files.finished import read_finished
    from pairing.planning.explaining.explain import explain
    from pairing.planning.explaining.explanations import Overview, TeamExplanation

    if as_json and file == STDOUT:
        raise click.UsageError("--json and a table both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    with console.working("Reading the plan") as stage:
        finished = read_finished(folder)
        doing = "Making the cards of the pairs" if team is None else "Pricing other partners"
        stage(doing)
        found = explain(
            finished.pairing,
            team,
            other,
            partners=None if all_partners else partners,
            progress=lambda done, total: stage(doing, done, total),
        )
    if file is not None:
        write_table(file, found.to_frame(), force=force, protect=finished.keep)
    if isinstance(found, Overview):
        _show_overview(found, console)
    elif isinstance(found, TeamExplanation):
        _show_team(found, console)
    else:
        _show_two(found, console)
    if file is not None and file != STDOUT:
        console.say(f"\nWritten to {file}.")
    console.next_step(_next_step(folder, found, finished.pairing.cohort.ids[0]))
    console.result({"folder": str(folder)} | found.to_dict() | {"file": None if file is None else str(file)})


def _next_step(
    folder: Path, found: Overview | TeamExplanation | PairExplanation, any_team: str
) -> tuple[str, str]:
    from pairing.planning.explaining.explanations import Overview, TeamExplanation

    if isinstance(found, Overview):
        return "see one team, and whom else it could meet", command_line("explain", folder, any_team)
    if isinstance(found, TeamExplanation):
        if found.next_best is None or not found.next_best.partners:
            return "see all pairs", command_line("explain", folder)
        other = found.next_best.partners[0].team
        return "see what speaks for another partner", command_line("explain", folder, found.team, other)
    teams = found.card.team_a, found.card.team_b
    if found.standing == "possible":
        return "have the two meet all the same", command_line("repair", folder, "--keep", *teams)
    return "see whom else the first of them could meet", command_line("explain", folder, teams[0])


def _show_overview(found: Overview, console: Console) -> None:
    frame = found.to_frame()
    shown = frame[["pair_id", "team_a", "team_b", "value", "a_learns", "b_learns"]]
    shown = shown.rename(columns={"pair_id": "pair"})
    shown.insert(5, "sure_a", [_percentage(each) for each in frame["a_learns_probability"]])
    shown["sure_b"] = [_percentage(each) for each in frame["b_learns_probability"]]
    shown["mutual"] = [_percentage(each) for each in frame["probability_neither_dominates"]]
    console.table(shown)
    console.say()
    console.tell(found.summary())
    console.tell(
        "a_learns, b_learns: the indicator on which team_a, or team_b, has most to learn from the other, and "
        "how sure it is that the other is better there; mutual: the probability that neither is better at "
        "everything.",
    )


def _show_team(found: TeamExplanation, console: Console) -> None:
    console.tell(found.headline())
    if found.card is not None:
        _show_card(found.card, console)
    if (line := found.price_line()) is not None:
        console.say()
        console.tell(line)
    if found.next_best is not None:
        _show_next_best(found.next_best, console)


def _show_two(found: PairExplanation, console: Console) -> None:
    console.tell(found.headline())
    _show_card(found.card, console)
    console.say()
    console.tell(found.price_line())


def _show_card(card: PairCard, console: Console) -> None:
    """The reading, the table of the indicators, and what the rules say."""
    console.tell("\n".join([card.gains_line(), *card.lesson_lines(), *card.remarks()]))
    console.say()
    console.tell("Rates (of cases), the average team, and who is probably ahead once chance is taken out:")
    console.table(card.short_frame())
    console.say("\nRules:")
    console.tell("\n".join(card.rule_lines()))


def _show_next_best(found: NextBest, console: Console) -> None:
    import pandas as pd

    console.say()
    if not found.partners:
        console.tell(found.summary())
        return
    console.tell(found.summary().splitlines()[0])
    shown = [
        {
            "partner": each.team,
            "name": each.name,
            "costs": each.price.short_cost(),
            "pairs": len(each.price.parted),
            "swap": each.short_swap(),
            "value": each.value,
            "learns": each.gain,
            "teaches": each.gain_of_partner,
            "km": "" if each.distance_km is None else f"{each.distance_km:.0f}",
        }
        for each in found.partners
    ]
    console.table(pd.DataFrame(shown))
    console.tell(
        "costs: what the whole plan loses, in SD; pairs: how many of its pairs would go; swap: what it loses "
        f"if only {found.team}'s pair and the partner's change; value, learns, teaches: what the pair is "
        f"worth, and what {found.team} can learn and teach.",
    )


def _percentage(probability: float | None) -> str:
    from pairing.planning.figures import short_chance

    return "" if probability is None or probability != probability else short_chance(probability)
