"""What a lottery refuses, with the units it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import PairingError

if TYPE_CHECKING:
    from collections.abc import Sequence


class ImpossibleLotteryError(PairingError):
    """No lottery over these draws gives every unit its declared chance, or the lottery would be lopsided.

    Parameters
    ----------
    message : str
        What is impossible, why, and what to change.
    units : sequence of str, optional
        The pairs or teams responsible.
    """

    def __init__(self, message: str, units: Sequence[str] = ()) -> None:
        self.units = tuple(units)
        super().__init__(message)
