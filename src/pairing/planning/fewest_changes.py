"""As many earlier pairs as possible, then the greatest total: two aims in one whole number a pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairing.errors import CertificateError, InputDataError, Problem
from pairing.planning.objective import Objective
from pairing.planning.side.side_constraints import SideConstraint, side_constraint_from_dict, side_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from pairing.matching import Certificate, Proof
    from pairing.pairs import PairTable
    from pairing.planning.side.side_line import SideLine

NamedPairs = tuple[tuple[str, str], ...]

_RELATIVE = 1e-9  # by which sums of figures that are recomputed elsewhere may differ
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
    constraints : tuple of SideConstraint
        Side constraints that the plan keeps to. No plan at all is better, with or without them.

    Examples
    --------
    >>> FewestChanges((("B", "A"),), 10)
    FewestChanges(earlier=(('A', 'B'),), bonus=10)
    """

    earlier: NamedPairs
    bonus: int
    constraints: tuple[SideConstraint, ...] = field(default=(), repr=False)
    kind: ClassVar[str] = "fewest-changes"
    why_left_out: ClassVar[str] = "changes the least"
    tolerance: ClassVar[int] = 1  # as for the total: the last digit of a value depends on the maths library

    def __post_init__(self) -> None:
        tidy = sorted({(min(pair), max(pair)) for pair in self.earlier})
        object.__setattr__(self, "earlier", tuple(tidy))

    @classmethod
    def of(
        cls,
        table: PairTable,
        earlier: Iterable[tuple[str, str]],
        constraints: Iterable[SideConstraint] = (),
    ) -> FewestChanges:
        """Make the objective for a table, with a bonus that is large enough on any machine."""
        return cls(tuple(earlier), _least_bonus(table, spare=4) + 1, tuple(constraints))

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

    def prove(
        self, certificate: Certificate, table: PairTable, pairs: NDArray[np.int64], *, tolerance: int = 0
    ) -> Proof:
        """Prove a plan as any other, and hold it against its side constraints."""
        proof = super().prove(certificate, table, pairs, tolerance=tolerance)
        n_teams = len(table.model.cohort)
        ends = np.sort(np.asarray(pairs, dtype=np.int64).reshape(-1, 2), axis=1)
        chosen = np.isin(table.first * n_teams + table.second, ends[:, 0] * n_teams + ends[:, 1])
        lines = side_lines(table, self.constraints)
        broken = [line for line in lines if not _kept(line, chosen, tolerance)]
        if broken:
            raise CertificateError([f"the plan breaks a side constraint: {line.sentence}" for line in broken])
        return proof

    def to_dict(self) -> dict[str, Any]:
        """Give the earlier pairs, the bonus and any side constraints as a JSON-safe dictionary."""
        facts = {"kind": self.kind, "earlier": [list(pair) for pair in self.earlier], "bonus": self.bonus}
        constraints = [constraint.to_dict() for constraint in self.constraints]
        return facts | ({"side_constraints": constraints} if constraints else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FewestChanges:
        """Read the objective back from what :meth:`to_dict` gave, perhaps by way of JSON.

        Raises
        ------
        InputDataError
            If the earlier pairs are no pairs of ids, the bonus is no whole number, or the side constraints
            cannot be read.
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
        try:
            constraints = tuple(map(side_constraint_from_dict, data.get("side_constraints", ())))
        except (KeyError, TypeError, AttributeError) as error:
            message = f"cannot be read: {error}"
            problems.append(Problem(message, column="weights.side_constraints"))
        if problems:
            raise InputDataError(problems)
        return cls(tuple((a, b) for a, b in earlier), bonus, constraints)


def _least_bonus(table: PairTable, *, spare: int) -> int:
    """The greatest difference between the totals of two plans with as many pairs.

    `spare` units a pair leave room for values that come out differently on another machine: by one unit up
    or down in either plan when the bonus is chosen, of which the proof takes two and the spread two.
    """
    values = table.integers
    spread = int(values.max()) - int(values.min()) if len(values) else 0
    return (len(table.model.cohort) // 2) * (spread + spare)


def _kept(line: SideLine, chosen: NDArray[np.bool_], tolerance: int) -> bool:
    """Whether a plan keeps to a side constraint: exactly, or but for what another machine rounds."""
    spare = _RELATIVE * max(1.0, abs(line.limit)) if tolerance else 0.0
    return line.is_kept(chosen) or line.slack(chosen) >= -spare


def _is_pair(pair: object) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    return all(isinstance(team, str) for team in pair) and pair[0] != pair[1]
