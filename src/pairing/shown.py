"""How every result shows itself in a notebook: a heading, plain words, and tables that are cut politely.

Whatever a result holds may come from somebody's spreadsheet, so every text is escaped, bounded in length and
kept from turning the text around it right to left. Colours are the notebook's own, light or dark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

FIRST_ROWS = 10
"""Rows that are shown of a long table."""

_ROWS_LET_BE = 12  # Cutting off the last two rows would be no politeness.
_MOST_COLUMNS = 14
_LONGEST_CELL = 60
_LONG_CELL = 24  # Longer texts, such as names, are not squeezed to a word a line.
_LONGEST_LINE = 1_000
_MOST_LINES = 40
_LINE = "margin:.2em 0;overflow-wrap:anywhere"
_SCROLL = "overflow-x:auto;margin:.4em 0"
_TABLE = "border-collapse:collapse;font-size:.9em;margin:0"
_CAPTION = "caption-side:top;text-align:left;padding:.2em 0"
_RULED = "border-bottom:1px solid rgba(128,128,128,.35);padding:.15em .6em"
# These letters turn the direction of all that follows, beyond the cell or the name that holds them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def show_result(title: str, text: str = "", *tables: str) -> str:
    """Write a result as HTML.

    Parameters
    ----------
    title : str
        What it is, in a word or two.
    text : str
        What it says, in lines; a line that starts with blanks is indented by as much.
    *tables : str
        What :func:`show_table` or :func:`show_facts` made, or the HTML of another result.

    Returns
    -------
    str

    Examples
    --------
    >>> print(show_result("Pairing", "2 teams, <A> & B, in 1 pair."))
    <div class="pairing-result">
    <p style="margin:.2em 0;overflow-wrap:anywhere"><strong>Pairing</strong></p>
    <p style="margin:.2em 0;overflow-wrap:anywhere">2 teams, &lt;A&gt; &amp; B, in 1 pair.</p>
    </div>
    """
    head = f'<p style="{_LINE}"><strong>{_written(title, _LONGEST_LINE)}</strong></p>'
    return "\n".join(['<div class="pairing-result">', head, *_lines(text), *tables, "</div>"])


def show_table(
    frame: pd.DataFrame,
    caption: str,
    *,
    columns: Sequence[str] | None = None,
    n_rows: int | None = None,
    whole: str = ".to_frame()",
) -> str:
    """Write the first rows of a table as HTML, and how to see the others.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table, or its first rows.
    caption : str
        What it shows.
    columns : sequence of str, optional
        The columns to show, where all would be too many.
    n_rows : int, optional
        Rows of the whole table, where `frame` is only its beginning.
    whole : str
        What to write behind the result to get the whole table.

    Returns
    -------
    str

    Notes
    -----
    pandas' own HTML has neither caption nor ``scope``, which a screen reader needs, and writes names at any
    length. Numbers have as many decimals as the largest of their column leaves room for; what is missing is
    blank.

    Examples
    --------
    >>> import pandas as pd
    >>> html = show_table(pd.DataFrame({"pair": range(60), "value": 0.5}), "The pairs")
    >>> html.count("<tr>"), html.splitlines()[-1]
    (11, '<p style="margin:.2em 0;overflow-wrap:anywhere">… and 50 more rows: <code>.to_frame()</code></p>')
    """
    n_rows = len(frame) if n_rows is None else n_rows
    n_columns = len(frame.columns)
    frame = frame.iloc[:, :_MOST_COLUMNS] if columns is None else frame[list(columns)]
    top = frame if n_rows <= _ROWS_LET_BE else frame.head(FIRST_ROWS)
    shown = [_column(top.iloc[:, at]) for at in range(top.shape[1])]
    head = "".join(_header(name, column) for name, column in zip(top.columns, shown, strict=True))
    rows = ["".join(cells) for cells in zip(*(column.cells for column in shown), strict=True)]
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    inside = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    rest = _rest(n_rows - len(top), n_columns - top.shape[1], whole)
    return "\n".join([_scrolling(caption, inside), *rest])


def show_facts(facts: Mapping[str, str], caption: str) -> str:
    """Write names and values as an HTML table of two columns.

    Parameters
    ----------
    facts : mapping of str to str
        What to tell.
    caption : str
        What of.

    Returns
    -------
    str

    Examples
    --------
    >>> '<th scope="row"' in show_facts({"draws": "40,225,345,056"}, "The lottery")
    True
    """
    rows = [
        f'<tr><th scope="row" style="{_RULED};text-align:left">{_written(name)}</th>'
        f'<td style="{_RULED};text-align:left">{_written(value, 2 * _LONGEST_CELL)}</td></tr>'
        for name, value in facts.items()
    ]
    return _scrolling(caption, "<tbody>\n" + "\n".join(rows) + "\n</tbody>")


@dataclass(frozen=True)
class _Column:
    """One column, ready to be shown."""

    side: str
    cells: list[str]


def _scrolling(caption: str, inside: str) -> str:
    named = escape(_bounded(caption, _LONGEST_LINE))
    return (
        f'<div role="group" aria-label="{named}" tabindex="0" style="{_SCROLL}"><table style="{_TABLE}">\n'
        f'<caption style="{_CAPTION}">{_written(caption, _LONGEST_LINE)}</caption>\n{inside}\n</table></div>'
    )


def _header(name: Hashable, column: _Column) -> str:
    return f'<th scope="col" style="{_RULED};text-align:{column.side}">{_written(str(name))}</th>'


def _column(values: pd.Series) -> _Column:
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

    known = values.notna().tolist()
    if is_bool_dtype(values.dtype):
        side, texts = "left", ["yes" if value else "no" for value in values.fillna(value=False)]
    elif is_float_dtype(values.dtype) or is_integer_dtype(values.dtype):
        numbers = [float(value) if there else 0.0 for value, there in zip(values, known, strict=True)]
        side, texts = "right", _numbers(numbers)
    else:
        side, texts = "left", [_written(str(value)) for value in values]
    shown = [text if there else "" for text, there in zip(texts, known, strict=True)]
    width = ";min-width:11em" if any(len(text) > _LONG_CELL for text in shown) else ""
    return _Column(side, [f'<td style="{_RULED};text-align:{side}{width}">{text}</td>' for text in shown])


def _numbers(values: list[float]) -> list[str]:
    """Write numbers with the same decimals: none if all are whole, else fewer the larger they are."""
    finite = [abs(value) for value in values if abs(value) != float("inf")]
    if all(value == int(value) for value in finite):
        digits = 0
    else:
        digits = 3 if max(finite) < 100 else 1 if max(finite) < 10_000 else 0
    return [
        f"{value:.1e}" if digits and 0 < abs(value) < 0.5 * 10**-digits else f"{value:,.{digits}f}"
        for value in values
    ]


def _rest(n_rows: int, n_columns: int, whole: str) -> list[str]:
    parts = [
        f"{count:,} more {noun}{'s' if count > 1 else ''}"
        for count, noun in ((n_rows, "row"), (n_columns, "column"))
        if count > 0
    ]
    if not parts:
        return []
    return [f'<p style="{_LINE}">… and {" and ".join(parts)}: <code>{escape(whole)}</code></p>']


def _lines(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    shown = [_line(line) for line in lines[:_MOST_LINES]]
    rest = len(lines) - len(shown)
    if rest:
        shown.append(f'<p style="{_LINE}">… and {rest:,} more lines: <code>.summary()</code></p>')
    return shown


def _line(line: str) -> str:
    indent = len(line) - len(line.lstrip())
    style = f"{_LINE};padding-left:{0.6 * min(indent, 10):.1f}em" if indent else _LINE
    return f'<p style="{style}">{_written(line.strip(), _LONGEST_LINE)}</p>'


def _written(text: str, longest: int = _LONGEST_CELL) -> str:
    """Escape a text, bound it, and let no letter in it turn what follows."""
    bounded = _bounded(text, longest)
    return escape(bounded) if bounded.isascii() else f"<bdi>{escape(bounded)}</bdi>"


def _bounded(text: str, longest: int) -> str:
    visible = _TURNING.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    return visible if len(visible) <= longest else f"{visible[: longest - 1]}…"
