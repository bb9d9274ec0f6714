"""``pairing rounds``: several rounds without repeats, planned together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli import planning
from pairing.cli.command_line import command_line
from pairing.cli.console import Console, ctrl_c_was_pressed, forget_ctrl_c
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, talking
from pairing.cli.output import STDOUT
from pairing.errors import OverwriteError, Problem, SettingsError
from pairing.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.matching.several import SearchProgress
    from pairing.planning import Rounds

_SHOWN_FACTS = (
    "status", "stopped", "n_teams", "n_rounds", "n_pairs", "n_pairs_bound", "most_rests", "most_rests_bound",
    "n_permitted_pairs", "total_value", "bound", "gap", "greedy", "keep", "rests", "rounds",
)  # fmt: skip


@click.command(
    "rounds",
    cls=ManualCommand,
    short_help="Several rounds without repeats, planned together.",
    examples=[("Two rounds", "pairing rounds {programme} -n 2")],
    exits={
        ExitCode.NO_PAIRING: "the rules do not permit so many rounds; it is said how many they permit",
        ExitCode.WRONG_USAGE: MEANING[ExitCode.WRONG_USAGE],
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
        ExitCode.UNPROVEN: "stopped at the limit, or with Ctrl-C; the best rounds found so far are written",
    },
    see_also=["pair", "verify"],
)
@click.argument("programme", type=FILE_OR_FOLDER, cls=DescribedArgument, description="A programme.toml.")
@click.option(
    "-n", "--number", type=click.IntRange(min=1), help="How many rounds. Default: number in [rounds]."
)
@click.option(
    "--keep",
    multiple=True,
    metavar="TEAM",
    help="Id of a team that keeps one partner through all rounds, beside those in [rounds]; repeatable.",
)
@click.option(
    "-o",
    "--out",
    "folder",
    type=FILE_OR_FOLDER,
    help="Folder for the result. Default: <programme>-rounds beside the programme.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    metavar="S",
    help="Seconds after which the best rounds found so far are written, with exit code 4; one round after "
    "the other is planned in any case.",
)
@force
@talking
def command(
    programme: Path,
    number: int | None,
    keep: tuple[str, ...],
    folder: Path | None,
    time_limit: float | None,
    *,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Plan several rounds of PROGRAMME together, in which nobody meets the same team twice.

    Writes rounds.csv (one row a round and pair), teams.csv (one row a team: its partner in each round),
    round-1.csv, round-2.csv, ... (each can be previous in [rules] next year) and rounds.json.
    """
    from pairing.files.programme import read_programme
    from pairing.files.rounds import write_rounds

    if folder == STDOUT:
        raise click.UsageError("A result is a folder of files and cannot go to stdout; name one with -o.")
    console = Console(quiet=quiet, as_json=as_json)
    folder = folder or programme.parent / f"{programme.stem}-rounds"
    _refuse_before_long_work(folder, force=force)
    watch = planning.Stopwatch()
    loaded = read_programme(programme)
    watch.lap("reading")
    console.warn(loaded.warnings)
    rounds = _plan(loaded, number, keep, time_limit, watch, console)
    record = write_rounds(rounds, loaded, folder, timings=watch.seconds, force=force)
    _show(rounds, console)
    console.say(f"\nWritten to {folder}.")
    console.next_step(("prove it again at any time, from its files alone", command_line("verify", folder)))
    console.result({"folder": str(folder)} | {key: record[key] for key in _SHOWN_FACTS})
    return _code_of(rounds, console)


def _code_of(rounds: Rounds, console: Console) -> ExitCode:
    """Done only if the rounds are proven; else 4: there are rounds, whatever ended the search."""
    if rounds.status == "optimal":
        return ExitCode.DONE
    why = "Interrupted" if rounds.stopped == "interrupted" else "Stopped at the limit"
    console.warn([f"{why}: the rounds are the best found and are not proven to be the best."])
    return ExitCode.UNPROVEN


def _refuse_before_long_work(folder: Path, *, force: bool) -> None:
    from pairing.files.rounds import ROUNDS_RECORD
    from pairing.files.run_record import RECORD_NAME

    if (folder / RECORD_NAME).exists():
        message, advice = "holds the result of another command", "Choose another place with -o."
    elif (folder / ROUNDS_RECORD).exists() and not force:
        message = "holds rounds already"
        advice = "Give --force to replace them, or choose another place with -o."
    else:
        return
    raise OverwriteError([Problem(message, value=str(folder), advice=advice)])


def _plan(
    loaded: LoadedProgramme,
    number: int | None,
    keep: tuple[str, ...],
    time_limit: float | None,
    watch: planning.Stopwatch,
    console: Console,
) -> Rounds:
    from pairing.pairs import PairTable
    from pairing.planning import plan_rounds

    wished = loaded.programme.rounds
    n_rounds = number or (wished.number if wished else None)
    _require_plannable(loaded, n_rounds)
    with console.working("Estimating profiles") as now:

        def tell(state: SearchProgress) -> None:
            now(search_in_words(n_rounds or 1, state))

        table = PairTable.build(planning.model_of(loaded, watch))
        watch.lap("values")
        now(f"Planning {n_rounds} rounds over {len(table):,} permitted pairs")
        pressed_before = ctrl_c_was_pressed()
        rounds = plan_rounds(
            table,
            n_rounds or 1,
            keep=(*(wished.keep if wished else ()), *keep),
            allow_unpaired=loaded.programme.rules.allow_unpaired,
            time_limit_s=time_limit,
            keep_interrupted=True,
            progress=tell,
        )
        if not pressed_before:
            forget_ctrl_c()  # the search has come to an end, and the rounds say what they are
        watch.lap("rounds")
    return rounds


def search_in_words(n_rounds: int, state: SearchProgress) -> str:
    """Say where the search stands: the rounds so far, their bound and gap, and how far it is."""
    from pairing.pairs import VALUE_SCALE

    rounds = counted(n_rounds, "round")
    cases = f"{counted(state.n_nodes, 'case')} looked at, {state.n_open:,} open"
    if state.aim == "rests":
        return f"Planning {rounds} with fewer rests: {cases}"
    if state.aim == "pairs":
        found = "no rounds yet" if state.total is None else counted(state.total, "pair")
        return f"Planning {rounds}: {found}, at most {state.bound:,}; {cases}"
    bound = f"at most {state.bound / VALUE_SCALE:,.4f} SD"
    if state.total is None:
        return f"Planning {rounds}: none yet, {bound}; {cases}"
    gap = (state.bound - state.total) / VALUE_SCALE
    return f"Planning {rounds}: {state.total / VALUE_SCALE:,.4f} SD, {bound}, gap {gap:,.4f}; {cases}"


def _require_plannable(loaded: LoadedProgramme, n_rounds: int | None) -> None:
    problems = []
    if n_rounds is None:
        advice = "Give -n 3, say, or number = 3 in [rounds]."
        problems.append(
            Problem("nobody says how many rounds", loaded.path.name, column="rounds.number", advice=advice)
        )
    order = loaded.programme.objective.order
    if order != ("total",):
        problems.append(
            Problem(
                "rounds are planned for the greatest total only",
                loaded.path.name,
                column="objective.order",
                expected='order = ["total"]',
            )
        )
    if not loaded.programme.side_constraints.is_empty:
        problems.append(
            Problem(
                "constraints on a whole plan do not apply to several rounds",
                loaded.path.name,
                column="side_constraints",
                advice="Take the section out, or plan round by round with pairing pair and previous.",
            )
        )
    if problems:
        raise SettingsError(problems)


def _show(rounds: Rounds, console: Console) -> None:
    """Print who meets whom, and what was achieved."""
    for note in rounds.table.model.profiles.notes:
        console.tell(f"Note: {note}")
    console.say()
    frame = rounds.teams_frame()
    columns = ["team", *(name for name in frame.columns if name.startswith("round_")), "rests", "gain"]
    console.table(frame[columns])
    console.say()
    console.tell(rounds.summary())
