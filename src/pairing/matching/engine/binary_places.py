"""Binary digits of whole numbers of any length, a few places at a time, for whole arrays at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PLACES = 16
"""Places that can be asked for at a time: with up to 7 more they fit into three bytes."""


class BinaryPlaces:
    """The digits of an array of whole numbers.

    Parameters
    ----------
    numbers : ndarray of int64, or of Python integers, shape (m,)
        None of them negative.

    Examples
    --------
    >>> places = BinaryPlaces(np.array([5, 2**80 + 2**79 + 1], dtype=object))
    >>> places.between(0, 3).tolist(), places.between(78, 82).tolist()
    ([5, 1], [0, 6])
    """

    def __init__(self, numbers: NDArray[Any]) -> None:
        self._numbers = numbers
        self._bytes = _bytes_of(numbers.tolist()) if numbers.dtype == object else None

    def between(self, low: int, high: int) -> NDArray[np.int64]:
        """Give the number that the digits from place `low` up to below place `high` spell.

        Parameters
        ----------
        low, high : int
            Places, 0 for the last one; at most `MOST_PLACES` apart.

        Returns
        -------
        ndarray of int64, shape (m,)
            From 0 to ``2**(high - low) - 1``.
        """
        mask = (1 << (high - low)) - 1
        if self._bytes is None:
            return self._numbers >> low & mask
        at, within = divmod(low, 8)
        column = np.zeros(self._bytes.shape[1], dtype=np.int64)
        for place, digits in enumerate(self._bytes[at : at + 3]):
            column |= digits.astype(np.int64) << 8 * place
        return column >> within & mask


def _bytes_of(numbers: list[int]) -> NDArray[np.uint8]:
    """Write numbers as bytes, the least significant in the first row."""
    width = (max(numbers, default=0).bit_length() + 7) // 8
    written = b"".join(number.to_bytes(width, "little") for number in numbers)
    return np.ascontiguousarray(np.frombuffer(written, dtype=np.uint8).reshape(len(numbers), width).T)
