"""The one step in which values become integers, with its scale and its error stated.

The engine and the certificate work in exact integer arithmetic. A value stands for its shortest decimal
text (what Python prints for it), so 0.1 is one tenth here and not the binary fraction next to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.shown import show_result
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

_EXACT_BELOW = 10**15  # a decimal of at most 15 digits comes back unchanged from a double
_ROUNDED_MOST = 10**12  # leaves six digits of an int64 for the sums over a matching
_WHOLE_BELOW = 2**63  # whole numbers below it fit into an int64 as they are
_DECIMALS_BELOW = 10**18  # what is given as decimals keeps as many digits as fit into an int64
_INT64_MOST = 2**63 - 1
_EXACT_POWERS = 22  # 10**22 is the largest power of ten that a double holds exactly
_MOST_LISTED = 5


@dataclass(frozen=True, eq=False)
class ScaledValues:
    """Values as integers: ``integer = value * 10**digits``, rounded half to even.

    Parameters
    ----------
    integers : ndarray of int64, shape (m,)
        The scaled values, read-only.
    digits : int
        Decimal digits kept; negative for very large values.
    exact : bool
        Whether every integer stands for its value's decimal text without any rounding.

    Examples
    --------
    >>> scaled = scale_values([0.25, -1.5])
    >>> scaled.integers.tolist(), scaled.digits, scaled.exact
    ([25, -150], 2, True)
    """

    integers: NDArray[np.int64]
    digits: int
    exact: bool

    @property
    def scale(self) -> Fraction:
        """Integer units per unit of value, ``10**digits``."""
        return Fraction(10) ** self.digits

    @property
    def error_per_value(self) -> Fraction:
        """Largest possible difference between a value and what its integer stands for."""
        return Fraction(0) if self.exact else Fraction(1, 2) / self.scale

    def to_value(self, total: int) -> float:
        """Turn a sum of integers back into the unit of the values; infinite beyond what a float holds."""
        try:
            return float(Fraction(int(total)) / self.scale)
        except OverflowError:
            return math.copysign(math.inf, total)

    def summary(self) -> str:
        """Say how the values are scaled, and what that may have changed."""
        error = "exactly" if self.exact else f"to within {float(self.error_per_value):.1e}"
        return f"{counted(len(self.integers), 'value')}, {error}, in units of 10^{-self.digits}."

    def _repr_html_(self) -> str:
        return show_result("Scaled values", self.summary())


def scale_values(values: ArrayLike, *, digits: int | None = None) -> ScaledValues:
    """Turn values into integers in the one named step.

    Parameters
    ----------
    values : array_like of numbers, shape (m,)
        Finite values in any unit. Give `decimal.Decimal` (or int) objects for more digits than a float has.
    digits : int, optional
        Decimal digits to keep. By default the fewest (but not fewer than none) with which every value is
        represented exactly while the integers stay below 10**15 (10**18 for decimals); whole numbers below
        2**63 stay as they are; if neither is possible, the most with which no integer exceeds 10**12.

    Returns
    -------
    ScaledValues
        The integers, the digits, and whether anything was rounded.

    Raises
    ------
    InputDataError
        If a value is missing, infinite or not a number; the message lists the positions.
    SettingsError
        If `digits` is so large that the integers would not fit into 64 bits.

    Notes
    -----
    A matching of k pairs therefore has a total that is right to within ``k * error_per_value``.

    Examples
    --------
    >>> scale_values([1 / 3, 2 / 3]).integers.tolist()
    [333333333333, 666666666667]
    >>> scale_values([1e300, 3e300]).digits
    -300
    """
    array = _checked(values)
    chosen = _chosen_digits(array) if digits is None else digits
    integers, exact = _scaled(array, chosen)
    integers.setflags(write=False)
    return ScaledValues(integers, chosen, exact)


def _checked(values: ArrayLike) -> NDArray[Any]:
    """Give finite floats, or Python integers (dtype object) where floats would lose some of them."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputDataError([Problem(f"the values have shape {array.shape}", expected="one dimension")])
    if array.size == 0:
        return np.zeros(0)
    if array.dtype.kind in "iub" or all(isinstance(value, int) for value in array.flat):
        return _whole_numbers(array)
    if array.dtype == object and all(isinstance(value, (int, Decimal)) for value in array.flat):
        _refuse_positions(np.flatnonzero([not Decimal(value).is_finite() for value in array.flat]))
        return array
    try:
        floats = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputDataError([Problem("the values are not all numbers")]) from None
    _refuse_positions(np.flatnonzero(~np.isfinite(floats)))
    return floats


def _whole_numbers(array: NDArray[Any]) -> NDArray[Any]:
    largest = max(abs(int(array.max())), abs(int(array.min())))
    return array.astype(np.float64) if largest < 2**53 else array.astype(object)


def _refuse_positions(positions: NDArray[np.intp]) -> None:
    if positions.size == 0:
        return
    listed = ", ".join(str(position) for position in positions[:_MOST_LISTED])
    more = f" and {positions.size - _MOST_LISTED} more" if positions.size > _MOST_LISTED else ""
    raise InputDataError([Problem(f"value is missing or infinite at position {listed}{more}")])


def _chosen_digits(array: NDArray[Any]) -> int:
    largest = _largest(array)
    if largest == 0:
        return 0
    most = _most_digits(largest, (_DECIMALS_BELOW if array.dtype == object else _EXACT_BELOW) - 1)
    if not _exact_at(array, most):
        whole = largest < _WHOLE_BELOW and _exact_at(array, 0)
        return 0 if whole else _most_digits(largest, _ROUNDED_MOST)
    fewest = 0 if most >= 0 else most - 20
    return _first_where(lambda digits: _exact_at(array, digits), fewest, most)


def _first_where(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Find by bisection the least number at which a condition holds that, once true, stays true."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


def _largest(array: NDArray[Any]) -> Fraction:
    return _text_value(np.abs(array).max()) if array.size else Fraction(0)


def _most_digits(largest: Fraction, limit: int) -> int:
    """Give the most digits with which the largest value, rounded, does not exceed the limit."""
    digits = len(str(limit)) - len(str(round(largest))) if largest >= 1 else len(str(round(1 / largest))) + 14
    while round(largest * Fraction(10) ** digits) > limit:
        digits -= 1
    while round(largest * Fraction(10) ** (digits + 1)) <= limit:
        digits += 1
    return digits


def _exact_at(array: NDArray[Any], digits: int) -> bool:
    """Whether every value's decimal text is a whole number of units at so many digits."""
    if array.dtype != object and _fits_doubles(array, digits):
        power = 10.0 ** abs(digits)
        whole = np.rint(array * power if digits >= 0 else array / power)
        return bool(np.all((whole / power if digits >= 0 else whole * power) == array))
    scale = Fraction(10) ** digits
    return all((_text_value(value) * scale).denominator == 1 for value in array)


def _scaled(array: NDArray[Any], digits: int) -> tuple[NDArray[np.int64], bool]:
    scale = Fraction(10) ** digits
    if round(_largest(array) * scale) > _INT64_MOST:
        raise SettingsError(
            [Problem(f"{digits} digits make integers beyond 64 bits", expected="fewer digits")]
        )
    exact = _exact_at(array, digits)
    if array.dtype != object and _fits_doubles(array, digits):
        return _rounded_doubles(array, digits), exact
    return np.array([round(_text_value(value) * scale) for value in array], dtype=np.int64), exact


def _fits_doubles(array: NDArray[Any], digits: int) -> bool:
    """Whether scaling in double precision is off by less than a quarter of a unit."""
    return abs(digits) <= _EXACT_POWERS and _largest(array) * Fraction(10) ** digits < _EXACT_BELOW


def _rounded_doubles(array: NDArray[np.float64], digits: int) -> NDArray[np.int64]:
    """Round in double precision, and once more exactly where that is too close to call."""
    power = 10.0 ** abs(digits)
    products = array * power if digits >= 0 else array / power
    integers = np.rint(products).astype(np.int64)
    margin = np.abs(products).max(initial=1.0) * 2.0**-51
    for position in np.flatnonzero(np.abs(np.abs(products - integers) - 0.5) <= margin):
        integers[position] = round(_text_value(array[position]) * Fraction(10) ** digits)
    return integers


def _text_value(value: Any) -> Fraction:  # noqa: ANN401 - a float or an int out of an object array
    """Give the exact value of a number's shortest decimal text."""
    if isinstance(value, (int, Decimal)):
        return Fraction(value)
    return Fraction(Decimal(repr(float(value))))
