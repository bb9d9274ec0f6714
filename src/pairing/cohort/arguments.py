"""What a notebook hands over, before it is read: a wrong type is told in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from pairing.cohort.indicator import Indicator
from pairing.errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INDICATOR_EXAMPLE = 'Write Indicator("resection", denominator="resection_n").'


def check_arguments(
    frame: object, columns: Mapping[str, object], *, attributes: object, indicators: object, exclude: object
) -> None:
    """Refuse arguments of the wrong type, all of them at once.

    Parameters
    ----------
    frame : object
        What should be a data frame.
    columns : mapping of str to object
        By argument, what should be the name of a column; None is fine for all but ``id``.
    attributes, exclude : object
        What should be sequences of text.
    indicators : object
        What should be a sequence of :class:`pairing.cohort.Indicator`.

    Raises
    ------
    SettingsError
        If anything is not of its type.

    Examples
    --------
    >>> import pandas as pd
    >>> check_arguments(pd.DataFrame(), {"id": 5}, attributes=[], indicators=[], exclude=[])
    Traceback (most recent call last):
    pairing.errors.SettingsError: column 'id': '5' is not text; expected the name of a column.
    """
    problems = [*_of_frame(frame), *_of_columns(columns)]
    for name, value in (("attributes", attributes), ("exclude", exclude)):
        problems += _of_sequence(name, value, str, "text")
    problems += _of_sequence("indicators", indicators, Indicator, "indicators", _INDICATOR_EXAMPLE)
    if problems:
        raise SettingsError(problems)


def _of_frame(frame: object) -> Iterator[Problem]:
    if not isinstance(frame, pd.DataFrame):
        yield Problem(
            f"the table is of type {type(frame).__name__}",
            expected="a pandas DataFrame with one row a team",
            advice="Make one with pandas.DataFrame(...) or pandas.read_csv(..., dtype=str).",
        )


def _of_columns(columns: Mapping[str, object]) -> Iterator[Problem]:
    for argument, column in columns.items():
        if not (isinstance(column, str) or (column is None and argument != "id")):
            yield Problem("is not text", column=argument, value=str(column), expected="the name of a column")


def _of_sequence(
    name: str, value: object, kind: type, what: str, advice: str | None = None
) -> Iterator[Problem]:
    # A text is a sequence of letters to Python; a person who gives one means one entry. What has no length
    # (a generator) could be looked at only once.
    if isinstance(value, (str, bytes)) or not isinstance(value, Collection):
        yield Problem(
            "is not a list", column=name, value=str(value), expected=f"a list of {what}", advice=advice
        )
        return
    for entry in value:
        if not isinstance(entry, kind):
            expected = f"a list of {what}"
            yield Problem("does not belong into the list", None, None, name, str(entry), expected, advice)
