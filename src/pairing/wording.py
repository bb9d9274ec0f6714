"""Small pieces of sentences: counts, lists of names, and numbers that must not look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "pair"), counted(1200, "team")
    ('1 pair', '1,200 teams')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shortened(names: Sequence[str], limit: int = 10) -> str:
    """Join names for a sentence, with the number of those that do not fit.

    Examples
    --------
    >>> shortened(["A", "B", "C"], limit=2)
    'A, B and 1 more'
    """
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


def without_middle(name: str, longest: int = 160) -> str:
    """Leave out the middle of a name, of a file say, that is too long for a message.

    Examples
    --------
    >>> without_middle("result.csv"), without_middle("results/abcdefghijklmnop.csv", longest=16)
    ('result.csv', 'results/ … p.csv')
    """
    if len(name) <= longest:
        return name
    begins, ends = longest // 2, (longest - 5) // 2
    return f"{name[:begins]} … {name[-ends:]}"


def against(value: float, limit: float, digits: int = 0) -> tuple[str, str]:
    """Write a value and the limit that it breaks so that the two never look the same.

    Parameters
    ----------
    value, limit : float
        Two different numbers.
    digits : int
        Decimals to begin with; more are added while the two texts are equal.

    Returns
    -------
    tuple of str
        The value with its decimals, the limit as short as it can be.

    Examples
    --------
    >>> against(37.6, 60.0)
    ('38', '60')
    >>> against(59.96, 60.0)
    ('59.96', '60')
    """
    while digits < 12 and f"{value:.{digits}f}" == f"{limit:.{digits}f}":
        digits += 1
    return f"{value:.{digits}f}", f"{limit:.12g}"
