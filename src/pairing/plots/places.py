"""Where a map begins and ends, how its axes compare, and where an inset is worth its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Box = tuple[float, float, float, float]

_MARGIN = 0.05
"""Around the teams, as a share of the larger side."""

_NARROWEST = 0.5
"""Degrees that a map shows at least."""

_CROWDED_WITHIN = 0.05
"""Radius of a crowded place, as a share of the map's larger side."""

_CROWD, _CROWD_SHARE = 6, 0.08
"""A place is crowded if so many teams, and this share of all, are within the radius."""


@dataclass(frozen=True)
class Frame:
    """The part of the world that a map shows.

    Parameters
    ----------
    box : tuple of float
        West, south, east and north in degrees.
    aspect : float
        Length of a degree of latitude over one of longitude.
    """

    box: Box
    aspect: float

    def contains(self, longitude: float, latitude: float) -> bool:
        """Whether a place is on the map."""
        west, south, east, north = self.box
        return west <= longitude <= east and south <= latitude <= north

    def crossed_by(self, places: Sequence[tuple[float, float]]) -> bool:
        """Whether the closed line through places comes onto the map."""
        from matplotlib.path import Path
        from matplotlib.transforms import Bbox

        return bool(Path([*places, places[0]]).intersects_bbox(Bbox.from_extents(*self.box), filled=False))


class Corner(NamedTuple):
    """A corner of a map."""

    right: bool
    top: bool

    @property
    def letters(self) -> str:
        """As matplotlib names it for anchors."""
        return f"{'N' if self.top else 'S'}{'E' if self.right else 'W'}"


_CORNERS = (Corner(False, True), Corner(True, True), Corner(False, False), Corner(True, False))


@dataclass(frozen=True)
class Room:
    """The corner of a map that an inset takes, and how wide and high it is as shares of the map."""

    corner: Corner
    width: float
    height: float


def unwrapped(longitude: Floats) -> Floats:
    """Move longitudes by whole turns so that teams on either side of 180° east are neighbours.

    Parameters
    ----------
    longitude : ndarray of float, shape (n,)
        Degrees.

    Examples
    --------
    >>> unwrapped(np.array([179.0, -179.0])).tolist()
    [179.0, 181.0]
    """
    turns = np.deg2rad(longitude)
    middle = float(np.rad2deg(np.arctan2(np.sin(turns).mean(), np.cos(turns).mean())))
    moved: Floats = longitude + 360.0 * np.rint((middle - longitude) / 360.0)
    return moved


def frame_of(longitude: Floats, latitude: Floats) -> Frame:
    """Crop a map to its teams, with a margin.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (n,)
        Degrees; at least one team.

    Returns
    -------
    Frame
        Degrees of longitude are drawn shorter by the cosine of the middle latitude (equirectangular
        projection): true to scale there, and to within a few per cent over a country of Britain's size.

    Examples
    --------
    >>> round(frame_of(np.array([-1.0, 1.0]), np.array([60.0, 60.0])).aspect, 6)
    2.0
    """
    south, north = float(latitude.min()), float(latitude.max())
    west, east = float(longitude.min()), float(longitude.max())
    aspect = 1.0 / max(math.cos(math.radians((south + north) / 2)), 0.05)
    larger = max(north - south, (east - west) / aspect, _NARROWEST)
    up = _MARGIN * larger + max(0.0, _NARROWEST - (north - south)) / 2
    across = _MARGIN * larger * aspect + max(0.0, _NARROWEST * aspect - (east - west)) / 2
    return Frame((west - across, south - up, east + across, north + up), aspect)


def crowded_place(longitude: Floats, latitude: Floats, frame: Frame) -> Frame | None:
    """Find the place that deserves an inset: where most teams stand closest together.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (n,)
        Degrees.
    frame : Frame
        Of the whole map.

    Returns
    -------
    Frame or None
        A square around those teams; None if no place is crowded. Of two equal ones the first team's.

    Examples
    --------
    >>> spread = np.linspace(0.0, 10.0, 20)
    >>> crowded_place(spread, spread, frame_of(spread, spread)) is None
    True
    """
    from scipy.spatial import KDTree

    x, y = longitude / frame.aspect, latitude
    west, south, east, north = frame.box
    radius = _CROWDED_WITHIN * max((east - west) / frame.aspect, north - south)
    tree = KDTree(np.column_stack([x, y]))
    count = np.asarray(tree.query_ball_point(tree.data, radius, return_length=True))
    at = int(count.argmax())
    if count[at] < max(_CROWD, _CROWD_SHARE * len(x)):
        return None
    near = tree.query_ball_point(tree.data[at], radius)
    x, y = x[near], y[near]
    side = 1.15 * max(float(np.ptp(x)), float(np.ptp(y)), radius / 4) / 2
    middle = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
    box = (
        float((middle[0] - side) * frame.aspect),
        float(middle[1] - side),
        float((middle[0] + side) * frame.aspect),
        float(middle[1] + side),
    )
    return Frame(box, frame.aspect)


def with_room(
    longitude: Floats, latitude: Floats, frame: Frame, share: float, crowd: Frame
) -> tuple[Frame, Room]:
    """Widen a map to one side so that an inset in a corner hides no team.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (n,)
        Degrees.
    frame : Frame
        Of the map without the inset.
    share : float
        Side of the inset, as a share of the map's larger side.
    crowd : Frame
        What the inset shows. A corner near to it is worth some widening.

    Returns
    -------
    tuple of (Frame, Room)
        The widened map, and where the inset goes.

    Examples
    --------
    >>> here = np.array([0.0, 10.0]), np.array([0.0, 10.0])
    >>> frame = frame_of(*here)
    >>> widened, room = with_room(*here, frame, 0.4, Frame((0, 9, 1, 10), 1.0))
    >>> room.corner, widened == frame
    (Corner(right=False, top=True), True)
    """
    west, south, east, north = frame.box
    x, y = (longitude - west) / frame.aspect, latitude - south
    wide, high = (east - west) / frame.aspect, north - south
    side = share * max(wide, high)
    gap = 0.02 * max(wide, high)
    place = (sum(crowd.box[::2]) / 2 - west) / frame.aspect, sum(crowd.box[1::2]) / 2 - south
    needed, cost = {}, {}
    for corner in _CORNERS:
        beside = x[y > high - side - gap] if corner.top else x[y < side + gap]
        outermost = (
            (float(beside.max()) if corner.right else wide - float(beside.min())) if beside.size else 0.0
        )
        needed[corner] = max(0.0, outermost + gap + side - wide)
        middle = wide + needed[corner] - side / 2 if corner.right else side / 2 - needed[corner]
        far = float(np.hypot(middle - place[0], (high - side / 2 if corner.top else side / 2) - place[1]))
        cost[corner] = needed[corner] + far / 2
    best = min(_CORNERS, key=lambda corner: cost[corner])
    more = needed[best] * frame.aspect
    box = (west, south, east + more, north) if best.right else (west - more, south, east, north)
    return Frame(box, frame.aspect), Room(best, side / (wide + needed[best]), side / high)
