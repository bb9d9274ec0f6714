"""From the text of a CSV cell to the value of a spreadsheet's cell, by what its column is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.files.columns import Column
    from pairing.files.workbooks.sheet import Value

_BY_UNIT = {
    "between-team SD": "0.000",
    "standardised mean difference": "0.000",
    "probability": "0.000",
    "share": "0.000",
    "p-value": "0.0000",
    "ratio": "0.00",
    "km": "#,##0.0",
    "minutes": "#,##0",
    "degrees": "0.0000",
    "patients": "#,##0",
}
_TRUTH = {"true": True, "false": False}


def number_format(column: Column, values: Sequence[Value] = ()) -> str:
    """How a spreadsheet shows the numbers of a column, whose values may all be whole.

    Examples
    --------
    >>> from pairing.files.columns import description_of
    >>> number_format(description_of("pairs").column("distance_km"))
    '#,##0.0'
    """
    if column.type == "whole number":
        return "0"
    if column.type != "number":
        return "General"
    whole = all(not isinstance(value, float) for value in values)
    return _BY_UNIT.get(column.unit, "#,##0" if whole else "#,##0.000")


def cell_value(text: str, column: Column) -> Value:
    """Read the text of a cell as its column says.

    Parameters
    ----------
    text : str
        A cell of a CSV file of ours; "" for a blank one.
    column : Column
        What the column is.

    Returns
    -------
    str, float, int, bool or None
        Text that is not what the column promises stays text.

    Examples
    --------
    >>> from pairing.files.columns import description_of
    >>> teams = description_of("teams")
    >>> cell_value("007", teams.column("team")), cell_value("-0.5", teams.column("level"))
    ('007', -0.5)
    >>> cell_value("", teams.column("level")) is None
    True
    """
    if text == "":
        return None
    if column.type == "true/false":
        return _TRUTH.get(text, text)
    if column.type not in ("number", "whole number"):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text  # a cell cannot hold infinity
    return int(number) if number.is_integer() else number
