"""Coasts and borders to draw under a map; ``ATTRIBUTION.md`` beside the data says where they are from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Box = tuple[float, float, float, float]

OUTLINE_SOURCE = "Outline: Natural Earth 4.1 (public domain)."
"""The sentence to print with a map."""


def land_within(box: Box) -> list[Points]:
    """Give the coasts and borders that a map needs.

    Parameters
    ----------
    box : tuple of float
        West, south, east and north of the map in degrees. The map may cross 180° east; its longitudes then go
        beyond 180 or below −180.

    Returns
    -------
    list of ndarray of float, shape (k, 2)
        Closed rings of longitude and latitude that touch the box, whole: one a country's mainland, island or
        lake. Britain and Ireland come at 1:10 million, everywhere else at 1:50 million.

    Examples
    --------
    >>> isle_of_wight = (-1.6, 50.5, -1.0, 50.8)
    >>> len(land_within(isle_of_wight))
    5
    """
    west, south, east, north = box
    found = []
    for ring in (*_rings("britain_and_ireland"), *_rings("world")):
        for turn in (-360.0, 0.0, 360.0):
            x, y = ring[:, 0] + turn, ring[:, 1]
            if x.max() >= west and x.min() <= east and y.max() >= south and y.min() <= north:
                found.append(np.column_stack([x, y]))
    return found


@cache
def _rings(name: str) -> tuple[Points, ...]:
    with files(__name__).joinpath(f"{name}.npz").open("rb") as stream, np.load(stream) as stored:
        points = np.cumsum(stored["steps"].T, axis=0) / 1000
        rings = np.split(points, np.cumsum(stored["lengths"])[:-1])
    for ring in rings:
        ring.setflags(write=False)
    return tuple(rings)
