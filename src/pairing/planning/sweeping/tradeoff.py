"""What moving one setting costs and brings: the best plan at each of its values is searched for."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError, ProblemsError, SettingsError, SolverError
from pairing.pairs import VALUE_DIGITS, PairTable
from pairing.planning.alteration import refuse_group_of_three
from pairing.planning.by_executor import results_as_they_come
from pairing.planning.by_levels.ordered import ordered_pairing
from pairing.planning.by_total import constraints_of
from pairing.planning.pair import best_pairing
from pairing.planning.sweeping.swept import swept_setting, swept_values
from pairing.planning.sweeping.tradeoff_rows import TradeOff, TradeOffRow

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from pairing.errors import Problem
    from pairing.pairs import PairModel
    from pairing.planning.pairing import Pairing
    from pairing.planning.side.side_constraints import SideConstraint
    from pairing.planning.sweeping.swept import SweptLimit, SweptWeight

    Indices = NDArray[np.int64]


def tradeoff(
    plan: Pairing | PairTable,
    setting: str,
    values: Sequence[float] | None = None,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TradeOff:
    """Find the best plan at each of several values of one setting, all else equal.

    Parameters
    ----------
    plan : Pairing or PairTable
        The plan at hand, or a table of permitted pairs, of which the best plan is taken.
    setting : str
        Key of a rule with a limit, such as ``"max_distance_km"`` or ``"calipers.beds"``, or of a preference,
        such as ``"preferences.travel_per_100_km"``. The plan need not have the rule.
    values : sequence of float, optional
        Values of the setting. By default, limits with which 10%, 20%, ... 100% of the pairs are permitted
        that no other rule bans (weights from 0 to 1 for a preference), and the plan's own.
    executor : concurrent.futures.Executor, optional
        Who does the work; this process if not given. The result does not depend on it.
    progress : callable, optional
        Called with the number of values done and in all.
    cancelled : callable, optional
        Asked after each value whether somebody wants to stop.

    Returns
    -------
    TradeOff
        One row a value. Every plan has as many pairs as possible, then the greatest total value; side
        constraints of the plan at hand hold for all.

    Raises
    ------
    SettingsError
        If there is no such setting, or it takes no such value; all problems at once.
    InputDataError
        If data are missing that the rule or the preference needs.
    SolverError
        If a worker of the executor dies.
    KeyboardInterrupt
        If `cancelled` says so.

    Notes
    -----
    Gains of plans with other preferences can be compared by ``total_gain``, which is without them. A plan
    at a tighter limit is never better by total value with as many pairs, but it may well be efficient.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> swept = tradeoff(plan, "min_distance_km", [50, 150])
    >>> swept.to_frame()["n_changed"].tolist()[0], swept.to_frame()["efficient"].tolist()
    (0, [True, False])
    """
    pairing = best_pairing(plan, allow_unpaired=True) if isinstance(plan, PairTable) else plan
    refuse_group_of_three(pairing, "swept")
    model = pairing.table.model
    swept = swept_setting(setting)
    chosen = swept_values(swept, model, values)
    models = _models(swept, model, chosen)
    constraints = constraints_of(pairing.objective)
    solved = partial(_row, swept.key, swept.current(model), pairing.partner, constraints)
    found: dict[int, TradeOffRow] = {}
    try:
        with closing(_each(solved, chosen, models, executor)) as numbered:
            for number, row in numbered:
                found[number] = row
                if progress is not None:
                    progress(len(found), len(chosen))
                if cancelled is not None and cancelled():
                    raise KeyboardInterrupt
    except BrokenExecutor as error:
        raise SolverError("A worker process ended before its work was done. Try fewer workers.") from error
    rows = [found[number] for number in range(len(chosen))]
    efficient = _efficient(rows)
    marked = (_marked(row, is_so) for row, is_so in zip(rows, efficient, strict=True))
    return TradeOff(swept.key, swept.unit, len(model.cohort), tuple(marked), pairing.objective)


def _models(swept: SweptLimit | SweptWeight, model: PairModel, values: Sequence[float]) -> list[PairModel]:
    """The model at each value, or every value that cannot be."""
    models: list[PairModel] = []
    problems: list[Problem] = []
    for value in values:
        try:
            models.append(swept.changed(model, value))
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise SettingsError(problems)
    return models


def _each(
    solved: Callable[[tuple[float, PairModel]], TradeOffRow],
    values: Sequence[float],
    models: Sequence[PairModel],
    executor: Executor | None,
) -> Generator[tuple[int, TradeOffRow], None, None]:
    """The rows with their numbers, as they come."""
    tasks = zip(values, models, strict=True)
    if executor is not None:
        return results_as_they_come(executor, solved, tasks)
    return ((number, solved(task)) for number, task in enumerate(tasks))


def _row(
    setting: str,
    current: float | None,
    partner_now: Indices,
    constraints: Sequence[SideConstraint],
    task: tuple[float, PairModel],
) -> TradeOffRow:
    """The best plan at one value, in figures."""
    value, model = task
    table = PairTable.build(model)
    try:
        if constraints:
            plan = ordered_pairing(table, constraints=constraints, allow_unpaired=True)
        else:
            plan = best_pairing(table, allow_unpaired=True)
        partner, status = plan.partner, plan.status
    except InfeasibleMatchingError:
        partner, status = np.full(len(model.cohort), -1), "infeasible"
    first = np.flatnonzero(partner > np.arange(len(partner)))
    scored = model.score(first, partner[first])
    km = scored.pairs.distance_km
    return TradeOffRow(
        setting=setting,
        value=value,
        is_plan=value == current,
        status=status,
        n_permitted=len(table),
        n_pairs=len(first),
        n_unpaired=len(partner) - 2 * len(first),
        total_gain=round(float(scored.gains.reciprocal.sum()), VALUE_DIGITS),
        total_value=round(float(scored.value.sum()), VALUE_DIGITS),
        worst_value=float(scored.value.min()) if len(first) else float("nan"),
        total_km=round(float(km.sum()), 3),
        mean_km=_mean(km),
        mean_size_ratio=_mean(scored.pairs.size_ratio),
        mean_level_gap=_mean(scored.pairs.level_gap),
        n_changed=int(np.count_nonzero(partner_now[first] != partner[first])),
    )


def _mean(figures: NDArray[np.float64]) -> float:
    return round(float(figures.mean()), 6) if figures.size else float("nan")


def _efficient(rows: Sequence[TradeOffRow]) -> list[bool]:
    """Which rows no other row beats: at least as good in everything, and better in something."""
    merits = np.array([(row.n_pairs, row.total_gain, -np.nan_to_num(row.total_km)) for row in rows])
    return [not ((merits >= own).all(axis=1) & (merits > own).any(axis=1)).any() for own in merits]


def _marked(row: TradeOffRow, efficient: bool) -> TradeOffRow:  # noqa: FBT001 - a column of the table
    return replace(row, efficient=bool(efficient) and row.status != "infeasible")
