"""Whom to leave out when one team must stay out: the best choice, and what the next ones cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.pairs import VALUE_SCALE

if TYPE_CHECKING:
    from pairing.matching import MatchingSolution, Witness
    from pairing.planning.diagnosis.relaxable import RelaxablePairs

MOST_ALTERNATIVES = 5


@dataclass(frozen=True)
class LeftOutInstead:
    """Another team that could be left out.

    Parameters
    ----------
    team : str
        Its id.
    loss : float
        By how much the best plan without it is worth less than the best plan, in between-team SD.
    """

    team: str
    loss: float

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {"team": self.team, "loss": self.loss}


def next_to_leave_out(
    pairs: RelaxablePairs, solution: MatchingSolution, witness: Witness, most: int = MOST_ALTERNATIVES
) -> tuple[LeftOutInstead, ...]:
    """Price the teams that could be left out instead of the one that the best plan leaves out.

    Parameters
    ----------
    pairs : RelaxablePairs
        The teams, of which one must stay out.
    solution : MatchingSolution
        The best plan.
    witness : Witness
        Its odd parts hold the teams that can be left out at all.
    most : int
        How many to name.

    Returns
    -------
    tuple of LeftOutInstead
        The cheapest first; exact, each from a solution of its own.

    Notes
    -----
    A plan that leaves a team out loses at least half of that team's dual (duals are for doubled weights),
    because the bound of the certificate counts the dual for covering the team. So the teams are tried in
    ascending order of their duals until no other can be cheaper than those found.
    """
    duals = solution.certificate.vertex_duals
    candidates = sorted(
        (duals[vertex], vertex)
        for part in witness.odd_parts
        for vertex in part
        if solution.partner[vertex] >= 0
    )
    found: list[tuple[int, int]] = []
    for dual, vertex in candidates:
        if len(found) == most and dual > 2 * found[-1][0]:
            break
        links = pairs.permitted
        rest = pairs.best(links.only((links.first != vertex) & (links.second != vertex)))
        found = sorted([*found, (solution.total - rest.total, vertex)])[:most]
    return tuple(LeftOutInstead(pairs.ids([vertex])[0], loss / VALUE_SCALE) for loss, vertex in found)
