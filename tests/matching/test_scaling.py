"""Values become integers in one step, exactly or with the error that is stated."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from pairing.errors import InputDataError, SettingsError
from pairing.matching import scale_values

FINITE = st.floats(allow_nan=False, allow_infinity=False)
DECIMALS = st.decimals(-1000, 1000, places=4).map(float)


@pytest.mark.parametrize(
    ("values", "digits", "integers"),
    [
        ([], 0, []),
        ([0, 0.0], 0, [0, 0]),
        ([1200, 300], 0, [1200, 300]),
        ([0.1, 0.25, -3], 2, [10, 25, -300]),
        ([1e300, 3e300], -300, [1, 3]),
        ([5e-324], 324, [5]),
        ([1 / 3], 12, [333333333333]),
        ([2**60 + 1, 3], 0, [2**60 + 1, 3]),
        ([2**63, 3], -7, [922337203685, 0]),
        ([10**40], -40, [1]),
        ([-1e15, 1], 0, [-(10**15), 1]),
        ([-1e15, 0.25], -3, [-(10**12), 0]),
        ([1e300, 1e-300], -288, [10**12, 0]),
    ],
)
def test_digits_are_chosen_as_stated(values: list[float], digits: int, integers: list[int]) -> None:
    """Exact with the fewest digits if that fits, whole numbers as they are, else as many as leave 10**12."""
    scaled = scale_values(values)
    assert scaled.digits == digits
    assert scaled.integers.tolist() == integers


@given(values=st.lists(FINITE, max_size=8))
@example(values=[9.190406575394113e18])  # a whole number between 2**62 and 2**63 stays as it is
def test_error_is_within_the_stated_bound(values: list[float]) -> None:
    """Whatever the floats, each integer is in the stated range and within the stated error of its text."""
    scaled = scale_values(values)
    largest = max(map(abs, scaled.integers.tolist()), default=0)
    if not scaled.exact:
        assert largest <= 10**12
    else:
        assert largest < (2**63 if scaled.digits == 0 else 10**15)
    for value, integer in zip(values, scaled.integers.tolist(), strict=True):
        assert abs(Fraction(repr(value)) - integer / scaled.scale) <= scaled.error_per_value


@given(values=st.lists(DECIMALS, min_size=1, max_size=8))
def test_short_decimals_are_exact_with_the_fewest_digits(values: list[float]) -> None:
    """Four decimals are kept without any error, and no digit is kept that all could do without."""
    scaled = scale_values(values)
    assert scaled.exact
    assert scaled.error_per_value == 0
    assert 0 <= scaled.digits <= 4
    if scaled.digits:
        assert any(integer % 10 for integer in scaled.integers.tolist())
    assert [scaled.to_value(integer) for integer in scaled.integers.tolist()] == values


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), digits=st.integers(-3, 9))
def test_given_digits_round_half_to_even(values: list[float], digits: int) -> None:
    """With digits given, every integer is the exact rounding of the decimal text."""
    scaled = scale_values(values, digits=digits)
    expected = [round(Fraction(repr(value)) * Fraction(10) ** digits) for value in values]
    assert scaled.integers.tolist() == expected


def test_halves_are_rounded_as_the_text_says() -> None:
    """2.675 is below its text in binary; the text decides."""
    assert scale_values([2.675, 2.665, 0.5], digits=2).integers.tolist() == [268, 266, 50]


def test_whole_numbers_beyond_doubles_are_exact() -> None:
    """Integers that no double can tell apart stay apart."""
    assert scale_values([2**53 + 1, 2**62 + 1], digits=0).integers.tolist() == [2**53 + 1, 2**62 + 1]


@pytest.mark.parametrize("values", [[1.0, np.nan], [np.inf, 1.0], ["a", "b"], [[1.0]]])
def test_values_that_are_no_numbers_are_refused(values: list[float]) -> None:
    """Missing, infinite and misshapen values raise."""
    with pytest.raises(InputDataError):
        scale_values(values)


def test_refusal_lists_the_positions() -> None:
    """The message says where the missing values are."""
    with pytest.raises(InputDataError, match="position 1, 3"):
        scale_values([0.0, np.nan, 1.0, np.inf])


def test_too_many_digits_are_refused() -> None:
    """Digits that would overflow 64 bits raise instead of wrapping."""
    with pytest.raises(SettingsError, match="64 bits"):
        scale_values([1e10], digits=12)


def test_total_beyond_a_float_is_infinite() -> None:
    """A sum of huge values does not raise."""
    scaled = scale_values([1.7e308, 1.7e308])
    assert scaled.to_value(int(scaled.integers.sum())) == np.inf


def test_whole_numbers_stay_whole_however_large() -> None:
    """Whole numbers of 15 to 18 digits are not rounded, as floats or as integers."""
    for values in ([1e15, 3e15 + 1, 5.0], [10**17 + 1, 2**61, -3]):
        scaled = scale_values(values)
        assert scaled.integers.tolist() == [int(value) for value in values]
        assert (scaled.digits, scaled.error_per_value) == (0, 0)
