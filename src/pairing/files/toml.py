"""Reading TOML, with the line of a syntax error in words."""

from __future__ import annotations

import re
import tomllib

from pairing.cohort.cells import shown
from pairing.errors import InputDataError, Problem

_PLACE = re.compile(r"^(?P<what>.*?) \(at (?P<place>line \d+, column \d+|end of document)\)$")
_LINE = re.compile(r"line (\d+)")
_DELIMITERS = (",", ";", "\t")
_LINES_COMPARED = 3
_LEADING_ZERO = re.compile(r"[\[=,]\s*0[0-9]+\b")


def parse_toml(text: str, file: str) -> dict[str, object]:
    r"""Read the text of a settings file.

    Parameters
    ----------
    text : str
        The TOML.
    file : str
        Its name for messages.

    Returns
    -------
    dict
        Sections and keys.

    Raises
    ------
    InputDataError
        If the text is no TOML; the place of the first fault is named.

    Examples
    --------
    >>> parse_toml('[teams]\nid = "team"', "programme.toml")
    {'teams': {'id': 'team'}}
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = _table_problem(text, file) or _syntax_problem(str(error), text, file)
        raise InputDataError([problem]) from error
    except RecursionError as error:
        message = "lists or tables stand inside each other too deeply"
        raise InputDataError([Problem(message, file, expected="a few levels")]) from error
    except ValueError as error:
        # A whole number of thousands of digits; every other fault of TOML is a TOMLDecodeError.
        raise InputDataError([Problem("a number has far too many digits", file)]) from error


def _table_problem(text: str, file: str) -> Problem | None:
    """Tell a table of teams that was given in place of the settings."""
    lines = [line for line in text.splitlines() if line.strip()][:_LINES_COMPARED]
    for delimiter in _DELIMITERS:
        counts = {line.count(delimiter) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0} and not any("=" in line for line in lines):
            advice = "Run pairing init with it, to have a programme.toml guessed from its columns."
            return Problem("this is a table, not a settings file", file, advice=advice)
    return None


def _syntax_problem(complaint: str, text: str, file: str) -> Problem:
    found = _PLACE.match(complaint)
    what, place = (found["what"], found["place"]) if found else (complaint, "")
    line_number = _LINE.search(place)
    line = text.splitlines()[int(line_number[1]) - 1] if line_number else ""
    advice = "Text needs quotes, tables need brackets, and each key may stand once."
    if _LEADING_ZERO.search(line):
        advice = 'Put ids in quotes, such as "007": a TOML number may not begin with 0.'
    where = f" at {place}" if place else ""
    return Problem(
        f"this is not valid TOML{where}: {what}", file, value=shown(line.strip()) or None, advice=advice
    )
