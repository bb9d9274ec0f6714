"""The published pool as a table and as text: one row a draw that can happen."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.formulae import defused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pairing.lottery.design import Design

COLUMNS = ("draw", "tickets", "intervention")
_LARGEST = 2**63 - 1


class ListedDraws(NamedTuple):
    """Draws, shape (S, m), and the tickets of each, shape (S,)."""

    draws: NDArray[np.bool_]
    tickets: NDArray[np.int64]


def listing_text(draws: NDArray[np.bool_], tickets: NDArray[np.int64], units: Sequence[str]) -> str:
    """Write the pool as CSV: the exact content of the published file, whose SHA-256 identifies the pool.

    Examples
    --------
    >>> print(listing_text(np.array([[True, False], [False, True]]), np.array([3, 1]), ["P1", "P 2"]), end="")
    draw,tickets,intervention
    1,3,P1
    2,1,P%202
    """
    names = [written_unit(unit) for unit in units]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, (row, count) in enumerate(zip(draws, tickets.tolist(), strict=True), start=1):
        writer.writerow([number, count, " ".join(names[unit] for unit in np.flatnonzero(row))])
    return buffer.getvalue()


def listing_frame(draws: NDArray[np.bool_], tickets: NDArray[np.int64], units: Sequence[str]) -> pd.DataFrame:
    """Give the pool as a table with the columns `draw`, `tickets` and `intervention`."""
    import pandas as pd

    names = [written_unit(unit) for unit in units]
    return pd.DataFrame(
        {
            "draw": np.arange(1, len(draws) + 1),
            "tickets": tickets,
            "intervention": [" ".join(names[unit] for unit in np.flatnonzero(row)) for row in draws],
        }
    )


def read_listing(frame: pd.DataFrame, design: Design, units: Sequence[str]) -> ListedDraws:
    """Read a pool back from its table.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns `tickets` and `intervention`; others are ignored.
    design : Design
        The declared design that every draw has to follow.
    units : sequence of str, length m
        The units in the design's order.

    Returns
    -------
    ListedDraws
        In the order of the table.

    Raises
    ------
    InputDataError
        With every problem: a missing column, tickets that are no positive whole number, an unknown or
        repeated unit, a draw of the wrong size, a draw listed twice.
    """
    absent = [name for name in COLUMNS[1:] if name not in frame.columns]
    if absent:
        raise InputDataError([Problem("is missing from the pool", value=name) for name in absent])
    number = {unit: position for position, unit in enumerate(units)}
    problems: list[Problem] = []
    tickets = np.zeros(len(frame), dtype=np.int64)
    draws = np.zeros((len(frame), len(units)), dtype=np.bool_)
    for row, (count, text) in enumerate(zip(frame["tickets"], frame["intervention"], strict=True)):
        tickets[row] = _read_tickets(count, row, problems)
        named = _read_units(text, number, row, problems)
        draws[row, named] = True
    if not problems:
        problems += _draw_problems(draws, design)
    if sum(tickets.tolist()) > _LARGEST:
        problems.append(Problem("has more tickets than can be counted", column="tickets"))
    if problems:
        raise InputDataError(problems)
    return ListedDraws(draws, tickets)


def written_unit(unit: str) -> str:
    """Write a unit so that spaces can separate units: white space and % as %20, %25 and so on.

    So is what a spreadsheet would take for the start of a formula; the pool has no other safeguard, because
    its hash is that of the file.

    Examples
    --------
    >>> written_unit("Ward 7"), written_unit("X-1"), written_unit("-1"), written_unit("=a;=b")
    ('Ward%207', 'X-1', '%2D1', '%3Da;%3Db')
    """
    spaceless = re.sub(r"[\s%]", lambda found: quote(found.group()), unit)
    return re.sub(r"(^|[;,])('*[^'])", lambda found: found.group(1) + _start(found.group(2)), spaceless)


def _start(text: str) -> str:
    """The start of a cell, in hexadecimal where it would be defused in a CSV file."""
    if defused(text) == text:
        return text
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _read_tickets(value: object, row: int, problems: list[Problem]) -> int:
    text = str(value).strip()
    # "5.0" is how a column of whole numbers reads after a blank has turned it into decimals.
    whole = re.fullmatch(r"\+?(\d{1,19})(\.0*)?", text, flags=re.ASCII)
    count = int(whole.group(1)) if whole else 0
    if not 0 < count <= _LARGEST:
        problems.append(
            Problem(
                "is no number of tickets",
                row=row + 2,
                column="tickets",
                value=text,
                expected="a whole number from 1",
            )
        )
        return 0
    return count


def _read_units(text: object, number: Mapping[str, int], row: int, problems: list[Problem]) -> list[int]:
    names = [unquote(part) for part in str(text).split()]
    unknown = [name for name in names if name not in number]
    place = {"row": row + 2, "column": "intervention"}
    problems += [Problem("is not a unit of this lottery", value=name, **place) for name in unknown]  # type: ignore[arg-type] # mypy cannot type unpacked keywords
    if len(set(names)) < len(names):
        problems.append(Problem("names a unit twice", value=str(text), **place))  # type: ignore[arg-type] # as above
    return [number[name] for name in names if name in number]


def _draw_problems(draws: NDArray[np.bool_], design: Design) -> list[Problem]:
    if len(draws) == 0:
        return [Problem("the pool has no draw")]
    wrong = np.flatnonzero(~design.allows(draws))
    problems = [
        Problem(
            "does not draw the declared number of units",
            row=int(row) + 2,
            column="intervention",
            expected=design.sentence(),
        )
        for row in wrong
    ]
    _, first, count = np.unique(np.packbits(draws, axis=1), axis=0, return_index=True, return_counts=True)
    problems += [
        Problem("this draw is listed more than once", row=int(row) + 2, column="intervention")
        for row in np.sort(first[count > 1])
    ]
    return problems
