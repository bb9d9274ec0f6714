"""The list of teams and the table of pairs: the parts of the report that can be searched and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.texts import number, plain

if TYPE_CHECKING:
    from pairing.report.facts import Facts, Pair, Team


@dataclass(frozen=True)
class Cell:
    """A number of a sortable table: as it is shown, and what it is sorted by ("" where it is not known)."""

    shown: str
    sort: str


@dataclass(frozen=True)
class TeamRow:
    """A team in the list."""

    team: Team
    pair: Pair | None
    partners: tuple[Team, ...]
    size: Cell
    gain: Cell
    level: Cell
    distance: Cell


@dataclass(frozen=True)
class PairRow:
    """A visit in the table of pairs."""

    pair: Pair
    team_a: Team
    team_b: Team
    arm: str
    value: Cell
    gain_a: Cell
    gain_b: Cell
    level_gap: Cell
    size_ratio: Cell
    distance: Cell


def team_rows(facts: Facts) -> tuple[TeamRow, ...]:
    """One row a team, in the order of `teams.csv`."""
    return tuple(
        TeamRow(
            team,
            pair := facts.pairs.get(team.pair_id),
            tuple(facts.teams[other] for other in team.partners),
            cell(team.size, 0),
            cell(team.gain),
            cell(team.level),
            cell(_distance(pair, team), 0),
        )
        for team in facts.teams.values()
    )


def pair_rows(facts: Facts) -> tuple[PairRow, ...]:
    """One row a visit, in the order of `pairs.csv`."""
    return tuple(
        PairRow(
            pair,
            visit.team_a,
            visit.team_b,
            pair.arm,
            cell(visit.figure("value")),
            cell(visit.figure("gain_a")),
            cell(visit.figure("gain_b")),
            cell(visit.figure("level_gap")),
            cell(visit.figure("size_ratio")),
            cell(visit.figure("distance_km"), 0),
        )
        for pair in facts.pairs.values()
        for visit in pair.visits
    )


def cell(value: float | None, digits: int = 2) -> Cell:
    """A number for a sortable table."""
    return Cell(plain(value, digits), "" if value is None else repr(value))


def _distance(pair: Pair | None, team: Team) -> float | None:
    """How far the team is from its partner; from the farther one in a group of three."""
    if pair is None:
        return None
    own = [visit for visit in pair.visits if team.id in (visit.team_a.id, visit.team_b.id)]
    known = [km for visit in own if (km := number(visit.row.get("distance_km"))) is not None]
    return max(known, default=None)
