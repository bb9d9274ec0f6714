"""Coordinates that are swapped are found by their names too, and correct ones raise no alarm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import CohortDraft, TeamColumns, draft_cohort
from pairing.cohort.coordinate_names import coordinate_named

GERMANY = [(48.1, 11.6), (52.5, 13.4), (53.6, 10.0)]
BRITAIN = [(51.5, -0.1), (53.4, -2.2), (55.9, -3.2)]
JAPAN = [(35.7, 139.7), (34.7, 135.5), (43.1, 141.3)]
ETHIOPIA = [(9.0, 38.7), (11.6, 37.4), (7.1, 38.5)]
PERU = [(-12.0, -77.0), (-16.4, -71.5), (-8.1, -79.0)]


def draft(places: list[tuple[float, float]], latitude: str, longitude: str) -> CohortDraft:
    """What comes of a table whose columns of these names hold the places, declared as named here."""
    frame = pd.DataFrame(np.array(places), columns=[latitude, longitude])
    frame.insert(0, "id", list("ABC"))
    return draft_cohort(frame, TeamColumns("id", latitude=latitude, longitude=longitude), [])


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("lon", "lat"),
        ("Längengrad", "Breitengrad"),
        ("lng", "north"),
        ("east", "latitude"),
        ("Länge", "Breite"),
    ],
)
def test_settings_against_the_names_are_a_problem(latitude: str, longitude: str) -> None:
    """Longitudes declared as latitudes lie in Africa, and only the names tell."""
    swapped = [(east, north) for north, east in GERMANY]
    (problem,) = draft(swapped, latitude, longitude).problems
    assert f"look swapped: '{latitude}' is declared as the latitude" in problem.message
    assert problem.advice == f"Try latitude = '{longitude}' and longitude = '{latitude}'."


@pytest.mark.parametrize("places", [GERMANY, BRITAIN, JAPAN, ETHIOPIA, PERU])
@pytest.mark.parametrize("names", [("latitude", "longitude"), ("y", "x"), ("Breite", "Länge")])
def test_correct_coordinates_raise_no_alarm(
    places: list[tuple[float, float]], names: tuple[str, str]
) -> None:
    """Anywhere in the world, under usual names."""
    found = draft(places, *names)
    assert found.problems == ()
    assert found.warnings == ()


@pytest.mark.parametrize("places", [BRITAIN, JAPAN])
def test_numbers_that_prove_the_names_wrong_win(places: list[tuple[float, float]]) -> None:
    """A file whose headers are exchanged can be declared as it is."""
    assert draft(places, "longitude", "latitude").problems == ()


@pytest.mark.parametrize(
    ("name", "coordinate", "surely"),
    [
        ("Latitude", "latitude", "latitude"),
        ("site_lat", "latitude", "latitude"),
        ("geoBreite", "latitude", None),
        ("lat_wgs84", "latitude", "latitude"),
        ("longitud", "longitude", "longitude"),
        ("Länge", "longitude", None),
        ("long", "longitude", None),
        ("long_stay", None, None),
        ("x", None, None),
        ("plateau", None, None),
        ("lat_long", None, "latitude"),
    ],
)
def test_names_of_coordinates(name: str, coordinate: str | None, surely: str | None) -> None:
    """In several languages; words with other meanings count less."""
    assert coordinate_named(name) == coordinate
    assert coordinate_named(name, surely=True) == surely
