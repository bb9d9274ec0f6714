"""Whether a planned adjustment for baseline covariates can be carried out, asked before it is published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pairing.allocation.covariates import named_covariates
from pairing.errors import InputDataError, Problem
from pairing.inference.statistic import DIMENSIONS_NEEDED, dimensions_left
from pairing.lottery import covariates_of_units
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pairing.allocation.covariates import Column
    from pairing.allocation.entrants import Entrants
    from pairing.lottery import Lottery
    from pairing.lottery.expansion import MissingCovariates
    from pairing.programme import AnalysisSettings

KEY = "analysis.adjust_for"


def adjusted_columns(
    analysis: AnalysisSettings, entrants: Entrants, lottery: Lottery, missing: MissingCovariates
) -> tuple[str, ...]:
    """Find the columns that `adjust_for` stands for, and try them out as the analysis will use them.

    Parameters
    ----------
    analysis : AnalysisSettings
        `[analysis]`.
    entrants : Entrants
        Who takes part.
    lottery : Lottery
        The declared lottery.
    missing : {"refuse", "mean-and-indicator"}
        What is done about missing values.

    Returns
    -------
    tuple of str
        Empty if nothing is adjusted for.

    Raises
    ------
    InputDataError
        If a name is unknown, a column is missing for a team, has one value only or tells every team apart, or
        all of them together leave nothing to compare.
    """
    if not analysis.adjust_for:
        return ()
    named = named_covariates(analysis.adjust_for, entrants.cohort, entrants.profiles, KEY)
    columns = named.rows(entrants.positions)
    problems = list(_identifying(columns))
    if problems:
        raise InputDataError(problems)
    try:
        covariates = covariates_of_units(columns, entrants.teams, lottery.members, missing=missing)
    except InputDataError as error:
        raise InputDataError(
            replace(problem, column=KEY, value=problem.column or problem.value) for problem in error.problems
        ) from error
    left = dimensions_left(lottery.design.stratum_of(), covariates.matrix) - lottery.n_reserves
    if left < DIMENSIONS_NEEDED:
        raise InputDataError([_too_many(analysis, lottery, len(covariates.names))])
    return tuple(named.columns)


def _identifying(columns: Mapping[str, Column]) -> Iterator[Problem]:
    """Find categories that have a level of its own for every team, such as names."""
    for name, column in columns.items():
        if column.dtype == object and len(set(column.tolist())) == len(column):
            yield Problem(
                "is a category with a value of its own for every team, so it leaves nothing to compare",
                column=KEY,
                value=name,
                advice="Adjust for a number, or for a category that teams share.",
            )


def _too_many(analysis: AnalysisSettings, lottery: Lottery, n_columns: int) -> Problem:
    strata = len(lottery.design.strata)
    within = f" in {strata} strata" if strata > 1 else ""
    return Problem(
        f"stands for {counted(n_columns, 'column')}, which leave nothing to compare among "
        f"{counted(lottery.design.n_units, lottery.unit_noun)}{within}",
        column=KEY,
        value=", ".join(analysis.adjust_for),
        advice="Adjust for fewer covariates, or for categories with fewer values.",
    )
