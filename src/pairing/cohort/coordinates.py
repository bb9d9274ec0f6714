"""Where the teams are: latitudes and longitudes, and the many ways to get them wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairing.cohort.coordinate_names import coordinate_named

if TYPE_CHECKING:
    from pairing.cohort.sheet import Sheet

#: The British Isles. With latitude and longitude exchanged they are open sea in the Indian Ocean.
_BRITISH_LATITUDES = (49.0, 61.0)
_BRITISH_LONGITUDES = (-11.0, 3.0)
_GRID_METRES = 1_000.0
_FAR_LATITUDE, _FAR_LONGITUDE = 25.0, 40.0
_LATITUDES, _LONGITUDES = "degrees between -90 and 90", "degrees between -180 and 180"

Degrees = NDArray[np.float64]


def read_coordinates(
    sheet: Sheet, latitude: str | None, longitude: str | None
) -> tuple[Degrees, Degrees] | None:
    """Read both coordinates and note everything that is wrong with them.

    Parameters
    ----------
    sheet : Sheet
        The table of the teams that take part.
    latitude, longitude : str or None
        Columns with WGS84 degrees.

    Returns
    -------
    tuple of ndarray of float, shape (n,), or None
        Latitudes and longitudes, NaN where a team has none; None if no coordinates are declared or a column
        of them is missing.
    """
    if latitude is None or longitude is None:
        if latitude != longitude:
            sheet.complain("latitude and longitude belong together, but only one of them is declared")
        return None
    found = [sheet.has(latitude, "the latitude"), sheet.has(longitude, "the longitude")]
    if not all(found):
        return None
    north, east = sheet.numbers(latitude), sheet.numbers(longitude)
    _check_both_given(sheet, latitude, longitude)
    if not _whole_column_is_wrong(sheet, latitude, longitude, north, east):
        _check_places(sheet, latitude, longitude, north, east)
    return north, east


def _check_both_given(sheet: Sheet, latitude: str, longitude: str) -> None:
    no_north, no_east = sheet.blank(latitude), sheet.blank(longitude)
    sheet.complain_where(no_north & ~no_east, "the latitude is missing", column=latitude, expected=_LATITUDES)
    sheet.complain_where(
        no_east & ~no_north, "the longitude is missing", column=longitude, expected=_LONGITUDES
    )


def _whole_column_is_wrong(
    sheet: Sheet, latitude: str, longitude: str, north: Degrees, east: Degrees
) -> bool:
    both = np.isfinite(north) & np.isfinite(east)
    grid = both & (np.abs(north) > _GRID_METRES) & (np.abs(east) > _GRID_METRES)
    exchanged = both & (_outside_but_exchangeable(north, east) | _british(east, north))
    if _most(grid, both):
        sheet.complain(
            f"{grid.sum()} of {both.sum()} places look like metres on a national grid",
            column=latitude,
            expected=_LATITUDES,
            advice="Convert eastings and northings to latitude and longitude (WGS84).",
        )
    elif _most(exchanged, both):
        sheet.complain(
            f"latitude and longitude look swapped in {exchanged.sum()} of {both.sum()} rows",
            column=latitude,
            advice=_try_exchanged(latitude, longitude),
        )
    elif _named_the_other_way_round(latitude, longitude) and _can_be_exchanged(north[both], east[both]):
        sheet.complain(
            f"latitude and longitude look swapped: '{latitude}' is declared as the latitude "
            f"and '{longitude}' as the longitude",
            column=latitude,
            advice=_try_exchanged(latitude, longitude),
        )
        return True
    return _most(grid, both) or _most(exchanged, both)


def _try_exchanged(latitude: str, longitude: str) -> str:
    return f"Try latitude = '{longitude}' and longitude = '{latitude}'."


def _named_the_other_way_round(latitude: str, longitude: str) -> bool:
    names = coordinate_named(latitude), coordinate_named(longitude)
    return names in {("longitude", "latitude"), ("longitude", None), (None, "latitude")}


def _can_be_exchanged(north: Degrees, east: Degrees) -> bool:
    """Tell whether the names may be right and the settings wrong, by the numbers themselves.

    Some longitudes can be no latitudes, and what lies in the British Isles as declared is there for good.
    """
    british = _british(north, east)
    return bool(np.all(np.abs(east) <= 90)) and not _most(british, np.ones_like(british))


def _most(some: NDArray[np.bool_], of: NDArray[np.bool_]) -> bool:
    return bool(of.any() and 2 * some.sum() > of.sum())


def _outside_but_exchangeable(north: Degrees, east: Degrees) -> NDArray[np.bool_]:
    return (np.abs(north) > 90) & (np.abs(north) <= 180) & (np.abs(east) <= 90)


def _british(north: Degrees, east: Degrees) -> NDArray[np.bool_]:
    lowest, highest = _BRITISH_LATITUDES
    west, far_east = _BRITISH_LONGITUDES
    return (north >= lowest) & (north <= highest) & (east >= west) & (east <= far_east)


def _check_places(sheet: Sheet, latitude: str, longitude: str, north: Degrees, east: Degrees) -> None:
    swapped = _swapped_against_the_rest(north, east)
    sheet.complain_where(
        swapped, "looks swapped with the longitude", column=latitude, advice="Exchange the two cells."
    )
    nowhere = (north == 0) & (east == 0)
    sheet.complain_where(
        nowhere,
        "is not plausible: 0, 0 lies in the sea off Africa",
        column=latitude,
        expected="a place on land",
    )
    off_north, off_east = ~swapped & (np.abs(north) > 90), ~swapped & (np.abs(east) > 180)
    sheet.complain_where(off_north, "is out of range", column=latitude, expected=_LATITUDES)
    sheet.complain_where(off_east, "is out of range", column=longitude, expected=_LONGITUDES)
    _warn_of_far_places(sheet, north, east, but_not=swapped | nowhere | off_north | off_east)


def _swapped_against_the_rest(north: Degrees, east: Degrees) -> NDArray[np.bool_]:
    """Tell which places lie far from the others, and would fall among them if exchanged."""
    both = np.isfinite(north) & np.isfinite(east)
    if not both.any():
        return both
    middle_north, middle_east = np.median(north[both]), np.median(east[both])
    away = np.hypot(north - middle_north, east - middle_east)
    away_if_exchanged = np.hypot(east - middle_north, north - middle_east)
    return both & (away > 20) & (away_if_exchanged < away / 4)


def _warn_of_far_places(sheet: Sheet, north: Degrees, east: Degrees, but_not: NDArray[np.bool_]) -> None:
    usable = np.isfinite(north) & np.isfinite(east) & ~but_not
    if not usable.any():
        return
    far = np.abs(north - np.median(north[usable])) > _FAR_LATITUDE
    far |= np.abs(east - np.median(east[usable])) > _FAR_LONGITUDE
    for position in np.flatnonzero(usable & far):
        place = f"{north[position]:g}, {east[position]:g}"
        sheet.warnings.append(
            f"Row {sheet.rows[position]}: the place {place} is very far from most others. Is it right?"
        )
