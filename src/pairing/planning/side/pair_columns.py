"""What side constraints and levels add up: figures of every permitted pair, and attributes of its teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.pairs import PairTable

    Floats = NDArray[np.float64]

SYMMETRIC_COLUMNS = ("value", "level_gap", "size_ratio", "distance_km", "travel_minutes", "pairs")
"""Figures of a pair that do not depend on which team is named first; ``pairs`` is 1 for every pair."""

_GIVE = {
    "distance_km": "Give the missing coordinates, or a travel table with km.",
    "travel_minutes": 'Give travel_table = "travel.csv" in [rules] with the minutes of every permitted pair.',
    "size_ratio": "Give the missing sizes.",
}


def unknown_columns(names: Sequence[str], key: str) -> list[Problem]:
    """Find names that are no symmetric figure of a pair."""
    return [
        Problem(
            "is no figure of a pair that is the same from both ends",
            column=key,
            value=name,
            expected=", ".join(SYMMETRIC_COLUMNS),
            advice=did_you_mean(name, SYMMETRIC_COLUMNS),
        )
        for name in names
        if name not in SYMMETRIC_COLUMNS
    ]


def pair_column(table: PairTable, name: str, key: str) -> Floats:
    """Give a figure of every permitted pair.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    name : str
        One of :data:`SYMMETRIC_COLUMNS`.
    key : str
        Who asks, for messages.

    Returns
    -------
    ndarray of float, shape (m,)

    Raises
    ------
    InputDataError
        If it is unknown for some pair; names the teams.
    """
    if name == "pairs":
        return np.ones(len(table))
    if name == "value":
        return table.value
    block = table.model.facts.pairs(table.first, table.second)
    figures: Floats = getattr(block, name)
    unknown = np.flatnonzero(np.isnan(figures))
    if unknown.size == 0:
        return figures
    ends = np.concatenate([table.first[unknown], table.second[unknown]])
    teams, times = np.unique(ends, return_counts=True)
    often = [table.model.cohort.ids[at] for at in teams[np.argsort(-times, kind="stable")]]
    raise InputDataError(
        [
            Problem(
                f"needs {name} of every permitted pair, and {unknown.size:,} have none; the teams most "
                f"concerned: {shortened(often)}",
                column=f"side_constraints.{key}",
                advice=_GIVE.get(name),
            )
        ]
    )


def attribute_column(table: PairTable, name: str, key: str) -> NDArray[Any]:
    """Give an attribute of every team.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    name : str
        Column of the table of teams.
    key : str
        Who asks, for messages.

    Returns
    -------
    ndarray of object, shape (n,)

    Raises
    ------
    InputDataError
        If it is missing for some team; names the teams.
    """
    values = table.model.cohort.text(name)
    blank = [team for team, value in zip(table.model.cohort.ids, values, strict=True) if value is None]
    if blank:
        raise InputDataError(
            [
                Problem(
                    f"needs '{name}' of every team, and {len(blank)} of {len(values)} have none: "
                    + shortened(blank),
                    column=f"side_constraints.{key}.{name}",
                    advice=f"Give the missing '{name}', or leave the constraint out.",
                )
            ]
        )
    return np.array(values, dtype=object)
