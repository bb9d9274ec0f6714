"""Why not all rounds can be full, and how many can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError
from pairing.matching.several import solve_rounds
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from pairing.matching import MatchingProblem
    from pairing.matching.several import RoundsSolution
    from pairing.planning.rounds.wishes import Wishes


def no_full_rounds(
    wishes: Wishes, problem: MatchingProblem, solution: RoundsSolution, time_limit_s: float | None
) -> InfeasibleMatchingError:
    """Say how many rounds are possible in full, and whom one more would leave out.

    Parameters
    ----------
    wishes : Wishes
        The permitted pairs.
    problem : MatchingProblem
        Those among the teams that meet new ones.
    solution : RoundsSolution
        The best rounds, which are not all full.
    time_limit_s : float, optional
        Seconds that each question with fewer rounds may take.
    """
    n_rounds, half = len(solution.rounds), problem.n_vertices // 2
    possible = n_rounds - 1
    while possible:
        fewer = solve_rounds(problem, possible, time_limit_s=time_limit_s)
        if fewer.proof.n_pairs == possible * half:
            break
        solution, possible = fewer, possible - 1
    ids = wishes.table.model.cohort.ids
    met = np.bincount(
        np.concatenate([pairs.ravel() for pairs in solution.rounds]), minlength=problem.n_vertices
    )
    order = np.argsort(met, kind="stable")
    lacking = 2 * ((possible + 1) * half - solution.proof.n_pairs)
    resting = [ids[wishes.others[at]] for at in order if met[at] < len(solution.rounds)]
    full = (possible + 1) * half
    known = solution.proof.n_pairs_bound < full
    verdict = "would leave" if known else "would, in the best plan found within the time limit, leave"
    able = (
        f"{counted(possible, 'round is', 'rounds are')} possible" if possible else "Not one round is possible"
    )
    span = f"over all {possible + 1} rounds" if possible else "in the best plan"
    return InfeasibleMatchingError(
        f"The rules do not permit {counted(n_rounds, 'round')} in which every team meets a new one. "
        f"{able} in full; round {possible + 1} {verdict} {counted(lacking, 'team')} without a partner "
        f"({span} these rest: {shortened(resting)}).\n"
        "Ask for fewer rounds, relax a rule, or set allow_unpaired = true in [rules] to let teams rest as "
        "rarely as possible.",
        resting,
    )
