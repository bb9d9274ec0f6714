"""From outcomes of teams to outcomes of the units that were drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.errors import InputDataError, Problem
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pairing.inference.plan import MissingOutcomes


_LARGEST = 1e150
"""Larger outcomes have squares beyond the range of floating-point numbers."""


def checked_outcomes(outcomes: pd.DataFrame, columns: Sequence[str], known: Iterable[str]) -> pd.DataFrame:
    """Check a table of outcomes and give the wanted columns as numbers.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Indexed by team.
    columns : sequence of str
        Outcomes to analyse; empty for all.
    known : iterable of str
        Teams that may occur.

    Returns
    -------
    pandas.DataFrame
        Numbers, NaN where missing, indexed by team.

    Raises
    ------
    InputDataError
        With every problem: an unknown or repeated team, a missing or repeated column, a value that is no
        finite number or too large to be squared, nothing to analyse.
    """
    wanted = list(columns) or [str(name) for name in outcomes.columns]
    repeated = sorted({name for name in wanted if list(outcomes.columns).count(name) > 1})
    if repeated:
        raise InputDataError(Problem("there is more than one such column", column=name) for name in repeated)
    problems = [*_team_problems(outcomes.index, set(known))]
    problems += [Problem("is missing", column=name) for name in wanted if name not in outcomes.columns]
    if not wanted:
        problems.append(Problem("there is no outcome to analyse"))
    numbers = {}
    for name in wanted:
        if name in outcomes.columns:
            numbers[name] = pd.to_numeric(outcomes[name], errors="coerce").astype(np.float64)
            problems += _value_problems(name, outcomes[name], numbers[name])
    if problems:
        raise InputDataError(problems)
    return pd.DataFrame(numbers)


def unit_outcomes(
    outcome: pd.Series[float], members: Sequence[Sequence[str]], missing: MissingOutcomes
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Average an outcome over the teams of each unit.

    Parameters
    ----------
    outcome : pandas.Series
        Indexed by team; NaN where missing.
    members : sequence of sequence of str, length m
        The teams of each unit.
    missing : {"all-members", "available-members"}
        Whether a unit needs all its teams, or any.

    Returns
    -------
    tuple of ndarray of float and ndarray of int, shape (m,)
        Means, NaN for units that cannot be analysed; and the teams behind each.
    """
    means = np.full(len(members), np.nan)
    counts = np.zeros(len(members), dtype=np.intp)
    by_team = outcome.to_dict()
    for number, teams in enumerate(members):
        present = [by_team[team] for team in teams if not np.isnan(by_team.get(team, np.nan))]
        if present and (missing == "available-members" or len(present) == len(teams)):
            means[number], counts[number] = float(np.mean(present)), len(present)
    return means, counts


def _team_problems(teams: pd.Index[str], known: set[str]) -> Iterator[Problem]:
    unknown = [str(team) for team in teams if team not in known]
    if unknown:
        yield Problem(
            f"outcomes of unknown teams: {shortened(unknown)}", expected="teams that took part in the lottery"
        )
    repeated = sorted({str(team) for team in teams[teams.duplicated()]})
    if repeated:
        yield Problem(f"more than one row for {shortened(repeated)}")


def _value_problems(name: str, given: pd.Series[float], read: pd.Series[float]) -> Iterator[Problem]:
    bad = (given.notna() & (given.astype(str).str.strip() != "") & read.isna()) | np.isinf(read)
    for team, value in given[bad].items():
        yield Problem(
            f"is no number (team {team})", column=name, value=str(value), expected="a finite number, or blank"
        )
    for team, value in given[(read.abs() > _LARGEST) & ~bad].items():
        yield Problem(
            f"is too large to be analysed (team {team})",
            column=name,
            value=str(value),
            expected=f"a number of size at most {_LARGEST:g}",
        )
