"""``pairing explain``: why these two, why not those two, and what another choice would cost."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from pairing.cli.console import WIDTH_OF_A_FILE, Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pairing.planning import NextBest, Overview, PairCard, PairExplanation, TeamExplanation


@click.command("explain", short_help="Why this pair, why not another, and what that would cost.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("team", required=False)
@click.argument("other", required=False, metavar="[TEAM]")
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
    type=click.Path(path_type=Path),
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

    A team is given by its id, or by its name in quotes. Of one team you learn what it and its partner can
    teach each other, and whom it could meet instead: each with the exact price to the whole plan, found by
    planning again with that pair fixed. Of two teams that are not a pair you learn which rules ban them, and
    what the plan would lose, or gain, if they met all the same.
    """
    from pairing.files.finished import read_finished
    from pairing.planning.explain import Overview, TeamExplanation, explain

    if as_json and file == STDOUT:
        raise click.UsageError("--json and a table both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    finished = read_finished(folder)
    found = explain(finished.pairing, team, other, partners=None if all_partners else partners)
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
    console.result(found.to_dict())


def _show_overview(found: Overview, console: Console) -> None:
    frame = found.to_frame()
    shown = frame[["pair_id", "team_a", "team_b", "value", "a_learns", "b_learns"]]
    shown = shown.rename(columns={"pair_id": "pair"})
    shown.insert(5, "sure_a", [_percentage(each) for each in frame["a_learns_probability"]])
    shown["sure_b"] = [_percentage(each) for each in frame["b_learns_probability"]]
    shown["mutual"] = [_percentage(each) for each in frame["probability_neither_dominates"]]
    console.table(shown)
    console.say()
    _say(found.summary(), console)
    _say(
        "a_learns, b_learns: the indicator on which team_a, or team_b, has most to learn from the other, and "
        "how sure it is that the other is better there; mutual: the probability that neither is better at "
        "everything.",
        console,
    )


def _show_team(found: TeamExplanation, console: Console) -> None:
    _say(found.headline(), console)
    if found.card is not None:
        _show_card(found.card, console)
    if (line := found.price_line()) is not None:
        console.say()
        _say(line, console)
    if found.next_best is not None:
        _show_next_best(found.next_best, console)


def _show_two(found: PairExplanation, console: Console) -> None:
    _say(found.headline(), console)
    _show_card(found.card, console)
    console.say()
    _say(found.price_line(), console)


def _show_card(card: PairCard, console: Console) -> None:
    """The reading, the table of the indicators, and what the rules say."""
    _say_all([card.gains_line(), *card.lesson_lines(), *card.remarks()], console)
    console.say()
    _say(
        "Rates (of patients), the average team, and who is probably ahead once chance is taken out:", console
    )
    console.table(card.short_frame())
    console.say("\nRules:")
    _say_all(card.rule_lines(), console)


def _show_next_best(found: NextBest, console: Console) -> None:
    console.say()
    if not found.partners:
        _say(found.summary(), console)
        return
    _say(found.summary().splitlines()[0], console)
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
    _say(
        "costs: what the whole plan loses, in SD; pairs: how many of its pairs would go; swap: what it loses "
        f"if only {found.team}'s pair and the partner's change; value, learns, teaches: what the pair is "
        f"worth, and what {found.team} can learn and teach.",
        console,
    )


def _percentage(probability: float | None) -> str:
    from pairing.planning.figures import short_chance

    return "" if probability is None or pd.isna(probability) else short_chance(probability)


def _say_all(lines: Iterable[str], console: Console) -> None:
    for line in lines:
        _say(line, console)


def _say(line: str, console: Console) -> None:
    """Print a line, folded to the width of the terminal, indented as it begins."""
    width = shutil.get_terminal_size((WIDTH_OF_A_FILE, 0)).columns
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    console.say(
        textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    )
