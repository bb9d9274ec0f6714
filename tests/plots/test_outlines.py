"""The outlines: places are on land or at sea as they truly are; the files are small and can be made again."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.path import Path

from pairing.plots.outlines import land_within
from pairing.plots.outlines.convert import main, simplified

if TYPE_CHECKING:
    import pathlib

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

LAND = {
    "London": (51.507, -0.128),
    "Carlisle": (54.892, -2.933),
    "Truro": (50.263, -5.051),
    "Kirkwall": (58.98, -2.97),
    "Douglas": (54.16, -4.52),
    "Belfast": (54.597, -5.93),
    "Dublin": (53.34, -6.29),
    "Newport, Isle of Wight": (50.7, -1.29),
    "Paris": (48.85, 2.35),
    "Copenhagen, nearly": (55.66, 12.3),
    "Ottawa": (45.42, -75.7),
    "Maseru, which South Africa surrounds": (-29.4, 27.6),
}
SEA = {
    "Irish Sea": (53.6, -4.9),
    "Channel": (50.2, -1.0),
    "North Sea": (54.5, 2.0),
    "Bristol Channel": (51.3, -4.0),
    "Atlantic": (40.0, -40.0),
}


def on_land(latitude: float, longitude: float) -> bool:
    box = (longitude - 0.5, latitude - 0.5, longitude + 0.5, latitude + 0.5)
    inside = sum(Path(ring).contains_point((longitude, latitude)) for ring in land_within(box))
    return inside % 2 == 1 or inside > 1


@pytest.mark.parametrize("place", LAND)
def test_towns_are_on_land(place: str) -> None:
    assert on_land(*LAND[place])


@pytest.mark.parametrize("place", SEA)
def test_seas_are_not(place: str) -> None:
    assert not on_land(*SEA[place])


def test_there_is_a_border_in_ireland() -> None:
    dublin, belfast = (-6.29, 53.34), (-5.93, 54.597)
    together = [
        ring for ring in land_within((-8, 53, -5, 55)) if Path(ring).contains_points([dublin, belfast]).all()
    ]
    assert together == []


def test_files_are_small_and_their_source_is_told() -> None:
    folder = files("pairing.plots.outlines")
    sizes = [len(folder.joinpath(name).read_bytes()) for name in ("britain_and_ireland.npz", "world.npz")]
    assert sum(sizes) < 150_000
    text = folder.joinpath("ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "Natural Earth" in text
    assert "public domain" in text


def test_rings_cannot_be_changed() -> None:
    before = [ring.copy() for ring in land_within((-2, 50, 0, 52))]
    for ring in land_within((-2, 50, 0, 52)):
        ring += 1.0
    assert all(np.array_equal(a, b) for a, b in zip(before, land_within((-2, 50, 0, 52)), strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_simplified_lines_stay_within_the_tolerance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    line = np.cumsum(rng.normal(size=(200, 2)), axis=0)
    short = simplified(line, 1.5)
    assert 2 <= len(short) < len(line)
    assert np.array_equal(short[[0, -1]], line[[0, -1]])
    away = [min(_to_segment(point, a, b) for a, b in pairwise(short)) for point in line]
    assert max(away) <= 1.5 + 1e-9


def test_topology_is_read_as_specified(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two squares that share an arc: the second ring runs along it backwards (~0).
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [
            [[2, 0], [0, 2]],
            [[2, 2], [-2, 0], [0, -2], [2, 0]],
            [[2, 0], [2, 0], [0, 2], [-2, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "826", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "id": "250", "arcs": [[[2, -1]]]},
                ]
            }
        },
    }
    for name in ("countries-10m.json", "countries-50m.json"):
        (tmp_path / name).write_text(json.dumps(topology))
    monkeypatch.setattr("pairing.plots.outlines.convert.__file__", str(tmp_path / "convert.py"))
    main(tmp_path)
    rings = {}
    for name in ("britain_and_ireland", "world"):
        with np.load(tmp_path / f"{name}.npz") as stored:
            rings[name] = (np.cumsum(stored["steps"].T, axis=0) / 1000).tolist()
            assert stored["lengths"].tolist() == [5]
    assert rings["britain_and_ireland"] == [[11, 20], [11, 21], [10, 21], [10, 20], [11, 20]]
    assert rings["world"] == [[11, 20], [12, 20], [12, 21], [11, 21], [11, 20]]


def _to_segment(point: Points, start: Points, end: Points) -> float:
    along = end - start
    share = np.clip(np.dot(point - start, along) / max(np.dot(along, along), 1e-12), 0, 1)
    return float(np.hypot(*(point - start - share * along)))
