"""The recorded plan, and the plan as it stands in ``pairs.csv``, turned back into positions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError
from pairing.files.run_record import RECORD_NAME
from pairing.files.tables import read_table
from pairing.verification.check import Check, differences_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pairing.pairs import PairTable
    from pairing.verification.record import Record

PAIRS_NAME = "pairs.csv"


@dataclass(frozen=True, eq=False)
class Plan:
    """Pairs by the positions of their teams.

    Parameters
    ----------
    pairs : ndarray of int, shape (m, 2)
        The smaller position first, ascending.
    n_teams : int
        Number of teams in the cohort.
    triad : tuple of int, optional
        Positions of the teams of the group of three, ascending.
    """

    pairs: NDArray[np.int64]
    n_teams: int
    triad: tuple[int, int, int] | None = None

    @property
    def visits(self) -> NDArray[np.int64]:
        """The pairs, and every two of the group of three, shape (v, 2)."""
        inside = list(combinations(self.triad or (), 2))
        return np.concatenate([self.pairs, np.array(inside, np.int64).reshape(-1, 2)])

    @property
    def partner(self) -> NDArray[np.int64]:
        """Position of each team's partner, -1 for none."""
        partner = np.full(self.n_teams, -1)
        partner[self.pairs[:, 0]] = self.pairs[:, 1]
        partner[self.pairs[:, 1]] = self.pairs[:, 0]
        return partner


def read_plan(folder: Path, ids: tuple[str, ...]) -> tuple[Plan | None, Check]:
    """Read the pairs of a result.

    Parameters
    ----------
    folder : pathlib.Path
        The result.
    ids : tuple of str
        The cohort's ids.

    Returns
    -------
    tuple of (Plan or None, Check)
        The plan if it is a set of disjoint pairs of known teams, and the check of that.
    """
    clause = f"{PAIRS_NAME} pairs every team at most once"
    try:
        frame = read_table(folder / PAIRS_NAME).frame
    except InputDataError as error:
        return None, Check(clause, differences_of(error))
    if not {"team_a", "team_b"} <= set(frame.columns):
        return None, Check(clause, (f"{PAIRS_NAME} lacks the columns team_a and team_b",))
    ids_of_pairs = frame["pair_id"] if "pair_id" in frame.columns else range(len(frame))
    named, group = _apart(list(zip(ids_of_pairs, frame["team_a"], frame["team_b"], strict=True)))
    return _plan(named, group, ids, PAIRS_NAME, clause)


def _apart(rows: list[tuple[object, str, str]]) -> tuple[list[tuple[str, str]], list[str]]:
    """Tell the pairs from a group of three, whose three rows have one id."""
    count = Counter(pair_id for pair_id, _, _ in rows)
    for pair_id in [pair_id for pair_id, times in count.items() if times == 3]:
        inside = {frozenset((one, other)) for at, one, other in rows if at == pair_id}
        teams = sorted(frozenset().union(*inside))
        if len(teams) == 3 and inside == {frozenset(two) for two in combinations(teams, 2)}:
            return [(one, other) for at, one, other in rows if at != pair_id], teams
    return [(one, other) for _, one, other in rows], []


def recorded_plan(record: Record, ids: tuple[str, ...]) -> tuple[Plan | None, Check]:
    """Read the pairs that the record holds, which the certificate is about; see :func:`read_plan`."""
    clause = "the recorded pairs hold every team at most once"
    return _plan([(a, b) for a, b in record["pairs"]], record["triad"] or [], ids, RECORD_NAME, clause)


def _plan(
    named: Sequence[tuple[str, str]], group: Sequence[str], ids: tuple[str, ...], file: str, clause: str
) -> tuple[Plan | None, Check]:
    differences = _name_faults([*named, group], set(ids), file)
    if differences:
        return None, Check(clause, tuple(differences))
    position = {team: index for index, team in enumerate(ids)}
    rows = sorted(sorted((position[a], position[b])) for a, b in named)
    pairs = np.array(rows, np.int64).reshape(-1, 2)
    if not group:
        return Plan(pairs, len(ids)), Check(clause)
    one, two, three = sorted(position[team] for team in group)
    plan = Plan(pairs, len(ids), (one, two, three))
    return plan, Check(clause, finding=f"and {', '.join(group)} in a group of three")


def _name_faults(named: Sequence[Sequence[str]], known: set[str], file: str) -> list[str]:
    count = Counter(team for pair in named for team in pair)
    unknown = [f"{file}: '{team}' is not a team of the cohort" for team in count if team not in known]
    twice = [f"{file}: '{team}' stands in {times} places" for team, times in count.items() if times > 1]
    return unknown + twice


def check_rules(table: PairTable, plan: Plan) -> Check:
    """Hold every pair of the plan against every rule; each broken rule has its sentence."""
    model = table.model
    scored = model.score(plan.visits[:, 0], plan.visits[:, 1])
    differences = tuple(
        f"{' and '.join(scored.pairs.names(int(at)))}: {reason}"
        for at in np.flatnonzero(~scored.permitted)
        for reason in model.rules.reasons(scored.pairs, int(at))
    )
    rules = ", ".join(model.rules.keys) or "there are none"
    return Check("every pair keeps every rule", differences, finding=rules)
