"""A pairing repaired after something has happened: the fewest changes, then the greatest total."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError, Problem, SettingsError
from pairing.matching import MatchingProblem, solve
from pairing.planning.alteration import Alteration, drawn_teams, named_pairs, table_from_now_on
from pairing.planning.by_total import constraints_of
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.pairing import Pairing
from pairing.planning.repairs.repaired import Repair
from pairing.planning.side.side_constraints import HostGroup, side_lines
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pairing.cohort import Cohort
    from pairing.pairs import PairTable
    from pairing.planning.side.side_constraints import SideConstraint
    from pairing.rules import TravelTable

_LISTED = 10


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


def _two(pair: tuple[str, str]) -> tuple[str, str]:
    first, second = pair
    return first, second
