"""What the columns of an unknown table probably hold, from their names and their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.cells import CellFault, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

_ID_NAMES = tuple(
    "procode orgcode odscode areacode trustcode practicecode providercode organisationcode hospitalcode "  # noqa: SIM905
    "sitecode teamcode teamid team id code urn".split()
)
_SIZE_NAMES = tuple(
    "patients listsize size cases npatients totalpatients registeredpatients beds pupils population "  # noqa: SIM905
    "volume teamsize".split()
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


def make_column(name: str, cells: Sequence[str]) -> Column:
    """Read the cells of a column as numbers where they are."""
    numbers = [read_number(cell) if cell else np.nan for cell in cells]
    usable = [np.nan if isinstance(number, CellFault) else number for number in numbers]
    return Column(name, tuple(cells), np.array(usable, dtype=float))


def find_id(columns: Sequence[Column], *, unique: bool = True) -> Column | None:
    """Find the ids: a usual name, or one that ends in "code" or "id", or the first column of unique text."""
    candidates = [column for column in columns if column.is_unique or not unique]
    by_name = _first_named(candidates, _ID_NAMES)
    by_ending = _first(
        candidates, lambda column: column.key.endswith(("code", "_id")) and "post" not in column.key
    )
    by_cells = _first(candidates, lambda column: unique and (not column.is_numeric or _is_whole(column)))
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
        positive, lambda column: column.key.endswith("_size")
    )


def find_coordinates(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """Find latitude and longitude; only both together are of use."""
    numeric = [column for column in columns if column.is_numeric]
    north = _first(numeric, lambda column: column.key.split("_")[-1] in {"latitude", "lat"})
    east = _first(numeric, lambda column: column.key.split("_")[-1] in {"longitude", "long", "lon", "lng"})
    return (north, east) if north and east else None


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


def _is_whole(column: Column) -> bool:
    return bool(np.all(column.numbers == np.floor(column.numbers)))


def _first(columns: Iterable[Column], wanted: Callable[[Column], bool]) -> Column | None:
    return next((column for column in columns if wanted(column)), None)


def _first_named(columns: Sequence[Column], names: Sequence[str]) -> Column | None:
    by_key = {column.key.replace("_", ""): column for column in reversed(columns)}
    return next((by_key[name] for name in names if name in by_key), None)


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
