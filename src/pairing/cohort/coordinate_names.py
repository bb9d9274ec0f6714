"""Names of columns that say by themselves that they hold a latitude or a longitude."""

from __future__ import annotations

import re
from typing import Literal

Coordinate = Literal["latitude", "longitude"]

_WORDS: dict[Coordinate, frozenset[str]] = {
    "latitude": frozenset({"lat", "latitude", "latitud", "latitudine", "breite", "breitengrad", "geobreite"}),
    "longitude": frozenset(
        {"lon", "lng", "long", "longitude", "longitud", "longitudine", "länge", "laenge", "längengrad"}
        | {"laengengrad", "geolänge", "geolaenge"}
    ),
}
# Words that mean other things too, and count only where no other word follows ("long_stay" is no longitude).
_LAST_ONLY = frozenset({"long", "länge", "laenge", "breite"})
_CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def coordinate_named(column: str, *, surely: bool = False) -> Coordinate | None:
    """Tell which coordinate a column holds by its name, in English, German, French, Spanish or Italian.

    Parameters
    ----------
    column : str
        Name of the column.
    surely : bool
        Whether to pass over words that have other meanings too ("Länge" may be a length of stay).

    Returns
    -------
    {"latitude", "longitude"} or None
        None if the name says neither, or both. "x" and "y" say neither: they may be metres on any grid.

    Examples
    --------
    >>> coordinate_named("site_lat"), coordinate_named("Längengrad"), coordinate_named("long_stay")
    ('latitude', 'longitude', None)
    """
    words = [word.casefold() for word in _NO_LETTERS.split(_CAMEL.sub(" ", column)) if word]
    certain = {word for word in words if word not in _LAST_ONLY}
    telling = certain if surely else certain | set(words[-1:])
    found = [coordinate for coordinate, names in _WORDS.items() if names & telling]
    return found[0] if len(found) == 1 else None
