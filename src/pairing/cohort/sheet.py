"""The table of teams while it is being read: its columns as text, and what was found wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.cells import CellFault, cell_text, has_decimal_comma, is_marker, read_number, shown
from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_ROWS_NAMED = 5
_TOLD_ONE_BY_ONE = 20
_HEADER_NAMES_SHOWN = 12
_COMMA = "decimal comma"


class Sheet:
    """Columns of text with their row numbers, which collects problems instead of stopping at the first.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Cells by column, without blanks around them; "" where a cell is empty.
    rows : sequence of int
        Row of each team as a spreadsheet counts it.
    file : str, optional
        Name of the file for messages.
    """

    def __init__(
        self, columns: Mapping[str, Sequence[str]], rows: Sequence[int], file: str | None = None
    ) -> None:
        self.columns = {name: tuple(cells) for name, cells in columns.items()}
        self.rows = tuple(rows)
        self.file = file
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self._missing: set[str] = set()
        self._numbers: dict[str, NDArray[np.float64]] = {}

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, rows: Sequence[int], file: str | None = None) -> Sheet:
        """Make a sheet of a data frame with numbers or text."""
        columns = {str(name): [cell_text(cell) for cell in frame[name]] for name in frame.columns}
        return cls(columns, rows, file)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, positions: Sequence[int]) -> Sheet:
        """Give the sheet with these rows only; problems go on being collected in the same lists."""
        chosen = {name: [cells[i] for i in positions] for name, cells in self.columns.items()}
        sheet = Sheet(chosen, [self.rows[i] for i in positions], self.file)
        sheet.problems, sheet.warnings, sheet._missing = self.problems, self.warnings, self._missing
        return sheet

    def complain(
        self,
        message: str,
        *,
        column: str | None = None,
        position: int | None = None,
        expected: str | None = None,
        advice: str | None = None,
        quote: bool = True,
    ) -> None:
        """Note a problem with the file, a column, or the cell of a column at a position."""
        row = self.rows[position] if position is not None else None
        cell = self.columns[column][position] if column is not None and position is not None else None
        value = shown(cell) if quote and cell else None
        self.problems.append(Problem(message, self.file, row, column, value, expected, advice))

    def has(self, column: str, role: str) -> bool:
        """Tell whether a column is there; if not, note the problem once."""
        if column in self.columns:
            return True
        if column not in self._missing:
            self._missing.add(column)
            self.complain(
                f"there is no such column; it was named as {role}", column=column, advice=self._advice(column)
            )
        return False

    def header_looks_like_data(self) -> bool:
        """Tell whether many column names are numbers, as if the file had no header."""
        numbers = [not isinstance(read_number(name), CellFault) for name in self.columns if name]
        return sum(numbers) * 3 > len(numbers) > 1

    def blank(self, column: str) -> NDArray[np.bool_]:
        """Tell which cells of a column are empty."""
        return np.array([not cell for cell in self.columns[column]], dtype=bool)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Read a column of numbers; NaN where a cell is empty or, noted as a problem, not a number."""
        if column not in self._numbers:
            self._numbers[column] = self._read_numbers(column)
        return self._numbers[column].copy()

    def complain_where(
        self,
        wrong: NDArray[np.bool_],
        message: str,
        *,
        column: str,
        expected: str | None = None,
        advice: str | None = None,
    ) -> None:
        """Note the same problem for every cell of a column where `wrong` is true; once if they are many."""
        positions = self._in_order_of_rows(int(position) for position in np.flatnonzero(wrong))
        if len(positions) > _TOLD_ONE_BY_ONE:
            message += f" (also in {_name_rows([self.rows[position] for position in positions[1:]])})"
            positions = positions[:1]
        for position in positions:
            self.complain(message, column=column, position=position, expected=expected, advice=advice)

    def _read_numbers(self, column: str) -> NDArray[np.float64]:
        numbers = np.full(len(self), np.nan)
        faults: dict[str, dict[int, CellFault]] = {}
        for position, text in enumerate(self.columns[column]):
            if not text:
                continue
            number = read_number(text)
            if isinstance(number, CellFault):
                faults.setdefault(_kind_of_fault(text, number), {})[position] = number
            else:
                numbers[position] = number
        for kind, alike in faults.items():
            self._complain_of_faults(column, kind, alike)
        return numbers

    def _complain_of_faults(self, column: str, kind: str, alike: Mapping[int, CellFault]) -> None:
        """Tell faults of one kind one by one, or together if they are surely one fault or very many."""
        together = kind == _COMMA or is_marker(kind) or len(alike) > _TOLD_ONE_BY_ONE
        positions = self._in_order_of_rows(alike)
        for position in positions[: 1 if together else None]:
            fault = alike[position]
            message, advice = fault.message, fault.advice
            if together and len(alike) > 1:
                message += f" (also in {_name_rows([self.rows[other] for other in positions[1:]])})"
            if is_marker(kind):
                advice = "Leave a cell empty where the value is not known."
            self.complain(message, column=column, position=position, advice=advice)

    def _in_order_of_rows(self, positions: Iterable[int]) -> list[int]:
        # Teams stand in the order of their ids; people look for rows from the top.
        return sorted(positions, key=lambda position: self.rows[position])

    def _advice(self, column: str) -> str:
        names = list(self.columns)
        shown = ", ".join(names[:_HEADER_NAMES_SHOWN]) + (
            ", ..." if len(names) > _HEADER_NAMES_SHOWN else "."
        )
        advice = [did_you_mean(column, names), f"The columns are: {shown}"]
        if self.header_looks_like_data():
            advice.append("The first row looks like data: give the file a row of column names.")
        return " ".join(sentence for sentence in advice if sentence)


def _kind_of_fault(text: str, fault: CellFault) -> str:
    if is_marker(text):
        return text
    return _COMMA if has_decimal_comma(text) else fault.message


def _name_rows(rows: Sequence[int]) -> str:
    named = ", ".join(str(row) for row in rows[:_ROWS_NAMED])
    more = len(rows) - _ROWS_NAMED
    return f"row{'s' if len(rows) > 1 else ''} {named}" + (f" and {more} more" if more > 0 else "")
