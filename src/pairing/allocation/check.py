"""What in the settings of a lottery the teams' data already contradict, before anything is paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.allocation.covariates import named_covariates
from pairing.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.cohort import Cohort
    from pairing.errors import Problem
    from pairing.profiles import Profiles
    from pairing.programme import Programme


def lottery_problems(programme: Programme, cohort: Cohort, profiles: Profiles) -> list[Problem]:
    """Find covariates, weights and strata that stand for nothing.

    Parameters
    ----------
    programme : Programme
        The settings; without `[lottery]` only the analysis is checked.
    cohort, profiles : Cohort, Profiles
        The teams.

    Returns
    -------
    list of Problem
        Empty if every name is known.
    """
    lottery, adjust_for = programme.lottery, programme.analysis.adjust_for
    problems = _told_by(lambda: named_covariates(adjust_for, cohort, profiles, "analysis.adjust_for"))
    if lottery is None:
        return problems
    problems += _told_by(
        lambda: named_covariates(lottery.balance_on, cohort, profiles).weights(
            lottery.balance_weights, "lottery.balance_weights"
        )
    )
    strata = lottery.strata
    return problems if strata is None else problems + _told_by(lambda: cohort.text(strata))


def _told_by(step: Callable[[], object]) -> list[Problem]:
    try:
        step()
    except InputDataError as error:
        return list(error.problems)
    return []
