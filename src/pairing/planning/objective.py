"""What a pairing makes as great as possible, as one whole number for each permitted pair."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pairing.pairs import PairTable

CLAIM_OF_TOTAL = "no pairing has more pairs, or as many and a greater total"


class Objective(ABC):
    """What "best" means among pairings with as many pairs as possible.

    An objective gives every permitted pair a whole-number weight. A pairing is the best one if no pairing
    has more pairs, or as many and a greater sum of weights; that is what its certificate proves.
    """

    kind: ClassVar[str]
    """The objective's name in ``run.json``."""

    tolerance: ClassVar[int] = 0
    """Units by which a weight may differ on another machine without harm to the proof."""

    @abstractmethod
    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:
        """Weigh the permitted pairs.

        Parameters
        ----------
        table : PairTable
            The permitted pairs.
        pairs : ndarray of int, shape (k, 2)
            Positions of the teams of each pair of the plan, for objectives whose weights are relative to it.

        Returns
        -------
        ndarray of int64, or of Python integers where 64 bits might not do, shape (m,)
            One weight a permitted pair, in the table's order.
        """

    @abstractmethod
    def claim(self) -> str:
        """Say what is proven of the plan, as the end of a sentence."""

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {"kind": self.kind}


@dataclass(frozen=True)
class TotalValue(Objective):
    """The greatest sum of the pairs' values."""

    kind: ClassVar[str] = "total"
    tolerance: ClassVar[int] = 1  # maths libraries round the last digit of a value differently

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:  # noqa: ARG002
        """The values themselves, in units of ``1 / VALUE_SCALE``."""
        return table.integers

    def claim(self) -> str:
        """That no plan has a greater total."""
        return CLAIM_OF_TOTAL


TOTAL = TotalValue()
"""The default."""
