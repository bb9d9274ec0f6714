"""The fairest plan: the worst-off pair as well off as can be, then the second worst, and so on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairing.matching import fairest_matching, leximin_weights
from pairing.pairs import VALUE_SCALE
from pairing.planning.objective import Objective
from pairing.planning.pair import best_pairing
from pairing.planning.pairing import Pairing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching import Progress
    from pairing.pairs import PairTable


@dataclass(frozen=True)
class GreatestTotal:
    """What the plan of the greatest total would be like, for comparison.

    Parameters
    ----------
    worst, total : float
        Its least value of a pair, and the sum of its values, in between-team SD.
    """

    worst: float
    total: float


@dataclass(frozen=True)
class Fairest(Objective):
    """The worst value of a pair as great as possible, then the second worst, and so on (leximin).

    A team's value is that of its pair, so that it makes no difference whether teams or pairs are compared.
    The weights order rivals as leximin does, relative to the plan itself; see
    :func:`pairing.matching.leximin_weights`.

    Parameters
    ----------
    greatest_total : GreatestTotal, optional
        The plan of the greatest total, if it is known; only for the summary, not recorded.

    Examples
    --------
    >>> Fairest().to_dict()
    {'kind': 'fairest'}
    """

    greatest_total: GreatestTotal | None = field(default=None, compare=False, repr=False)
    kind: ClassVar[str] = "fairest"
    tolerance: ClassVar[int] = 0

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:
        """Weights under which exactly the fairer plans outweigh this one; pairs not permitted are ignored."""
        n_teams = len(table.model.cohort)
        ends = np.sort(np.asarray(pairs, dtype=np.int64).reshape(-1, 2), axis=1)
        planned = np.isin(table.first * n_teams + table.second, ends[:, 0] * n_teams + ends[:, 1])
        return leximin_weights(table.integers, table.integers[planned])

    def claim(self) -> str:
        """That no plan is fairer."""
        return (
            "no pairing has more pairs, or as many and a better worst pair, or an equal worst and a better "
            "second worst, and so on"
        )

    def remarks(self, pairing: Pairing) -> tuple[str, ...]:
        """The worst value, and what the plan of the greatest total would have instead."""
        if len(pairing.pairs) == 0:
            return ()
        words = f"The worst-off pair has {float(pairing.scored.value.min()):.3f} SD"
        if self.greatest_total is None:
            return (f"{words}.",)
        rival = self.greatest_total
        theirs = f"the greatest total ({rival.total:.3f} SD) the worst-off pair has {rival.worst:.3f} SD."
        return (f"{words}. In the plan of {theirs}",)


def fairest_pairing(
    table: PairTable,
    *,
    allow_unpaired: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Pairing:
    """Find a pairing than which none is fairer, and prove it.

    As many pairs as possible come first; then the value of the worst-off pair is made as great as
    possible, then that of the second worst, and so on (leximin). All fairest pairings have the same values.

    Parameters
    ----------
    table : PairTable
        The permitted pairs and their values.
    allow_unpaired : bool
        Accept that some teams stay without a partner when not all can be paired.
    progress : callable, optional
        Called now and then with the state of the search.

    Returns
    -------
    Pairing
        With the objective :class:`Fairest`; its certificate proves that nothing is fairer.

    Raises
    ------
    InfeasibleMatchingError
        If not all teams can be paired and `allow_unpaired` is false.
    SettingsError
        If the plan has so many different values (about 1,500) that the proof could not be written down.

    See Also
    --------
    pairing.matching.fairest_matching : The method, and its sources.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> best = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> fairest = fairest_pairing(best.table)
    >>> fairest.prove().gap
    0
    >>> for plan in (best, fairest):
    ...     print(f"worst {plan.scored.value.min():.3f}, total {plan.total_value:.2f}")
    worst 0.150, total 21.52
    worst 0.246, total 18.22
    """
    best = best_pairing(table, allow_unpaired=allow_unpaired, progress=progress)
    solution = fairest_matching(table.problem(), start=best.partner, progress=progress)
    objective = Fairest(_greatest_total(best))
    return Pairing(table, solution.partner, solution.certificate, objective=objective)


def _greatest_total(best: Pairing) -> GreatestTotal | None:
    values = best.scored.integers
    if values.size == 0:
        return None
    return GreatestTotal(int(values.min()) / VALUE_SCALE, int(values.sum()) / VALUE_SCALE)
