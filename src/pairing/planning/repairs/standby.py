"""Standby partners: for every team, who would take the place of its partner if that one dropped out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.matching import MatchingProblem, solve
from pairing.pairs import VALUE_SCALE, PairTable
from pairing.planning.alteration import drawn_teams, named_pairs, refuse_group_of_three
from pairing.planning.by_total import refuse_more_than_total
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.repairs.alternating_path import Arcs, shortest_exchange
from pairing.rules import RuleSet, TeamFacts
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.pairs import PairModel
    from pairing.planning.pairing import Pairing

    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Successor:
    """What would happen to one team if its partner dropped out.

    Parameters
    ----------
    team, partner_lost : str
        The team, and the partner that would be lost.
    new_partner : str or None
        Its new partner; None if it would have none.
    n_pairs_changed : int
        How many other pairs of the plan would have to be broken up.
    value_change : float
        Total value afterwards less that of the plan now, in between-team SD. The value of the lost pair is in
        it.
    left_out : tuple of str
        All teams that would be without a partner.
    """

    team: str
    partner_lost: str
    new_partner: str | None
    n_pairs_changed: int
    value_change: float
    left_out: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Standby:
    """The repair of every possible drop-out, worked out in advance.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    successors : tuple of Successor
        One for each team that has a partner, by id.
    """

    pairing: Pairing = field(repr=False)
    successors: tuple[Successor, ...]

    def __repr__(self) -> str:
        return f"<Standby: {self._count()}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate who would succeed whom.

        Returns
        -------
        pandas.DataFrame
            One row a team with a partner: `team`, `partner_lost`, `new_partner` (blank for none),
            `n_pairs_changed`, `value_change` in between-team SD, and `left_out`, the teams that would then
            be without a partner, joined by ``;``.
        """
        rows = [
            (
                row.team,
                row.partner_lost,
                row.new_partner,
                row.n_pairs_changed,
                row.value_change,
                ";".join(row.left_out) or None,
            )
            for row in self.successors
        ]
        columns = ["team", "partner_lost", "new_partner", "n_pairs_changed", "value_change", "left_out"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Say how well the plan is prepared for one drop-out."""
        lines = [f"{self._count()}."]
        at_once = sum(row.new_partner is not None and row.n_pairs_changed == 0 for row in self.successors)
        with_partner = sum(row.new_partner is not None for row in self.successors)
        if with_partner:
            lines.append(
                f"For {at_once:,} of these {with_partner:,} no other pair changes; at most "
                f"{max(row.n_pairs_changed for row in self.successors):,} do."
            )
        elif self.successors and not (self.pairing.partner < 0).any():
            lines.append(
                "Everybody has a partner now, so after one drop-out one team must stay out, and the fewest "
                "pairs change if that is the one that lost its partner. A team held in reserve would step in."
            )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "standby": [
                {
                    "team": row.team,
                    "partner_lost": row.partner_lost,
                    "new_partner": row.new_partner,
                    "n_pairs_changed": row.n_pairs_changed,
                    "value_change": row.value_change,
                    "left_out": list(row.left_out),
                }
                for row in self.successors
            ]
        }

    def _count(self) -> str:
        found = sum(row.new_partner is not None for row in self.successors)
        teams = counted(len(self.successors), "team")
        return f"If its partner dropped out, {found:,} of {teams} would have a new one"

    def _repr_html_(self) -> str:
        return show_result("Standby", self.summary(), show_table(self.to_frame(), "If the partner drops out"))


def standby(pairing: Pairing, *, progress: Callable[[int], None] | None = None) -> Standby:
    """Work out, for every team that has a partner, what to do if that partner drops out.

    Each drop-out is repaired as :func:`pairing.planning.repair` would: as many pairs as possible, the
    fewest changed pairs, then the greatest total value. Teams may be left without a partner.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    progress : callable, optional
        Called after each drop-out with their number so far.

    Returns
    -------
    Standby
        Exact: every drop-out is solved.

    Raises
    ------
    SettingsError
        If the plan has a group of three, or was made by levels or under side constraints.

    See Also
    --------
    pairing.planning.repairs.repair.repair : The repair of what has really happened.

    Examples
    --------
    >>> from pairing import load_audit, pair
    >>> from pairing.rules import MaxDistance, MinDistance
    >>> audit = load_audit()
    >>> plan = pair(audit.subset(audit.ids[:31]), [MinDistance(50), MaxDistance(400)], allow_unpaired=True)
    >>> ready = standby(plan)
    >>> len(ready.successors), ready.successors[0].partner_lost
    (30, 'RCF')
    """
    refuse_group_of_three(pairing, "searched for standby partners")
    advice = "Repair a drop-out once it has happened: that holds the new plan to the side constraints."
    refuse_more_than_total(pairing, "searched for standby partners", advice)
    drop_outs = _DropOuts(pairing)
    successors = []
    for done, position in enumerate(np.flatnonzero(pairing.partner >= 0).tolist(), start=1):
        successors.append(drop_outs.successor(position))
        if progress is not None:
            progress(done)
    return Standby(pairing, tuple(successors))


class _DropOuts:
    """Every drop-out from one plan; what does not depend on who drops out is worked out once."""

    def __init__(self, pairing: Pairing) -> None:
        self.pairing, self.ids = pairing, pairing.cohort.ids
        self.model = pairing.table.model
        rules = self.model.rules.rules
        self.judging_all = RuleSet(
            tuple(rule for rule in rules if rule.judges_by_all_teams), self.model.rules.missing
        )
        lasting = RuleSet(
            tuple(rule for rule in rules if not rule.judges_by_all_teams), self.model.rules.missing
        )
        self.table = _permitted(self.model, lasting)
        objective = FewestChanges.of(self.table, named_pairs(pairing))
        self.is_earlier = objective.is_earlier(self.table)
        self.weights = objective.weights(self.table, pairing.pairs)
        self.total = int(pairing.scored.integers.sum())
        self.arcs, self.row_of_arc = Arcs.of(self.table.first, self.table.second, self.table.integers)

    def successor(self, position: int) -> Successor:
        """What happens to a team whose partner drops out."""
        gone = int(self.pairing.partner[position])
        rows = self._permitted_without(gone)
        first, second = self.table.first[rows], self.table.second[rows]
        partner = self._exchanged(position, gone, rows)
        if partner is None:
            partner = self._solved(gone, rows)
        chosen = partner[first] == second
        n_kept = int((chosen & self.is_earlier[rows]).sum())
        total = int(self.table.integers[rows][chosen].sum())
        new = int(partner[position])
        return Successor(
            team=self.ids[position],
            partner_lost=self.ids[gone],
            new_partner=self.ids[new] if new >= 0 else None,
            n_pairs_changed=len(self.pairing.pairs) - 1 - n_kept,
            value_change=(total - self.total) / VALUE_SCALE,
            left_out=tuple(team for team in self._alone(partner) if team != self.ids[gone]),
        )

    def _exchanged(self, position: int, gone: int, rows: Indices) -> Indices | None:
        """The plan after the exchange that breaks up the fewest pairs; None where that is not plain.

        All other pairs of the plan, which has as many pairs as possible, still stand. Then no plan without
        the lost team has more than one pair more than they are. The best one differs from them by a single
        path from the team without its partner to another one without; where there is none, by nothing.
        """
        pairing = self.pairing
        if int(self.is_earlier[rows].sum()) < len(pairing.pairs) - 1:
            return None
        partner = pairing.partner.copy()
        partner[[position, gone]] = -1
        others = np.flatnonzero(pairing.partner < 0).tolist()
        exchange = shortest_exchange(self._arcs_of(rows), partner, position, others) if others else []
        for first, second in exchange or ():
            partner[first], partner[second] = second, first
        return None if exchange is None else partner

    def _arcs_of(self, rows: Indices) -> Arcs:
        """Some permitted pairs from both of their ends."""
        chosen = np.zeros(len(self.table), dtype=np.bool_)
        chosen[rows] = True
        return self.arcs.only(chosen[self.row_of_arc])

    def _solved(self, gone: int, rows: Indices) -> Indices:
        first, second = self.table.first[rows], self.table.second[rows]
        problem = MatchingProblem(
            len(self.ids) - 1, _closed_up(first, gone), _closed_up(second, gone), self.weights[rows]
        )
        solved = solve(problem).partner
        return np.insert(np.where(solved >= gone, solved + 1, solved), gone, -1)

    def _permitted_without(self, gone: int) -> Indices:
        """Rows of the pairs that are permitted when one team is not there."""
        rows = np.flatnonzero((self.table.first != gone) & (self.table.second != gone))
        if not self.judging_all.rules:
            return rows
        stay = [team for team in self.ids if team != self.ids[gone]]
        facts = self.model.facts
        there = np.delete(np.arange(len(self.ids)), gone)
        travel = None if facts.travel is None else facts.travel.for_teams(self.ids, stay)
        remaining = TeamFacts(facts.cohort.subset(stay), facts.level[there], travel)
        first, second = self.table.first[rows], self.table.second[rows]
        pairs = remaining.pairs(_closed_up(first, gone), _closed_up(second, gone))
        return rows[self.judging_all.without_teams([self.ids[gone]]).permitted(pairs)]

    def _alone(self, partner: Indices) -> list[str]:
        taking_part = drawn_teams(self.pairing)
        alone = [self.ids[position] for position in np.flatnonzero(partner < 0)]
        return [team for team in alone if taking_part is None or team in taking_part]


def _permitted(model: PairModel, rules: RuleSet) -> PairTable:
    """The pairs that some of a model's rules permit."""
    return PairTable.build(replace(model, rules=rules))


def _closed_up(positions: Indices, gone: int) -> Indices:
    """Positions in the cohort without one team."""
    return positions - (positions > gone)
