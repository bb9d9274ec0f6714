"""What a lottery hands out beside itself: its draws with probabilities, and where its pool came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PossibleDraws(NamedTuple):
    """Draws and how likely each is.

    Attributes
    ----------
    draws : ndarray of bool, shape (S, m)
        One row a draw, true for the intervention.
    weights : ndarray of float, shape (S,)
        Probabilities, which sum to 1.
    """

    draws: NDArray[np.bool_]
    weights: NDArray[np.float64]


@dataclass(frozen=True)
class Origin:
    """Where a constrained pool came from: what anyone needs in order to build it again.

    Parameters
    ----------
    candidates : int
        Candidate draws that were scored.
    enumerated : bool
        Whether those were all draws of the design.
    keep : float
        Share of the candidates that was asked for.
    seed : int or None
        Seed of the candidates.
    balanced_on : tuple of str
        Columns of the balance score.
    weights : tuple of float
        Weight of each column.
    mean_score_unconstrained, mean_score : float
        Mean balance score of the simple lottery, and of this one; NaN where nothing was balanced.
    """

    candidates: int
    enumerated: bool
    keep: float
    seed: int | None
    balanced_on: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    mean_score_unconstrained: float = float("nan")
    mean_score: float = float("nan")
