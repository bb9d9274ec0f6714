"""Late joiners: one cohort out of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.cohort.cohort import Cohort, Observations
from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FACTS = ("size", "latitude", "longitude")
_OBSERVED = ("values", "denominators", "standard_errors", "unadjusted")


def with_joiners(cohort: Cohort, joiners: Cohort) -> Cohort:
    """Make the cohort of all teams of two.

    Parameters
    ----------
    cohort : Cohort
        The teams so far.
    joiners : Cohort
        The teams that join, described by the same indicators.

    Returns
    -------
    Cohort
        All teams in the order of their ids. Facts and columns that only one of the two knows are unknown
        for the teams of the other.

    Raises
    ------
    InputDataError
        If a joiner's id is taken, or the indicators are not the same.

    Examples
    --------
    >>> from pairing.data import load_audit
    >>> audit = load_audit()
    >>> some, others = audit.subset(audit.ids[:5]), audit.subset(audit.ids[5:7])
    >>> len(with_joiners(some, others))
    7
    """
    problems = [
        Problem(
            "joins, and the cohort has a team with this id already",
            value=team,
            advice="Give the joiner another id.",
        )
        for team in sorted(set(cohort.ids) & set(joiners.ids))
    ]
    if cohort.indicators != joiners.indicators:
        there = ", ".join(indicator.column for indicator in joiners.indicators)
        here = ", ".join(indicator.column for indicator in cohort.indicators)
        message = "the joiners are described by other indicators, or the same ones declared otherwise"
        problems.append(Problem(message, value=there, expected=here))
    if problems:
        raise InputDataError(problems)
    order = np.argsort(np.array([*cohort.ids, *joiners.ids], dtype=object), kind="stable")
    facts = {name: _facts(cohort, joiners, name, order) for name in _FACTS}
    return Cohort(
        ids=_ordered((*cohort.ids, *joiners.ids), order),
        names=_ordered((*cohort.names, *joiners.names), order),
        indicators=cohort.indicators,
        observations=_observations(cohort.observations, joiners.observations, order),
        table=_table(cohort, joiners, order),
        contact=cohort.contact,
        **facts,
    )


def _ordered(names: tuple[str, ...], order: NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(names[position] for position in order)


def _facts(cohort: Cohort, joiners: Cohort, name: str, order: NDArray[np.intp]) -> Floats | None:
    known = getattr(cohort, name), getattr(joiners, name)
    if known[0] is None and known[1] is None:
        return None
    parts = [
        np.full(len(teams), np.nan) if values is None else values
        for teams, values in zip((cohort, joiners), known, strict=True)
    ]
    joined: Floats = np.concatenate(parts)[order]
    return joined


def _observations(before: Observations, added: Observations, order: NDArray[np.intp]) -> Observations:
    return Observations(
        *(np.concatenate([getattr(before, name), getattr(added, name)])[order] for name in _OBSERVED)
    )


def _table(cohort: Cohort, joiners: Cohort, order: NDArray[np.intp]) -> pd.DataFrame:
    if not len(cohort.table):
        return cohort.table
    added = joiners.table.reindex(index=list(joiners.ids), columns=cohort.table.columns, fill_value="")
    joined = pd.concat([cohort.table, added]).iloc[order]
    joined.index.name = cohort.table.index.name
    return joined
