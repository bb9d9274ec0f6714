"""Words on a terminal: what a name holds can neither command the terminal nor reorder what is read."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import click

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Without them some emoji fall apart, and some scripts are misspelt."""
_BLANKS = "\t\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_COLOURED_WORD = re.compile(r"(\x1b\[\d+m\x1b\[1m[A-Za-z]+:?\x1b\[0m)")
"""What :func:`pairing.cli.console.coloured` makes of a word, and nothing else that begins with Escape."""


def echo(text: str = "", *, err: bool = False) -> None:
    """Print text on stdout or stderr, with whatever could not be seen in it replaced."""
    click.echo("".join(_seen_but_colours(text)), err=err)


def echo_json(facts: dict[str, Any]) -> None:
    """Print a JSON object; what could not be seen in it is escaped, so that it reads back the same."""
    click.echo(escaped(json.dumps(facts, ensure_ascii=False, indent=2, allow_nan=False)))


def visible(text: str) -> str:
    r"""Replace what cannot be seen: control characters, and marks that turn the direction of reading.

    Parameters
    ----------
    text : str
        Words with names in them, of one line or more.

    Returns
    -------
    str
        The same for text that holds nothing of the kind; else with blanks and replacement characters in it.

    References
    ----------
    Boucher, N. and Anderson, R. (2023) Trojan Source: Invisible Vulnerabilities. *USENIX Security Symposium*.

    Examples
    --------
    >>> visible("Ward\t7"), visible("Ward \u202e7 draW") == "Ward \N{REPLACEMENT CHARACTER}7 draW"
    ('Ward 7', True)
    """
    return text if text.isprintable() else "".join(map(_seen, text))


def escaped(json_text: str) -> str:
    r"""Write what cannot be seen in a JSON text as JSON escapes.

    Examples
    --------
    >>> print(escaped(json.dumps("\u202eABC", ensure_ascii=False)))
    "\u202eABC"
    """
    return "".join(
        json.dumps(letter)[1:-1] if letter != "\n" and _is_unseen(letter) else letter for letter in json_text
    )


def _seen_but_colours(text: str) -> list[str]:
    parts = _COLOURED_WORD.split(text)
    return [part if number % 2 else visible(part) for number, part in enumerate(parts)]


def _seen(letter: str) -> str:
    if letter in _BLANKS:
        return " "
    return "\N{REPLACEMENT CHARACTER}" if letter != "\n" and _is_unseen(letter) else letter


def _is_unseen(letter: str) -> bool:
    return letter not in _JOINERS and unicodedata.category(letter) in _UNSEEN
