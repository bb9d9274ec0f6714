"""What the columns of an unknown table probably hold, from their names and their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.cells import CellFault, read_number
from pairing.cohort.coordinate_names import coordinate_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from pairing.cohort.coordinate_names import Coordinate

_ID_NAMES = tuple(
    "procode orgcode odscode areacode trustcode practicecode providercode organisationcode hospitalcode "  # noqa: SIM905
    "sitecode teamcode teamid team id code urn".split()
)
_SIZE_NAMES = tuple(
    "patients listsize size cases npatients totalpatients registeredpatients beds pupils population "  # noqa: SIM905
    "volume teamsize patienten betten".split()
)
_SUFFIXES = {
    "adjusted": ("_adj", "_adjusted", "_standardised", "_standardized"),
    "denominator": ("_n", "_denominator", "_denom", "_den", "_patients", "_cases", "_total"),
    "standard_error": ("_se", "_sem", "_stderr", "_standard_error"),
    "value": ("_rate", "_percent", "_percentage", "_pct", "_proportion", "_value"),
}
_PREFIXES = {"denominator": ("n_",), "standard_error": ("se_",)}
_LOWER_IS_BETTER = re.compile(
    "mortality|death|died|readmi|complication|infection|delay|wait|late|missed|cancel|emergency|"
    "length_of_stay|did_not"
)
_A_YEAR = re.compile(
    r"(?:n_|number_of_|no_of_|total_|new_)*(?:patients|cases|referrals|admissions|operations|procedures)"
    r"_(?:per_year|a_year|each_year|yearly|annually|per_annum|p_a|pa)"
    r"|(?:annual|yearly)_(?:number_of_|no_of_|total_)?"
    r"(?:patients|patient_numbers|cases|caseload|referrals|admissions|operations|procedures|volume)"
)
_RESULTS = frozenset({"pair_id", "partner", "partner_name", "indicators_observed"})
_RESULTS_BESIDE_A_PARTNER = frozenset({"value", "gain", "level"})
_LARGEST: dict[Coordinate, float] = {"latitude": 90.0, "longitude": 180.0}
_MOSTLY = 0.9


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table: its name, its cells, and the cells as numbers (NaN where they are none)."""

    name: str
    cells: tuple[str, ...]
    numbers: NDArray[np.float64]

    @property
    def key(self) -> str:
        """The name in small letters with underscores, so that spellings do not matter."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.casefold()).strip("_")

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not empty."""
        return tuple(cell for cell in self.cells if cell)

    @property
    def is_numeric(self) -> bool:
        """Whether nearly all filled cells are numbers."""
        return bool(self.filled) and np.isfinite(self.numbers).sum() >= _MOSTLY * len(self.filled)

    @property
    def is_unique(self) -> bool:
        """Whether nearly all cells are filled and differ; a few slips should not hide a column of ids."""
        return bool(self.cells) and len(set(self.filled)) >= _MOSTLY * len(self.cells)

    @property
    def varies(self) -> bool:
        """Whether there are two different numbers."""
        return len(set(self.numbers[np.isfinite(self.numbers)].tolist())) > 1


@dataclass(frozen=True)
class Measure:
    """Columns that belong to one indicator, by role."""

    stem: str
    value: Column | None = None
    adjusted: Column | None = None
    denominator: Column | None = None
    standard_error: Column | None = None

    @property
    def main(self) -> Column | None:
        """The column to pair on: the adjusted rate where there is one."""
        return self.adjusted or self.value

    @property
    def has_uncertainty(self) -> bool:
        """Whether there are values with patients or standard errors of their own."""
        return self.main is not None and bool(self.denominator or self.standard_error)


def make_column(name: str, cells: Sequence[str]) -> Column:
    """Read the cells of a column as numbers where they are."""
    numbers = [read_number(cell) if cell else np.nan for cell in cells]
    usable = [np.nan if isinstance(number, CellFault) else number for number in numbers]
    return Column(name, tuple(cells), np.array(usable, dtype=float))


def find_id(columns: Sequence[Column], *, within: Column | None = None) -> Column | None:
    """Find the ids: a usual name, or one that ends in "code" or "id", or the first column of unique text.

    In a long table ids repeat: they are unique together with the indicators `within` which they stand.
    """
    candidates = [column for column in columns if _is_key(column, within)]
    by_name = _first_named(candidates, _ID_NAMES)
    by_ending = _first(
        candidates, lambda column: column.key.endswith(("code", "_id")) and "post" not in column.key
    )
    by_cells = _first(candidates, lambda column: not column.is_numeric or _is_whole(column))
    return by_name or by_ending or by_cells


def find_name(columns: Iterable[Column]) -> Column | None:
    """Find the names that people use."""
    return _first(columns, lambda column: column.key.endswith("name") and not column.is_numeric)


def find_size(columns: Sequence[Column]) -> Column | None:
    """Find the size: numbers above 0 under a usual name."""
    positive = [
        column for column in columns if column.is_numeric and np.nanmin(column.numbers, initial=np.inf) > 0
    ]
    return _first_named(positive, _SIZE_NAMES) or _first(
        positive, lambda column: column.key.endswith("_size") or _counts_a_year(column.key)
    )


def find_contact(columns: Iterable[Column]) -> Column | None:
    """Find whom to write to: text in a column named "contact" or "email", or whose name ends so."""
    return _first(
        columns,
        lambda column: column.key.endswith(("contact", "email", "e_mail")) and not column.is_numeric,
    )


def find_coordinates(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """Find latitude and longitude by name, if the numbers can be such; only both together are of use."""
    north = _first(columns, lambda column: _can_be(column, "latitude"))
    east = _first(columns, lambda column: _can_be(column, "longitude"))
    return (north, east) if north and east else None


def is_coordinate(column: Column) -> bool:
    """Tell whether a column says by its name that it is a coordinate, of use or not."""
    return coordinate_named(column.name, surely=True) is not None


def results_of_pairing(columns: Sequence[Column]) -> list[Column]:
    """Find the columns that an earlier pairing wrote: they are results, and never data of the teams."""
    keys = {column.key for column in columns}
    paired = bool(keys & {"pair_id", "partner"})
    return [
        column
        for column in columns
        if column.key in _RESULTS or (paired and column.key in _RESULTS_BESIDE_A_PARTNER)
    ]


def find_attributes(columns: Iterable[Column]) -> list[Column]:
    """Find categories: text with at least two values that teams share."""
    return [
        column
        for column in columns
        if not column.is_numeric and 1 < len(set(column.filled)) <= len(column.filled) / 2
    ]


def find_measures(columns: Iterable[Column]) -> list[Measure]:
    """Group the numeric columns by what they measure: "x", "x_adj", "x_n" and "x_se" belong together."""
    grouped: dict[str, dict[str, Column]] = {}
    for column in columns:
        if column.is_numeric:
            stem, role = _stem_and_role(column.key)
            grouped.setdefault(stem, {}).setdefault(role, column)
    return [
        Measure(
            stem,
            roles.get("value"),
            roles.get("adjusted"),
            roles.get("denominator"),
            roles.get("standard_error"),
        )
        for stem, roles in grouped.items()
    ]


def guess_unit(*columns: Column | None) -> str | None:
    """Tell proportions (0 to 1) from percentages (0 to 100); None if the numbers are neither."""
    known = np.concatenate([column.numbers for column in columns if column is not None])
    known = known[np.isfinite(known)]
    if not known.size or known.min() < 0 or known.max() > 100:
        return None
    return "proportion" if known.max() <= 1 else "percent"


def higher_is_better(stem: str) -> bool:
    """Tell by a name whether more is better care; most audits count what should be done."""
    return _LOWER_IS_BETTER.search(stem) is None


def _is_key(column: Column, within: Column | None) -> bool:
    if within is None:
        return column.is_unique
    if column is within or not column.filled:
        return False
    together = list(zip(column.cells, within.cells, strict=True))
    return len(set(together)) >= _MOSTLY * len(together)


def _can_be(column: Column, coordinate: Coordinate) -> bool:
    """Tell whether a column is named like a coordinate and holds degrees."""
    if coordinate_named(column.name) != coordinate or not column.is_numeric:
        return False
    known = column.numbers[np.isfinite(column.numbers)]
    return bool(np.all(np.abs(known) <= _LARGEST[coordinate]))


def _is_whole(column: Column) -> bool:
    known = column.numbers[np.isfinite(column.numbers)]
    return bool(np.all(known == np.floor(known)))


def _first(columns: Iterable[Column], wanted: Callable[[Column], bool]) -> Column | None:
    return next((column for column in columns if wanted(column)), None)


def _first_named(columns: Sequence[Column], names: Sequence[str]) -> Column | None:
    by_key = {column.key.replace("_", ""): column for column in reversed(columns)}
    return next((by_key[name] for name in names if name in by_key), None)


def _counts_a_year(key: str) -> bool:
    """Tell "Patients per year", "cases a year" and "annual patients" from other names."""
    return _A_YEAR.fullmatch(key) is not None


def _stem_and_role(key: str) -> tuple[str, str]:
    for role, suffixes in _SUFFIXES.items():
        for suffix in suffixes:
            if key.endswith(suffix):
                return _without_other_endings(key.removesuffix(suffix)), role
    for role, prefixes in _PREFIXES.items():
        for prefix in prefixes:
            if key.startswith(prefix):
                return key.removeprefix(prefix), role
    return key, "value"


def _without_other_endings(stem: str) -> str:
    # "x_adj_se" and "x_rate_n" belong to "x".
    for suffix in (*_SUFFIXES["adjusted"], *_SUFFIXES["value"]):
        if stem.endswith(suffix):
            return stem.removesuffix(suffix)
    return stem
