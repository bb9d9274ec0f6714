"""What the two arms should have alike: covariates of the units, in a form ready to be scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.lottery.expansion import Expanded, expand
from pairing.shown import show_result, show_table
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from pairing.lottery.expansion import MissingCovariates


@dataclass(frozen=True, eq=False)
class Covariates:
    """Covariates of the units of a lottery, categories expanded.

    Make them with :func:`covariates_of_units`.

    Parameters
    ----------
    names : tuple of str, length K
        One name a column; a category's level reads "region = North".
    matrix : ndarray of float, shape (m, K)
        Mean over the unit's teams.
    sd : ndarray of float, shape (K,)
        Standard deviation over *teams* (divisor n - 1), the unit of every standardised difference.
    weights : ndarray of float, shape (K,)
        Weight of each column in the balance score.
    notes : tuple of str
        What was done about missing values, in words.
    """

    names: tuple[str, ...]
    matrix: NDArray[np.float64]
    sd: NDArray[np.float64]
    weights: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def take(self, units: Sequence[int]) -> Covariates:
        """Keep some units, in the given order; the standard deviations stay those of all teams."""
        return Covariates(self.names, self.matrix[list(units)], self.sd, self.weights, self.notes)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the columns: `covariate`, `lowest` and `highest` unit, `sd_teams`, `weight`."""
        import pandas as pd

        return pd.DataFrame(
            {
                "covariate": self.names,
                "lowest": self.matrix.min(axis=0),
                "highest": self.matrix.max(axis=0),
                "sd_teams": self.sd,
                "weight": self.weights,
            }
        )

    def summary(self) -> str:
        """Say what there is to balance."""
        head = f"{counted(len(self.names), 'covariate')} of {counted(len(self.matrix), 'unit')}."
        return "\n".join([head, *self.notes])

    def _repr_html_(self) -> str:
        return show_result("Covariates", self.summary(), show_table(self.to_frame(), "The covariates"))


def covariates_of_units(
    columns: Mapping[str, ArrayLike],
    teams: Sequence[str],
    members: Sequence[Sequence[str]],
    *,
    weights: Mapping[str, float] | None = None,
    missing: MissingCovariates = "refuse",
) -> Covariates:
    """Prepare covariates given for teams for a lottery over units.

    Parameters
    ----------
    columns : mapping of str to array_like, length n
        Values in the order of `teams`. Numbers (and true/false) are used as they are; anything else is a
        category. Missing is NaN or, in a category, also None and "".
    teams : sequence of str, length n
        Team ids.
    members : sequence of sequence of str, length m
        The teams of each unit.
    weights : mapping of str to float, optional
        Weight of a column in the balance score, at least 0; 1 where nothing is said. A category's weight
        is shared by its levels, so that a category with two levels counts as one 0/1 column.
    missing : {"refuse", "mean-and-indicator"}
        Refuse missing values, or put the mean of the teams that have the value and balance, with the same
        weight, on a further column that says where it was missing. (A category gets a level
        "(missing)" instead.)

    Returns
    -------
    Covariates

    Raises
    ------
    InputDataError
        If a column has missing values under "refuse", an infinite value, or one value only, or a unit has a
        team without covariates.
    SettingsError
        If a weight is negative or belongs to no column, all weights are 0, or the policy is unknown.

    Examples
    --------
    >>> made = covariates_of_units({"size": [1.0, 3.0, 2.0, 6.0], "region": ["N", "N", "S", "S"]},
    ...                            ["a", "b", "c", "d"], [("a", "c"), ("b", "d")])
    >>> made.names
    ('size', 'region = N', 'region = S')
    >>> made.matrix.tolist()
    [[1.5, 0.5, 0.5], [4.5, 0.5, 0.5]]
    """
    given = dict(weights or {})
    _check_settings(columns, given, missing)
    problems: list[Problem] = []
    expanded: dict[str, Expanded] = {}
    for name, values in columns.items():
        try:
            expanded[name] = expand(name, values, teams, missing)
        except InputDataError as error:
            problems += error.problems
    position = {team: number for number, team in enumerate(teams)}
    problems += _unknown_members(position, members)
    if problems:
        raise InputDataError(problems)
    matrix = np.hstack([made.values for made in expanded.values()])  # noqa: PD011  # our own arrays
    return Covariates(
        names=tuple(name for made in expanded.values() for name in made.names),
        matrix=np.vstack([matrix[[position[team] for team in unit]].mean(axis=0) for unit in members]),
        sd=matrix.std(axis=0, ddof=1),
        weights=np.array(
            [given.get(name, 1.0) * share for name, made in expanded.items() for share in made.shares]
        ),
        notes=tuple(made.note for made in expanded.values() if made.note is not None),
    )


def _check_settings(columns: Mapping[str, ArrayLike], weights: Mapping[str, float], missing: str) -> None:
    problems = [Problem("is not a covariate", value=name) for name in weights if name not in columns]
    for name, weight in weights.items():
        if not (np.isfinite(weight) and weight >= 0):
            problems.append(Problem(f"is no weight for '{name}'", value=str(weight), expected="at least 0"))
    if not columns:
        problems.append(Problem("there is no covariate to balance on"))
    elif all(weights.get(name, 1.0) == 0 for name in columns):
        problems.append(Problem("every covariate has weight 0, so there is nothing to balance on"))
    if missing not in ("refuse", "mean-and-indicator"):
        problems.append(Problem("is no policy", value=missing, expected="'refuse' or 'mean-and-indicator'"))
    if problems:
        raise SettingsError(problems)


def _unknown_members(position: Mapping[str, int], members: Sequence[Sequence[str]]) -> Iterator[Problem]:
    unknown = sorted({team for unit in members for team in unit if team not in position})
    if unknown:
        yield Problem(f"no covariates for {shortened(unknown)}")
