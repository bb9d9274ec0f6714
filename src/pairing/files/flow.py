"""How far each team came: the counts of a flow chart, and who takes part.

A status column says the furthest stage that a team reached ("invited", "interested", "eligible"). Only teams
at the last stage take part; the others are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.cohort.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.errors import Problem
    from pairing.programme import TeamsSettings


@dataclass(frozen=True)
class Recruitment:
    """What came of reading the stages.

    Parameters
    ----------
    flow : dict of str to int
        Teams that reached each stage (later stages are within earlier ones), or "listed" without stages; then
        "excluded" by id, and "taking part".
    not_reached : tuple of str
        Ids of the teams that did not reach the last stage.
    problems : tuple of Problem
        Unknown stages, with their rows.
    """

    flow: dict[str, int] = field(default_factory=dict)
    not_reached: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_recruitment(table: Sheet, teams: TeamsSettings) -> Recruitment:
    """Read the stages of a table of teams.

    Parameters
    ----------
    table : Sheet
        One row a team.
    teams : TeamsSettings
        The column of the stages, their names in order, and who is excluded.

    Returns
    -------
    Recruitment

    Examples
    --------
    >>> from pairing.programme import TeamsSettings
    >>> table = Sheet({"id": ["A", "B", "C"], "reached": ["eligible", "invited", "eligible"]}, [2, 3, 4])
    >>> settings = TeamsSettings(file="teams.csv", id="id", status="reached", exclude=("C",))
    >>> read_recruitment(table, settings).flow
    {'invited': 3, 'interested': 2, 'eligible': 2, 'excluded': 1, 'taking part': 1}
    """
    ids = table.columns.get(teams.id, ())
    if teams.status is None:
        reached = dict.fromkeys(ids, 0)
        return Recruitment(_flow({"listed": 0}, reached, teams.exclude))
    sheet = Sheet(table.columns, table.rows, table.file)  # with problems of its own
    if not sheet.has(teams.status, "the stage that each team reached"):
        return Recruitment(problems=tuple(sheet.problems))
    number = {stage: place for place, stage in enumerate(teams.stages)}
    _check_stages(sheet, teams.status, teams.stages)
    reached = {
        team: number[stage]
        for team, stage in zip(ids, sheet.columns[teams.status], strict=True)
        if team and stage in number
    }
    last = len(teams.stages) - 1
    return Recruitment(
        _flow(number, reached, teams.exclude),
        tuple(team for team, stage in reached.items() if stage < last and team not in teams.exclude),
        tuple(sheet.problems),
    )


def _check_stages(sheet: Sheet, column: str, stages: Sequence[str]) -> None:
    for position, stage in enumerate(sheet.columns[column]):
        if stage not in stages:
            sheet.complain(
                "is not a stage" if stage else "the stage is blank",
                column=column,
                position=position,
                expected=", ".join(stages),
                advice=did_you_mean(stage, stages),
            )


def _flow(stages: dict[str, int], reached: dict[str, int], exclude: Sequence[str]) -> dict[str, int]:
    last = max(stages.values())
    flow = {stage: sum(place >= at for place in reached.values()) for stage, at in stages.items()}
    complete = [team for team, place in reached.items() if place == last]
    excluded = sum(team in exclude for team in complete)
    return flow | {"excluded": excluded, "taking part": len(complete) - excluded}
