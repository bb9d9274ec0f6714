"""Make the bundled outlines anew: ``python -m pairing.plots.outlines.convert DIR``.

``DIR`` holds ``countries-10m.json`` and ``countries-50m.json`` of the package world-atlas 2.0.2, which
carries Natural Earth 4.1.0. The same files give the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_BRITAIN_AND_IRELAND = ("826", "372", "833")
"""ISO 3166-1 numbers: United Kingdom, Ireland, Isle of Man."""

_FINE, _COARSE = 0.003, 0.05
"""How far, in degrees of latitude, a simplified line may be from the true one."""

_SMALLEST_FINE, _SMALLEST_COARSE = 1e-4, 0.02
"""Islands of a smaller area (square degrees) are left out."""


def main(folder: Path) -> None:
    """Write the outlines beside this module.

    Parameters
    ----------
    folder : pathlib.Path
        Where the TopoJSON files are.
    """
    here = Path(__file__).parent
    fine = json.loads((folder / "countries-10m.json").read_text())
    coarse = json.loads((folder / "countries-50m.json").read_text())
    _write(here / "britain_and_ireland.npz", _rings(fine, _FINE, _SMALLEST_FINE, inside=True))
    _write(here / "world.npz", _rings(coarse, _COARSE, _SMALLEST_COARSE, inside=False))


def simplified(line: Points, tolerance: float) -> Points:
    """Leave out the points of a line that are within a tolerance of what is left (Douglas and Peucker 1973).

    Parameters
    ----------
    line : ndarray of float, shape (n, 2)
        The points; the first and the last stay.
    tolerance : float
        In the unit of the points.

    Examples
    --------
    >>> simplified(np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [2.0, 2.0]]), 0.1).tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]
    """
    keep = np.zeros(len(line), dtype=np.bool_)
    keep[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        start, end = waiting.pop()
        away = _distances(line[start + 1 : end], line[start], line[end])
        if away.size and away.max() > tolerance:
            middle = start + 1 + int(away.argmax())
            keep[middle] = True
            waiting += [(start, middle), (middle, end)]
    return line[keep]


def _distances(points: Points, start: Points, end: Points) -> Points:
    """Give how far points are from the straight line between two others."""
    along, offset = end - start, points - start
    share = np.clip(offset @ along / max(float(along @ along), 1e-300), 0.0, 1.0)
    beside = offset - share[:, None] * along
    away: Points = np.hypot(beside[:, 0], beside[:, 1])
    return away


def _rings(topology: dict[str, Any], tolerance: float, smallest: float, *, inside: bool) -> list[Points]:
    """The rings of Britain and Ireland, or of all others; arcs are simplified once, so borders agree."""
    arcs = [simplified(arc, tolerance) for arc in _arcs(topology)]
    rings = [
        ring
        for geometry in topology["objects"]["countries"]["geometries"]
        if (geometry.get("id") in _BRITAIN_AND_IRELAND) == inside
        for ring in _rings_of(geometry, arcs)
    ]
    return [ring for ring in rings if len(ring) > 3 and _area(ring) >= smallest]


def _arcs(topology: dict[str, Any]) -> Iterator[Points]:
    """Undo the quantisation and the differences; see the TopoJSON specification, section 2.1.3."""
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    for arc in topology["arcs"]:
        yield np.cumsum(np.array(arc, dtype=np.float64), axis=0) * scale + shift


def _rings_of(geometry: dict[str, Any], arcs: list[Points]) -> Iterator[Points]:
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for ring in polygon:
            # ~number means the arc run backwards; each arc ends where the next begins.
            parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
            yield np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _area(ring: Points) -> float:
    x, y = ring.T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _write(path: Path, rings: list[Points]) -> None:
    """Store thousandths of a degree as differences, which compress well."""
    points = np.rint(np.concatenate(rings) * 1000).astype(np.int32)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int32))
    np.savez_compressed(path, steps=steps.T, lengths=np.array([len(ring) for ring in rings], np.int32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
