"""Cells of a table: what stands in them, as text and as a number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[, '\u00a0][0-9]{3})+(?:\.[0-9]+)?")
_SEPARATOR = r"[, '\u00a0]"
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")

#: What people and spreadsheets write where a value is not known. A cell is missing only if it is empty: a
#: marker may mean "suppressed", "nobody" or "an error in a formula", and the owner of the table knows which.
MARKERS = frozenset(
    {"na", "n/a", "nan", "null", "none", "nil", "missing", "unknown", "suppressed", "-", "--", "–", "—"}
    | {"*", "**", ".", "..", "...", ":", "?", "[c]", "[x]", "[z]", "[u]", "[low]"}
    | {"#n/a", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"}
)

_WHOLE_FLOATS_BELOW = 1e15
_LONGEST_SHOWN = 120


@dataclass(frozen=True)
class CellFault:
    """Why a cell is not a usable number.

    Parameters
    ----------
    message : str
        What is wrong with it, as the end of a sentence that begins with the cell's text.
    advice : str, optional
        What to do, as a sentence.
    """

    message: str
    advice: str | None = None


def cell_text(value: object) -> str:
    """Give a cell's content as text, without blanks around it; "" if the cell is empty.

    Parameters
    ----------
    value : object
        A cell of a data frame or of a spreadsheet.

    Returns
    -------
    str
        Whole floats lose their ".0", because a gap turns a column of whole numbers into one of floats.

    Examples
    --------
    >>> cell_text(" R0A "), cell_text(442.0), cell_text(0.25), cell_text(None), cell_text(True)
    ('R0A', '442', '0.25', '', 'true')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _is_missing(value):
        return ""
    if isinstance(value, float) and abs(value) < _WHOLE_FLOATS_BELOW and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_number(text: str) -> float | CellFault:
    """Read a number as people write it in a table, or say why it is none.

    Thousands separators and decimal commas are refused, because "1,234" is one number in London and
    another in Berlin.

    Parameters
    ----------
    text : str
        A cell that is not empty, without blanks around it.

    Returns
    -------
    float or CellFault
        A finite number, or what is wrong.

    Examples
    --------
    >>> read_number("0.25"), read_number("-1e3"), read_number("\N{MINUS SIGN}2.5")
    (0.25, -1000.0, -2.5)
    >>> read_number("12O").message
    'is not a number'
    >>> read_number("1,234").advice
    'Write 1234, without separators between thousands; or 1.234 if the comma is a decimal one.'
    """
    plain = text.replace("\N{MINUS SIGN}", "-")
    if _PLAIN.fullmatch(plain):
        number = float(plain)
        return number if math.isfinite(number) else CellFault("is too large to be a number")
    if _INFINITE.fullmatch(plain):
        return CellFault("is infinite", "Leave the cell empty if the value is not known.")
    return CellFault("is not a number", _number_advice(plain))


def shown(text: str) -> str:
    """Shorten a text that is too long for a message.

    Parameters
    ----------
    text : str
        A cell, a setting, or the name of a file.

    Returns
    -------
    str
        The text, or its beginning and its length.

    Examples
    --------
    >>> shown("R0A"), len(shown("1" * 5_000))
    ('R0A', 139)
    """
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[:_LONGEST_SHOWN]}... ({len(text):,} letters)"


def has_decimal_comma(text: str) -> bool:
    """Tell whether a cell is a number with a comma in it that can be a decimal one.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    bool
        True for "12,5" and also for "1,234", which may be a thousand and some.

    Examples
    --------
    >>> has_decimal_comma("12,5"), has_decimal_comma("1,234,567"), has_decimal_comma("12.5")
    (True, False, False)
    """
    return _DECIMAL_COMMA.fullmatch(text.replace("\N{MINUS SIGN}", "-")) is not None


def may_be_thousands(text: str) -> bool:
    """Tell whether the comma of a number can separate thousands.

    Parameters
    ----------
    text : str
        A cell with a decimal comma.

    Returns
    -------
    bool
        True for "1,234"; False for "12,5" and "0,123".

    Examples
    --------
    >>> may_be_thousands("1,234"), may_be_thousands("12,5"), may_be_thousands("0,123")
    (True, False, False)
    """
    plain = text.replace("\N{MINUS SIGN}", "-").lstrip("+-")
    return _THOUSANDS.fullmatch(plain) is not None and not plain.startswith("0")


def is_marker(text: str) -> bool:
    """Tell whether a cell says in some way that nothing is known ("n/a", "*", "[c]").

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    bool
        True for a known marker, whatever its case.

    Examples
    --------
    >>> is_marker("N/A"), is_marker("12O")
    (True, False)
    """
    return text.casefold() in MARKERS


def _is_missing(value: object) -> bool:
    # pandas answers for a list with an array; a list in a cell is text that will not be a number.
    missing = pd.isna(value)  # type: ignore[call-overload]  # its stubs do not foresee "anything"
    return missing is True or (not hasattr(missing, "__len__") and bool(missing))


def _number_advice(text: str) -> str | None:
    if is_marker(text):
        return "Leave the cell empty if the value is not known."
    if text.endswith("%") and _PLAIN.fullmatch(text[:-1].strip()):
        return f'Write {text[:-1].strip()} without the sign, and declare the column with unit = "percent".'
    if _THOUSANDS.fullmatch(text):
        plainly = f"Write {re.sub(_SEPARATOR, '', text)}, without separators between thousands"
        if text.count(",") == 1 and "." not in text:
            decimal = text.replace(",", ".")
            return f"{plainly}; or {decimal} if the comma is a decimal one."
        return f"{plainly}."
    if _DECIMAL_COMMA.fullmatch(text):
        return f"Write {text.replace(',', '.')}, with a decimal point."
    return None
