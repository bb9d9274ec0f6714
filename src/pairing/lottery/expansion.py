"""From one column of a table to the numeric columns that are balanced."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

MissingCovariates = Literal["refuse", "mean-and-indicator"]


@dataclass(frozen=True, eq=False)
class Expanded:
    """Numeric columns made of one given column.

    Parameters
    ----------
    names : tuple of str
        One a column.
    values : ndarray of float, shape (n, number of columns)
        Without missing values.
    shares : tuple of float
        Share of the given column's weight that each gets.
    note : str or None
        What was done about missing values.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    shares: tuple[float, ...]
    note: str | None = None


def expand(name: str, given: ArrayLike, teams: Sequence[str], missing: MissingCovariates) -> Expanded:
    """Expand a column: numbers stay, categories become one column a level.

    Parameters
    ----------
    name : str
        Name of the column.
    given : array_like, length n
        Numbers, or anything else as categories; missing is None, NaN or "".
    teams : sequence of str, length n
        Team ids, for messages.
    missing : {"refuse", "mean-and-indicator"}
        What to do about missing values.

    Returns
    -------
    Expanded

    Raises
    ------
    InputDataError
        If values are missing and may not be, or infinite, or all the same.

    Examples
    --------
    >>> expand("region", ["N", "S", "N"], ["a", "b", "c"], "refuse").values.T.tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    values = np.asarray(given, dtype=object)
    if values.shape != (len(teams),):
        raise InputDataError([Problem(f"has shape {values.shape} for {len(teams)} teams", value=name)])
    absent = np.array([_is_missing(value) for value in values])
    if absent.any() and missing == "refuse":
        raise InputDataError(
            [_missing_problem(name, [teams[row] for row in np.flatnonzero(absent).tolist()])]
        )
    present = values[~absent]
    if len(set(present.tolist())) < 2:
        raise InputDataError([_constant_problem(name)])
    if all(isinstance(value, numbers.Real | np.bool_) for value in present):
        return _numbers(name, values, absent, teams)
    return _levels(name, values, absent)


def _numbers(
    name: str, values: NDArray[np.object_], absent: NDArray[np.bool_], teams: Sequence[str]
) -> Expanded:
    array = np.full(len(values), np.nan)
    array[~absent] = values[~absent].astype(np.float64)
    infinite = np.flatnonzero(np.isinf(array))
    if len(infinite):
        where = shortened([teams[row] for row in infinite.tolist()])
        raise InputDataError([Problem(f"is infinite for {where}", column=name, expected="a finite number")])
    if not absent.any():
        return Expanded((name,), array[:, None], (1.0,))
    filled = np.where(absent, array[~absent].mean(), array)
    note = (
        f"{name}: {absent.sum()} teams without a value take the mean of the others, "
        "and being without one is balanced too"
    )
    return Expanded((name, f"{name} missing"), np.column_stack([filled, absent]), (1.0, 1.0), note)


def _levels(name: str, values: NDArray[np.object_], absent: NDArray[np.bool_]) -> Expanded:
    labels = np.array(
        ["(missing)" if gone else str(value) for value, gone in zip(values, absent, strict=True)]
    )
    levels = np.unique(labels)
    note = f"{name}: the {absent.sum()} teams without a value are a level of their own"
    return Expanded(
        names=tuple(f"{name} = {level}" for level in levels),
        values=(labels[:, None] == levels[None, :]).astype(np.float64),
        shares=(1 / len(levels),) * len(levels),
        note=note if absent.any() else None,
    )


def _is_missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or value == "" or value != value


def _missing_problem(name: str, teams: Sequence[str]) -> Problem:
    return Problem(
        f"is missing for {shortened(teams)}",
        column=name,
        advice="Fill it in, leave the covariate out, or choose the policy 'mean-and-indicator'.",
    )


def _constant_problem(name: str) -> Problem:
    return Problem("has one value only, so the arms cannot differ in it", column=name, advice="Leave it out.")
