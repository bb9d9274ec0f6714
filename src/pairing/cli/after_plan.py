"""What comes after a plan was written: proving it, asking about it, showing it, drawing from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cli.command_line import command_line

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.planning import Pairing
    from pairing.programme import Programme


def steps_after_plan(folder: Path, pairing: Pairing, *, has_lottery: bool) -> list[tuple[str, str]]:
    """Give the next steps, each with what it is for.

    Parameters
    ----------
    folder : pathlib.Path
        Where the plan was written.
    pairing : Pairing
        The plan.
    has_lottery : bool
        Whether the programme declares a lottery that draws from its pairs.

    Returns
    -------
    list of (str, str)
        As :meth:`pairing.cli.console.Console.next_step` takes them.
    """
    steps = [("prove it again at any time, from its files alone", command_line("verify", folder))]
    if pairing.cohort.ids:
        team = pairing.cohort.ids[0]
        steps.append(("see why a team has its partner", command_line("explain", folder, team)))
    steps.append(("make a report to show", command_line("report", folder)))
    if has_lottery:
        steps.append(("publish the lottery of its pairs", command_line("allocate", folder, "--publish")))
    return steps


def has_lottery_of_pairs(programme: Programme) -> bool:
    """Whether a programme declares a lottery that draws from its pairs."""
    lottery = programme.lottery
    return lottery is not None and not lottery.draws_teams_first
