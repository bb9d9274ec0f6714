"""The flow of teams through a programme, as a trial report counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pairing.lottery.draw import Draw

STAGES = ("invited", "interested", "eligible")


class FlowCount(NamedTuple):
    """How many teams reached a stage, and how many stopped there (0 where that is not meant)."""

    stage: str
    teams: int
    stopped: int


def flow_counts(statuses: Mapping[str, str], drawn: Draw) -> tuple[FlowCount, ...]:
    """Count teams from invitation to allocation.

    Parameters
    ----------
    statuses : mapping of str to str
        For every team the last stage it reached before allocation: "invited", "interested" or "eligible".
    drawn : Draw
        The draw; its teams have to be eligible.

    Returns
    -------
    tuple of FlowCount
        Invited, interested, eligible, allocated, and the arms ("intervention", "control", and "reserve" where
        there are any). Teams that stopped at "eligible" are those that the lottery did not hold.

    Raises
    ------
    InputDataError
        If a status is unknown, or a team of the draw is not eligible.

    References
    ----------
    Campbell MK, Piaggio G, Elbourne DR, Altman DG (2012). CONSORT 2010 statement: extension to cluster
    randomised trials. BMJ 345, e5661.
    """
    problems = [*_status_problems(statuses, drawn)]
    if problems:
        raise InputDataError(problems)
    reached = [
        sum(STAGES.index(status) >= stage for status in statuses.values()) for stage in range(len(STAGES))
    ]
    allocated = len(drawn.lottery.teams)
    after = [*reached[1:], allocated]
    counts = [
        FlowCount(stage, here, here - later)
        for stage, here, later in zip(STAGES, reached, after, strict=True)
    ]
    counts.append(FlowCount("allocated", allocated, 0))
    arms = drawn.to_frame()["arm"].value_counts().to_dict()
    return (
        *counts,
        *(FlowCount(arm, arms[arm], 0) for arm in ("intervention", "control", "reserve") if arm in arms),
    )


def _status_problems(statuses: Mapping[str, str], drawn: Draw) -> Iterator[Problem]:
    for team, status in statuses.items():
        if status not in STAGES:
            yield Problem(f"is no status (team {team})", value=status, expected=", ".join(STAGES))
    for team in drawn.lottery.teams:
        if statuses.get(team) != "eligible":
            yield Problem("was drawn but is not eligible", value=team)
