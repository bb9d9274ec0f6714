"""What side constraints name must exist in the table: teams of host groups, and attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pairing.programme import SideSettings


def unknown_in_side(
    side: SideSettings, teams: Collection[str], columns: Collection[str], file: str
) -> Iterator[Problem]:
    """Find ids in `host_groups` and columns in `min_pairs_across`, `max_pairs_per` that the table lacks.

    Parameters
    ----------
    side : SideSettings
        The section.
    teams : collection of str
        All ids of the table, those of excluded teams too.
    columns : collection of str
        The table's columns.
    file : str
        The settings file, for messages.

    Yields
    ------
    Problem
        One for each unknown name, with the nearest known one.
    """
    for number, group in enumerate(side.host_groups, start=1):
        for team in group.teams:
            if team not in teams:
                yield Problem(
                    "is no team of the table",
                    file,
                    column=f"side_constraints.host_groups[{number}].teams",
                    value=team,
                    advice=did_you_mean(team, teams),
                )
    for key, named in (("min_pairs_across", side.min_pairs_across), ("max_pairs_per", side.max_pairs_per)):
        for column in named:
            if column not in columns:
                yield Problem(
                    "is no column of the table",
                    file,
                    column=f"side_constraints.{key}",
                    value=column,
                    advice=did_you_mean(column, columns),
                )
