"""Side constraints that no plan keeps to: which of them, dropped alone, would make a plan possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import InfeasibleMatchingError, SolverError
from pairing.matching import SideRow, solve_constrained
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pairing.matching import ConstrainedSolution, MatchingProblem
    from pairing.pairs import PairTable
    from pairing.planning.side.side_line import SideLine


@dataclass(frozen=True)
class WithoutConstraint:
    """What would be if one constraint were dropped and all others kept.

    Parameters
    ----------
    sentence : str
        The constraint.
    attained : float or None
        What the best plan without it attains of it; None if there is no plan without it either, or the time
        limit passed before one was found.
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


def side_constraints_error(
    table: PairTable,
    lines: Sequence[SideLine],
    n_pairs: int,
    left_s: Callable[[], float | None] = lambda: None,
) -> SideConstraintsError:
    """Find out what each constraint would have to give, by solving without it.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    lines : sequence of SideLine
        The constraints, no plan keeps to all of them.
    n_pairs : int
        How many pairs are asked for.
    left_s : callable
        Gives the seconds that are left; None for any number.

    Returns
    -------
    SideConstraintsError
        To be raised.
    """
    search = _Search(table, n_pairs, left_s)
    without = tuple(search.without(lines, at) for at in range(len(lines)))
    helpful = [row for row in without if row.attained is not None]
    told = [f"  {row.in_words}" for row in helpful]
    if search.ran_out:
        told.append("The time limit passed before all was found out; more time, or none, would tell more.")
    if search.ran_out and not helpful:
        opening = "Which of them is to blame was not found out in time."
    elif len(lines) == 1:
        opening = "No pairing keeps to it:"
    elif helpful:
        opening = "One of these changes alone makes it possible:"
    else:
        opening = "No single constraint is to blame: with any one of them dropped it is still impossible."
    head = f"No pairing of {counted(n_pairs, 'pair')} keeps to the side constraints. {opening}"
    return SideConstraintsError("\n".join([head, *told]), without)


class _Search:
    """Plans without one constraint, as long as there is time; `ran_out` tells whether there was enough."""

    def __init__(self, table: PairTable, n_pairs: int, left_s: Callable[[], float | None]) -> None:
        self.table, self.n_pairs, self.left_s = table, n_pairs, left_s
        self.ran_out = False

    def without(self, lines: Sequence[SideLine], at: int) -> WithoutConstraint:
        line, problem = lines[at], self.table.problem()
        others = [other.row() for number, other in enumerate(lines) if number != at]
        try:
            best = self._solve(problem, others)
            nearest, is_least = self._nearest(line, others)
        except InfeasibleMatchingError:
            return WithoutConstraint(line.sentence, None, None, f"{line.sentence}: not enough on its own")
        except SolverError:
            self.ran_out = True
            return WithoutConstraint(line.sentence, None, None, f"{line.sentence}: not found out in time")
        attained = line.attained(best.partner[problem.first] == problem.second)
        needed = "the limit would have to be" if is_least else "enough would be a limit of"
        words = f"{line.sentence}: {needed} {line.written(nearest)}"
        words += f" (the best plan without this constraint has {line.written(attained)})"
        return WithoutConstraint(line.sentence, attained, nearest, words)

    def _solve(self, problem: MatchingProblem, others: Sequence[SideRow]) -> ConstrainedSolution:
        found = solve_constrained(problem, others, n_pairs=self.n_pairs, time_limit_s=self.left_s())
        self.ran_out = self.ran_out or found.status != "optimal"
        return found

    def _nearest(self, line: SideLine, others: Sequence[SideRow]) -> tuple[float, bool]:
        """The limit that is just enough: the least, or for a lower limit the most, that plans can attain."""
        from pairing.matching import MatchingProblem, scale_values

        row, table = line.row(), self.table
        scaled = scale_values(-row.coefficients.astype(float))
        problem = MatchingProblem(len(table.model.cohort), table.first, table.second, scaled.integers)
        found = self._solve(problem, others)
        return line.attained(found.partner[problem.first] == problem.second), found.status == "optimal"
