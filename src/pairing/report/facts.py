"""The teams, pairs and indicators of a result as every section of the report needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pairing.plots.svg import svg_id
from pairing.report.texts import number, yes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pairing.files.result_folder import ResultFolder

Row = dict[str, Any]

ARMS = ("intervention", "control", "reserve")


@dataclass(frozen=True)
class Team:
    """A team, its place in the plan and, after a draw, its arm.

    Parameters
    ----------
    id, name : str
        As the result has them: text that may hold anything.
    anchor : str
        Name of the team's row in the page, safe in HTML, in a selector and in an address.
    size, level, gain, value, latitude, longitude : float or None
        As in `teams.csv`.
    observed : str
        How many indicators the audit has for it.
    pair_id : str
        Its pair; "" without one.
    partners : tuple of str
        Ids of the teams that it meets.
    arm : str
        "intervention", "control", "reserve", or "" where nothing was drawn.
    contact : str
        Whom to ask, if the programme has such a column.
    """

    id: str
    name: str
    anchor: str
    size: float | None
    level: float | None
    gain: float | None
    value: float | None
    latitude: float | None
    longitude: float | None
    observed: str
    pair_id: str
    partners: tuple[str, ...]
    arm: str
    contact: str = ""

    @property
    def has_name(self) -> bool:
        """Whether the name says more than the id."""
        return self.name not in ("", self.id)


@dataclass(frozen=True)
class Visit:
    """Two teams that meet: a pair, or two of a group of three.

    Parameters
    ----------
    team_a, team_b : Team
        The two.
    row : dict
        Their row of `pairs.csv`.
    """

    team_a: Team
    team_b: Team
    row: Row

    def figure(self, name: str) -> float | None:
        """A figure of the two; None where it is not known."""
        return number(self.row.get(name))


@dataclass(frozen=True)
class Pair:
    """A pair, or a group of three with its three visits.

    Parameters
    ----------
    id : str
        "P01", ...
    anchor : str
        Name of its card in the page.
    gid : str
        Name of its line on the map.
    visits : tuple of Visit
        One, or the three of a group.
    """

    id: str
    anchor: str
    gid: str
    visits: tuple[Visit, ...]

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """The teams, each once."""
        ends = [team for visit in self.visits for team in (visit.team_a, visit.team_b)]
        return tuple({team.id: team for team in ends}.values())

    @property
    def arm(self) -> str:
        """The arm of the pair; "" where nothing was drawn or its teams are in different arms."""
        arms = {team.arm for team in self.teams}
        return arms.pop() if len(arms) == 1 else ""


@dataclass(frozen=True)
class Measure:
    """An indicator: what it is and what the average team has.

    Parameters
    ----------
    id, label, unit : str
        Column, name and unit.
    higher_is_better, usable : bool
        As set, and whether teams really differ.
    weight : float
        Share of all weights.
    average, between_team_sd, target, p_heterogeneity : float or None
        In the indicator's own unit; the p-value of no real differences.
    n_teams : str
        How many teams have a value.
    """

    id: str
    label: str
    unit: str
    higher_is_better: bool
    usable: bool
    weight: float
    average: float | None
    between_team_sd: float | None
    target: float | None
    p_heterogeneity: float | None
    n_teams: str


@dataclass(frozen=True, eq=False)
class Facts:
    """All that sections share, put together once."""

    result: ResultFolder

    @property
    def record(self) -> dict[str, Any]:
        """`run.json`."""
        return self.result.record

    @property
    def is_drawn(self) -> bool:
        """Whether a lottery was drawn."""
        return self.result.draw is not None

    @cached_property
    def teams(self) -> dict[str, Team]:
        """The teams by id, in the order of `teams.csv`."""
        arms = {str(row["team"]): str(row["arm"]) for row in records(self.result.table("allocation.csv"))}
        partners = self._partners
        rows = records(self.result.table("teams.csv"))
        return {str(row["team"]): _team(row, arms, partners) for row in rows}

    @cached_property
    def _partners(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for row in records(self.result.table("pairs.csv")):
            found.setdefault(row["team_a"], []).append(row["team_b"])
            found.setdefault(row["team_b"], []).append(row["team_a"])
        return {team: tuple(others) for team, others in found.items()}

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """The pairs by id, in the order of `pairs.csv`."""
        visits: dict[str, list[Visit]] = {}
        for row in records(self.result.table("pairs.csv")):
            visit = Visit(self.teams[row["team_a"]], self.teams[row["team_b"]], row)
            visits.setdefault(row["pair_id"], []).append(visit)
        return {
            pair_id: Pair(pair_id, svg_id("card", pair_id), svg_id("pair", pair_id), tuple(found))
            for pair_id, found in visits.items()
        }

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """The indicators by their column, in the order of the programme."""
        rows = records(self.result.table("indicators.csv"))
        return {row["indicator"]: _measure(row) for row in rows}

    def known_as(self, team_id: str) -> Team | None:
        """The team with an id, if it takes part."""
        return self.teams.get(team_id)


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table."""
    return [
        dict(zip(frame.columns, cells, strict=True)) for cells in frame.itertuples(index=False, name=None)
    ]


def grouped(frame: pd.DataFrame, *columns: str) -> dict[tuple[str, ...], list[Row]]:
    """The rows of a table by the text of some columns, in the order of the table."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in records(frame):
        found.setdefault(tuple(row[name] for name in columns), []).append(row)
    return found


def _team(row: Row, arms: Mapping[str, str], partners: Mapping[str, tuple[str, ...]]) -> Team:
    team = str(row["team"])
    figures = {
        name: number(row.get(name)) for name in ("size", "level", "gain", "value", "latitude", "longitude")
    }
    return Team(
        id=team,
        name=str(row["name"]),
        anchor=svg_id("team", team),
        observed=str(row.get("indicators_observed", "")),
        pair_id=str(row["pair_id"]),
        partners=partners.get(team, ()),
        arm=arms.get(team, ""),
        contact=str(row.get("contact", "")),
        **figures,
    )


def _measure(row: Row) -> Measure:
    return Measure(
        id=row["indicator"],
        label=row["label"] or row["indicator"],
        unit=row["unit"],
        higher_is_better=yes(row["higher_is_better"]),
        usable=yes(row["usable"]),
        weight=number(row["weight"]) or 0.0,
        average=number(row["average"]),
        between_team_sd=number(row["between_team_sd"]),
        target=number(row["target"]),
        p_heterogeneity=number(row["p_heterogeneity"]),
        n_teams=row["n_teams"],
    )
