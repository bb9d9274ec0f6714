"""Random pairings that keep the rules, to see how much better than chance a plan is."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.matching.random_matchings import MOST_STEPS, random_matchings
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.by_total import constraints_of
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.pairs import PairTable
    from pairing.planning.pairing import Pairing

    Floats = NDArray[np.float64]

MOST_DRAWS = 100_000
"""Most random pairings that can be asked for."""

MOST_TEAMS_UNASKED = 2_000
"""Up to so many teams a plan is compared with random pairings without being asked."""

STEPS_IF_ASKED = 10 * MOST_STEPS
"""Steps of the walk for more teams than that: some of it goes a long way before it closes a pair."""

METHOD = (
    "random walk over the pairings of as many pairs that keep every rule about pairs, started from the plan "
    "(Jerrum and Sinclair 1989): each of them is equally likely in the long run"
)
"""How random pairings are drawn, in words."""


@dataclass(frozen=True, eq=False)
class RandomPairings:
    """Random permitted pairings of the teams of a plan. Make them with :func:`random_pairings`.

    Parameters
    ----------
    totals : ndarray of float, shape (number of draws,)
        Total value of each, in between-team SD.
    plan_total : float
        That of the plan.
    partner : ndarray of int32, shape (number of draws, n)
        Position of each team's partner in each, -1 for none.
    n_pairs : int
        Pairs of each pairing, as many as the plan has; a group of three comes on top.
    n_asked : int
        How many were asked for.
    seed : int
        What they were drawn with.
    notes : tuple of str
        What a reader must know about the comparison.
    """

    totals: Floats = field(repr=False)
    plan_total: float
    partner: NDArray[np.int32] = field(repr=False)
    n_pairs: int
    n_asked: int
    seed: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.totals.setflags(write=False)

    def __repr__(self) -> str:
        return f"<RandomPairings: {len(self)} of {self.n_pairs} pairs each>"

    def __len__(self) -> int:
        return len(self.totals)

    @property
    def mean(self) -> float | None:
        """Mean total of the random pairings; None without any."""
        return float(self.totals.mean()) if len(self) else None

    @property
    def sd(self) -> float | None:
        """Standard deviation of their totals, 0 where all are alike; None with fewer than two."""
        if len(self) < 2:
            return None
        return float(self.totals.std(ddof=1)) if np.ptp(self.totals) > 0 else 0.0

    @property
    def share_worse(self) -> float | None:
        """Share of the random pairings with a smaller total than the plan's; None without any."""
        return float(np.mean(self.totals < self.plan_total - 0.5 / VALUE_SCALE)) if len(self) else None

    @property
    def sds_above(self) -> float | None:
        """By how many standard deviations the plan is above their mean; None where they are all alike."""
        if self.mean is None or not self.sd:
            return None
        return (self.plan_total - self.mean) / self.sd

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the random pairings with the columns of ``random_pairings.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a pairing: ``draw, n_pairs, total_value``.
        """
        return pd.DataFrame(
            {
                "draw": np.arange(1, len(self) + 1),
                "n_pairs": np.full(len(self), self.n_pairs),
                "total_value": self.totals.round(VALUE_DIGITS),
            }
        )

    def summary(self) -> str:
        """Say how the plan compares with chance."""
        return "\n".join([self._comparison(), *self.notes])

    def _comparison(self) -> str:
        if self.mean is None:
            return "There are no random pairings to compare the plan with."
        head = f"{counted(len(self), 'random pairing')} that keep the rules"
        if self.sds_above is None or self.share_worse is None:
            return f"{head}: all have a total of {self.mean:.3f} SD, and the plan has {self.plan_total:.3f}."
        side = "above" if self.sds_above >= 0 else "below"
        return (
            f"{head} have a total of {self.mean:.3f} SD on average, with a standard deviation of "
            f"{self.sd:.3f}; the best of them has {self.totals.max():.3f}. The plan has "
            f"{self.plan_total:.3f}, {abs(self.sds_above):.1f} standard deviations {side} their mean; "
            f"{100 * self.share_worse:.1f}% of them are worse than the plan."
        )

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the single pairings as a JSON-safe dictionary."""
        return {
            "n": len(self),
            "n_asked": self.n_asked,
            "seed": self.seed,
            "how": METHOD,
            "n_pairs": self.n_pairs,
            "plan_total": self.plan_total,
            "mean": self.mean,
            "sd": self.sd,
            "share_worse": self.share_worse,
            "sds_above": self.sds_above,
            "totals": self.totals.tolist(),
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        from pairing.shown import show_result, show_table

        return show_result(
            "Random pairings", self.summary(), show_table(self.to_frame(), "The random pairings")
        )


def random_pairings(
    pairing: Pairing,
    n: int = 1000,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    most_steps: int | None = None,
) -> RandomPairings:
    """Draw random pairings of the same teams under the same rules, for comparison with a plan.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    n : int
        How many, at most `MOST_DRAWS`.
    seed : int
        Fixes every draw; 0 is a seed like any other.
    progress : callable, optional
        Called with the number of pairings drawn and asked for.
    most_steps : int, optional
        Bounds the work. With thousands of teams it ends before all `n` are drawn; a note says so. Default:
        `MOST_STEPS`, and `STEPS_IF_ASKED` with more than `MOST_TEAMS_UNASKED` teams.

    Returns
    -------
    RandomPairings

    Raises
    ------
    SettingsError
        If `n` or `seed` is out of range.

    Notes
    -----
    Every pairing with as many pairs as the plan that keeps all rules about pairs is equally likely, but for
    what the walk still remembers of its start, the plan. It opens and closes a pair thirty times before the
    first draw and five times between two; for the bundled audit (120 teams) nothing of the start can be seen
    after eight, and successive totals correlate by less than .05. Where the rules leave few ways from one
    pairing to another it may need longer, which cannot be seen from the draws.

    Values do not matter. Required and locked pairs are in all of the random pairings. Where the plan leaves
    teams out, each random pairing leaves as many out, often others. Where the plan has a group of three, so
    has each random pairing, often of other teams, and it counts with its least value; if the plan leaves out
    further teams, its group stays as it is. Conditions on the plan as a whole (``[side_constraints]``) are
    not imposed: a random pairing may break them, so that the comparison says what the plan reaches in spite
    of them.

    See :func:`pairing.matching.random_matchings.random_matchings` for the method and its source.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> found = random_pairings(plan, 100, seed=0)
    >>> len(found), found.share_worse
    (100, 1.0)
    """
    _require_range(n, seed)
    if most_steps is None:
        most_steps = MOST_STEPS if len(pairing.cohort) <= MOST_TEAMS_UNASKED else STEPS_IF_ASKED
    if n == 0:
        nothing = np.empty((0, len(pairing.cohort)), np.int32)
        notes = tuple(_notes(pairing, 0, 0))
        return RandomPairings(np.empty(0), pairing.total_value, nothing, len(pairing.pairs), 0, seed, notes)
    triad = pairing.triad
    left_out = int((pairing.partner < 0).sum()) - len(triad or ())
    fixed = triad if triad is not None and left_out else ()
    drawn = random_matchings(
        pairing.table.problem(),
        pairing.partner,
        n if len(pairing.pairs) else 0,
        np.random.default_rng(seed),
        fixed=fixed,
        triangle=triad is not None and not fixed,
        most_steps=most_steps,
        progress=None if progress is None else lambda done: progress(done, n),
    )
    groups = _groups(drawn.partner, triad, fixed)
    return RandomPairings(
        _totals(pairing.table, drawn.partner, groups) / VALUE_SCALE,
        pairing.total_value,
        drawn.partner,
        len(pairing.pairs),
        n,
        seed,
        tuple(_notes(pairing, len(drawn.partner), n)),
    )


def why_none_drawn(pairing: Pairing, n: int | None = None) -> str | None:
    """Why a plan is not compared with random pairings; None if it is.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    n : int, optional
        How many were asked for; by default they are drawn with up to `MOST_TEAMS_UNASKED` teams.
    """
    n_teams = len(pairing.cohort)
    if n == 0 and n_teams <= MOST_TEAMS_UNASKED:
        return "they were not asked for"
    if not n and n_teams > MOST_TEAMS_UNASKED:
        return f"there are {n_teams:,} teams, and the work is done unasked with up to {MOST_TEAMS_UNASKED:,}"
    return (
        None if pairing.table.fits_in_memory() else "the permitted pairs do not all fit into memory at once"
    )


def _require_range(n: int, seed: int) -> None:
    problems = [
        Problem("is out of range", column=name, value=str(value), expected=expected)
        for name, value, fits, expected in (
            ("n", n, 0 <= n <= MOST_DRAWS, f"a whole number from 0 to {MOST_DRAWS:,}"),
            ("seed", seed, seed >= 0, "a whole number, at least 0"),
        )
        if not fits
    ]
    if problems:
        raise SettingsError(problems)


def _groups(
    partner: NDArray[np.int32], triad: tuple[int, int, int] | None, fixed: tuple[int, ...]
) -> NDArray[np.int64]:
    """Positions of the teams of each pairing's group of three, shape (number of draws, 3 or 0)."""
    if triad is None:
        return np.empty((len(partner), 0), np.int64)
    if fixed:
        return np.tile(np.array(triad, np.int64), (len(partner), 1))
    return np.nonzero(partner < 0)[1].reshape(-1, 3)


def _totals(table: PairTable, partner: NDArray[np.int32], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Total value of each pairing, in units of ``1 / VALUE_SCALE``; a group counts with its least value."""
    draw, first = np.nonzero(partner > np.arange(partner.shape[1]))
    totals = np.zeros(len(partner), np.int64)
    np.add.at(totals, draw, _values(table, first, partner[draw, first].astype(np.int64)))
    if groups.size:
        inside = [
            _values(table, groups[:, one], groups[:, other]) for one, other in combinations(range(3), 2)
        ]
        totals += np.min(inside, axis=0)
    return totals


def _values(table: PairTable, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    n_teams = len(table.model.cohort)
    at = np.searchsorted(table.first * n_teams + table.second, first * n_teams + second)
    return table.integers[at]


def _notes(pairing: Pairing, n_drawn: int, n_asked: int) -> list[str]:
    notes = []
    if len(pairing.pairs) and n_drawn < n_asked:
        notes.append(
            f"{n_asked:,} were asked for; the work was stopped after {n_drawn:,}: there are many teams, or "
            "few pairings that keep the rules."
        )
    if constraints_of(pairing.objective):
        notes.append(
            "The random pairings keep the rules about pairs; side constraints are not imposed on them."
        )
    if pairing.objective.kind not in ("total", "total-with-triad"):
        notes.append(
            f"The plan was not made for the greatest total alone (its objective: {pairing.objective.kind})."
        )
    return notes
