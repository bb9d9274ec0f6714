"""Why a team has no partner, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.rules import Drawn
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.pairs import PairTable

    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Unpaired:
    """A team without a partner.

    Parameters
    ----------
    team, name : str
        Id and name.
    reason : str
        Why it was left out, as a sentence without a full stop.
    """

    team: str
    name: str
    reason: str


def explain_unpaired(
    table: PairTable,
    partner: Indices,
    why: str = "costs the least",
    *,
    grouped: Sequence[int] = (),
    side_constraints: bool = False,
) -> tuple[Unpaired, ...]:
    """Give the reason for every team that a matching with as many pairs as possible leaves out.

    Parameters
    ----------
    table : PairTable
        The permitted pairs.
    partner : ndarray of int, shape (n,)
        Position of each team's partner, -1 for none.
    why : str
        What speaks for leaving out these teams rather than others, as the end of a sentence.
    grouped : sequence of int
        Positions of teams that meet in a group of three.
    side_constraints : bool
        Whether constraints on the whole plan limit the pairs too.

    Returns
    -------
    tuple of Unpaired
        In the order of the cohort.
    """
    cohort = table.model.cohort
    left_out = np.setdiff1d(np.flatnonzero(partner < 0), grouped)
    limits = "the rules and the side constraints together allow" if side_constraints else "the rules allow"
    return tuple(
        Unpaired(cohort.ids[at], cohort.names[at], _reason(table, int(at), len(left_out), why, limits))
        for at in left_out
    )


def _reason(table: PairTable, position: int, n_left_out: int, why: str, limits: str) -> str:
    if _was_not_drawn(table, position):
        return "it was not drawn"
    permitted = table.partners(position)
    if len(permitted) == 0:
        return _no_partner(table, position)
    ids = table.model.cohort.ids
    if n_left_out == 1:
        return f"the number of teams is odd ({len(ids)}), so one must stay out; leaving out this one {why}"
    partners = shortened([ids[at] for at in permitted])
    if len(permitted) == 1:
        taken = f"its only permitted partner ({partners}) is paired with another team"
    else:
        taken = f"all of its {len(permitted)} permitted partners ({partners}) are paired with other teams"
    n_pairs = (len(ids) - n_left_out) // 2
    return (
        f"{taken}; {limits} at most {counted(n_pairs, 'pair')} of the {len(ids)} teams at once, and "
        f"leaving out this choice of teams {why}"
    )


def _was_not_drawn(table: PairTable, position: int) -> bool:
    team = table.model.cohort.ids[position]
    return any(isinstance(rule, Drawn) and team not in rule.teams for rule in table.model.rules.rules)


def _no_partner(table: PairTable, position: int) -> str:
    """Count for each rule how many of the other teams it bans, most first."""
    model = table.model
    others = np.delete(np.arange(len(model.cohort)), position)
    scored = model.score(np.minimum(position, others), np.maximum(position, others))
    counts = sorted(zip(scored.banned.sum(axis=0).tolist(), model.rules.keys, strict=True), key=_most_first)
    bans = ", ".join(f"{key} bans {count}" for count, key in counts if count)
    return f"no permitted partner: of the {len(others)} other teams {bans}"


def _most_first(count_and_key: tuple[int, str]) -> tuple[int, str]:
    return -count_and_key[0], count_and_key[1]
