"""Other plans that are nearly as good: the best ones in order, or good ones that really differ."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError
from pairing.matching import differing_matchings, rank_matchings, solve
from pairing.planning.alteration import refuse_group_of_three
from pairing.planning.alternative_plans import Alternatives, is_whole
from pairing.planning.by_total import constraints_of
from pairing.planning.side.side_constraints import side_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching import RankingProgress
    from pairing.planning.pairing import Pairing


def alternatives(
    pairing: Pairing,
    k: int = 10,
    *,
    changed: int = 1,
    within: float | None = None,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
    progress: Callable[[int, int], None] | None = None,
    ranking_progress: Callable[[RankingProgress], None] | None = None,
) -> Alternatives:
    """Find other plans that are nearly as good.

    Parameters
    ----------
    pairing : Pairing
        The plan at hand; its rules and values hold for all plans.
    k : int
        How many plans, the best one included.
    changed : int
        1: the k best plans in order, however little they differ. Above 1: plans one after the other, each
        the best one with at least so many pairs that any plan before it does not have.
    within : float, optional
        Largest loss, as a share of the best total: 0.02 for plans that are at most 2% below the best.
    time_limit_s : float, optional
        Seconds after which the plans found so far are given, which are the best ones. With `changed` above 1,
        or side constraints, seconds for each plan, after which the best one found is taken.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search for the best plans in order with those found so far.
    progress : callable, optional
        Called with the number of plans found and wanted.
    ranking_progress : callable, optional
        Called with more, where the best plans are found in order.

    Returns
    -------
    Alternatives
        Plans with as many pairs as possible, by descending total value; fewer than `k` if there are no more.

    Raises
    ------
    SettingsError
        If `k`, `changed`, `within` or `time_limit_s` is out of range.

    Notes
    -----
    Both kinds are exact; see :func:`pairing.matching.rank_matchings` and
    :func:`pairing.matching.differing_matchings`. Side constraints of the plan at hand hold for all plans, and
    all have as many pairs as it has. Plans are compared by total value, also where the plan at
    hand was made for another objective.

    References
    ----------
    .. [1] Murty (1968), "An algorithm for ranking all the assignments in order of increasing cost",
       Operations Research 16(3).
    .. [2] Chegireddy and Hamacher (1987), "Algorithms for finding K-best perfect matchings", Discrete
       Applied Mathematics 18(2).

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> near = alternatives(plan, 3)
    >>> near.to_frame()["n_changed"].tolist(), near.prove().totals == near.totals
    ([0, 6, 2], True)
    """
    refuse_group_of_three(pairing, "ranked")
    _refuse_out_of_range(pairing, k, changed, within, time_limit_s)
    problem = pairing.table.problem()
    constraints = constraints_of(pairing.objective)
    if changed == 1 and not constraints:
        tell = _both(progress, ranking_progress)
        at_least = None if within is None else _least_total(solve(problem).total, within)
        ranking = rank_matchings(
            problem,
            k,
            at_least=at_least,
            time_limit_s=time_limit_s,
            keep_interrupted=keep_interrupted,
            progress=tell,
        )
        totals = tuple(one.total for one in ranking.matchings)
        plans = tuple(one.partner for one in ranking.matchings)
        return Alternatives(pairing, k, 1, within, plans, totals, totals, ranking)
    search = partial(
        differing_matchings,
        problem,
        rows=[line.row() for line in side_lines(pairing.table, constraints)],
        n_pairs=len(pairing.pairs) if constraints else None,
        time_limit_s=time_limit_s,
    )
    at_least = None if within is None else _least_total(search(1, changed)[0].total, within)
    found = search(k, changed, at_least=at_least, progress=progress)
    return Alternatives(
        pairing,
        k,
        changed,
        within,
        tuple(one.partner for one in found),
        tuple(one.total for one in found),
        tuple(one.bound for one in found),
    )


def _both(
    progress: Callable[[int, int], None] | None,
    ranking_progress: Callable[[RankingProgress], None] | None,
) -> Callable[[RankingProgress], None]:
    n_told = 0

    def tell(state: RankingProgress) -> None:
        nonlocal n_told
        if progress is not None and state.n_found > n_told:
            n_told = state.n_found
            progress(state.n_found, state.n_wanted)
        if ranking_progress is not None:
            ranking_progress(state)

    return tell


def _least_total(best: int, within: float) -> int:
    """The least total that is not too far below the best; the share counts as its decimal text."""
    return ceil(best - Fraction(repr(float(within))) * abs(best))


def _refuse_out_of_range(
    pairing: Pairing, k: int, changed: int, within: float | None, time_limit_s: float | None
) -> None:
    problems = []
    if not is_whole(k) or k < 1:
        problems.append(_out_of_range("k", k, "a whole number of plans, at least 1"))
    most = max(1, len(pairing.pairs))
    if not is_whole(changed) or not 1 <= changed <= most:
        problems.append(_out_of_range("changed", changed, f"from 1 to {most}, the pairs of a plan"))
    if within is not None and not 0 <= within <= 1:
        problems.append(_out_of_range("within", within, "a share from 0 to 1, such as 0.02 for 2%"))
    if time_limit_s is not None and not time_limit_s > 0:
        problems.append(_out_of_range("time_limit_s", time_limit_s, "more than 0 seconds"))
    if problems:
        raise SettingsError(problems)


def _out_of_range(name: str, value: object, expected: str) -> Problem:
    return Problem("is out of range", column=name, value=str(value), expected=expected)
