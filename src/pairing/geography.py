"""From coordinates to kilometres and neighbours. Arrays in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(latitude: Floats, longitude: Floats, first: Indices, second: Indices) -> Floats:
    """Great-circle distance of pairs of places.

    Parameters
    ----------
    latitude, longitude : ndarray of float, shape (n,)
        WGS84 degrees; NaN where unknown.
    first, second : ndarray of int, shape (m,)
        Positions of the two places of each pair.

    Returns
    -------
    ndarray of float, shape (m,)
        Kilometres on a sphere of the Earth's mean radius; NaN where a place is unknown.

    Notes
    -----
    The haversine formula [1]_, accurate at short distances. A sphere is within 0.6% of the ellipsoid.

    References
    ----------
    .. [1] Sinnott (1984), "Virtues of the haversine", Sky and Telescope 68(2).

    Examples
    --------
    From Truro to Newcastle upon Tyne:

    >>> latitude, longitude = np.array([50.266, 55.002]), np.array([-5.094, -1.619])
    >>> km = great_circle_km(latitude, longitude, np.array([0]), np.array([1]))
    >>> round(float(km[0]))
    576
    """
    lat, lon = np.radians(latitude), np.radians(longitude)
    cosine = np.cos(lat)
    half_chord = (
        np.sin((lat[second] - lat[first]) / 2.0) ** 2
        + cosine[first] * cosine[second] * np.sin((lon[second] - lon[first]) / 2.0) ** 2
    )
    angle: Floats = 2.0 * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return EARTH_RADIUS_KM * angle


def distance_to_nearest(latitude: Floats, longitude: Floats, k: int) -> Floats:
    """Distance of each place to its k-th nearest other place.

    Parameters
    ----------
    latitude, longitude : ndarray of float, shape (n,)
        WGS84 degrees; NaN where unknown.
    k : int
        Which neighbour, at least 1. With fewer than k other places, the farthest of them.

    Returns
    -------
    ndarray of float, shape (n,)
        Kilometres; NaN for an unknown place or one without any other known place.

    Examples
    --------
    Three places on the equator, at 0, 1 and 3 degrees:

    >>> distance_to_nearest(np.zeros(3), np.array([0.0, 1.0, 3.0]), 1).round(1).tolist()
    [111.2, 111.2, 222.4]
    """
    from scipy.spatial import cKDTree

    radius = np.full(len(latitude), np.nan)
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if len(known) < 2:
        return radius
    lat, lon = np.radians(latitude[known]), np.radians(longitude[known])
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    # The place itself is among its neighbours, at distance 0, hence one more.
    neighbours = min(k + 1, len(known))
    _, nearest = cKDTree(points).query(points, k=neighbours)
    farthest = known[np.asarray(nearest)[:, -1]]
    # The smaller position first, so that rounding agrees with the distance of the pair itself.
    radius[known] = great_circle_km(
        latitude, longitude, np.minimum(known, farthest), np.maximum(known, farthest)
    )
    return radius
