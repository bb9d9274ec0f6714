"""What is left of a plan when the profiles are drawn anew: shares, regret, arbitrary partners."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.by_total import constraints_of, levels_beside_total
from pairing.planning.robustness.words import in_words
from pairing.shown import show_result, show_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.planning.pairing import Pairing
    from pairing.planning.robustness.resolve import Resolved

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ARBITRARY_BELOW = 1 / 3
"""A partner that comes up at least so often is never called arbitrary."""

N_OTHERS = 3
"""How many other partners of each team are listed."""

_MAIN = ("pair_id", "team_a", "name_a", "team_b", "name_b", "value", "stays", "value_low", "value_high")

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Robustness:
    """How much of a plan is left when every team's profile is drawn anew; see :func:`assess_robustness`.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    method : str
        "posterior" or "counts".
    seed : int
        The seed.
    n_asked : int
        How many draws were asked for.
    best_promised : int
        Total of the plan of greatest total value by the published values, in units of ``1 / VALUE_SCALE``.
    resolved : Resolved
        The draws that were finished.

    Notes
    -----
    A team's partner is called *arbitrary* if the two come up together in less than `ARBITRARY_BELOW` of the
    draws, and the team with some other partner (or with none) at least as often: the audit does not single
    this partner out. A partner that comes up in 15% of the draws while no other reaches 10% is not certain,
    but neither is it arbitrary; nor is one of two that share a team between them. Where two shares differ by
    less than their standard errors, another seed can decide otherwise. A team that the plan leaves out is
    judged in the same way: "no partner" counts as its partner.
    """

    pairing: Pairing = field(repr=False)
    method: str
    seed: int
    n_asked: int
    best_promised: int = field(repr=False)
    resolved: Resolved = field(repr=False)

    def __repr__(self) -> str:
        return f"<Robustness: {len(self.pairing.pairs)} pairs, {self.n_draws} draws by {self.method}>"

    @property
    def n_draws(self) -> int:
        """Draws that were finished."""
        return len(self.resolved.numbers)

    @property
    def is_complete(self) -> bool:
        """Whether all draws that were asked for were finished."""
        return self.n_draws == self.n_asked

    @property
    def plan_total(self) -> Floats:
        """Total of the plan under each draw, shape (n_draws,), in between-team SD."""
        total: Floats = self.resolved.plan_values.sum(axis=1) / VALUE_SCALE
        return total

    @property
    def best_total(self) -> Floats:
        """Total of the best plan of each draw, shape (n_draws,), in between-team SD."""
        return self.resolved.best / VALUE_SCALE

    @property
    def regret(self) -> Floats:
        """What the best plan of each draw has more than the plan, shape (n_draws,), in between-team SD.

        At least 0 where the draw permits the plan. With "counts" a plan that is too unequal at the new levels
        can have more than the best one that is not.
        """
        regret: Floats = (self.resolved.best - self.resolved.plan_values.sum(axis=1)) / VALUE_SCALE
        return regret

    @property
    def regret_share(self) -> Floats:
        """Regret over the best plan's total, shape (n_draws,); NaN where that total is not above 0."""
        best = self.best_total
        return np.where(best > 0, self.regret / np.where(best > 0, best, 1.0), np.nan)

    @cached_property
    def stays(self) -> Floats:
        """Share of the draws whose best plan has each pair of the plan, shape (number of pairs,)."""
        first, second = self.pairing.pairs[:, 0], self.pairing.pairs[:, 1]
        share: Floats = (self.resolved.partner[:, first] == second).mean(axis=0)
        return share

    @cached_property
    def team_stays(self) -> Floats:
        """Share of the draws in which each team has its partner of the plan (or none), shape (n,)."""
        share: Floats = (self.resolved.partner == self.pairing.partner).mean(axis=0)
        return share

    @property
    def promised_total(self) -> float:
        """Total of the plan's pairs by the published values, in between-team SD."""
        return int(self.pairing.scored.integers.sum()) / VALUE_SCALE

    @cached_property
    def arbitrary(self) -> Flags:
        """Which teams' partners are arbitrary, shape (n,); see the notes of the class."""
        most = np.array([max(self._others(team).values(), default=0) for team in range(self._n_teams)])
        own = np.rint(self.team_stays * self.n_draws)
        flags: Flags = (self.team_stays < ARBITRARY_BELOW) & (most >= own)
        return flags

    @property
    def largest_standard_error(self) -> float:
        """The largest standard error that a share can have with so many draws."""
        return math.sqrt(0.25 / self.n_draws)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs of the plan with the columns of ``robustness-pairs.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a pair, in the plan's order: ``pair_id, team_a, team_b, name_a, name_b``; ``value``, as
            promised; ``stays``, the share of draws whose best plan has the pair, and ``stays_error``, its
            standard error; ``value_drawn``, ``value_low`` and ``value_high``, mean, 5% and 95% quantile of
            its value under the draws; ``permitted``, the share of draws whose rules permit it.
        """
        values = self.resolved.plan_values / VALUE_SCALE
        low, high = np.quantile(values, [0.05, 0.95], axis=0)
        cohort, (first, second) = self.pairing.cohort, self.pairing.pairs.T
        ids, names = np.array(cohort.ids, dtype=object), np.array(cohort.names, dtype=object)
        return pd.DataFrame(
            {
                "pair_id": self.pairing.pair_ids[: len(first)],  # a group of three comes last
                "team_a": ids[first],
                "team_b": ids[second],
                "name_a": names[first],
                "name_b": names[second],
                "value": self.pairing.scored.value,
                "stays": self.stays,
                "stays_error": standard_error(self.stays, self.n_draws),
                "value_drawn": values.mean(axis=0).round(VALUE_DIGITS),
                "value_low": low.round(VALUE_DIGITS),
                "value_high": high.round(VALUE_DIGITS),
                "permitted": self.resolved.plan_permitted.mean(axis=0),
            }
        )

    def teams_frame(self) -> pd.DataFrame:
        """Tabulate the teams with the columns of ``robustness-teams.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a team, sorted by id: ``team, name, pair_id, partner``; ``stays``, the share of draws in
            which it has that partner (or none, as in the plan), and ``stays_error``, its standard error;
            ``other_1`` to ``other_3``, its most frequent other partners, each with its share
            ``other_1_share`` ...; ``unpaired``, the share of draws that leave it out; ``n_partners``, how
            many different partners it had; ``arbitrary``.
        """
        ids = self.pairing.cohort.ids
        teams = self.pairing.teams_frame()[["team", "name", "pair_id", "partner"]]
        columns: dict[str, Any] = {
            "stays": self.team_stays,
            "stays_error": standard_error(self.team_stays, self.n_draws),
        }
        others = [
            [(ids[at], count) for at, count in self._others(team).items() if at >= 0]
            for team in range(self._n_teams)
        ]
        for place in range(N_OTHERS):
            at = [row[place] if place < len(row) else (None, math.nan) for row in others]
            columns[f"other_{place + 1}"] = np.array([name for name, _ in at], dtype=object)
            columns[f"other_{place + 1}_share"] = np.array([count for _, count in at]) / self.n_draws
        grouped = np.isin(np.arange(self._n_teams), self.pairing.triad or ())
        columns["unpaired"] = np.where(grouped, 0.0, (self.resolved.partner < 0).mean(axis=0))
        columns["n_partners"] = [
            len(row) + int(self.pairing.partner[team] >= 0 and self.team_stays[team] > 0)
            for team, row in enumerate(others)
        ]
        columns["arbitrary"] = self.arbitrary
        return teams.assign(**columns)

    def draws_frame(self) -> pd.DataFrame:
        """Tabulate the draws.

        Returns
        -------
        pandas.DataFrame
            One row a draw: ``draw`` (from 0); ``n_pairs`` of its best plan; ``best_total``, ``plan_total``
            and ``regret`` in between-team SD; ``regret_share``; ``n_not_permitted`` of the plan's pairs.
        """
        return pd.DataFrame(
            {
                "draw": self.resolved.numbers,
                "n_pairs": self.n_pairs,
                "best_total": self.best_total,
                "plan_total": self.plan_total,
                "regret": self.regret,
                "regret_share": self.regret_share,
                "n_not_permitted": self.n_not_permitted,
            }
        )

    @property
    def n_pairs(self) -> Indices:
        """Pairs in the best plan of each draw, shape (n_draws,)."""
        count: Indices = (self.resolved.partner >= 0).sum(axis=1) // 2
        return count

    @property
    def n_not_permitted(self) -> Indices:
        """Pairs of the plan that each draw does not permit, shape (n_draws,); 0 for "posterior"."""
        count: Indices = np.logical_not(self.resolved.plan_permitted).sum(axis=1)
        return count

    def least_stable(self, count: int = 10) -> pd.DataFrame:
        """The rows of :meth:`to_frame` that stay least often; among equals the first."""
        return self.to_frame().sort_values("stays", kind="stable").head(count)

    def summary(self) -> str:
        """Say in plain words what stays, what the plan turns out to be worth, and what is arbitrary."""
        return "\n".join(in_words(self))

    def to_dict(self) -> dict[str, Any]:
        """Give the result as a JSON-safe dictionary."""
        return {
            "method": self.method,
            "seed": self.seed,
            "n_draws": self.n_draws,
            "n_draws_asked": self.n_asked,
            "complete": self.is_complete,
            "resolved": "greatest total value",
            "objective": self.pairing.objective.kind,
            "side_constraints_ignored": len(constraints_of(self.pairing.objective)),
            "levels_ignored": list(levels_beside_total(self.pairing.objective)),
            "promised_total": self.promised_total,
            "best_promised_total": self.best_promised / VALUE_SCALE,
            "plan_total": described(self.plan_total),
            "regret": described(self.regret),
            "regret_share": described(self.regret_share),
            "mean_stays": float(self.stays.mean()),
            "largest_standard_error": self.largest_standard_error,
            "draws_that_do_not_permit_the_plan": int((self.n_not_permitted > 0).sum()),
            "pairs": _records(self.to_frame()),
            "teams": _records(self.teams_frame()),
        }

    def _repr_html_(self) -> str:
        table = show_table(self.to_frame(), "The pairs, and how often each stays", columns=_MAIN)
        return show_result("Robustness", self.summary(), table)

    @property
    def _n_teams(self) -> int:
        return len(self.pairing.cohort)

    def _others(self, team: int) -> dict[int, int]:
        """How often a team has each partner other than the plan's, the most frequent first; -1 for none."""
        partners, counts = np.unique(self.resolved.partner[:, team], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        found = {int(partners[at]): int(counts[at]) for at in order}
        found.pop(int(self.pairing.partner[team]), None)
        return found


def standard_error(share: Floats, n_draws: int) -> Floats:
    """Monte-Carlo standard error of shares, ``√(p (1 − p) / n)``.

    Examples
    --------
    >>> standard_error(np.array([0.5, 0.2]), 100).tolist()
    [0.05, 0.04]
    """
    error: Floats = np.sqrt(share * (1.0 - share) / n_draws)
    return error.round(6)


def described(figures: Floats) -> dict[str, float | None]:
    """Mean, its standard error and quantiles of the figures that are known; None where there are too few.

    Examples
    --------
    >>> described(np.array([1.0, 3.0, np.nan]))["mean"], described(np.array([1.0]))["standard_error"]
    (2.0, None)
    """
    known = figures[np.isfinite(figures)]
    names = ["mean", "standard_error", *(f"q{round(100 * level):02d}" for level in QUANTILES)]
    if len(known) == 0:
        return dict.fromkeys(names)
    error = float(known.std(ddof=1) / math.sqrt(len(known))) if len(known) > 1 else None
    return dict(
        zip(names, [float(known.mean()), error, *np.quantile(known, QUANTILES).tolist()], strict=True)
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can hold them: what is missing is null."""
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    rows = zip(*columns.values(), strict=True)
    return [{name: _known(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _known(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value
