"""Constraints on the whole plan: long journeys, travel in all, pairs across regions or per region.

A rule bans single pairs; a side constraint adds up a figure over the pairs of a plan and limits the sum.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem, SettingsError
from pairing.planning.side.pair_columns import attribute_column, pair_column, unknown_columns
from pairing.planning.side.side_line import SideLine
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pairing.pairs import PairTable


class SideConstraint(ABC):
    """A demand on the whole plan, as one or more linear limits over its pairs."""

    kind: ClassVar[str]
    """The key in ``[side_constraints]``."""

    @abstractmethod
    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """Give the limits over the permitted pairs.

        Raises
        ------
        InputDataError
            If data are missing that the constraint needs; names the teams.
        """

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        facts = {name: list(value) if isinstance(value, tuple) else value for name, value in _facts(self)}
        return {"kind": self.kind, **facts}


def _facts(constraint: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a dataclass
    yield from asdict(constraint).items()


@dataclass(frozen=True)
class MaxPairsOver(SideConstraint):
    """At most so many pairs further apart than so many km.

    Parameters
    ----------
    km : float
        Distances above this count.
    pairs : int
        So many are accepted.
    """

    km: float
    pairs: int
    kind: ClassVar[str] = "max_pairs_over_km"

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line: 1 for each pair that is further apart."""
        far = (pair_column(table, "distance_km", self.kind) > self.km).astype(np.float64)
        sentence = f"at most {counted(self.pairs, 'pair')} over {self.km:g} km"
        return (SideLine(self.kind, sentence, "pairs", far, float(self.pairs)),)


@dataclass(frozen=True)
class MaxTotal(SideConstraint):
    """Travel of all pairs together at most so much, each pair counted once and one way.

    Parameters
    ----------
    column : {"distance_km", "travel_minutes"}
        What is added up.
    limit : float
        In km or minutes.
    """

    column: str
    limit: float
    kind: ClassVar[str] = "max_total"

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line: the distance or the time of each pair."""
        unit = "km" if self.column == "distance_km" else "minutes"
        key = f"max_total_{unit}"
        travel = pair_column(table, self.column, key)
        return (SideLine(key, f"at most {self.limit:,g} {unit} of travel in all", unit, travel, self.limit),)


@dataclass(frozen=True)
class MinPairsAcross(SideConstraint):
    """At least so many pairs whose teams differ in an attribute.

    Parameters
    ----------
    attribute : str
        Column of the table of teams.
    pairs : int
        So many are demanded.
    """

    attribute: str
    pairs: int
    kind: ClassVar[str] = "min_pairs_across"

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line: 1 for each pair whose teams differ."""
        values = attribute_column(table, self.attribute, self.kind)
        across = (values[table.first] != values[table.second]).astype(np.float64)
        sentence = f"at least {counted(self.pairs, 'pair')} across {self.attribute}"
        key = f"{self.kind}.{self.attribute}"
        return (SideLine(key, sentence, "pairs", across, float(self.pairs), at_most=False),)


@dataclass(frozen=True)
class MaxPairsPer(SideConstraint):
    """At most so many pairs that involve a team of the same region, for every region.

    A pair within a region counts once there, a pair of two regions counts in both: visits go both ways, so
    that each pair with a team of a region is one visit that the region hosts.

    Parameters
    ----------
    attribute : str
        Column of the table of teams.
    pairs : int
        So many are accepted for each value of the attribute.
    """

    attribute: str
    pairs: int
    kind: ClassVar[str] = "max_pairs_per"

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line for each value of the attribute: 1 for each pair with a team there."""
        values = attribute_column(table, self.attribute, self.kind)
        at_most = f"at most {counted(self.pairs, 'pair')}"
        return tuple(
            SideLine(
                f"{self.kind}.{self.attribute}",
                f"{at_most} with a team of {self.attribute} '{value}'",
                "pairs",
                ((values[table.first] == value) | (values[table.second] == value)).astype(np.float64),
                float(self.pairs),
            )
            for value in sorted(set(values))
        )


@dataclass(frozen=True)
class HostGroup(SideConstraint):
    """At most so many pairs that involve one of some teams.

    Parameters
    ----------
    label : str
        What the group is called.
    teams : tuple of str
        Its teams, by id.
    pairs : int
        So many are accepted.
    """

    label: str
    teams: tuple[str, ...]
    pairs: int
    kind: ClassVar[str] = "host_groups"

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line: 1 for each pair with a team of the group."""
        ids = table.model.cohort.ids
        unknown = [team for team in self.teams if team not in ids]
        if unknown:
            raise InputDataError(
                Problem(
                    "is no team of the cohort",
                    column=f"side_constraints.host_groups.{self.label}",
                    value=team,
                    advice=did_you_mean(team, ids),
                )
                for team in unknown
            )
        member = np.isin(np.array(ids, dtype=object), np.array(self.teams, dtype=object))
        hosted = (member[table.first] | member[table.second]).astype(np.float64)
        sentence = f"at most {counted(self.pairs, 'pair')} with a team of {self.label}"
        return (SideLine(self.kind, sentence, "pairs", hosted, float(self.pairs)),)


@dataclass(frozen=True)
class LinearConstraint(SideConstraint):
    """A limit on a weighted sum of figures of the pairs.

    Parameters
    ----------
    label : str
        What it is called.
    columns : tuple of (str, float)
        Figures of a pair (:data:`pairing.planning.side.pair_columns.SYMMETRIC_COLUMNS`), each with a factor.
    at_most, at_least : float, optional
        The limits, at least one of them.

    Raises
    ------
    SettingsError
        If no limit is given, or a column is none of a pair's that is the same from both ends.
    """

    label: str
    columns: tuple[tuple[str, float], ...]
    at_most: float | None = None
    at_least: float | None = None
    kind: ClassVar[str] = "linear"

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple((str(name), float(by)) for name, by in self.columns))
        key = f"side_constraints.linear.{self.label}"
        problems = unknown_columns([name for name, _ in self.columns], key)
        if self.at_most is None and self.at_least is None:
            problems.append(Problem("has no limit", column=key, expected="at_most or at_least"))
        if problems:
            raise SettingsError(problems)

    def lines(self, table: PairTable) -> tuple[SideLine, ...]:
        """One line for each limit."""
        key = f"linear.{self.label}"
        total = np.zeros(len(table))
        for name, factor in self.columns:
            total = total + factor * pair_column(table, name, key)
        limits = [("at most", self.at_most, True), ("at least", self.at_least, False)]
        return tuple(
            SideLine(key, f"{self.label}: {words} {limit:,g}", "", total, limit, at_most)
            for words, limit, at_most in limits
            if limit is not None
        )


_KINDS: tuple[type[SideConstraint], ...] = (
    MaxPairsOver,
    MaxTotal,
    MinPairsAcross,
    MaxPairsPer,
    HostGroup,
    LinearConstraint,
)


def side_constraint_from_dict(data: Mapping[str, Any]) -> SideConstraint:
    """Read a side constraint back from what :meth:`SideConstraint.to_dict` gave.

    Raises
    ------
    InputDataError
        If it is none.

    Examples
    --------
    >>> side_constraint_from_dict({"kind": "max_pairs_over_km", "km": 200, "pairs": 5})
    MaxPairsOver(km=200, pairs=5)
    """
    kinds = {kind.kind: kind for kind in _KINDS}
    facts = {name: _hashable(value) for name, value in data.items() if name != "kind"}
    try:
        return kinds[data["kind"]](**facts)
    except (KeyError, TypeError, ValueError) as error:
        raise InputDataError([Problem("is no side constraint", value=str(dict(data)))]) from error


def _hashable(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def side_lines(table: PairTable, constraints: Sequence[SideConstraint]) -> tuple[SideLine, ...]:
    """Write constraints down over the permitted pairs of a table.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    constraints : sequence of SideConstraint
        The constraints.

    Returns
    -------
    tuple of SideLine

    Raises
    ------
    InputDataError
        With everything that is missing for any of them.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> table = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)]).table
    >>> [line.sentence for line in side_lines(table, [MaxPairsOver(200, 5)])]
    ['at most 5 pairs over 200 km']
    """
    lines: list[SideLine] = []
    problems: list[Problem] = []
    for constraint in constraints:
        try:
            lines += constraint.lines(table)
        except InputDataError as error:
            problems += error.problems
    if problems:
        raise InputDataError(dict.fromkeys(problems))
    return tuple(lines)
