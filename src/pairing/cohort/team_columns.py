"""Which columns of a table say who the teams are, and what they are said to hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.cohort.sheet import Sheet


@dataclass(frozen=True)
class TeamColumns:
    """Which columns of the table say who the teams are.

    Parameters
    ----------
    id : str
        Column with the teams' ids.
    name : str, optional
        Column with what people call them.
    size : str, optional
        Column with their size (patients a year, say).
    latitude, longitude : str, optional
        Columns with WGS84 degrees; both or neither.
    attributes : tuple of str
        Columns with categories (a region, a network).
    contact : str, optional
        Column that says whom to write to.
    """

    id: str
    name: str | None = None
    size: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    attributes: tuple[str, ...] = ()
    contact: str | None = None


def with_one_purpose_a_column(teams: Sheet, columns: TeamColumns) -> TeamColumns:
    """Complain of a column that is said to hold two of ids, sizes, latitudes and longitudes.

    Parameters
    ----------
    teams : Sheet
        The table; the complaints join its problems.
    columns : TeamColumns
        What the settings say.

    Returns
    -------
    TeamColumns
        The columns with one purpose each, so that no problem follows from another.
    """
    purposes: dict[str, list[str]] = {}
    for purpose in ("id", "size", "latitude", "longitude"):
        column = getattr(columns, purpose)
        if column is not None:
            purposes.setdefault(column, []).append(purpose)
    superfluous: set[str] = set()
    for column, named in purposes.items():
        if len(named) > 1 and column in teams.columns:
            teams.complain(
                f"is named as the {' and as the '.join(named)}", column=column, expected="one of them"
            )
            superfluous.update(named[1:])
    placed = superfluous.isdisjoint({"latitude", "longitude"})
    return replace(
        columns,
        size=None if "size" in superfluous else columns.size,
        latitude=columns.latitude if placed else None,
        longitude=columns.longitude if placed else None,
    )
