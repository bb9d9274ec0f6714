"""The known name nearest to a mistyped one."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_CANDIDATES = 20


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that a mistyped one most likely stands for.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str or None
        The nearest known name, ignoring case, blanks, hyphens and underscores; None if none is near. One that
        differs in the zeros before its numbers alone comes first.

    Examples
    --------
    >>> nearest("max_size_ration", ["max_size_ratio", "max_level_gap"])
    'max_size_ratio'
    >>> nearest("Trust Code", ["trust_code", "trust_name"])
    'trust_code'
    >>> nearest("T4", ["T04", "T24"])
    'T04'
    >>> nearest("size", ["latitude"]) is None
    True
    """
    by_key: dict[str, str] = {}
    for candidate in known:
        by_key.setdefault(_key(candidate), candidate)
    if not _key(name):
        return None
    unpadded = [key for key in by_key if _unpadded(key) == _unpadded(_key(name))]
    close = unpadded or difflib.get_close_matches(_key(name), by_key, n=_CANDIDATES, cutoff=0.6)
    return by_key[max(close, key=lambda key: _likeness(_key(name), key))] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Say which known name was most likely meant, as a sentence.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str or None
        "Did you mean 'x'?", or None if no known name is near.

    Examples
    --------
    >>> did_you_mean("RA0", ["R0A", "RBV"])
    "Did you mean 'R0A'?"
    """
    found = nearest(name, known)
    return f"Did you mean '{found}'?" if found is not None else None


def _likeness(written: str, known: str) -> tuple[float, int, int]:
    # In codes such as "R0A" most ids share two letters: the same letters in the same places decide.
    in_place = [one == other for one, other in zip(written, known, strict=False)]
    in_front = [*in_place, False].index(False)
    return difflib.SequenceMatcher(None, written, known).ratio(), sum(in_place), in_front


def _unpadded(key: str) -> str:
    """Drop the zeros before each number: "t04" and "t4" are the same."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", key)


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter not in " _-.")
