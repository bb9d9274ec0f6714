"""A pairing repaired after something has happened: the fewest changes, then the greatest total."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.errors import InfeasibleMatchingError, Problem, SettingsError
from pairing.matching import MatchingProblem, solve
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.alteration import Alteration, drawn_teams, named_pairs, table_from_now_on
from pairing.planning.by_total import constraints_of, levels_beside_total, levels_in_words
from pairing.planning.change import Change, changes_between
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.pairing import Pairing
from pairing.planning.side_constraints import HostGroup, side_lines
from pairing.rules import Locked
from pairing.shown import show_result, show_table
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pairing.cohort import Cohort
    from pairing.pairs import PairTable
    from pairing.planning.alteration import NamedPairs
    from pairing.planning.side_constraints import SideConstraint
    from pairing.rules import TravelTable

_LISTED = 10


@dataclass(frozen=True, eq=False)
class Repair:
    """A repaired pairing, with what it changes and what keeping to the earlier one costs.

    Parameters
    ----------
    earlier : Pairing
        The pairing before.
    pairing : Pairing
        The pairing from now on, with its certificate.
    best_units : int
        Total of the best pairing of the same teams without regard to the earlier one, in units of
        ``1 / VALUE_SCALE``.
    n_kept_by_best : int
        How many of the earlier pairs that best pairing happens to keep.
    constrained : bool
        Whether side constraints hold for the repaired pairing. The best one is not held to them.
    """

    earlier: Pairing = field(repr=False)
    pairing: Pairing
    best_units: int
    n_kept_by_best: int
    constrained: bool = False

    @cached_property
    def kept(self) -> NamedPairs:
        """The earlier pairs that stay, by the ids of their teams."""
        now = set(named_pairs(self.pairing))
        return tuple(pair for pair in named_pairs(self.earlier) if pair in now)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is different for each team; none for a team that keeps its partner."""
        return changes_between(self.earlier, self.pairing)

    @property
    def price_of_stability(self) -> float:
        """The best total without regard to the earlier pairs less this one, in between-team SD.

        Exact, and never below 0. Both totals are of as many pairs, under the same rules. Where there are
        side constraints the best pairing may break them, and the price is at most this.
        """
        return (self.best_units - _units(self.pairing)) / VALUE_SCALE

    @property
    def locked(self) -> NamedPairs:
        """The pairs that were to stay or come about in any case, those of earlier repairs too."""
        rules = self.pairing.table.model.rules.rules
        return tuple(pair for rule in rules if isinstance(rule, Locked) for pair in rule.pairs)

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the changes.

        Returns
        -------
        pandas.DataFrame
            One row a change, with the columns of ``changes.csv``: `team`, `name`, `change` ("left", "joined",
            "new partner" or "no partner"), `earlier_partner`, `new_partner`, `reason`, and `earlier_gain` and
            `new_gain`, what the team can expect to learn from its partner, in between-team SD.
        """
        rows = [
            (
                change.team,
                change.name,
                _kind(change),
                change.earlier_partner,
                change.new_partner,
                change.reason,
                change.earlier_gain,
                change.new_gain,
            )
            for change in self.changes
        ]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS))
        gains = ["earlier_gain", "new_gain"]
        return frame.astype(dict.fromkeys(gains, np.float64)).round(dict.fromkeys(gains, VALUE_DIGITS))

    def summary(self) -> str:
        """Say what changes, what stays, and what that costs."""
        lines = [f"{change.sentence}." for change in self.changes]
        return "\n".join([*lines, *self._in_words(), *self.pairing.summary().splitlines()])

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "n_pairs": len(self.pairing.pairs),
            "n_earlier_pairs": len(self.earlier.pairs),
            "n_kept": len(self.kept),
            "kept": [list(pair) for pair in self.kept],
            "locked": [list(pair) for pair in self.locked],
            "changes": [
                {
                    "team": change.team,
                    "change": _kind(change),
                    "earlier_partner": change.earlier_partner,
                    "new_partner": change.new_partner,
                    "reason": change.reason,
                    "sentence": f"{change.sentence}.",
                }
                for change in self.changes
            ],
            "unpaired": [row.team for row in self.pairing.unpaired],
            "total_value": self.pairing.total_value,
            "earlier_total_value": self.earlier.total_value,
            "price_of_stability": self.price_of_stability,
            "price_of_stability_is_at_most": self.constrained,
            "n_kept_without_regard": self.n_kept_by_best,
            "side_constraints_kept": len(constraints_of(self.pairing.objective)),
            "levels_ignored": list(levels_beside_total(self.earlier.objective)),
        }

    def _in_words(self) -> list[str]:
        lines = [self._what_stays(), self._price()]
        if levels := levels_in_words(self.earlier.objective):
            lines.append(f"{levels}: the fewest changes come first, and then the total value.")
        if n_kept := len(constraints_of(self.pairing.objective)):
            lines.append(f"The repaired plan keeps to {counted(n_kept, 'side constraint')}.")
        return lines

    def _what_stays(self) -> str:
        earlier = counted(len(self.earlier.pairs), "earlier pair")
        there = set(self.pairing.cohort.ids)
        lost = sum(not there.issuperset(pair) for pair in named_pairs(self.earlier))
        because = f" ({lost:,} lost a team)" if lost else ""
        return f"{len(self.kept):,} of {earlier} stay{because}; no plan with as many pairs keeps more."

    def _price(self) -> str:
        if self.price_of_stability == 0:
            return "Price of stability: none; no plan of these teams is worth more."
        at_most, without = ("at most ", " without side constraints") if self.constrained else ("", "")
        return (
            f"Price of stability: {at_most}{self.price_of_stability:.3f} SD. The best plan of these teams"
            f"{without} is worth that much more and keeps {self.n_kept_by_best:,} of the earlier pairs."
        )

    def _repr_html_(self) -> str:
        text = "\n".join([*self._in_words(), *self.pairing.summary().splitlines()])
        return show_result("Repair", text, show_table(self.to_frame(), "What changes for whom"))


_COLUMNS = (
    "team",
    "name",
    "change",
    "earlier_partner",
    "new_partner",
    "reason",
    "earlier_gain",
    "new_gain",
)


def repair(
    pairing: Pairing,
    *,
    without: Iterable[str] = (),
    joining: Cohort | None = None,
    forbid: Iterable[tuple[str, str]] = (),
    keep: Iterable[tuple[str, str]] = (),
    allow_unpaired: bool | None = None,
    travel: TravelTable | None = None,
    constraints: Sequence[SideConstraint] | None = None,
) -> Repair:
    """Repair a pairing after a drop-out, a late joiner, a new ban or a visit already made.

    The repaired pairing has every pair of `keep`; then as many pairs as possible; then as many of the earlier
    pairs as possible; and then the greatest total value.

    Parameters
    ----------
    pairing : Pairing
        The pairing so far.
    without : iterable of str
        Ids of the teams that have left.
    joining : Cohort, optional
        Teams that join, described by the same indicators.
    forbid : iterable of (str, str)
        Pairs that may not meet from now on.
    keep : iterable of (str, str)
        Pairs that stay, or come about, in any case: those whose visit was already made.
    allow_unpaired : bool, optional
        Accept that teams stay without a partner. By default one may if the number of teams is odd, and any
        number if the earlier pairing left out more than that.
    travel : TravelTable, optional
        Journeys between the teams that are there now; by default those of the pairing, which does not know
        the joiners.
    constraints : sequence of SideConstraint, optional
        Side constraints that the repaired plan has to keep to; by default those that the pairing was made
        under.

    Returns
    -------
    Repair
        The new pairing, proven, with the changes in words and the price of stability.

    Raises
    ------
    SettingsError
        If teams are unknown, kept pairs overlap, are forbidden or have lost a team, or nothing is altered; if
        the pairing has a group of three; or if the plan with the fewest changes breaks a side constraint.
    InputDataError
        If a kept pair breaks a rule, a joiner's id is taken, or data that a rule needs are missing.
    InfeasibleMatchingError
        If more teams would stay without a partner than is accepted.

    See Also
    --------
    standby : Who would be whose new partner after each possible drop-out.

    Notes
    -----
    Values keep the parameters that were fitted before the repair, so that a team's profile does not change
    because another one leaves. Each pair weighs its value, and an earlier pair a bonus on top that exceeds
    any difference between totals; the certificate is that of these weights.

    Examples
    --------
    >>> from pairing import load_audit, pair
    >>> from pairing.rules import MaxDistance, MinDistance
    >>> plan = pair(load_audit(), [MinDistance(50), MaxDistance(300)])
    >>> repaired = repair(plan, without=["R0A", "RTX"])
    >>> len(repaired.pairing.pairs), len(repaired.kept)
    (59, 58)
    """
    alteration = Alteration(tuple(without), joining, tuple(map(_two, forbid)), tuple(map(_two, keep)))
    alteration.require_sound(pairing)
    table = table_from_now_on(alteration.model(pairing, travel=travel))
    if constraints is None:
        constraints = _constraints_of(pairing, table.model.cohort)
    return repair_within(pairing, table, allow_unpaired=allow_unpaired, constraints=constraints)


def repair_within(
    pairing: Pairing,
    table: PairTable,
    *,
    allow_unpaired: bool | None = None,
    constraints: Sequence[SideConstraint] = (),
) -> Repair:
    """Repair a pairing to fit a table of pairs that holds from now on; see :func:`repair`.

    Parameters
    ----------
    pairing : Pairing
        The pairing so far.
    table : PairTable
        The pairs that are permitted now, of the teams that are there now; pairs to be kept are locked in
        its rules.
    allow_unpaired : bool, optional
        As for :func:`repair`.
    constraints : sequence of SideConstraint
        Side constraints that the repaired plan has to keep to.

    Raises
    ------
    SettingsError
        If the plan with the fewest changes breaks a side constraint.
    InfeasibleMatchingError
        If more teams would stay without a partner than is accepted.
    """
    objective = FewestChanges.of(table, named_pairs(pairing), constraints)
    weights = objective.weights(table, pairing.pairs)
    n_teams = len(table.model.cohort)
    solution = solve(MatchingProblem(n_teams, table.first, table.second, weights))
    repaired = Pairing(table, solution.partner, solution.certificate, objective=objective)
    _refuse_too_many_unpaired(pairing, repaired, allow_unpaired=allow_unpaired)
    _refuse_broken_constraints(repaired, constraints)
    best = solve(table.problem())
    kept = best.partner[table.first] == table.second
    n_kept = int((kept & objective.is_earlier(table)).sum())
    return Repair(pairing, repaired, best.total, n_kept, constrained=bool(constraints))


def _refuse_too_many_unpaired(earlier: Pairing, repaired: Pairing, *, allow_unpaired: bool | None) -> None:
    accepted = _n_taking_part(repaired) % 2
    if allow_unpaired is None:
        allow_unpaired = len(_left_out(earlier)) > _n_taking_part(earlier) % 2
    left_out = _left_out(repaired)
    if allow_unpaired or len(left_out) <= accepted:
        return
    reasons = {row.team: row.reason for row in repaired.unpaired}
    named = "\n".join(f"  {team}: {reasons[team]}." for team in left_out[:_LISTED])
    more = f"\n  ... and {len(left_out) - _LISTED} more." if len(left_out) > _LISTED else ""
    raise InfeasibleMatchingError(
        f"The pairing cannot be repaired without leaving out {shortened(left_out)}: at most "
        f"{counted(len(repaired.pairs), 'pair')} of the {_n_taking_part(repaired)} teams satisfy the rules.\n"
        f"{named}{more}\n"
        "Allow teams without a partner to accept that (allow_unpaired), or relax a rule.",
        left_out,
    )


def _constraints_of(pairing: Pairing, cohort: Cohort) -> list[SideConstraint]:
    """The side constraints that a plan was made under, for the teams that are there now."""
    there = set(cohort.ids)
    return [
        replace(one, teams=tuple(team for team in one.teams if team in there))
        if isinstance(one, HostGroup)
        else one
        for one in constraints_of(pairing.objective)
    ]


def _refuse_broken_constraints(repaired: Pairing, constraints: Sequence[SideConstraint]) -> None:
    """Hold the plan against side constraints: one that keeps them is the best under them, too."""
    table = repaired.table
    chosen = repaired.partner[table.first] == table.second
    broken = [line for line in side_lines(table, constraints) if not line.is_kept(chosen)]
    if broken:
        raise SettingsError(
            Problem(
                f"the plan with the fewest changes breaks a side constraint: {line.sentence}; it has "
                f"{line.written(line.attained(chosen))}",
                advice="Forbid pairs that use it up, or plan anew and lock the pairs that have to stay.",
            )
            for line in broken
        )


def _left_out(pairing: Pairing) -> list[str]:
    """Teams that take part and have no partner; those that a lottery did not draw do not take part."""
    drawn = drawn_teams(pairing)
    ids = pairing.cohort.ids
    alone = [ids[position] for position in np.flatnonzero(pairing.partner < 0)]
    return [team for team in alone if drawn is None or team in drawn]


def _n_taking_part(pairing: Pairing) -> int:
    drawn = drawn_teams(pairing)
    return len(pairing.cohort) if drawn is None else len(drawn)


def _units(pairing: Pairing) -> int:
    return int(pairing.scored.integers.sum())


def _kind(change: Change) -> str:
    if change.left:
        return "left"
    if change.joined:
        return "joined"
    return "new partner" if change.new_partner else "no partner"


def _two(pair: tuple[str, str]) -> tuple[str, str]:
    first, second = pair
    return first, second
