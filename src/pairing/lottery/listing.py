"""The published pool as a table and as text: one row a draw that can happen."""

from __future__ import annotations

import csv
import io
import re
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.formulae import defused
from pairing.lottery.telling import untold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from pairing.lottery.design import Design
    from pairing.lottery.telling import Tell

COLUMNS = ("draw", "tickets", "intervention")
_LARGEST = 2**63 - 1
_NAMES_A_PIECE = 2**19


class ListedDraws(NamedTuple):
    """Draws, shape (S, m), and the tickets of each, shape (S,)."""

    draws: NDArray[np.bool_]
    tickets: NDArray[np.int64]


def listing_pieces(
    draws: NDArray[np.bool_], tickets: NDArray[np.int64], units: Sequence[str], tell: Tell = untold
) -> Iterator[bytes]:
    """Write the pool as CSV: the exact content of the published file, whose SHA-256 identifies the pool.

    Yields
    ------
    bytes
        Some lines, as UTF-8.

    Examples
    --------
    >>> pieces = listing_pieces(np.array([[True, False], [False, True]]), np.array([3, 1]), ["P1", "P 2"])
    >>> print(b"".join(pieces).decode(), end="")
    draw,tickets,intervention
    1,3,P1
    2,1,P%202
    """
    names = [written_unit(unit) for unit in units]
    n_rows = max(1, _NAMES_A_PIECE // max(1, len(names)))
    for start in range(0, len(draws), n_rows):
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        if start == 0:
            writer.writerow(COLUMNS)
        stop = min(start + n_rows, len(draws))
        rows = zip(range(start, stop), tickets[start:stop].tolist(), draws[start:stop], strict=True)
        writer.writerows(
            (row + 1, count, " ".join(compress(names, taken.tobytes()))) for row, count, taken in rows
        )
        yield buffer.getvalue().encode("utf-8")
        tell("Going through the pool", stop, len(draws))


def listing_size(tickets: NDArray[np.int64], units: Sequence[str], n_drawn: int) -> int:
    """Give the bytes of :func:`listing_pieces`, about, if units are drawn about equally often.

    Examples
    --------
    >>> listing_size(np.array([10**8] * 10_000), ["P0001", "P0002", "P0003"], 2)
    280000
    """
    name = np.mean([len(written_unit(unit).encode("utf-8")) for unit in units]) + 1
    digits = np.mean([len(str(count)) for count in tickets[:1_000].tolist()]) + len(str(len(tickets))) + 2
    return round(len(tickets) * (n_drawn * float(name) + float(digits)))


def listing_frame(draws: NDArray[np.bool_], tickets: NDArray[np.int64], units: Sequence[str]) -> pd.DataFrame:
    """Give the pool as a table with the columns `draw`, `tickets` and `intervention`."""
    import pandas as pd

    names = [written_unit(unit) for unit in units]
    return pd.DataFrame(
        {
            "draw": np.arange(1, len(draws) + 1),
            "tickets": tickets,
            "intervention": [" ".join(compress(names, row.tobytes())) for row in draws],
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
    return read_rows(zip(frame["tickets"], frame["intervention"], strict=True), design, units)


def read_rows(rows: Iterable[tuple[object, object]], design: Design, units: Sequence[str]) -> ListedDraws:
    """Read a pool back row by row: the tickets and the units of each draw.

    Parameters
    ----------
    rows : iterable of tuple
        The cells `tickets` and `intervention` of each row.
    design : Design
        The declared design that every draw has to follow.
    units : sequence of str, length m
        The units in the design's order.

    Returns
    -------
    ListedDraws
        In the order of the rows.

    Raises
    ------
    InputDataError
        With every problem.

    Examples
    --------
    >>> from pairing.lottery import simple
    >>> read_rows([("3", "P1"), ("1", "P%202")], simple(2, 1), ["P1", "P 2"]).draws.tolist()
    [[True, False], [False, True]]
    """
    number = {unit: position for position, unit in enumerate(units)}
    written = {written_unit(unit): position for unit, position in number.items()}
    problems: list[Problem] = []
    tickets: list[int] = []
    packed: list[NDArray[np.uint8]] = []
    for row, (count, text) in enumerate(rows):
        tickets.append(_read_tickets(count, row, problems))
        draw = np.zeros(len(units), dtype=np.bool_)
        draw[_read_units(text, number, written, row, problems)] = True
        packed.append(np.packbits(draw))
    if not packed:
        raise InputDataError([Problem("the pool has no draw")])
    draws = np.unpackbits(np.array(packed), axis=1, count=len(units))
    if not problems:
        problems += _draw_problems(draws.view(np.bool_), design)
    if sum(tickets) > _LARGEST:
        problems.append(Problem("has more tickets than can be counted", column="tickets"))
    if problems:
        raise InputDataError(problems)
    return ListedDraws(draws.view(np.bool_), np.array(tickets, dtype=np.int64))


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


def _read_units(
    text: object, number: Mapping[str, int], written: Mapping[str, int], row: int, problems: list[Problem]
) -> list[int]:
    parts = str(text).split()
    places = [written[part] for part in parts if part in written]
    if len(places) == len(parts) == len(set(places)):
        return places
    names = [unquote(part) for part in parts]
    unknown = [name for name in names if name not in number]
    place = {"row": row + 2, "column": "intervention"}
    problems += [Problem("is not a unit of this lottery", value=name, **place) for name in unknown]  # type: ignore[arg-type] # mypy cannot type unpacked keywords
    if len(set(names)) < len(names):
        problems.append(Problem("names a unit twice", value=str(text), **place))  # type: ignore[arg-type] # as above
    return [number[name] for name in names if name in number]


def _draw_problems(draws: NDArray[np.bool_], design: Design) -> list[Problem]:
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
