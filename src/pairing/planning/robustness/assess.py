"""Redraw the profiles, solve again, and see what is left of the plan."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Literal, get_args

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem, SettingsError
from pairing.planning.robustness.recount import CountsRedraw
from pairing.planning.robustness.redraw import PosteriorRedraw, Redraw, beside_triad
from pairing.planning.robustness.resolve import best_plan
from pairing.planning.robustness.result import Robustness
from pairing.planning.robustness.running import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from pairing.planning.pairing import Pairing

Method = Literal["posterior", "counts"]

_REDRAWS: dict[str, Callable[[Pairing], Redraw]] = {
    "posterior": PosteriorRedraw.of,
    "counts": CountsRedraw.of,
}


def assess_robustness(
    pairing: Pairing,
    n_draws: int = 500,
    *,
    seed: int,
    method: Method = "posterior",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Robustness:
    """Find out how much of a plan depends on the chance in the audit.

    Every team's profile is drawn anew, all permitted pairs are valued under the draw, and the plan of
    greatest total value is found and proven again; many times.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    n_draws : int
        How often; at least 1.
    seed : int
        Fixes every draw; 0 is a seed like any other.
    method : {"posterior", "counts"}
        "posterior": what the teams may really be. True profiles are drawn from their posterior, and a pair is
        worth the reciprocal gain that two such teams have. "counts": what a second audit of the same
        teams would say. Counts are drawn anew, and a pair is worth what the plan would then promise; a
        cap on the level gap is applied to the new levels.
    executor : concurrent.futures.Executor, optional
        Who does the work; this process if not given. The result does not depend on it.
    progress : callable, optional
        Called in this process with the number of draws done and the number asked for.
    cancelled : callable, optional
        Asked after every draw, or every few with an executor; true ends the work.

    Returns
    -------
    Robustness
        Over the draws that were finished: fewer than asked for if `cancelled` said so, or if Ctrl-C was
        pressed after the first.

    Raises
    ------
    SettingsError
        If `n_draws`, `seed` or `method` is out of range.
    InputDataError
        If the plan has no pairs.
    SolverError
        If a worker of the executor dies.

    Notes
    -----
    Under the posterior the mean of the plan's total is the promised total, because the promise is an exact
    expectation. The mean *regret* is what knowing the true profiles would be worth: the expected value of
    perfect information [1]_. Preferences are taken off as declared. Indicators that are not usable or have no
    weight play no part. The fitted model is taken as known throughout.

    A group of three is kept as it is; what is drawn, solved and reported are the pairs beside it.

    Draw number i uses child i of ``SeedSequence(seed)``, and its numbers go to the teams in the order of
    their ids: neither the order of the input nor the number of workers can change a result, and the first
    100 of 500 draws are the 100 draws of the same seed.

    References
    ----------
    .. [1] Raiffa and Schlaifer (1961), "Applied Statistical Decision Theory", chapter 4.
    .. [2] Rubin (1984), "Bayesianly justifiable and relevant frequency calculations for the applied
       statistician", Annals of Statistics 12(4), for counts drawn anew.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> found = assess_robustness(plan, 20, seed=0)
    >>> found.n_draws, bool((found.regret >= 0).all())
    (20, True)
    """
    _refuse_unusable(n_draws, seed, method)
    if len(pairing.pairs) == 0:
        raise InputDataError([Problem("the plan has no pairs, so there is nothing to draw anew")])
    first, second = beside_triad(pairing, pairing.table)
    integers = pairing.table.model.score(first, second).integers
    _, best_promised = best_plan(len(pairing.cohort), first, second, integers)
    resolved = run(
        _REDRAWS[method](pairing),
        int(n_draws),
        int(seed),
        executor=executor,
        progress=progress,
        cancelled=cancelled,
    )
    return Robustness(pairing, method, int(seed), int(n_draws), best_promised, resolved)


def _refuse_unusable(n_draws: int, seed: int, method: str) -> None:
    problems = []
    for name, number, least in (("n_draws", n_draws, 1), ("seed", seed, 0)):
        if isinstance(number, bool) or not isinstance(number, Integral) or int(number) < least:
            expected = f"a whole number, at least {least}"
            problems.append(Problem("is out of range", column=name, value=str(number), expected=expected))
    if method not in get_args(Method):
        known = get_args(Method)
        listed = " or ".join(f"'{name}'" for name in known)
        advice = did_you_mean(str(method), known)
        problems.append(
            Problem("is no method", column="method", value=str(method), expected=listed, advice=advice)
        )
    if problems:
        raise SettingsError(problems)
