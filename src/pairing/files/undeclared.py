"""Indicators of a long table that the settings do not declare: passed over, but not in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_NAMED = 5


def warn_of_undeclared(
    rows: Mapping[tuple[str, str], int], declared: Collection[str], column: str, file: str
) -> list[str]:
    """Find names that are probably misspelt, and count the others.

    A name is probably misspelt if it is like a declared one for which the same team has no row. A team that
    has rows for both has two indicators.

    Parameters
    ----------
    rows : mapping of (str, str) to int
        Row of each team and indicator, as a spreadsheet counts it.
    declared : collection of str
        The indicators of the settings, as the table should name them.
    column : str
        The column of the indicators' names.
    file : str
        Name of the table.

    Returns
    -------
    list of str
        Warnings as sentences.

    Examples
    --------
    >>> rows = {("A", "surgery"): 2, ("B", "Surgery"): 3, ("A", "beds"): 4}
    >>> for warning in warn_of_undeclared(rows, ["surgery"], "indicator", "t.csv"):
    ...     print(warning)
    t.csv, row 3, column 'indicator': 'Surgery' is passed over, not being declared. Did you mean 'surgery'?
    t.csv: 1 indicator that is not declared is passed over: 'beds'.
    """
    misspelt: dict[str, tuple[str, list[int]]] = {}
    others: list[str] = []
    for name in dict.fromkeys(name for _, name in rows if name not in declared):
        meant = nearest(name, declared)
        lacking = [row for (team, other), row in rows.items() if other == name and (team, meant) not in rows]
        if meant is not None and lacking:
            misspelt[name] = (meant, lacking)
        else:
            others.append(name)
    warnings = [
        f"{file}, {_rows(found)}, column '{column}': '{name}' is passed over, not being declared. "
        f"Did you mean '{meant}'?"
        for name, (meant, found) in misspelt.items()
    ]
    return [*warnings, *([_count(others, file)] if others else [])]


def _rows(rows: Sequence[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {listed}{more}"


def _count(names: Sequence[str], file: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    if len(names) == 1:
        return f"{file}: 1 indicator that is not declared is passed over: {listed}."
    return f"{file}: {len(names)} indicators that are not declared are passed over: {listed}{more}."
