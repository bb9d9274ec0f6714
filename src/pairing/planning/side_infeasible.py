"""Side constraints that no plan keeps to: which of them, dropped alone, would make a plan possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import InfeasibleMatchingError
from pairing.matching import SideRow, solve_constrained
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.pairs import PairTable
    from pairing.planning.side_constraints import SideLine


@dataclass(frozen=True)
class WithoutConstraint:
    """What would be if one constraint were dropped and all others kept.

    Parameters
    ----------
    sentence : str
        The constraint.
    attained : float or None
        What the best plan without it attains of it; None if there is no plan without it either.
    nearest : float or None
        The limit that would just be enough.
    in_words : str
        The same as a sentence.
    """

    sentence: str
    attained: float | None
    nearest: float | None
    in_words: str

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {"constraint": self.sentence, "attained": self.attained, "nearest": self.nearest}


class SideConstraintsError(InfeasibleMatchingError):
    """No pairing keeps to the side constraints.

    Parameters
    ----------
    message : str
        What is impossible, and what would make it possible.
    without : tuple of WithoutConstraint
        For each constraint, what would be without it.
    """

    def __init__(self, message: str, without: tuple[WithoutConstraint, ...]) -> None:
        self.without = without
        super().__init__(message)


def side_constraints_error(table: PairTable, lines: Sequence[SideLine], n_pairs: int) -> SideConstraintsError:
    """Find out what each constraint would have to give, by solving without it.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    lines : sequence of SideLine
        The constraints, no plan keeps to all of them.
    n_pairs : int
        How many pairs are asked for.

    Returns
    -------
    SideConstraintsError
        To be raised.
    """
    without = tuple(_without(table, lines, at, n_pairs) for at in range(len(lines)))
    helpful = [row for row in without if row.attained is not None]
    told = [f"  {row.in_words}" for row in helpful]
    if len(lines) == 1:
        opening = "No pairing keeps to it:"
    elif helpful:
        opening = "One of these changes alone makes it possible:"
    else:
        opening = "No single constraint is to blame: with any one of them dropped it is still impossible."
    head = f"No pairing of {counted(n_pairs, 'pair')} keeps to the side constraints. {opening}"
    return SideConstraintsError("\n".join([head, *told]), without)


def _without(table: PairTable, lines: Sequence[SideLine], at: int, n_pairs: int) -> WithoutConstraint:
    line, problem = lines[at], table.problem()
    others = [other.row() for number, other in enumerate(lines) if number != at]
    try:
        best = solve_constrained(problem, others, n_pairs=n_pairs)
    except InfeasibleMatchingError:
        return WithoutConstraint(line.sentence, None, None, f"{line.sentence}: not enough on its own")
    attained = line.attained(best.partner[problem.first] == problem.second)
    nearest = _nearest(table, line, others, n_pairs)
    words = f"{line.sentence}: the limit would have to be {line.written(nearest)}"
    words += f" (the best plan without this constraint has {line.written(attained)})"
    return WithoutConstraint(line.sentence, attained, nearest, words)


def _nearest(table: PairTable, line: SideLine, others: Sequence[SideRow], n_pairs: int) -> float:
    """The limit that is just enough: the least, or for a lower limit the most, that plans can attain."""
    from pairing.matching import MatchingProblem, scale_values

    row = line.row()
    scaled = scale_values(-row.coefficients.astype(float))
    problem = MatchingProblem(len(table.model.cohort), table.first, table.second, scaled.integers)
    found = solve_constrained(problem, others, n_pairs=n_pairs)
    return line.attained(found.partner[problem.first] == problem.second)
