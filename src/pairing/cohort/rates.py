"""What the audit observed: an indicator's values with the patients or the standard errors behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort.indicator import Indicator
    from pairing.cohort.sheet import Sheet

_RANGES = {"proportion": (0.0, 1.0), "percent": (0.0, 100.0), "number": (-np.inf, np.inf)}


@dataclass(frozen=True)
class IndicatorColumns:
    """One indicator's observations, one entry a team; NaN where nothing was observed.

    Parameters
    ----------
    values, denominators, standard_errors, unadjusted : ndarray of float, shape (n,)
        As in :class:`pairing.cohort.cohort.Observations`, of one indicator. All are NaN where the value is.
    """

    values: NDArray[np.float64]
    denominators: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    unadjusted: NDArray[np.float64]


def read_indicator(sheet: Sheet, indicator: Indicator) -> IndicatorColumns:
    """Read an indicator's columns and note everything that is wrong with them.

    Parameters
    ----------
    sheet : Sheet
        The table of the teams that take part.
    indicator : Indicator
        Which columns to read, and how.

    Returns
    -------
    IndicatorColumns
        Percentages are divided by 100, their standard errors too.
    """
    name = indicator.column
    values = _read(sheet, name, f"the indicator '{indicator.title}'")
    if name in sheet.columns:
        _check_rates(sheet, name, values, indicator.unit)
        _check_spread(sheet, name, values)
    given = np.isfinite(values)
    columns = IndicatorColumns(
        values / indicator.per_unit,
        _read_denominators(sheet, indicator, given),
        _read_standard_errors(sheet, indicator, given) / indicator.per_unit,
        _read_unadjusted(sheet, indicator, given) / indicator.per_unit,
    )
    for array in (columns.denominators, columns.standard_errors, columns.unadjusted):
        array[~given] = np.nan
    return columns


def _read(sheet: Sheet, column: str | None, role: str) -> NDArray[np.float64]:
    if column is None or not sheet.has(column, role):
        return np.full(len(sheet), np.nan)
    return sheet.numbers(column)


def _read_denominators(sheet: Sheet, indicator: Indicator, given: NDArray[np.bool_]) -> NDArray[np.float64]:
    column = indicator.denominator
    numbers = _read(sheet, column, f"the denominator of '{indicator.column}'")
    if column is None or column not in sheet.columns:
        return numbers
    whole = "a whole number of cases, at least 1"
    sheet.complain_where(
        given & sheet.blank(column),
        f"the denominator is missing although '{indicator.column}' has a value",
        column=column,
        expected=whole,
    )
    sheet.complain_where(
        given & (numbers == 0), "is no denominator for a value", column=column, expected=whole
    )
    sheet.complain_where(numbers < 0, "is negative", column=column, expected=whole)
    not_whole = np.isfinite(numbers) & (numbers > 0) & (numbers != np.floor(numbers))
    sheet.complain_where(not_whole, "is not a whole number", column=column, expected=whole)
    return numbers


def _read_standard_errors(
    sheet: Sheet, indicator: Indicator, given: NDArray[np.bool_]
) -> NDArray[np.float64]:
    column = indicator.standard_error
    numbers = _read(sheet, column, f"the standard error of '{indicator.column}'")
    if column is None or column not in sheet.columns:
        return numbers
    positive = "a number above 0"
    sheet.complain_where(
        given & sheet.blank(column),
        f"the standard error is missing although '{indicator.column}' has a value",
        column=column,
        expected=positive,
    )
    sheet.complain_where(given & (numbers <= 0), "is not a standard error", column=column, expected=positive)
    return numbers


def _read_unadjusted(sheet: Sheet, indicator: Indicator, given: NDArray[np.bool_]) -> NDArray[np.float64]:
    column = indicator.unadjusted
    numbers = _read(sheet, column, f"the unadjusted rate of '{indicator.column}'")
    if column is None or column not in sheet.columns:
        return numbers
    _check_rates(sheet, column, numbers, indicator.unit)
    sheet.complain_where(
        given & sheet.blank(column),
        f"the unadjusted rate is missing although '{indicator.column}' has a value",
        column=column,
        advice="Give both, or leave both empty.",
    )
    return numbers


def _check_rates(sheet: Sheet, column: str, values: NDArray[np.float64], unit: str) -> None:
    known = values[np.isfinite(values)]
    lowest, highest = _RANGES[unit]
    outside = (values < lowest) | (values > highest)
    if unit == "proportion" and _look_like_percentages(known):
        sheet.complain(
            f"{np.sum(known > 1)} of {known.size} values lie above 1, like percentages",
            column=column,
            expected="proportions between 0 and 1",
            advice='If they are percentages, declare the indicator with unit = "percent".',
        )
        outside = (values < 0) | (values > _RANGES["percent"][1])
    expected = f"a {unit} between {lowest:g} and {highest:g}"
    sheet.complain_where(outside, f"is not a {unit}", column=column, expected=expected)
    if unit == "percent" and known.size and known.max() <= 1:
        sheet.warnings.append(
            f"Column '{column}' is declared as a percentage, but no value is above 1: are they proportions?"
        )


def _look_like_percentages(known: NDArray[np.float64]) -> bool:
    return bool(known.size and np.mean((known > 1) & (known <= _RANGES["percent"][1])) > 1 / 2)


def _check_spread(sheet: Sheet, column: str, values: NDArray[np.float64]) -> None:
    if len(sheet) <= 1:
        return
    n_filled = int(np.sum(~sheet.blank(column)))
    known = values[np.isfinite(values)]
    if n_filled == 0:
        sheet.complain("no team has a value", column=column, advice="Remove the indicator.")
    elif n_filled == 1:
        sheet.complain("only one team has a value", column=column, advice="Remove the indicator.")
    elif known.size == n_filled and known.min() == known.max():
        sheet.complain(
            f"every team has the same value, {known[0]:g}",
            column=column,
            advice="Remove the indicator: it cannot tell teams apart.",
        )
