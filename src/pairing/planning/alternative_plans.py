"""What other plans there are: how close they come to the best one, and how much they have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.matching import check_ranking
from pairing.pairs import VALUE_SCALE
from pairing.planning.by_total import constraints_of, levels_beside_total, levels_in_words
from pairing.planning.exchange import exchanges
from pairing.planning.figures import amount
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching import Ranking, RankingProof
    from pairing.planning.pairing import Pairing

    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans that are nearly as good as the best one; see :func:`pairing.planning.alternatives.alternatives`.

    Parameters
    ----------
    pairing : Pairing
        The plan at hand.
    wanted : int
        How many plans were wanted.
    changed : int
        How many pairs of each plan no plan before it may have; 1 for simply the best ones.
    within : float or None
        Largest loss against the best total, as a share of it.
    plans : tuple of ndarray of int, each of shape (n,)
        Position of each team's partner in each plan, -1 for none; the best plan first.
    totals : tuple of int
        Total value of each plan, in units of ``1 / VALUE_SCALE``.
    bounds : tuple of int
        What the plan in this place can be worth at most; above its total only if a limit stopped the search.
    ranking : Ranking or None
        What proves that these are the best plans; None where `changed` is above 1, or where the plan at hand
        has side constraints.
    """

    pairing: Pairing = field(repr=False)
    wanted: int
    changed: int
    within: float | None
    plans: tuple[Indices, ...] = field(repr=False)
    totals: tuple[int, ...] = field(repr=False)
    bounds: tuple[int, ...] = field(repr=False)
    ranking: Ranking | None = field(repr=False, default=None)

    def __repr__(self) -> str:
        return f"<Alternatives: {counted(len(self.plans), 'plan')} of {self.wanted} wanted>"

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def is_complete(self) -> bool:
        """Whether as many plans were found as were wanted."""
        return len(self.plans) == self.wanted

    @property
    def status(self) -> str:
        """Either "optimal", or "feasible" if a limit, or Ctrl-C, stopped the search for one of the plans."""
        return "optimal" if self.totals == self.bounds and self.stopped is None else "feasible"

    @property
    def stopped(self) -> str | None:
        """What ended the ranking before all were found: "time limit" or "interrupted"; else None."""
        return None if self.ranking is None else self.ranking.stopped

    @cached_property
    def n_in_all(self) -> int:
        """How many pairs all plans have in common."""
        partners = np.stack(self.plans)
        same = (partners == partners[0]).all(axis=0) & (partners[0] >= 0)
        return int(np.count_nonzero(same)) // 2

    @cached_property
    def rank_of_plan(self) -> int | None:
        """Which of them is the plan at hand; None if it is not among them."""
        here = [rank for rank, partner in enumerate(self.plans, 1) if self._n_changed(partner) == 0]
        return here[0] if here else None

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the plans.

        Returns
        -------
        pandas.DataFrame
            One row a plan, the best first. ``rank``; ``total_value`` in between-team SD; ``loss`` against
            the best total and ``loss_percent`` of it; ``n_changed``, how many of its pairs the plan at hand
            does not have; ``changed``, which they are and in place of which; ``gap``, by how much a plan in
            this place could be better (0 unless a limit stopped the search).
        """
        best = self.totals[0]
        losses = [best - total for total in self.totals]
        return pd.DataFrame(
            {
                "rank": range(1, len(self.plans) + 1),
                "total_value": [total / VALUE_SCALE for total in self.totals],
                "loss": [loss / VALUE_SCALE for loss in losses],
                "loss_percent": [round(_percent(loss, best), 6) for loss in losses],
                "n_changed": [self._n_changed(partner) for partner in self.plans],
                "changed": [self._changes(partner) for partner in self.plans],
                "gap": [
                    (bound - total) / VALUE_SCALE
                    for total, bound in zip(self.totals, self.bounds, strict=True)
                ],
            }
        )

    def frame_of(self, rank: int) -> pd.DataFrame:
        """Tabulate the pairs of one plan.

        Parameters
        ----------
        rank : int
            1 for the best plan.

        Returns
        -------
        pandas.DataFrame
            The columns of ``pairs.csv``, and ``in_plan``: whether the plan at hand has the pair.

        Raises
        ------
        SettingsError
            If there is no plan of that rank.
        """
        if not is_whole(rank) or not 1 <= rank <= len(self.plans):
            expected = f"a whole number from 1 to {len(self.plans)}"
            raise SettingsError([Problem("is the rank of no plan", value=str(rank), expected=expected)])
        plan = replace(self.pairing, partner=self.plans[rank - 1])
        shared = self.pairing.partner[plan.pairs[:, 0]] == plan.pairs[:, 1]
        return plan.to_frame().assign(in_plan=shared)

    def pairs_frame(self) -> pd.DataFrame:
        """Tabulate the pairs of all plans: the columns of :meth:`frame_of`, with ``rank`` in front."""
        frames = [self.frame_of(rank) for rank in range(1, len(self.plans) + 1)]
        ranks = np.repeat(np.arange(1, len(frames) + 1), [len(frame) for frame in frames])
        together = pd.concat(frames, ignore_index=True)
        together.insert(0, "rank", ranks)
        return together

    def prove(self) -> RankingProof:
        """Prove again, without any solver, that no other plan is better than the last of these.

        Returns
        -------
        RankingProof
            The totals, and a bound on every plan that is not listed.

        Raises
        ------
        CertificateError
            If the proof fails.
        SettingsError
            For plans that were made to differ, or have side constraints: they were found by integer
            programming, and their bounds stand in `bounds`.
        """
        if self.ranking is None:
            raise SettingsError(
                [
                    Problem(
                        "plans found by integer programming have no proof without a solver",
                        advice="Their bounds stand in 'bounds'.",
                    )
                ]
            )
        return check_ranking(self.pairing.table.problem(), self.ranking)

    def summary(self) -> str:
        """Say in a few sentences how close the plans are, and how much they have in common."""
        lines = [*self._how_many(), *self._how_close()]
        if self.rank_of_plan != 1:
            lines.append(self._where_the_plan_is())
        if levels := levels_in_words(self.pairing.objective):
            lines.append(f"{levels}: plans are compared by total value alone.")
        if constraints_of(self.pairing.objective):
            lines.append("Every plan keeps to the side constraints of the plan at hand, with as many pairs.")
        if self.totals != self.bounds:
            lines.append("A limit stopped the search: 'gap' says by how much a plan could be better.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        ids = self.pairing.cohort.ids
        rows = self.to_frame().astype(object).where(lambda frame: frame.notna(), None)
        plans = [
            row | {"pairs": [[ids[one], ids[other]] for one, other in _pairs(partner)]}
            for row, partner in zip(rows.to_dict("records"), self.plans, strict=True)
        ]
        return {
            "wanted": self.wanted,
            "found": len(self.plans),
            "changed": self.changed,
            "within_percent": None if self.within is None else 100 * self.within,
            "status": self.status,
            "stopped": self.stopped,
            "n_pairs": len(_pairs(self.plans[0])),
            "n_pairs_in_all": self.n_in_all,
            "rank_of_plan": self.rank_of_plan,
            "compared_by": "total value",
            "side_constraints_kept": len(constraints_of(self.pairing.objective)),
            "levels_ignored": list(levels_beside_total(self.pairing.objective)),
            "plans": plans,
        }

    def _repr_html_(self) -> str:
        return show_result("Alternatives", self.summary(), show_table(self.to_frame(), "The plans"))

    def _how_many(self) -> list[str]:
        n_pairs, found = counted(len(_pairs(self.plans[0])), "pair"), len(self.plans)
        if self.is_complete and self.changed > 1:
            differ = f"each with at least {self.changed} pairs that no plan before it has"
            return [f"{counted(found, 'plan')} of {n_pairs}, {differ}."]
        if self.is_complete:
            return [f"The {found} best of all plans of {n_pairs}, in order."] if found > 1 else []
        if self.stopped is not None:
            why = "Ctrl-C" if self.stopped == "interrupted" else "The time limit"
            best = "It is the best" if found == 1 else f"They are the {found} best, in order"
            ended = f"{counted(found, 'plan')} instead of {self.wanted}: {why} ended the search."
            return [f"{ended} {best} of all plans of {n_pairs}; further ones are not known."]
        limit = "" if self.within is None else f", is at most {100 * self.within:g}% below the best"
        differ = "" if self.changed == 1 else f" with at least {self.changed} pairs that none before it has"
        others = "no other" if found == 1 else "no further one"
        other = f"{others}{differ} keeps the rules{limit} and has {n_pairs}"
        return [f"{counted(found, 'plan')} instead of {self.wanted}: {other}."]

    def _how_close(self) -> list[str]:
        loss, last = self.totals[0] - self.totals[-1], len(self.plans)
        if last == 1:
            return [f"The best total is {self.totals[0] / VALUE_SCALE:.3f} SD."]
        worse = "exactly as good as the first"
        if loss:
            percent = _percent(loss, self.totals[0])
            share = f" ({amount(percent, 2)}%)" if isfinite(percent) else ""
            worse = f"{amount(loss / VALUE_SCALE, 3)} SD worse than the first{share}"
        n_pairs = len(_pairs(self.plans[0]))
        have = "is" if self.n_in_all == 1 else "are"
        shared = f"{self.n_in_all} of {counted(n_pairs, 'pair')} {have} in all {last}"
        return [f"The {_ordinal(last)} is {worse}; {shared}."]

    def _where_the_plan_is(self) -> str:
        if self.rank_of_plan is not None:
            return f"The plan at hand is number {self.rank_of_plan} by total value."
        loss = self.totals[0] - int(self.pairing.scored.integers.sum())
        return (
            f"The plan at hand is not among them: by total value it is {amount(loss / VALUE_SCALE, 3)} SD "
            "below the best."
        )

    def _n_changed(self, partner: Indices) -> int:
        return int(np.count_nonzero((partner != self.pairing.partner) & (partner >= 0))) // 2

    def _changes(self, partner: Indices) -> str:
        ids = self.pairing.cohort.ids
        return "; ".join(each.in_words(ids) for each in exchanges(self.pairing.partner, partner))


def is_whole(value: object) -> bool:
    """Whether a value is a whole number, which True and False are not meant to be."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def _percent(loss: int, best: int) -> float:
    return 100 * loss / abs(best) if best else (0.0 if loss == 0 else float("nan"))


def _pairs(partner: Indices) -> list[tuple[int, int]]:
    return [(one, other) for one, other in enumerate(partner.tolist()) if one < other]


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
