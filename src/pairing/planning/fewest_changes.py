"""As many earlier pairs as possible, then the greatest total: two aims in one whole number a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairing.errors import CertificateError, InputDataError, Problem
from pairing.planning.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from pairing.pairs import PairTable

NamedPairs = tuple[tuple[str, str], ...]

_SAFE = 2**62


@dataclass(frozen=True)
class FewestChanges(Objective):
    """As many of the earlier pairs as possible, and among such plans the greatest total value.

    A pair weighs its value and, if it is an earlier one, the bonus on top. The bonus exceeds any difference
    between the totals of two plans, so that one earlier pair more always counts for more than any value, and
    one certificate proves both aims in their order.

    Parameters
    ----------
    earlier : tuple of (str, str)
        Ids of the teams of each earlier pair. Pairs of teams that have left do not matter.
    bonus : int
        In units of ``1 / VALUE_SCALE``. :meth:`of` gives one that is large enough.

    Examples
    --------
    >>> FewestChanges((("B", "A"),), 10)
    FewestChanges(earlier=(('A', 'B'),), bonus=10)
    """

    earlier: NamedPairs
    bonus: int
    kind: ClassVar[str] = "fewest-changes"
    why_left_out: ClassVar[str] = "changes the least"
    tolerance: ClassVar[int] = 1  # as for the total: the last digit of a value depends on the maths library

    def __post_init__(self) -> None:
        tidy = sorted({(min(pair), max(pair)) for pair in self.earlier})
        object.__setattr__(self, "earlier", tuple(tidy))

    @classmethod
    def of(cls, table: PairTable, earlier: Iterable[tuple[str, str]]) -> FewestChanges:
        """Make the objective for a table, with a bonus that is large enough on any machine."""
        return cls(tuple(earlier), _least_bonus(table, spare=4) + 1)

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:  # noqa: ARG002
        """The values, with the bonus on the earlier pairs.

        Raises
        ------
        CertificateError
            If the bonus is too small for these values: then nothing would be proven of the earlier pairs.
        """
        least = _least_bonus(table, spare=2)
        if self.bonus <= least:
            failure = (
                f"the bonus of {self.bonus} for an earlier pair does not outweigh every difference in value; "
                f"it has to be more than {least}"
            )
            raise CertificateError([failure])
        kept = self.is_earlier(table)
        largest = self.bonus + int(np.abs(table.integers).max(initial=0))
        values = table.integers if largest < _SAFE else table.integers.astype(object)
        weights: NDArray[Any] = values + self.bonus * kept.astype(values.dtype)
        return weights

    def is_earlier(self, table: PairTable) -> NDArray[np.bool_]:
        """Which of the permitted pairs are earlier ones, shape (m,)."""
        position = {team: index for index, team in enumerate(table.model.cohort.ids)}
        n_teams = len(position)
        keys = [
            position[a] * n_teams + position[b] for a, b in self.earlier if a in position and b in position
        ]
        return np.isin(table.first * n_teams + table.second, np.array(keys, np.int64))

    def claim(self) -> str:
        """That no plan keeps more of the earlier pairs."""
        return (
            "no pairing has more pairs, or as many and more of the earlier ones, or as many of both and a "
            "greater total"
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the earlier pairs and the bonus as a JSON-safe dictionary."""
        return {"kind": self.kind, "earlier": [list(pair) for pair in self.earlier], "bonus": self.bonus}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FewestChanges:
        """Read the objective back from what :meth:`to_dict` gave, perhaps by way of JSON.

        Raises
        ------
        InputDataError
            If the earlier pairs are no pairs of ids, or the bonus is no whole number.
        """
        earlier, bonus = data.get("earlier"), data.get("bonus")
        problems = []
        if not (isinstance(earlier, list) and all(_is_pair(pair) for pair in earlier)):
            message, expected = "is no list of pairs", "the ids of two different teams in each"
            problems.append(Problem(message, column="weights.earlier", expected=expected))
            earlier = []
        if not isinstance(bonus, int) or isinstance(bonus, bool):
            message = "is no whole number"
            problems.append(Problem(message, column="weights.bonus", value=repr(bonus)))
            bonus = 0
        if problems:
            raise InputDataError(problems)
        return cls(tuple((a, b) for a, b in earlier), bonus)


def _least_bonus(table: PairTable, *, spare: int) -> int:
    """The greatest difference between the totals of two plans with as many pairs.

    `spare` units a pair leave room for values that come out differently on another machine: by one unit up
    or down in either plan when the bonus is chosen, of which the proof takes two and the spread two.
    """
    values = table.integers
    spread = int(values.max()) - int(values.min()) if len(values) else 0
    return (len(table.model.cohort) // 2) * (spread + spare)


def _is_pair(pair: object) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    return all(isinstance(team, str) for team in pair) and pair[0] != pair[1]
