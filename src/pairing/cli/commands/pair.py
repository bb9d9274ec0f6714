"""``pairing pair``: the pairing and its proof, into a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pairing.cli import planning, refusals
from pairing.cli.after_plan import has_lottery_of_pairs, steps_after_plan
from pairing.cli.command_line import command_line
from pairing.cli.console import Console, ctrl_c_noted_only, forget_ctrl_c
from pairing.cli.diagnosing import diagnosed
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import (
    FILE_OR_FOLDER,
    force,
    memory_limit,
    programme as programme_argument,
    talking,
    xlsx,
)
from pairing.cli.output import STDOUT
from pairing.errors import OverwriteError, Problem
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from pairing.planning import Pairing
    from pairing.planning.unpaired import Unpaired

MOST_TEAMS_PRICED = 400
"""Up to so many teams the price of each rule is worked out without being asked for."""

MOST_TEAMS_PRICED_FAIREST = 160
"""The same for the fairest plan, which takes longer to find."""

MOST_TEAMS_COMPARED = 2_000
"""The same for random pairings; :data:`pairing.planning.random_pairings.MOST_TEAMS_UNASKED`."""

MOST_TEAMS_WITH_PARTNERS = 300
"""The same for next-best partners of all teams; :data:`pairing.planning.frames.partner_table.MOST_TEAMS`."""


@click.command(
    "pair",
    cls=ManualCommand,
    short_help="The pairing and its proof, into a folder.",
    examples=[
        ("By a programme", "pairing pair {programme} -o plan"),
        (
            "By your table alone: guess the columns, the rules too",
            "pairing pair pairing-demo/nlca_2022.csv -o guessed",
        ),
        (
            "Keep pairs that were settled, plan the rest",
            "pairing pair {programme} --locked plan/pairs.csv -o settled",
        ),
    ],
    exits={
        ExitCode.NO_PAIRING: "no pairing satisfies the rules; it is said why, and what would change it",
        ExitCode.WRONG_USAGE: MEANING[ExitCode.WRONG_USAGE],
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
        ExitCode.UNPROVEN: MEANING[ExitCode.UNPROVEN],
    },
    see_also=["check", "diagnose", "verify", "explain", "allocate", "rounds"],
)
@programme_argument()
@click.option(
    "-o",
    "--out",
    "folder",
    type=FILE_OR_FOLDER,
    help="Folder for the result. Default: <programme>-result beside the programme.",
)
@click.option(
    "--prices/--no-prices",
    default=None,
    help=f"Work out what each rule costs. Default: with up to {MOST_TEAMS_PRICED} teams "
    f"({MOST_TEAMS_PRICED_FAIREST} for the fairest plan).",
)
@click.option(
    "--partners/--no-partners",
    default=None,
    help="Price the next-best partners of all teams, for partners.csv. "
    f"Default: with up to {MOST_TEAMS_WITH_PARTNERS} teams.",
)
@click.option(
    "--random-pairings",
    "n_random",
    type=click.IntRange(min=0, max=100_000),
    metavar="N",
    help="Compare the plan with N random pairings, for random_pairings.csv. "
    f"Default: 1,000 with up to {MOST_TEAMS_COMPARED:,} teams, else none.",
)
@click.option(
    "--locked",
    "locked",
    type=FILE_OR_FOLDER,
    metavar="PAIRS",
    help="Keep pairs of this pairs.csv: those with true in a column locked, or all if it has no such column.",
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop the search for the best plan, and keep the best one found; exit code 4 then.",
)
@memory_limit
@xlsx
@force
@talking
def command(
    programme: Path,
    folder: Path | None,
    *,
    locked: Path | None,
    prices: bool | None,
    partners: bool | None,
    n_random: int | None,
    time_limit_s: float | None,
    memory_limit: int | None,
    xlsx: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Pair the teams of PROGRAMME as well as its rules permit, and prove it.

    Of a table of teams the columns are guessed; what was guessed is said, and the programme is written
    beside the result for you to correct.

    Writes pairs.csv, teams.csv, unpaired.csv, run.json, and the tables that the report is made of:
    indicators.csv, profiles.csv, exchange.csv, partners.csv and random_pairings.csv.
    """
    console = Console(quiet=quiet, as_json=as_json)
    if folder == STDOUT:
        raise click.UsageError("A result is a folder of files and cannot go to stdout; name one with -o.")
    folder = folder or planning.default_folder(programme)
    watch = planning.Stopwatch()
    source = planning.load(programme, folder)
    watch.lap("reading")
    planning.tell_source(source, console)
    _refuse_to_lose_corrections(source, folder)
    refusals.refuse_to_lose_a_lottery(folder)
    kept = _locked_pairs(locked, folder, source)
    pairing = _plan(source, programme, watch, console, kept, time_limit_s, memory_limit)
    asked = Asked(prices, partners, n_random)
    record = _write(source, pairing, folder, watch, console, asked, xlsx=xlsx, force=force)
    show(pairing, console, prices=prices)
    _tell_left_out(pairing, record, asked, console)
    console.say(f"\nWritten to {folder}.")
    steps = steps_after_plan(folder, pairing, has_lottery=has_lottery_of_pairs(source.loaded.programme))
    if len(pairing.unpaired) > len(pairing.cohort) % 2:
        steps.append(("see what would let everyone be paired", command_line("diagnose", programme)))
    console.next_step(*steps)
    console.result({"folder": str(folder)} | {key: record[key] for key in _SHOWN_FACTS})
    return _code_of(pairing, console)


@dataclass(frozen=True)
class Asked:
    """What was asked for beside the plan; None leaves it to the number of teams."""

    prices: bool | None = None
    partners: bool | None = None
    n_random: int | None = None


def _tell_left_out(pairing: Pairing, record: Mapping[str, Any], asked: Asked, console: Console) -> None:
    """Say what is not worked out unasked for so many teams, and how to ask for it."""
    left_out = []
    if asked.prices is None and _can_be_priced(pairing) and len(pairing.cohort) > _most_priced(pairing):
        left_out.append(("what each rule costs", "--prices"))
    partners, chance = record["partners"], record["random_pairings"]
    if asked.partners is None and not partners["priced"] and partners["how_to_ask"]:
        left_out.append(("the next-best partners of all teams", "--partners"))
    if asked.partners and not partners["priced"]:
        console.warn([f"The next-best partners of all teams are left out: {partners['why_not']}."])
    if asked.n_random is None and chance["n"] == 0:
        left_out.append(("random pairings to compare with", "--random-pairings 1000"))
    if left_out:
        what = "; ".join(f"{name} ({option})" for name, option in left_out)
        console.tell(f"Not worked out unasked for {len(pairing.cohort):,} teams: {what}.")


def _code_of(pairing: Pairing, console: Console) -> ExitCode:
    """Done only if the plan is proven; else 4: there is a plan, whatever ended the search."""
    if pairing.status == "optimal":
        return ExitCode.DONE
    interrupted = pairing.objective.stopped == "interrupted"
    why = "Interrupted" if interrupted else "Stopped at the limit"
    console.warn([f"{why}: the plan is the best one found and is not proven to be the best."])
    return ExitCode.UNPROVEN


def _locked_pairs(locked: Path | None, folder: Path, source: planning.Source) -> planning.LockedPairs:
    """Read the pairs that are to stay, from a file that the result does not replace."""
    if locked is None:
        return ()
    from pairing.files.locked import read_locked

    if locked.resolve().parent == folder.resolve():
        raise click.UsageError(f"{locked} stands where the result goes; name another folder with -o.")
    return read_locked(locked, source.loaded.cohort.ids)


def _plan(
    source: planning.Source,
    table: Path,
    watch: planning.Stopwatch,
    console: Console,
    locked: planning.LockedPairs,
    time_limit_s: float | None,
    memory_limit: int | None,
) -> Pairing:
    """Plan; where the rules do not fit, say what would, and where guessed ones can be changed."""
    from pairing.planning import NoFullPairingError

    try:
        return planning.plan(
            source.loaded, watch, console, locked, time_limit_s=time_limit_s, memory_limit=memory_limit
        )
    except NoFullPairingError as error:
        raise diagnosed(error, source, table, console) from error


def _refuse_to_lose_corrections(source: planning.Source, folder: Path) -> None:
    """Keep a guessed programme that a person has corrected since, even with --force."""
    for name, content in source.extra_files().items():
        path = folder / name
        if path.is_file() and path.read_bytes() != content:
            raise OverwriteError(
                [
                    Problem(
                        "is not what would be guessed now and is not overwritten",
                        value=str(path),
                        advice=f"If you have corrected it, run pairing pair {path}; else remove it.",
                    )
                ]
            )


_SHOWN_FACTS = ("status", "n_teams", "n_pairs", "n_permitted_pairs", "total_value", "bound", "gap", "notes")


_WRITING_GOES_ON = (
    "Interrupted: the plan is found, and its tables are still written. Ctrl-C again stops without them."
)


def _write(
    source: planning.Source,
    pairing: Pairing,
    folder: Path,
    watch: planning.Stopwatch,
    console: Console,
    asked: Asked,
    *,
    xlsx: bool,
    force: bool,
) -> dict[str, object]:
    from pairing.files.result import write_result

    with (
        console.working("Writing the tables") as stage,
        ctrl_c_noted_only(None if console.quiet or console.as_json else _WRITING_GOES_ON),
    ):
        record = write_result(
            pairing,
            source.loaded,
            folder,
            timings=watch.seconds,
            extra=source.extra_files(),
            xlsx=xlsx,
            partners=asked.partners,
            n_random=asked.n_random,
            progress=stage,
            force=force,
        )
    forget_ctrl_c()  # what it was to end has ended, with everything written
    return record


def show(pairing: Pairing, console: Console, *, prices: bool | None = None) -> None:
    """Print a pairing for people: notes, pairs, who is left out, summary, price of each rule."""
    for note in pairing.profiles.notes:
        console.tell(f"Note: {note}")
    console.say()
    console.table(_short(pairing.to_frame()))
    if pairing.unpaired:
        console.say("\nWithout a partner:")
        console.tell_some([f"  {_known_as(row)}: {row.reason}." for row in pairing.unpaired], "unpaired.csv")
        teams = counted(len(pairing.unpaired), "team without a partner", "teams without a partner")
        console.warn([f"{teams}; see unpaired.csv."])
    console.say()
    console.tell(pairing.summary())
    console.tell(pairing.table.summary())
    wanted = len(pairing.cohort) <= _most_priced(pairing) if prices is None else prices
    if wanted and _can_be_priced(pairing):
        _show_prices(pairing, console)
    elif prices:
        console.warn([f"Rules are not priced: {_why_not_priced(pairing)}."])


def _known_as(row: Unpaired) -> str:
    return row.team if row.name == row.team else f"{row.team} {row.name}"


def _can_be_priced(pairing: Pairing) -> bool:
    """Rules are priced by one total: not where the plan was made by more than one, or is not the best."""
    return pairing.objective.kind != "ordered" and pairing.triad is None and pairing.status == "optimal"


def _why_not_priced(pairing: Pairing) -> str:
    if pairing.status != "optimal":
        return "the plan is not proven to be the best, so that a price would mean nothing"
    return "the plan was not made by one total alone"


def _most_priced(pairing: Pairing) -> int:
    return MOST_TEAMS_PRICED_FAIREST if pairing.objective.kind == "fairest" else MOST_TEAMS_PRICED


def _short(pairs: pd.DataFrame) -> pd.DataFrame:
    """The columns that fit a terminal, with whole kilometres, and names where they say more than the ids."""
    columns = ["pair_id", "team_a", "name_a", "team_b", "name_b", "value", "gain_a", "gain_b"]
    if pairs["name_a"].equals(pairs["team_a"]) and pairs["name_b"].equals(pairs["team_b"]):
        columns = [column for column in columns if not column.startswith("name_")]
    shown = pairs[columns]
    return shown.rename(columns={"pair_id": "pair"}).assign(
        ratio=pairs["size_ratio"], km=pairs["distance_km"].round().astype("Int64")
    )


def _show_prices(pairing: Pairing, console: Console) -> None:
    from pairing.planning import rule_prices

    with console.working("Working out what each rule costs") as stage:
        priced = rule_prices(
            pairing,
            progress=lambda done, total: stage("Working out what each rule costs", done, total),
        )
    if priced:
        console.say("What the best plan would gain without one rule:")
    for price in priced:
        gained = counted(price.n_pairs_gained, "more pair")
        more = f"{gained}, " if price.n_pairs_gained else ""
        if pairing.objective.kind == "fairest":
            more += f"{price.worst_gained:+.3f} SD for the worst-off pair, "
        console.say(f"  {price.key}: {more}{price.value_gained:+.3f} SD in total")
