"""Planning several rounds together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError, Problem, SettingsError
from pairing.matching import MatchingProblem, MatchingSolution, solve
from pairing.matching.several import most_rests, solve_rounds
from pairing.pairs import VALUE_SCALE
from pairing.planning.by_total import refuse_more_than_total
from pairing.planning.pairing import Pairing
from pairing.planning.rounds.refusal import no_full_rounds
from pairing.planning.rounds.result import GreedyRounds, Rounds
from pairing.planning.rounds.wishes import Wishes, with_wishes
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from pairing.matching.several import RoundsSolution, SearchProgress
    from pairing.pairs import PairTable


def plan_rounds(
    table: PairTable | Pairing,
    n_rounds: int,
    *,
    keep: Iterable[str] = (),
    allow_unpaired: bool = False,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
    progress: Callable[[SearchProgress], None] | None = None,
) -> Rounds:
    """Plan several rounds together, in which nobody meets the same team twice who does not want to.

    Parameters
    ----------
    table : PairTable or Pairing
        The permitted pairs, or a pairing made from them.
    n_rounds : int
        How many rounds.
    keep : iterable of str
        Ids of teams that want to keep one partner through all rounds. They are paired with each other once,
        that pair meets in every round, and its value counts in every round. The two groups share no pair, so
        that each is planned on its own and the sum is still the best.
    allow_unpaired : bool
        Accept that some teams rest in some rounds when the rules do not permit all rounds to be full. With an
        odd number of teams one rests in each round in any case, another one every time.
    time_limit_s : float, optional
        Seconds after which the best rounds found so far are given, with their bound. One round after the
        other is planned in any case.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search with the best rounds so far, once there are any; they say so.
    progress : callable, optional
        Called now and then with the state of the search; totals are in units of ``1 / VALUE_SCALE``.

    Returns
    -------
    Rounds
        As many pairs in all rounds together as possible; among such plans one in which the team that rests
        most often does so as rarely as possible; among those the greatest total value. Proven, unless a time
        limit came first.

    Raises
    ------
    InfeasibleMatchingError
        If the rules do not permit all rounds to be full and `allow_unpaired` is false, or the teams in `keep`
        cannot all be paired with each other.
    InputDataError
        If an id in `keep` is unknown, or a team there has met several others of them before.
    SettingsError
        If there is not at least one round, or the time limit is no time; or if the pairing was made by levels
        or under side constraints, which do not apply to several rounds.
    KeyboardInterrupt
        If Ctrl-C was pressed, unless there were rounds that were to be kept.

    See Also
    --------
    pairing.matching.several.solve_rounds : The method, on numbered vertices.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> first = pair(load_audit(), [MinDistance(50), MaxSizeRatio(3)])
    >>> rounds = plan_rounds(first, 3)
    >>> [len(one.pairs) for one in rounds.rounds], rounds.status
    ([60, 60, 60], 'optimal')
    >>> bool(rounds.total > rounds.greedy_total)
    True
    """
    if isinstance(table, Pairing):
        advice = "Give its table to plan rounds under the rules alone, by their total value."
        refuse_more_than_total(table, "continued in rounds", advice)
    wishes = with_wishes(table.table if isinstance(table, Pairing) else table, keep)
    if n_rounds < 1:
        raise SettingsError([Problem(f"the number of rounds is {n_rounds}", expected="at least 1")])
    kept = _kept(wishes)
    others = wishes.others
    problem = MatchingProblem(others.size, *wishes.edges_among(others))
    solution = solve_rounds(
        problem,
        n_rounds,
        time_limit_s=time_limit_s,
        keep_interrupted=keep_interrupted,
        progress=None if progress is None else _with_kept(progress, n_rounds, kept),
    )
    if not allow_unpaired and solution.proof.n_pairs < n_rounds * (others.size // 2):
        if solution.stopped == "interrupted":
            raise KeyboardInterrupt
        raise no_full_rounds(wishes, problem, solution, time_limit_s)
    rounds = Rounds(
        wishes,
        tuple(others[pairs] for pairs in solution.rounds),
        wishes.keepers[kept.pairs()],
        solution.certificate,
        kept.certificate,
        _greedy(problem, solution, n_rounds, kept),
        solution.stopped,
    )
    _ = rounds.proof  # checked and kept now, so that nothing is worked out when the rounds are shown
    return rounds


def _with_kept(
    progress: Callable[[SearchProgress], None], n_rounds: int, kept: MatchingSolution
) -> Callable[[SearchProgress], None]:
    """Count the pairs that are kept in every round in what is told."""

    def tell(state: SearchProgress) -> None:
        more = n_rounds * (kept.total if state.aim == "total" else kept.n_pairs)
        total = None if state.total is None else state.total + more
        progress(replace(state, total=total, bound=state.bound + more))

    return tell


def _greedy(
    problem: MatchingProblem, solution: RoundsSolution, n_rounds: int, kept: MatchingSolution
) -> GreedyRounds:
    keys = problem.first * problem.n_vertices + problem.second
    total = sum(
        int(problem.weights[np.isin(keys, pairs[:, 0] * problem.n_vertices + pairs[:, 1])].sum())
        for pairs in solution.greedy
    )
    return GreedyRounds(
        sum(map(len, solution.greedy)) + n_rounds * kept.n_pairs,
        most_rests(problem.n_vertices, solution.greedy),
        (total + n_rounds * kept.total) / VALUE_SCALE,
    )


def _kept(wishes: Wishes) -> MatchingSolution:
    """The best pairing of those who keep their partner, among themselves."""
    keepers = wishes.keepers
    solution = solve(MatchingProblem(keepers.size, *wishes.edges_among(keepers)))
    if not solution.is_perfect:
        raise _cannot_keep(wishes, keepers[solution.unmatched])
    return solution


def _cannot_keep(wishes: Wishes, unmatched: NDArray[np.int64]) -> InfeasibleMatchingError:
    ids = wishes.table.model.cohort.ids
    left_out = [ids[at] for at in unmatched]
    n_keepers = wishes.keepers.size
    among = f"{counted(n_keepers, 'team')} want to keep one partner through all rounds"
    if n_keepers % 2 == 1:
        among += ", an odd number"
    alone = [ids[at] for at in unmatched if not np.isin(wishes.table.partners(int(at)), wishes.keepers).any()]
    why = f" The rules permit {shortened(alone)} none of the others in keep." if alone else ""
    return InfeasibleMatchingError(
        f"{among}, and the rules do not permit all of them to be paired with each other: "
        f"{shortened(left_out)} would be left without a partner.{why} Take a team out of keep, add one, or "
        "relax a rule.",
        left_out,
    )
