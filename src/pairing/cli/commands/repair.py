"""``pairing repair``: the smallest change after a drop-out, a late joiner, a ban, or visits already made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.after_plan import has_lottery_of_pairs, steps_after_plan
from pairing.cli.command_line import command_line
from pairing.cli.completing import complete_team
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import A_PLAN, FILE_OR_FOLDER, force, talking
from pairing.cli.output import STDOUT, write_table
from pairing.cli.planning import Stopwatch

if TYPE_CHECKING:
    from pairing.files.finished import Finished
    from pairing.planning import Repair

NamedPairs = tuple[tuple[str, str], ...]


@click.command(
    "repair",
    cls=ManualCommand,
    short_help="The smallest change after a drop-out or late joiner.",
    examples=[
        ("Two teams left", "pairing repair {plan} --without R0D --without R0B -o repaired"),
        ("Two teams have to meet", "pairing repair {plan} --keep R0A R1K -o swapped"),
        (
            "Who would take a lost partner's place, for each team",
            "pairing repair {plan} --standby -o standby.csv",
        ),
    ],
    exits={
        ExitCode.NO_PAIRING: "no repair satisfies the rules",
        ExitCode.WRONG_USAGE: MEANING[ExitCode.WRONG_USAGE],
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
    },
    see_also=["explain", "verify", "allocate"],
)
@click.argument("source", type=FILE_OR_FOLDER, metavar="DIR", cls=DescribedArgument, description=A_PLAN)
@click.option(
    "--without",
    multiple=True,
    metavar="TEAM",
    shell_complete=complete_team,
    help="A team that has left. May be repeated.",
)
@click.option(
    "--add",
    multiple=True,
    metavar="FILE | TEAM",
    help="A table with the rows of late joiners, or a team of the programme's table that was excluded. "
    "May be repeated.",
)
@click.option(
    "--forbid",
    nargs=2,
    multiple=True,
    metavar="TEAM TEAM",
    shell_complete=complete_team,
    help="A pair that may not meet any more. May be repeated.",
)
@click.option(
    "--keep",
    nargs=2,
    multiple=True,
    metavar="TEAM TEAM",
    shell_complete=complete_team,
    help="A pair that meets in any case. May be repeated.",
)
@click.option(
    "--made",
    type=FILE_OR_FOLDER,
    metavar="VISITS",
    help="Table of the visits already made, with the columns team_a and team_b: these pairs are kept.",
)
@click.option("--allow-unpaired", is_flag=True, help="Let teams stay without a partner, now and later.")
@click.option(
    "--standby", is_flag=True, help="Only list who would take a lost partner's place, for each team."
)
@click.option(
    "-o",
    "--out",
    type=FILE_OR_FOLDER,
    help="Folder for the result. Default: <DIR>-repaired. With --standby: a CSV file, or - for stdout.",
)
@force
@talking
def command(
    source: Path,
    *,
    without: tuple[str, ...],
    add: tuple[str, ...],
    forbid: NamedPairs,
    keep: NamedPairs,
    made: Path | None,
    allow_unpaired: bool,
    standby: bool,
    out: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Repair the plan in DIR with as few changed pairs as possible.

    Pairs that are kept come first, then as many pairs as possible, then as many of the earlier pairs as
    possible, then the greatest total value; the result comes with the proof of that. DIR stays as it is. The
    new folder is a complete result, with a programme and a table of its own: verify, allocate and a further
    repair work on it. changes.csv has one row for each team for which something changes.

    With --standby nothing is repaired: for every team it works out who would take its partner's place.
    """
    from pairing.files.finished import read_finished

    asked = bool(without or add or forbid or keep or made or allow_unpaired)
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=out == STDOUT)
    if standby:
        if asked:
            raise click.UsageError("--standby is about drop-outs to come, and takes only -o and --force.")
        _show_standby(source, out, console, force=force)
        return
    if out == STDOUT:
        raise click.UsageError("A result is a folder of files and cannot go to stdout; name one with -o.")
    watch = Stopwatch()
    with console.working("Reading the plan"):
        finished = read_finished(source)
    visits = _visits(made, finished)
    _repair(
        finished,
        source,
        out or _default_folder(source),
        console,
        watch,
        without=without,
        add=add,
        forbid=forbid,
        keep=(*keep, *visits),
        allow_unpaired=allow_unpaired,
        force=force,
    )


def _default_folder(source: Path) -> Path:
    """``<DIR>-repaired`` beside DIR, whatever the way to it is written."""
    resolved = source.resolve()
    return source.parent / f"{resolved.name}-repaired" if source.name else Path(f"{resolved}-repaired")


def _visits(made: Path | None, finished: Finished) -> NamedPairs:
    if made is None:
        return ()
    from pairing.files.locked import read_visits

    return read_visits(made, finished.pairing.cohort.ids)


def _repair(
    finished: Finished,
    source: Path,
    folder: Path,
    console: Console,
    watch: Stopwatch,
    *,
    without: tuple[str, ...],
    add: tuple[str, ...],
    forbid: NamedPairs,
    keep: NamedPairs,
    allow_unpaired: bool,
    force: bool,
) -> None:
    from pairing.cli import refusals
    from pairing.files.repaired import refuse_same_folder, repair_finished, write_repaired

    refuse_same_folder(source, folder)
    refusals.refuse_to_lose_a_lottery(folder)
    watch.lap("reading")
    with console.working("Repairing"):
        repaired = repair_finished(
            finished,
            source,
            folder,
            without=without,
            add=add,
            forbid=forbid,
            keep=keep,
            allow_unpaired=allow_unpaired,
        )
        watch.lap("repair")
    console.warn((*repaired.warnings, *_about_the_lottery(source, repaired.repair)))
    inputs = [*finished.keep, *(Path(table) for table in add if Path(table).is_file())]
    with console.working("Writing the tables"):
        record = write_repaired(repaired, folder, timings=watch.seconds, force=force, protect=inputs)
    show(repaired.repair, console)
    console.say(f"\nWritten to {folder}.")
    again = has_lottery_of_pairs(finished.loaded.programme) and not _was_drawn(source)
    console.next_step(*steps_after_plan(folder, repaired.repair.pairing, has_lottery=again))
    facts = {key: record[key] for key in ("status", "n_teams")}
    console.result({"folder": str(folder), **facts, **repaired.repair.to_dict()})


def show(repair: Repair, console: Console) -> None:
    """Print what changes, what stays, and what that costs."""
    console.tell(repair.summary())
    lines = [f"Without a partner: {row.team}: {row.reason}." for row in repair.pairing.unpaired]
    console.tell_some(lines, "unpaired.csv")


def _was_drawn(source: Path) -> bool:
    from pairing.files.draw import was_drawn

    return was_drawn(source)


def _about_the_lottery(source: Path, repair: Repair) -> list[str]:
    """Say what a repair means for a lottery that stands by the earlier pairing."""
    from pairing.files.draw import was_drawn
    from pairing.files.lottery import is_published
    from pairing.planning import drawn_teams

    if not is_published(source):
        return []
    stands = f"the lottery in {source} is of the earlier plan and stays as it is"
    if not was_drawn(source):
        again = "To draw from the repaired pairs, publish anew from the new folder, and say that you did"
        return [f"{stands}. {again}."]
    arms = "every team is analysed in the arm that was drawn for it, whoever its partner is now"
    lines = [f"{stands}: {arms} (intention to treat). Do not draw again."]
    lost = _pairs_that_lost_a_team(repair)
    if lost and drawn_teams(repair.earlier) is None:
        dropped = " ".join(f"--dropped {pair_id}" for pair_id in lost)
        lines.append(
            "a new partner from the other arm would mix the arms. Where reserves were declared, whole pairs "
            f"can be replaced instead:\n  {command_line('allocate', source)} {dropped}"
        )
    return lines


def _pairs_that_lost_a_team(repair: Repair) -> list[str]:
    from pairing.planning import named_pairs

    there = set(repair.pairing.cohort.ids)
    earlier = zip(repair.earlier.pair_ids, named_pairs(repair.earlier), strict=True)
    return [pair_id for pair_id, pair in earlier if not there.issuperset(pair)]


def _show_standby(source: Path, file: Path | None, console: Console, *, force: bool) -> None:
    from pairing.files.finished import read_finished
    from pairing.planning import standby

    with console.working("Reading the plan") as stage:
        finished = read_finished(source)
        total = int((finished.pairing.partner >= 0).sum())
        found = standby(finished.pairing, progress=lambda done: stage("Repairing drop-outs", done, total))
    if file is not None:
        write_table(file, found.to_frame(), force=force, protect=finished.keep)
    if file is None:
        console.table(found.to_frame())
        console.say()
    console.tell(found.summary())
    if file is not None and file != STDOUT:
        console.say(f"Written to {file}.")
    if finished.pairing.cohort.ids:
        left = command_line("repair", source, "--without", finished.pairing.cohort.ids[0])
        console.next_step(("when a team has left, repair the plan", left))
    console.result({"folder": str(source)} | found.to_dict() | {"file": None if file is None else str(file)})
