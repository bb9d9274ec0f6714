"""How often two units are drawn together, counted in tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.lottery.selection import number_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.lottery.telling import Tell

_PANEL = 512


def tickets_of_two(draws: NDArray[np.bool_], tickets: NDArray[np.int64], tell: Tell) -> NDArray[np.float64]:
    """Count the tickets that draw two units both.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        The pool.
    tickets : ndarray of int64, shape (S,)
        Tickets of each draw.
    tell : callable
        Told how many draws are done.

    Returns
    -------
    ndarray of float, shape (m, m)
        Whole numbers, exact up to 2**53 tickets; each unit's own tickets on the diagonal.

    Examples
    --------
    >>> from pairing.lottery.telling import untold
    >>> draws = np.array([[True, True, False], [False, True, True]])
    >>> tickets_of_two(draws, np.array([3, 1]), untold).astype(int).tolist()
    [[3, 3, 0], [3, 4, 1], [0, 1, 1]]
    """
    m = draws.shape[1]
    panels = [slice(first, min(first + _PANEL, m)) for first in range(0, m, _PANEL)]
    counts = np.zeros((m, m))
    for rows, block in number_blocks(draws):
        counted = block * tickets[rows, None]
        for panel in panels:
            counts[panel, panel.start :] += counted[:, panel].T @ block[:, panel.start :]
        tell("Counting how often two units share an arm", min(rows.stop, len(draws)), len(draws))
    for panel in panels:
        counts[panel.stop :, panel] = counts[panel, panel.stop :].T
    return counts
