"""What is wrong with a setting, in words that a programme designer understands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pairing.cohort.cells import shown
from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem
from pairing.programme.settings import OBJECTIVES, PreferenceSettings
from pairing.programme.side_settings import NESTED_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]


def dotted_key(location: Sequence[int | str]) -> str:
    """Write the place of a setting as people do.

    Parameters
    ----------
    location : sequence of int or str
        Keys, and positions in lists counted from 0.

    Returns
    -------
    str
        Keys with dots between them, and places in lists counted from 1.

    Examples
    --------
    >>> dotted_key(["rules", "forbid", 0, 1])
    'rules.forbid[1][2]'
    """
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def problems_of_section(
    error: ValidationError, section: Location, known: Sequence[str], file: str
) -> list[Problem]:
    """Translate everything that a model refused.

    Parameters
    ----------
    error : pydantic.ValidationError
        What the model said.
    section : tuple of int or str
        Where the section stands in the settings.
    known : sequence of str
        The section's keys, to suggest the nearest.
    file : str
        The settings file, for messages.

    Returns
    -------
    list of Problem
        One for each fault, with the dotted key as its column.
    """
    return [_problem(detail, section, known, file) for detail in error.errors(include_url=False)]


def as_value(value: object) -> str:
    """Show a setting's value as it stands in the file, as nearly as its type allows."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    except ValueError:
        # Python writes out no number of more than some thousand digits; in hexadecimal one can be read.
        return "a number of thousands of digits"
    return shown(text.replace("\0", "\N{SYMBOL FOR NULL}"))


def _problem(detail: ErrorDetails, section: Location, known: Sequence[str], file: str) -> Problem:
    key = dotted_key((*section, *detail["loc"]))
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return Problem("the key is missing", file, column=key)
    if kind == "extra_forbidden":
        name = str(detail["loc"][-1])
        keys = known if len(detail["loc"]) == 1 else _nested(str(detail["loc"][0]))
        meant = did_you_mean(name, keys) or f"The keys are: {', '.join(keys)}."
        return Problem("there is no such key", file, column=key, advice=meant)
    message, expected, advice = _explain(kind, detail, value)
    return Problem(message, file, column=key, value=as_value(value), expected=expected, advice=advice)


Explanation = tuple[str, str | None, str | None]


def _explain(kind: str, detail: ErrorDetails, value: object) -> Explanation:
    limits = detail.get("ctx", {})
    explain = _EXPLANATIONS.get(kind)
    if explain is not None:
        return explain(value, limits)
    # A kind of fault that no setting has today; pydantic's own sentence is better than none.
    return f"is not usable: {detail['msg']}", None, None


def _not_text(value: object, _: dict[str, object]) -> Explanation:
    quoted = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "is not text", "text in quotes", f'Put it in quotes: "{value}".' if quoted else None


def _not_number(value: object, _: dict[str, object]) -> Explanation:
    return "is not a number", "a number", "Write it without quotes." if isinstance(value, str) else None


def _choice(value: object, limits: dict[str, object]) -> Explanation:
    choices = str(limits.get("expected", ""))
    names = [name.strip(" '") for name in choices.replace(" or ", ",").split(",")]
    return "is not one of the choices", choices, did_you_mean(as_value(value), names)


def _nested(key: str) -> tuple[str, ...]:
    """The keys of a table inside a section."""
    return NESTED_KEYS.get(key, tuple(PreferenceSettings.model_fields))


def _unknown_objective(value: object, _: dict[str, object]) -> Explanation:
    return "is no objective", _in_quotes(OBJECTIVES), did_you_mean(as_value(value), OBJECTIVES)


def _in_quotes(names: Sequence[str]) -> str:
    return " or ".join(f"'{name}'" for name in names)


def _fixed(message: str, expected: str) -> Callable[[object, dict[str, object]], Explanation]:
    return lambda _, limits: (message, expected.format(**limits), None)


_EXPLANATIONS: dict[str, Callable[[object, dict[str, object]], Explanation]] = {
    "string_type": _not_text,
    "string_too_short": _fixed("is empty", "a name"),
    "string_pattern_mismatch": _fixed("holds a NUL, which no name can have", "text"),
    "float_type": _not_number,
    "int_type": _fixed("is not a whole number", "a whole number"),
    "int_from_float": _fixed("is not a whole number", "a whole number"),
    "bool_type": _fixed("is not a yes or no", "true or false, without quotes"),
    "finite_number": _fixed("is not a finite number", "a finite number"),
    "greater_than": _fixed("is too small", "a number above {gt:g}"),
    "greater_than_equal": _fixed("is too small", "at least {ge:g}"),
    "less_than": _fixed("is too large", "a number below {lt:g}"),
    "less_than_equal": _fixed("is too large", "at most {le:g}"),
    "literal_error": _choice,
    "tuple_type": _fixed("is not a list", "a list in square brackets"),
    "too_short": _fixed("is an empty list", "at least one entry"),
    "dict_type": _fixed("is not a table", "a table of names and values"),
    "model_type": _fixed("is not a table", "a table of names and values"),
    "team_pair": _fixed("is not a pair of teams", 'two ids, ["A", "B"]'),
    "objective_unknown": _unknown_objective,
}
