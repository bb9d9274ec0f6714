"""How teams came to be where they are: the flow chart of the CONSORT statement, from the recorded counts.

References
----------
Schulz, Altman and Moher (2010), "CONSORT 2010 statement", BMJ 340:c332.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pairing.report.facts import Facts

_NO_STAGES = ("excluded", "taking part", "paired", "without a partner")


@dataclass(frozen=True)
class Stage:
    """A box of the chart: how many, of what, and who left there and why."""

    count: int
    label: str
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arm:
    """A box at the end: an arm, its teams and its pairs."""

    name: str
    n_teams: int
    pairs: str


@dataclass(frozen=True)
class Flow:
    """The chart."""

    stages: tuple[Stage, ...]
    arms: tuple[Arm, ...]


def flow(facts: Facts) -> Flow:
    """Put the flow chart together from what is recorded."""
    return Flow((*_recruited(facts), *_paired(facts)), tuple(_arms(facts)))


def _recruited(facts: Facts) -> list[Stage]:
    """From the teams that were invited, or listed, to those that take part."""
    recorded = facts.record.get("recruitment")
    stages, reasons = _recorded(recorded) if recorded else _published(facts)
    found = []
    for (name, count), following in zip_longest(stages, stages[1:]):
        left: tuple[str, ...] = ()
        if following is None:
            left = tuple(reasons)
        elif count > following[1]:
            left = (reasons.pop(0),) if recorded else (f"{counted(count - following[1], 'team')} left here",)
        found.append(Stage(count, f"{'team' if count == 1 else 'teams'} {name}", left))
    return found


def _recorded(recruitment: Mapping[str, Any]) -> tuple[list[tuple[str, int]], list[str]]:
    """The stages with their counts, and a reason for everybody who left, in the same order."""
    stages = [(str(each["stage"]), int(each["n_teams"])) for each in recruitment["stages"]]
    reasons = [
        f"{counted(int(each['n_teams']), 'team')} {each['reason']}" for each in recruitment["excluded"]
    ]
    return stages, reasons


def _published(facts: Facts) -> tuple[list[tuple[str, int]], list[str]]:
    """The same from what a lottery has published, for results that did not record who was recruited."""
    counts = {} if facts.result.lottery is None else facts.result.lottery["flow"]
    stages = [(name, int(count)) for name, count in counts.items() if name not in _NO_STAGES]
    excluded = int(counts.get("excluded", 0))
    return stages, [f"{counted(excluded, 'team')} excluded by the programme's settings"] if excluded else []


def _paired(facts: Facts) -> list[Stage]:
    left_out = len(facts.result.table("unpaired.csv"))
    paired = len({team.id for pair in facts.pairs.values() for team in pair.teams})
    why = "without a partner" if facts.record.get("subset") is None else "not drawn, and so not paired"
    left = (f"{counted(left_out, 'team')} {why}",) if left_out else ()
    groups = sum(len(pair.visits) > 1 for pair in facts.pairs.values())
    into = counted(len(facts.pairs) - groups, "pair")
    if groups:
        into += f" and {counted(groups, 'group of three', 'groups of three')}"
    return [
        Stage(paired + left_out, "teams take part", left),
        Stage(paired, f"teams paired, in {into}"),
    ]


def _arms(facts: Facts) -> list[Arm]:
    arms = [team.arm for team in facts.teams.values() if team.arm]
    found = []
    for name in dict.fromkeys(["intervention", "control", *arms]):
        n_teams = arms.count(name)
        if not n_teams:
            continue
        n_pairs = sum(pair.arm == name for pair in facts.pairs.values())
        found.append(Arm(name, n_teams, f"in {counted(n_pairs, 'pair')}" if n_pairs else ""))
    return found
