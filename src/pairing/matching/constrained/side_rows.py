"""Linear constraints on a whole matching, in floats for a solver and in whole numbers for every claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MANTISSA_BITS = 53


@dataclass(frozen=True, eq=False)
class SideRow:
    """One constraint: the coefficients of the matched edges may add up to at most so much.

    Parameters
    ----------
    coefficients : ndarray of float or int, shape (m,)
        One number an edge, in the canonical order of the edges of
        :class:`~pairing.matching.problem.MatchingProblem`. "At least" is "at most" with both signs changed.
    at_most : float
        The limit.
    label : str
        What the constraint is called in messages.

    Raises
    ------
    InputDataError
        If a number is not finite.

    Examples
    --------
    >>> SideRow(np.array([0.5, 2.0]), 2.25, "km").spent(np.array([True, True]))
    Fraction(5, 2)
    """

    coefficients: NDArray[Any] = field(repr=False)
    at_most: float
    label: str = ""

    def __post_init__(self) -> None:
        array = np.asarray(self.coefficients)
        if array.ndim != 1 or array.dtype.kind not in "iufb":
            raise InputDataError([Problem(f"side constraint '{self.label}' is no list of numbers")])
        if not (np.isfinite(array).all() and np.isfinite(self.at_most)):
            raise InputDataError([Problem(f"side constraint '{self.label}' has a number that is not finite")])
        object.__setattr__(self, "coefficients", array)

    @cached_property
    def unit(self) -> Fraction:
        """The greatest power of two of which every coefficient is a whole multiple."""
        return self._exact[1]

    @property
    def multiples(self) -> NDArray[Any]:
        """The coefficients in that unit: 64-bit or Python integers, shape (m,)."""
        return self._exact[0]

    @cached_property
    def limit(self) -> int:
        """The greatest whole number of units that the limit permits."""
        return int(Fraction(self.at_most) / self.unit // 1)

    @cached_property
    def magnitude(self) -> float:
        """A power of two not far from the largest coefficient, to scale the row for a solver."""
        largest = float(np.abs(self.coefficients).max(initial=0))
        return float(2.0 ** np.frexp(largest)[1]) if largest > 0 else 1.0

    def spent(self, chosen: NDArray[np.bool_]) -> Fraction:
        """Add up the coefficients of the chosen edges, exactly."""
        return Fraction(sum(self.multiples[chosen].tolist())) * self.unit

    def permits(self, chosen: NDArray[np.bool_]) -> bool:
        """Whether the chosen edges keep to the limit, exactly."""
        return int(sum(self.multiples[chosen].tolist())) <= self.limit

    def reach(self, n_pairs: int) -> tuple[int, int]:
        """Give two numbers of units between which any so many edges, or fewer, spend."""
        ranked = np.sort(self.multiples)
        lowest = sum(min(units, 0) for units in ranked[:n_pairs].tolist())
        highest = sum(max(units, 0) for units in ranked[max(ranked.size - n_pairs, 0) :].tolist())
        return lowest, highest

    @cached_property
    def _exact(self) -> tuple[NDArray[Any], Fraction]:
        array = self.coefficients
        if array.dtype.kind in "iub":
            return array.astype(np.int64), Fraction(1)
        if np.array_equal(array, np.rint(array)) and np.abs(array).max(initial=0.0) < 2.0**_MANTISSA_BITS:
            return array.astype(np.int64), Fraction(1)
        mantissas, exponents = np.frexp(array)
        whole = (mantissas * 2.0**_MANTISSA_BITS).astype(np.int64).astype(object)
        exponents = exponents.astype(np.int64) - _MANTISSA_BITS
        lowest = int(exponents[array != 0].min())
        shifts = np.where(array != 0, exponents - lowest, 0).astype(object)
        return whole << shifts, Fraction(2) ** lowest


def check_rows(rows: Sequence[SideRow], n_edges: int) -> None:
    """Refuse rows that are not aligned with the edges of a problem.

    Raises
    ------
    InputDataError
        If a row has another number of coefficients than there are edges.
    """
    problems = [
        Problem(
            f"side constraint '{row.label}' has {row.coefficients.size} coefficients",
            expected=f"one for each of the {n_edges} edges",
        )
        for row in rows
        if row.coefficients.size != n_edges
    ]
    if problems:
        raise InputDataError(problems)
