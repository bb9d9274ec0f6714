"""What a map shows, as plain facts: dots, lines between them, and what stands out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.places import Frame, frame_of, unwrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST_DOT, LARGEST_DOT, PLAIN_DOT = 3.0, 9.0, 5.0
"""Diameters in points; the plain one where sizes are not known."""

_FADED = 0.25
_FEW, _FINEST = 300, 0.2


@dataclass(frozen=True)
class Dot:
    """A team on the map: its place in degrees, the dot's diameter in points, its arm."""

    team: str
    x: float
    y: float
    diameter: float
    arm: str
    paired: bool
    gid: str


@dataclass(frozen=True)
class Line:
    """A pair, or a group of three."""

    teams: tuple[str, ...]
    arm: str
    gid: str


@dataclass(frozen=True, eq=False)
class Scene:
    """All dots and lines of a map. Make one with :func:`scene_of`.

    Parameters
    ----------
    dots : tuple of Dot
        The teams whose place is known.
    lines : tuple of Line
        The pairs of which both places are known, and groups of three.
    bright : frozenset of str, optional
        The teams that stand out; None if nothing does.
    labels : mapping of str to str
        What to write beside the dots, by team.
    """

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    bright: frozenset[str] | None
    labels: Mapping[str, str]

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of the dots, each of shape (n,)."""
        return np.array([dot.x for dot in self.dots]), np.array([dot.y for dot in self.dots])

    @cached_property
    def frame(self) -> Frame:
        """The part of the world that holds all dots."""
        return frame_of(*self.places)

    @property
    def fineness(self) -> float:
        """By what dots and lines are made smaller where there are many: 1 up to 300 teams."""
        return max(_FINEST, min(1.0, math.sqrt(_FEW / len(self.dots))))

    def emphasis(self, *teams: str) -> float:
        """How strongly something is drawn: 1, or less if something else stands out."""
        return 1.0 if self.bright is None or self.bright.issuperset(teams) else _FADED


def scene_of(
    teams: pd.DataFrame, pairs: pd.DataFrame, highlight: str | None, labels: Mapping[str, str]
) -> Scene:
    """Put together what a map shows.

    Parameters
    ----------
    teams, pairs : pandas.DataFrame
        As for :func:`pairing.plots.draw_map.draw_pair_map`.
    highlight : str, optional
        Team whose pair stands out, with names.
    labels : mapping of str to str
        Further labels, by team.

    Returns
    -------
    Scene

    Raises
    ------
    InputDataError
        If no team has a place.
    """
    located = teams[teams["latitude"].notna() & teams["longitude"].notna()]
    if located.empty:
        advice = "Give latitude and longitude of the teams."
        raise InputDataError([Problem("no team to be shown has a place, so there is no map", advice=advice)])
    lines = _lines(pairs, set(located["team"]))
    bright = None
    if highlight is not None:
        bright = frozenset([highlight]).union(*(line.teams for line in lines if highlight in line.teams))
        names = zip(located["team"], _column(located, "name") or located["team"], strict=True)
        labels = {**labels, **{team: str(name) for team, name in names if team in bright}}
    paired = set(pairs["team_a"]) | set(pairs["team_b"])
    return Scene(_dots(located, lines, paired), lines, bright, labels)


def _dots(located: pd.DataFrame, lines: tuple[Line, ...], paired: set[str]) -> tuple[Dot, ...]:
    ids = located["team"].tolist()
    arm_of = {team: line.arm for line in lines for team in line.teams}
    none = [""] * len(ids)
    columns = zip(
        ids,
        unwrapped(located["longitude"].to_numpy(np.float64)).tolist(),
        located["latitude"].to_numpy(np.float64).tolist(),
        _diameters(located).tolist(),
        _column(located, "arm") or none,
        _column(located, "gid") or none,
        strict=True,
    )
    return tuple(
        Dot(team, x, y, diameter, arm or arm_of.get(team, ""), team in paired, gid)
        for team, x, y, diameter, arm, gid in columns
    )


def _lines(pairs: pd.DataFrame, located: set[str]) -> tuple[Line, ...]:
    rows = pairs[pairs["team_a"].isin(located) & pairs["team_b"].isin(located)]
    none = [""] * len(rows)
    columns = zip(
        rows["team_a"],
        rows["team_b"],
        _column(rows, "arm") or none,
        _column(rows, "gid") or none,
        strict=True,
    )
    groups: dict[str | int, Line] = {}
    for number, (first, second, arm, gid) in enumerate(columns):
        before = groups[gid].teams if gid in groups else ()
        groups[gid or number] = Line(tuple(dict.fromkeys([*before, first, second])), arm, gid)
    return tuple(groups.values())


def _column(table: pd.DataFrame, name: str) -> list[str] | None:
    """Give a column of text with "" for what is missing; None if there is no such column."""
    return table[name].fillna("").astype(str).tolist() if name in table else None


def _diameters(teams: pd.DataFrame) -> Floats:
    """Diameters of dots whose area grows with the team."""
    if "size" not in teams or not teams["size"].notna().any():
        return np.full(len(teams), PLAIN_DOT)
    size = teams["size"].to_numpy(np.float64)
    share = np.clip(size / (np.nanmax(size) or 1.0), 0.0, 1.0)
    area = SMALLEST_DOT**2 + (LARGEST_DOT**2 - SMALLEST_DOT**2) * share
    diameters: Floats = np.sqrt(np.where(np.isnan(size), PLAIN_DOT**2, area))
    return diameters
