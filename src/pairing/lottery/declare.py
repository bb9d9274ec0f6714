"""Declaring a lottery: unconstrained, balanced, or over the sets of teams that can be paired."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.lottery.lottery import Lottery
from pairing.lottery.origin import Origin
from pairing.lottery.pairable import check_equal_chances_possible
from pairing.lottery.pool import best_draws
from pairing.lottery.score import balance_score
from pairing.lottery.significance import check_significance_possible, enough_draws
from pairing.lottery.tickets import weights_for_chances, whole_tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from pairing.lottery.covariates import Covariates
    from pairing.lottery.design import Design
    from pairing.lottery.pool import Pool
    from pairing.lottery.score import BalanceScore
    from pairing.lottery.telling import Tell


def uniform_lottery(
    design: Design,
    units: Sequence[str],
    members: Sequence[Sequence[str]],
    *,
    n_reserves: int = 0,
    list_up_to: int = 10_000,
) -> Lottery:
    """Declare the unconstrained lottery: every draw of the design is equally likely.

    Parameters
    ----------
    design : Design
        Any design but draw-then-pair, for which see :func:`draw_then_pair_lottery`.
    units : sequence of str, length m
        Ids of the units that are drawn, in the design's order.
    members : sequence of sequence of str, length m
        The teams of each unit.
    n_reserves : int
        How many units stand by.
    list_up_to : int
        List the draws, one ticket each, if there are no more than this.

    Returns
    -------
    Lottery
    """
    draws = design.enumerate() if design.n_draws <= list_up_to else None
    return Lottery(
        design=design,
        units=tuple(units),
        members=tuple(tuple(unit) for unit in members),
        draws=draws,
        tickets=None if draws is None else np.ones(len(draws), dtype=np.int64),
        n_reserves=n_reserves,
    )


def constrained_lottery(
    design: Design,
    units: Sequence[str],
    members: Sequence[Sequence[str]],
    covariates: Covariates,
    *,
    seed: int,
    candidates: int = 1_000_000,
    keep: float | None = None,
    alpha: float = 0.05,
    n_reserves: int = 0,
    executor: Executor | None = None,
    progress: Tell | None = None,
) -> Lottery:
    """Declare a lottery over the best balanced draws, each unit with exactly the design's chance.

    Parameters
    ----------
    design : Design
        The design without the constraint.
    units : sequence of str, length m
        Ids of the units that are drawn, in the design's order.
    members : sequence of sequence of str, length m
        The teams of each unit.
    covariates : Covariates
        What to balance, for the units in the design's order.
    seed : int
        Seed of the candidate draws. It decides which draws are on offer, never which one is drawn.
    candidates : int
        Candidates to score. If the design has no more draws than that, all of them are.
    keep : float, optional
        Share of the candidates to keep. By default as many as inference needs: 1,000, or 25 times the
        number of units if that is more; from 400 units on 10,000, or 5 times their number if that is more.
    alpha : float
        Significance level that the lottery has to serve.
    n_reserves : int
        How many units stand by.
    executor : concurrent.futures.Executor, optional
        Where to score candidates. The result is the same with and without.
    progress : callable, optional
        Told what is being done, and how many of how many steps of it are done.

    Returns
    -------
    Lottery

    Raises
    ------
    ImpossibleLotteryError
        If the kept draws cannot give equal chances (it names the units), or if one draw would be likelier
        than `alpha`, so that no outcome could be significant once it is drawn.
    SettingsError
        If a number is out of range.

    Examples
    --------
    The best 1,000 of the 2,002 possible draws, and those that tie with the last of them:

    >>> from pairing.lottery import covariates_of_units, pair_then_draw
    >>> pairs = [f"P{number:02d}" for number in range(14)]
    >>> members = [(f"a{number:02d}", f"b{number:02d}") for number in range(14)]
    >>> teams = [team for pair in members for team in pair]
    >>> size = {"size": [(7 * number) % 28 + number / 10 for number in range(28)]}
    >>> covariates = covariates_of_units(size, teams, members)
    >>> lottery = constrained_lottery(pair_then_draw(14, 5), pairs, members, covariates, seed=0)
    >>> lottery.n_draws, lottery.largest_chance_error() < 1e-6
    (1082, True)
    >>> lottery.origin.mean_score < lottery.origin.mean_score_unconstrained / 2
    True
    """
    _check_alpha(alpha)
    score = balance_score(covariates, design)
    pool = best_draws(
        design,
        score,
        candidates=candidates,
        keep=_share(keep, design, candidates),
        seed=seed,
        executor=executor,
        progress=progress,
    )
    return _lottery_from_pool(design, units, members, pool, score, covariates, alpha, n_reserves, progress)


def draw_then_pair_lottery(
    design: Design,
    teams: Sequence[str],
    permitted: tuple[NDArray[np.intp], NDArray[np.intp]],
    can_be_paired: Callable[[tuple[int, ...]], bool],
    covariates: Covariates | None = None,
    *,
    seed: int,
    candidates: int = 100_000,
    keep: float | None = None,
    alpha: float = 0.05,
    executor: Executor | None = None,
    progress: Tell | None = None,
) -> Lottery:
    """Declare a lottery that draws teams first, over the sets that can be paired with each other.

    Parameters
    ----------
    design : Design
        Made by :func:`pairing.lottery.draw_then_pair`.
    teams : sequence of str, length n
        Team ids in the design's order.
    permitted : tuple of two ndarray of int, shape (E,)
        The two teams of every permitted pair, as positions in `teams`.
    can_be_paired : callable
        Whether a tuple of team positions has a perfect matching among the permitted pairs.
    covariates : Covariates, optional
        What to balance, for units of one team. Without it the pool is a sample of the sets that can be
        paired, or all of them where they can be listed.
    seed, candidates, keep, alpha, executor, progress
        As in :func:`constrained_lottery`.

    Returns
    -------
    Lottery

    Raises
    ------
    ImpossibleLotteryError
        If equal chances are impossible, with the teams that share too few partners or whose chances the
        kept sets cannot give; if no candidate can be paired; or if one set would be likelier than `alpha`.
    SettingsError
        If a number is out of range, or the design is another one.

    Notes
    -----
    Drawing until a set can be paired, without tickets, would give unequal chances and is not offered.

    Examples
    --------
    Six teams on a ring, of whom two neighbours are drawn:

    >>> import numpy as np
    >>> from pairing.lottery import draw_then_pair
    >>> ring = np.arange(6), (np.arange(6) + 1) % 6
    >>> lottery = draw_then_pair_lottery(
    ...     draw_then_pair(6, 1), list("abcdef"), ring,
    ...     lambda drawn: drawn[1] - drawn[0] in (1, 5), seed=0, alpha=0.2)
    >>> lottery.to_frame()["intervention"].tolist()
    ['a b', 'a f', 'b c', 'c d', 'd e', 'e f']
    """
    _check_alpha(alpha)
    if design.kind != "draw-then-pair":
        raise SettingsError([Problem(f"is a {design.kind} design", expected="draw-then-pair")])
    check_equal_chances_possible(teams, *permitted)
    score = None if covariates is None else balance_score(covariates, design)
    listed = score is None and design.n_draws <= candidates
    pool = best_draws(
        design,
        score,
        candidates=candidates,
        keep=1.0 if listed else _share(keep, design, candidates),
        seed=seed,
        can_be_paired=can_be_paired,
        executor=executor,
        progress=progress,
    )
    members = [(team,) for team in teams]
    return _lottery_from_pool(design, teams, members, pool, score, covariates, alpha, 0, progress)


def _share(keep: float | None, design: Design, candidates: int) -> float:
    if keep is not None:
        return keep
    considered = max(1, min(design.n_draws, candidates))
    return min(1.0, enough_draws(design.n_units) / considered)


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise SettingsError(
            [Problem("is no significance level", value=str(alpha), expected="between 0 and 1")]
        )


def _lottery_from_pool(
    design: Design,
    units: Sequence[str],
    members: Sequence[Sequence[str]],
    pool: Pool,
    score: BalanceScore | None,
    covariates: Covariates | None,
    alpha: float,
    n_reserves: int,
    progress: Tell | None,
) -> Lottery:
    draws, scores = pool.draws, pool.scores
    tickets = whole_tickets(weights_for_chances(draws, design.chances(), units, progress))
    in_use = tickets > 0
    if not in_use.all():
        draws, tickets, scores = draws[in_use], tickets[in_use], scores[in_use]
    lottery = Lottery(
        design=design,
        units=tuple(units),
        members=tuple(tuple(unit) for unit in members),
        draws=draws,
        tickets=tickets,
        n_reserves=n_reserves,
        origin=Origin(
            candidates=pool.candidates,
            enumerated=pool.enumerated,
            keep=pool.keep,
            seed=pool.seed,
            balanced_on=() if covariates is None else covariates.names,
            weights=() if covariates is None else tuple(covariates.weights.tolist()),
            mean_score_unconstrained=math.nan if score is None else score.expected,
            mean_score=math.nan if score is None else float(scores @ tickets / tickets.sum()),
        ),
    )
    check_significance_possible(lottery, alpha)
    return lottery
