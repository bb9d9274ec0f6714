"""Numbers in sentences, with just enough digits to tell them apart."""

from __future__ import annotations


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
