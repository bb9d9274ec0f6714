"""One limit on one sum over the pairs of a plan: what a side constraint comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from pairing.matching import SideRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SideLine:
    """One limit on one sum over the pairs of a plan.

    Parameters
    ----------
    key : str
        Which constraint it belongs to.
    sentence : str
        What it demands, in words.
    unit : str
        Of the sum, "" for none.
    coefficients : ndarray of float, shape (m,)
        What each permitted pair adds.
    limit : float
        The limit.
    at_most : bool
        Whether it is an upper limit, else a lower one.
    """

    key: str
    sentence: str
    unit: str
    coefficients: Floats = field(repr=False)
    limit: float
    at_most: bool = True

    def row(self) -> SideRow:
        """The line as the engine takes it."""
        if self.at_most:
            return SideRow(self.coefficients, self.limit, self.sentence)
        return SideRow(-self.coefficients, -self.limit, self.sentence)

    def attained(self, chosen: NDArray[np.bool_]) -> float:
        """What the chosen pairs add up to."""
        spent = self.row().spent(chosen)
        return float(spent if self.at_most else -spent)

    def slack(self, chosen: NDArray[np.bool_]) -> float:
        """How far the chosen pairs are from the limit; negative if they break it."""
        room = self.limit - self.attained(chosen)
        return room if self.at_most else -room

    def is_kept(self, chosen: NDArray[np.bool_]) -> bool:
        """Whether the chosen pairs keep to the limit, exactly."""
        return self.row().permits(chosen)

    def written(self, amount: float) -> str:
        """An amount with its unit."""
        number = f"{Fraction(amount).limit_denominator(1000).__float__():,.1f}".removesuffix(".0")
        return f"{number} {self.unit}".rstrip()
