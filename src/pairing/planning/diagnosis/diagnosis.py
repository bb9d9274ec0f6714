"""Why not everyone can be paired, and what would change that, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pairing.planning.diagnosis.advice import advice_of, leave_out_advice, too_little
from pairing.planning.diagnosis.limits import outcome_facts
from pairing.shown import show_result, show_table
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from pairing.pairs import PairTable
    from pairing.planning.diagnosis.advice import Advice
    from pairing.planning.diagnosis.exemptions import Exemption
    from pairing.planning.diagnosis.flexible import FlexChange
    from pairing.planning.diagnosis.leave_out import LeftOutInstead
    from pairing.planning.diagnosis.limits import LimitChange
    from pairing.planning.diagnosis.relaxable import Outcome
    from pairing.planning.diagnosis.shortage import Shortage

    RuleChange = LimitChange | Exemption


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Why not everyone can be paired, and the least that would change it. Make one with :func:`diagnose`.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    outcome : Outcome
        The best plan as the rules are.
    left_out : tuple of str
        Ids of the teams that it leaves out: the best choice of teams to leave out.
    shortages : tuple of Shortage
        The proof that no plan leaves out fewer: which teams compete for which partners.
    changes : tuple of LimitChange or Exemption
        For every rule what changing it alone can do, in the order of the rules; empty if a full pairing
        exists.
    flex : FlexChange or None
        What moving several rules together can do, if that was asked.
    leave_out_instead : tuple of LeftOutInstead
        If one team must stay out because the number is odd: the next-best choices.
    n_side_constraints_ignored : int
        Side constraints on the whole plan, which a diagnosis of the rules does not look at.
    """

    table: PairTable = field(repr=False)
    outcome: Outcome
    left_out: tuple[str, ...]
    shortages: tuple[Shortage, ...]
    changes: tuple[RuleChange, ...]
    flex: FlexChange | None = None
    leave_out_instead: tuple[LeftOutInstead, ...] = ()
    n_side_constraints_ignored: int = 0

    def __repr__(self) -> str:
        return f"<Diagnosis: {self._verdict()}>"

    @property
    def is_full(self) -> bool:
        """Whether everyone can be paired, or all but one where the number of teams is odd."""
        return self.outcome.is_full

    @property
    def options(self) -> tuple[Advice, ...]:
        """What can be done, numbered from 1 in :meth:`summary`; leaving teams out comes last."""
        found = [advice_of(change) for change in self.changes if change.restores]
        if self.flex is not None and self.flex.restores:
            found.append(advice_of(self.flex))
        if self.left_out:
            found.append(leave_out_advice(self.left_out, self.outcome, self.leave_out_instead))
        return tuple(found)

    def summary(self) -> str:
        """Say why, and what can be done, as numbered options.

        Returns
        -------
        str
            Several lines.
        """
        return f"{self._verdict()}\n{self.details()}".rstrip()

    def details(self) -> str:
        """The same without the first sentence, which says what is impossible."""
        lines = []
        if self.shortages and not self.is_full:
            lines += ["Why:", *(f"  {one.sentence()}" for one in self.shortages)]
        options = self.options
        if options:
            lines.append("What can be done, each on its own:")
        for number, option in enumerate(options, start=1):
            lines.append(f"  {number}. {option.action}: {option.effect}.")
            lines += [f"     {line}" for line in option.how]
        failing = [too_little(change) for change in self.changes if not change.restores]
        if self.flex is not None and not self.flex.restores:
            failing.append(too_little(self.flex))
        if failing:
            lines += ["Not enough on its own:", *(f"  {line}." for line in failing)]
        if self.n_side_constraints_ignored:
            limits = counted(self.n_side_constraints_ignored, "side constraint")
            lines.append(f"This is about the rules alone: {limits} on the whole plan may rule out more.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate what can be done, and what would not be enough.

        Returns
        -------
        pandas.DataFrame
            One row a rule of each change: ``option`` (the number in :meth:`summary`, blank where it is not
            enough), ``kind`` ("limit", "exemption", "flex", "leave-out"), ``rule``, ``limit, new_limit,
            exact_limit, unit``, ``pairs_exempted``, ``teams_left_out`` (both joined by ``;``),
            ``n_pairs_added`` (banned pairs that become permitted), ``n_pairs``, ``n_unpaired`` (beyond the
            one that an odd number leaves out), ``total_value`` (between-team SD), ``setting`` (what to write
            in ``[rules]``).
        """
        rows: list[dict[str, Any]] = []
        for number, option in enumerate(self.options, start=1):
            rows += [{"option": number} | row for row in option.rows]
        failing: list[RuleChange | FlexChange] = [one for one in self.changes if not one.restores]
        if self.flex is not None and not self.flex.restores:
            failing.append(self.flex)
        for change in failing:
            rows += advice_of(change).rows
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(
            {"option": "Int64", "n_pairs_added": "Int64"}
        )

    def to_dict(self) -> dict[str, Any]:
        """Give everything as a JSON-safe dictionary, with every team by id."""
        return {
            "is_full": self.is_full,
            "side_constraints_ignored": self.n_side_constraints_ignored,
            **outcome_facts(self.outcome),
            "left_out": list(self.left_out),
            "why": [{"sentence": one.sentence()} | one.to_dict() for one in self.shortages],
            "options": [
                {"option": number, "action": option.action} | option.facts
                for number, option in enumerate(self.options, start=1)
            ],
            "not_enough": [change.to_dict() for change in self.changes if not change.restores]
            + ([self.flex.to_dict()] if self.flex is not None and not self.flex.restores else []),
        }

    def _verdict(self) -> str:
        n_teams = 2 * self.outcome.n_pairs + len(self.left_out)
        worth = f"{counted(self.outcome.n_pairs, 'pair')}, worth {self.outcome.total_value:.3f} SD in total"
        if not self.left_out:
            return f"All {n_teams:,} teams can be paired: {worth}. No rule has to change."
        if self.is_full:
            return (
                f"The number of teams is odd ({n_teams:,}), so that one must stay out; all others can be "
                f"paired. No rule has to change."
            )
        return (
            f"No pairing of all {n_teams:,} teams satisfies the rules: at most "
            f"{counted(self.outcome.n_pairs, 'pair')} are possible, which leaves "
            f"{len(self.left_out):,} teams without a partner ({shortened(self.left_out)} in the best plan)."
        )

    def _repr_html_(self) -> str:
        table = show_table(self.to_frame(), "What can be done, and what is not enough", columns=_MAIN)
        return show_result("Diagnosis", self.summary(), table)


_MAIN = (
    "option",
    "kind",
    "rule",
    "limit",
    "new_limit",
    "teams_left_out",
    "n_pairs_added",
    "n_unpaired",
    "total_value",
)

_COLUMNS = (
    "option",
    "kind",
    "rule",
    "limit",
    "new_limit",
    "exact_limit",
    "unit",
    "pairs_exempted",
    "teams_left_out",
    "n_pairs_added",
    "n_pairs",
    "n_unpaired",
    "total_value",
    "setting",
)
