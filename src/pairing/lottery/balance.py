"""How alike the arms are, and how freely the lottery still mixes the teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.lottery.score import stratum_weights
from pairing.lottery.selection import number_blocks
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pairing.lottery.covariates import Covariates
    from pairing.lottery.design import Design
    from pairing.lottery.draw import Draw
    from pairing.lottery.lottery import Lottery
    from pairing.lottery.telling import Tell

_CERTAIN = 1e-9


@dataclass(frozen=True, eq=False)
class SameArm:
    """Moulton's matrix: how often two units share an arm, against the lottery without constraint.

    Parameters
    ----------
    units : tuple of str, length m
        Rows and columns.
    probabilities, unconstrained : ndarray of float, shape (m, m)
        Chances of sharing an arm, either one.
    always, never : tuple of tuple of str
        Pairs of units that always or never share an arm although the design alone would not force it.

    References
    ----------
    Moulton LH (2004). Covariate-based constrained randomization of group-randomized trials. Clinical
    Trials 1, 297-305.
    """

    units: tuple[str, ...]
    probabilities: NDArray[np.float64]
    unconstrained: NDArray[np.float64]
    always: tuple[tuple[str, str], ...]
    never: tuple[tuple[str, str], ...]

    def extremes(self) -> tuple[float, float]:
        """Give the smallest and the largest probability of two different units."""
        # Row by row: of thousands of units, the places of all pairs would be larger than what they hold.
        rows = [self.probabilities[row, row + 1 :] for row in range(len(self.units) - 1)]
        return float(min(row.min() for row in rows)), float(max(row.max() for row in rows))

    def to_frame(self) -> pd.DataFrame:
        """Give one row a pair of units: `unit_a`, `unit_b`, `same_arm`, `same_arm_unconstrained`."""
        import pandas as pd

        rows, columns = np.triu_indices(len(self.units), k=1)
        names = np.array(self.units, dtype=object)
        return pd.DataFrame(
            {
                "unit_a": names[rows],
                "unit_b": names[columns],
                "same_arm": self.probabilities[rows, columns],
                "same_arm_unconstrained": self.unconstrained[rows, columns],
            }
        )

    def summary(self) -> str:
        """Say how the chances of sharing an arm range, and who has no choice."""
        low, high = self.extremes()
        rows, columns = np.triu_indices(len(self.units), k=1)
        free = self.unconstrained[rows, columns]
        before = f"{free.min():.3f} to {free.max():.3f}" if np.ptp(free) > _CERTAIN else f"{free[0]:.3f}"
        tied = "No two are tied to each other by the constraint."
        if self.always or self.never:
            tied = f"Tied: {len(self.always):,} always share one, and {len(self.never):,} never do."
        return (
            f"Any two of {counted(len(self.units), 'unit')} share an arm with a chance of {low:.3f} to "
            f"{high:.3f}; without the constraint {before}.\n{tied}"
        )

    def _repr_html_(self) -> str:
        return show_result("Same arm", self.summary(), show_table(self.to_frame(), "Two units, either arm"))


def same_arm(lottery: Lottery, progress: Tell | None = None) -> SameArm:
    """Compare the same-arm probabilities of a lottery with those of its design without constraint.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    progress : callable, optional
        Told how many of its draws are counted.

    Returns
    -------
    SameArm

    Examples
    --------
    >>> from pairing.lottery import pair_then_draw, uniform_lottery
    >>> members = [(f"a{i}", f"b{i}") for i in range(40)]
    >>> lottery = uniform_lottery(pair_then_draw(40, 15), [f"P{i}" for i in range(40)], members)
    >>> [round(value, 4) for value in same_arm(lottery).extremes()]
    [0.5192, 0.5192]
    """
    found, free = lottery.same_arm(progress), lottery.design.same_arm()
    forced = (free < _CERTAIN) | (free > 1 - _CERTAIN)
    return SameArm(
        lottery.units,
        found,
        free,
        always=_pairs(lottery.units, (found > 1 - _CERTAIN) & ~forced),
        never=_pairs(lottery.units, (found < _CERTAIN) & ~forced),
    )


def balance_table(lottery: Lottery, covariates: Covariates, drawn: Draw | None = None) -> pd.DataFrame:
    """Compare the arms covariate by covariate.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    covariates : Covariates
        For the lottery's units, in its order. They need not be those that were balanced.
    drawn : Draw, optional
        The draw, once it is made. Reserves are in neither arm.

    Returns
    -------
    pandas.DataFrame
        One row a covariate: `covariate`, `sd_teams` (standard deviation over teams, the unit of every SMD),
        `smd_unconstrained` and `smd_lottery` (root mean square standardised difference to be expected, of
        the simple lottery and of this one), and, with `drawn`, `mean_intervention`, `mean_control`, `smd`.

    Examples
    --------
    >>> from pairing.lottery import covariates_of_units, simple, uniform_lottery
    >>> units = ["a", "b", "c", "d"]
    >>> lottery = uniform_lottery(simple(4, 2), units, [(unit,) for unit in units])
    >>> covariates = covariates_of_units({"size": [10.0, 20.0, 30.0, 40.0]}, units, lottery.members)
    >>> balance_table(lottery, covariates)["smd_lottery"].round(3).tolist()
    [1.0]
    """
    import pandas as pd

    parts = _parts(covariates, lottery.design)
    table = pd.DataFrame(
        {
            "covariate": list(covariates.names),
            "sd_teams": covariates.sd,
            "smd_unconstrained": np.sqrt(_free_squares(parts, lottery.design)),
            "smd_lottery": np.sqrt(_squares(parts, lottery)),
        }
    )
    if drawn is not None:
        arms = drawn.arms()
        labels = np.array([arms[unit] for unit in lottery.units])
        values = covariates.matrix
        table["mean_intervention"] = values[labels == "intervention"].mean(axis=0)
        table["mean_control"] = values[labels == "control"].mean(axis=0)
        table["smd"] = (table["mean_intervention"] - table["mean_control"]) / table["sd_teams"]
    return table


def _parts(covariates: Covariates, design: Design) -> NDArray[np.float64]:
    """Give what each unit adds to each standardised difference when it is drawn, shape (m, K)."""
    centred = np.array(covariates.matrix)
    for stratum in design.strata:
        units = list(stratum)
        centred[units] -= centred[units].mean(axis=0)
    return np.asarray(centred / covariates.sd * stratum_weights(design)[:, None])


def _free_squares(parts: NDArray[np.float64], design: Design) -> NDArray[np.float64]:
    """Give the mean square of each sum of parts, shape (K,): its variance without replacement."""
    squares = np.zeros(parts.shape[1])
    for stratum, drawn in zip(design.strata, design.drawn, strict=True):
        squares += drawn * (1 - drawn / len(stratum)) * parts[list(stratum)].var(axis=0, ddof=1)
    return squares


def _squares(parts: NDArray[np.float64], lottery: Lottery) -> NDArray[np.float64]:
    """Give the mean square of each sum of parts over the draws that can happen, shape (K,)."""
    if lottery.draws is None or lottery.tickets is None:
        return _free_squares(parts, lottery.design)
    squares = np.zeros(parts.shape[1])
    for rows, block in number_blocks(lottery.draws):
        squares += lottery.tickets[rows] @ (block @ parts) ** 2
    return squares / lottery.n_tickets


def _pairs(units: tuple[str, ...], chosen: NDArray[np.bool_]) -> tuple[tuple[str, str], ...]:
    rows, columns = np.nonzero(np.triu(chosen, k=1))
    return tuple((units[a], units[b]) for a, b in zip(rows.tolist(), columns.tolist(), strict=True))
