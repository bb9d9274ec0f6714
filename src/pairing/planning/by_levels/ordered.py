"""Plans by ordered objectives and under side constraints: level by level, each proven before the next."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError, Problem, SettingsError, SolverError
from pairing.planning.by_levels.level_search import LevelSearch
from pairing.planning.by_levels.levels import LEVELS, Level, Room, level_weights
from pairing.planning.by_levels.ordered_objective import Ordered
from pairing.planning.pair import best_pairing
from pairing.planning.pairing import Pairing
from pairing.planning.side.side_constraints import side_lines
from pairing.planning.side.side_infeasible import side_constraints_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from pairing.matching import Certificate, ConstrainedProgress, ConstrainedSolution, LagrangeanBound
    from pairing.pairs import PairTable
    from pairing.planning.side.side_constraints import SideConstraint

    Chosen = NDArray[np.bool_]


def ordered_pairing(
    table: PairTable,
    order: Sequence[str] = ("total",),
    *,
    tolerance: Mapping[str, float] | None = None,
    constraints: Sequence[SideConstraint] = (),
    allow_unpaired: bool = False,
    time_limit_s: float | None = None,
    progress: Callable[[str, ConstrainedProgress], None] | None = None,
) -> Pairing:
    """Find the best pairing by objectives in order, under constraints on the whole plan.

    Parameters
    ----------
    table : PairTable
        The permitted pairs and their values.
    order : sequence of {"pairs", "worst", "total", "travel"}
        What counts first, second and so on. As many pairs as possible always come first, named or not.
    tolerance : mapping of str to float, optional
        Which fraction of a level's best later levels may give up, 0 where nothing is said: "within 2% of
        the best total, the least travel" is ``order=("total", "travel"), tolerance={"total": 0.02}``.
    constraints : sequence of SideConstraint
        Limits on sums over the pairs of the plan.
    allow_unpaired : bool
        Accept that some teams stay without a partner when not all can be paired.
    time_limit_s : float, optional
        Seconds for the whole search; the best plan found by then is returned, with status "feasible".
    progress : callable, optional
        Called now and then with the level and the state of its search.

    Returns
    -------
    Pairing
        With the objective :class:`Ordered`, which holds the levels, their bounds and the proofs.

    Raises
    ------
    InfeasibleMatchingError
        If no pairing keeps to the rules, or none to the side constraints; then with what each constraint
        would have to give.
    SettingsError
        If the order or a tolerance makes no sense.
    InputDataError
        If data are missing that a constraint or the travel needs.
    SolverError
        If the time limit passed before any plan was found.

    Notes
    -----
    Each level is solved to its proven best, which becomes a floor for the next. Without side constraints
    and tolerances all levels are solved by the exact engine, with prices at which nothing makes up for a
    unit of an earlier level; otherwise see :func:`pairing.matching.solve_constrained`.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> table = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)]).table
    >>> plan = ordered_pairing(table, ["worst", "total"])
    >>> plan.status, f"{plan.scored.value.min():.3f}", f"{plan.total_value:.2f}"
    ('optimal', '0.246', '19.92')
    """
    names, tolerances = _checked_order(order, tolerance or {})
    run = _Run(table, tuple(constraints), LevelSearch(time_limit_s, progress), tolerances)
    run.settle_pairs(allow_unpaired=allow_unpaired, first=names[1] if len(names) > 1 else None)
    for name in names[1:]:
        run.settle(name)
    return run.pairing(len(names))


def order_problems(order: Sequence[str], tolerance: Mapping[str, float]) -> list[Problem]:
    """Find what makes no sense in an order of objectives, with keys as in the settings.

    Parameters
    ----------
    order : sequence of str
        Names of objectives.
    tolerance : mapping of str to float
        Fractions by name.

    Returns
    -------
    list of Problem
        Empty if it makes sense.
    """
    key = "objective.order"
    listed = ", ".join(order)
    problems = [
        Problem("is listed twice", column=key, value=name)
        for name in dict.fromkeys(order)
        if list(order).count(name) > 1
    ]
    if "pairs" in order and list(order).index("pairs") > 0:
        advice = "As many pairs as possible always come first; name 'pairs' first or not at all."
        problems.append(Problem("cannot come later", column=key, value="pairs", advice=advice))
    if not [name for name in order if name != "pairs"]:
        advice = "Add worst, total, travel or fairest: many plans have as many pairs."
        problems.append(Problem("leaves the plan open", column=key, value=listed, advice=advice))
    others = [name for name in order if name not in ("pairs", "fairest")]
    if "fairest" in order and others:
        advice = "The fairest plan is settled down to its last pair by fairness alone. For the worst-off "
        advice += 'pair first and the total then, write order = ["worst", "total"].'
        problems.append(Problem("leaves nothing to decide by " + ", ".join(others), column=key,
                                value="fairest", advice=advice))  # fmt: skip
    return problems + _tolerance_problems(order, tolerance)


def _tolerance_problems(order: Sequence[str], tolerance: Mapping[str, float]) -> list[Problem]:
    problems = []
    for name, fraction in tolerance.items():
        key = f"objective.tolerance.{name}"
        if name in ("pairs", "fairest"):
            problems.append(Problem("allows no tolerance: nothing is given up of it", column=key))
        elif name not in order:
            problems.append(Problem("is the tolerance of an objective that is not in the order", column=key))
        elif name == order[-1] and fraction:
            message = "is the tolerance of the last objective, and nothing comes after it to use it"
            problems.append(Problem(message, column=key, advice="Leave it out, or add an objective."))
    return problems


def _checked_order(
    order: Sequence[str], tolerance: Mapping[str, float]
) -> tuple[tuple[str, ...], dict[str, float]]:
    order = (order,) if isinstance(order, str) else tuple(order)
    problems = [
        Problem("is no objective", column="objective.order", value=name, expected=", ".join(LEVELS))
        for name in order
        if name not in LEVELS
    ]
    problems += [] if problems else order_problems(order, tolerance)
    problems += [
        Problem("is out of range", column=f"objective.tolerance.{name}", value=f"{fraction:g}",
                expected="a fraction from 0 to 1")
        for name, fraction in tolerance.items()
        if not 0 <= fraction <= 1
    ]  # fmt: skip
    if problems:
        raise SettingsError(problems)
    return tuple(dict.fromkeys(("pairs", *order))), dict(tolerance)


class _Run:
    """One walk through the levels."""

    def __init__(
        self,
        table: PairTable,
        constraints: tuple[SideConstraint, ...],
        search: LevelSearch,
        tolerances: Mapping[str, float],
    ) -> None:
        self.table, self.constraints, self.search, self.tolerances = table, constraints, search, tolerances
        self.lines = side_lines(table, constraints)
        rows = tuple(line.row() for line in self.lines)
        self.room = Room(table, np.ones(len(table), dtype=bool), rows, None)
        self.exact = not rows
        self.levels: list[Level] = []
        self.plan: Chosen
        self.certificate: Certificate
        self._found: dict[str, ConstrainedSolution] = {}

    def settle_pairs(self, *, allow_unpaired: bool, first: str | None) -> None:
        """As many pairs as the rules and the side constraints permit, and a plan that has them."""
        free = best_pairing(self.table, allow_unpaired=allow_unpaired)
        self.plan = free.partner[self.table.first] == self.table.second
        self.certificate = free.certificate
        most = len(free.pairs)
        n_teams = len(self.table.model.cohort)
        if self.exact:
            proof = None if most == n_teams // 2 else self._count(exact=True).certified
            self._add(Level("pairs", most, most, 0.0, proof, most))
            return
        name = first if first in ("total", "travel") else "total"
        weights = level_weights(self.table, name)
        try:
            found = self.search.best(replace(self.room, n_pairs=most), weights, name, exact=False)
        except InfeasibleMatchingError as error:
            counted = self._fewer_pairs() if allow_unpaired else None
            if counted is None:
                raise side_constraints_error(self.table, self.lines, most, self.search.left_s) from error
            self._take(counted)
            self._add(_level("pairs", counted, 0.0))
            return
        self._take(found)
        proof = None if most == n_teams // 2 else self._unconstrained_count()
        self._add(Level("pairs", most, most, 0.0, proof, most))
        if name == first:  # the first level is solved already
            self._found[name] = found

    def settle(self, name: str) -> None:
        """Bring one level to its best."""
        if self.search.stopped is not None and name not in self._found:
            return
        tolerance = self.tolerances.get(name, 0.0)
        if name == "worst":
            if not self.plan.any():
                return
            level, self.plan = self.search.worst(self.room, self.plan, exact=self.exact)
            self._add(replace(level, tolerance=tolerance))
        else:
            weights = level_weights(self.table, name)
            try:
                found = self._found.get(name) or self.search.best(self.room, weights, name, exact=self.exact)
            except SolverError:
                self.search.stopped = "time limit"
                return
            self._take(found)
            self._add(_level(name, found, tolerance))
        self.exact = self.exact and tolerance == 0

    def pairing(self, n_levels: int) -> Pairing:
        """Give the plan with all that was proven of it."""
        done = len(self.levels) == n_levels and all(level.bound == level.best for level in self.levels)
        done = done or not self.plan.any()
        partner = np.full(len(self.table.model.cohort), -1, dtype=np.int64)
        first, second = self.table.first[self.plan], self.table.second[self.plan]
        partner[first], partner[second] = second, first
        objective = Ordered(tuple(self.levels), self.constraints, None if done else self.search.stopped)
        status = "optimal" if done else "feasible"
        return Pairing(self.table, partner, self.certificate, status=status, objective=objective)

    def _fewer_pairs(self) -> ConstrainedSolution | None:
        """As many pairs as the side constraints permit; None if they permit none at all."""
        try:
            counted = self._count(exact=False)
        except InfeasibleMatchingError:
            return None
        return counted if counted.total > 0 else None

    def _count(self, *, exact: bool) -> ConstrainedSolution:
        return self.search.best(self.room, level_weights(self.table, "pairs"), "pairs", exact=exact)

    def _unconstrained_count(self) -> LagrangeanBound:
        """The proof that the rules alone permit no more pairs, as a bound with prices of 0."""
        free = replace(self.room, rows=())
        found = self.search.best(free, level_weights(self.table, "pairs"), "pairs", exact=True).certified
        return replace(found, prices=(Fraction(0),) * len(self.room.rows))

    def _take(self, found: ConstrainedSolution) -> None:
        self.plan = found.partner[self.table.first] == self.table.second
        self.certificate = found.certified.certificate

    def _add(self, level: Level) -> None:
        self.levels.append(level)
        self.room = self.room.after(level)


def _level(name: str, found: ConstrainedSolution, tolerance: float) -> Level:
    return Level(name, found.total, found.bound, tolerance, found.certified, found.certified_bound)
