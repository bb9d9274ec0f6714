"""The pairing: who visits whom, how good that is, and the proof that nothing is better."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.pairs.dominance import probabilities_neither_dominates
from pairing.pairs.gain import probability_level_gap_exceeds
from pairing.planning.frames.tables import Tables
from pairing.planning.further_plans import FurtherPlans
from pairing.planning.objective import TOTAL
from pairing.planning.questions import Questions
from pairing.planning.unpaired import explain_unpaired
from pairing.planning.visits import Visits
from pairing.rules import MaxLevelGap
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.matching import Certificate, Proof
    from pairing.pairs import PairTable, ScoredPairs
    from pairing.planning.objective import Objective
    from pairing.planning.unpaired import Unpaired
    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_MAIN = (
    "pair_id",
    "team_a",
    "name_a",
    "team_b",
    "name_b",
    "value",
    "gain_a",
    "gain_b",
    "size_ratio",
    "distance_km",
)


@dataclass(frozen=True, eq=False)
class Pairing(Questions, FurtherPlans, Tables):
    """A pairing of a cohort with its certificate of optimality.

    Parameters
    ----------
    table : PairTable
        The permitted pairs, their values, and behind them the cohort, its profiles and the rules.
    partner : ndarray of int, shape (n,)
        Position of each team's partner, -1 for none.
    certificate : Certificate
        Dual variables that prove that no pairing has more pairs, or as many and a greater weight.
    status : str
        "optimal", or "feasible" for the best plan found before a limit was reached.
    objective : Objective
        What "best" means: the weights of the pairs. The default is the sum of their values.
    """

    table: PairTable = field(repr=False)
    partner: Indices = field(repr=False)
    certificate: Certificate = field(repr=False)
    status: str = "optimal"
    objective: Objective = TOTAL

    def __repr__(self) -> str:
        return f"<Pairing: {self._coverage()}>"

    @property
    def cohort(self) -> Cohort:
        """The teams."""
        return self.table.model.cohort

    @property
    def profiles(self) -> Profiles:
        """The teams' profiles."""
        return self.table.model.profiles

    @cached_property
    def pairs(self) -> Indices:
        """Positions of the teams of each pair, shape (number of pairs, 2), the smaller first, ascending."""
        first = np.flatnonzero(self.partner > np.arange(len(self.partner)))
        return np.column_stack([first, self.partner[first]])

    @property
    def triad(self) -> tuple[int, int, int] | None:
        """Positions of the teams of the one group of three, ascending; None in a plan of pairs."""
        return self.objective.triad

    @cached_property
    def pair_ids(self) -> tuple[str, ...]:
        """``P01``, ``P02``, ... in the order of the pairs; a group of three comes last."""
        n_groups = len(self.pairs) + (self.triad is not None)
        width = max(2, len(str(n_groups)))
        return tuple(f"P{number:0{width}d}" for number in range(1, n_groups + 1))

    @cached_property
    def scored(self) -> ScoredPairs:
        """Gains, values and figures of the pairs."""
        return self.table.model.score(self.pairs[:, 0], self.pairs[:, 1])

    @cached_property
    def unpaired(self) -> tuple[Unpaired, ...]:
        """The teams without a partner, each with the reason."""
        return explain_unpaired(
            self.table,
            self.partner,
            self.objective.why_left_out,
            grouped=self.triad or (),
            side_constraints=self.objective.has_side_constraints,
        )

    @cached_property
    def visits(self) -> Visits:
        """The pairs, and every two of the group of three."""
        return Visits.of(self.table.model, self.pairs, self.pair_ids, self.triad)

    @property
    def total_units(self) -> int:
        """Sum of the values in units of ``1 / VALUE_SCALE``; a group of three counts with its least one."""
        return int(self.scored.integers.sum()) + self.visits.triad_units

    @property
    def total_value(self) -> float:
        """The same in between-team SD."""
        return self.total_units / VALUE_SCALE

    @property
    def error_bound(self) -> float:
        """By how much rounding the values to `VALUE_DIGITS` decimals can have changed a plan's total."""
        return (len(self.cohort) // 2) * 0.5 / VALUE_SCALE

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, in the unit of its objective; 0 means proven."""
        return self.objective.gap()

    def prove(self) -> Proof:
        """Re-prove optimality from the certificate over all permitted pairs, without any solver.

        Returns
        -------
        Proof
            The total weight, the bound that the dual variables give, and their gap, which is 0. With the
            default objective weights are values in units of ``1 / VALUE_SCALE``. Of a plan by levels or
            under side constraints: the figures of its last level, where the dual variables alone may leave
            a gap that a solver has closed.

        Raises
        ------
        CertificateError
            If the certificate does not prove this pairing; with every clause that fails.
        """
        return self._proof

    @cached_property
    def _proof(self) -> Proof:
        """Made once: nothing that it rests on can change."""
        return self.objective.prove(self.certificate, self.table, self.pairs)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs with the columns of ``pairs.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a pair, sorted by ``team_a``; values and gains in between-team SD with nine decimals. A
            group of three has three rows with one ``pair_id``, one for every two of its teams.
        """
        cohort, visits = self.cohort, self.visits
        first, second, scored = visits.first, visits.second, visits.scored
        ids, names = np.array(cohort.ids, dtype=object), np.array(cohort.names, dtype=object)
        size = self.table.model.facts.size
        return pd.DataFrame(
            {
                "pair_id": visits.pair_ids,
                "team_a": ids[first],
                "team_b": ids[second],
                "name_a": names[first],
                "name_b": names[second],
                "value": scored.value,
                "gain_a": scored.gains.first.round(VALUE_DIGITS),
                "gain_b": scored.gains.second.round(VALUE_DIGITS),
                "level_gap": scored.pairs.level_gap.round(VALUE_DIGITS),
                "size_a": size[first],
                "size_b": size[second],
                "size_ratio": scored.pairs.size_ratio.round(6),
                "distance_km": scored.pairs.distance_km.round(3),
                "travel_minutes": scored.pairs.travel_minutes,
                "probability_gap_over_cap": self._probability_over_cap(first, second).round(6),
                "probability_neither_dominates": self._probability_neither_dominates.round(6),
            }
        )

    def teams_frame(self) -> pd.DataFrame:
        """Tabulate the teams with the columns of ``teams.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a team, sorted by id; ``gain`` is what the team can learn from its partner. Blank where
            there is no partner. In a group of three the two partners are joined by ``;``, and value and gain
            are the least ones. Where the cohort knows whom to write to, ``contact`` comes last.
        """
        cohort, facts, hosts = self.cohort, self.table.model.facts, self.visits.by_team(len(self.cohort))
        contact = {} if cohort.contact is None else {"contact": cohort.text(cohort.contact)}
        return pd.DataFrame(
            {
                "team": cohort.ids,
                "name": cohort.names,
                "pair_id": [host.pair_id for host in hosts],
                "partner": [host.named(cohort.ids) for host in hosts],
                "partner_name": [host.named(cohort.names) for host in hosts],
                "value": [host.value for host in hosts],
                "gain": np.array([host.gain for host in hosts]).round(VALUE_DIGITS),
                "level": self.profiles.level.round(VALUE_DIGITS),
                "size": facts.size,
                "latitude": facts.latitude,
                "longitude": facts.longitude,
                "indicators_observed": self.profiles.n_observed,
                **contact,
            }
        )

    def unpaired_frame(self) -> pd.DataFrame:
        """Tabulate the teams without a partner: ``team, name, reason``."""
        rows = [(row.team, row.name, row.reason) for row in self.unpaired]
        return pd.DataFrame(rows, columns=["team", "name", "reason"], dtype=object)

    def summary(self) -> str:
        """Say in a few sentences what was achieved."""
        remarks = self.objective.remarks(self)
        return "\n".join([self._coverage(), self._quality(), *remarks, self.objective.proof_in_words(self)])

    def _coverage(self) -> str:
        left_out = int((self.partner < 0).sum()) - len(self.triad or ())
        outcome = "nobody is left out" if left_out == 0 else f"{left_out} left out"
        teams, pairs = counted(len(self.cohort), "team"), counted(len(self.pairs), "pair")
        group = f" and a group of three ({self._triad_in_words()})" if self.triad else ""
        return f"{teams} in {pairs}{group}; {outcome}."

    def _triad_in_words(self) -> str:
        return ", ".join(self.cohort.ids[at] for at in self.triad or ())

    def _quality(self) -> str:
        if not self.pair_ids:
            return "There is nothing to value."
        mean, average = self.total_value / len(self.pair_ids), self.table.average_value
        return (
            f"Expected reciprocal gain in the audited year: {self.total_value:.3f} SD in total, {mean:.3f} a "
            f"pair; the average permitted pair has {average:.3f}, the best {self.table.best_value:.3f}."
        )

    @cached_property
    def _probability_neither_dominates(self) -> Floats:
        """P(each team is truly better than the other on something that counts) of each visit."""
        return probabilities_neither_dominates(self.profiles, self.visits.first, self.visits.second)

    def _probability_over_cap(self, first: Indices, second: Indices) -> Floats:
        """P(true level gap > the cap) of each pair; NaN when no rule caps the gap."""
        caps = [rule.sd for rule in self.table.model.rules.rules if isinstance(rule, MaxLevelGap)]
        if not caps:
            return np.full(len(first), np.nan)
        profiles = self.profiles
        return probability_level_gap_exceeds(
            min(caps), profiles.level, profiles.level_variance, first, second
        )

    def _repr_html_(self) -> str:
        return show_result("Pairing", self.summary(), show_table(self.to_frame(), "The pairs", columns=_MAIN))
