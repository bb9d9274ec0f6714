"""The next-best partners of every team, each with its price to the whole plan, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.matching.changes.held_edges import cheapest_held_edges_everywhere
from pairing.memory import memory_in_words
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.explaining.price import problem_solved, why_unpriced

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching import BoundMatching
    from pairing.planning.pairing import Pairing

    Indices = NDArray[np.int64]

BYTES_A_PAIR_OF_TEAMS = 30
"""What the shortest walks between all teams take for each two of them: slack, length, way, detours."""

MOST_TEAMS = 300
"""Up to so many teams the partners of all of them are priced without being asked for."""

COLUMNS = (
    "team",
    "rank",
    "partner",
    "pair_id_of_partner",
    "value",
    "gain",
    "distance_km",
    "size_ratio",
    "level_gap",
    "value_lost",
    "pairs_lost",
)


def why_no_partners(pairing: Pairing, *, wanted: bool | None = None) -> str | None:
    """Why the next-best partners of all teams are not worked out; None if they are.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    wanted : bool, optional
        Whether they were asked for, or declined; by default they are wanted with up to `MOST_TEAMS` teams.
    """
    if (reason := why_unpriced(pairing)) is not None:
        return f"other pairs cannot be priced: {reason}"
    if wanted is False:
        return "they were not asked for"
    if wanted is None and len(pairing.cohort) > MOST_TEAMS:
        return (
            f"there are {len(pairing.cohort):,} teams, and the work is done unasked with up to {MOST_TEAMS}"
        )
    return _why_no_memory(pairing)


def _why_no_memory(pairing: Pairing) -> str | None:
    """Why the walks between all teams do not fit into memory; None if they do."""
    n_teams, n_alone = len(pairing.cohort), int(np.count_nonzero(pairing.partner < 0))
    needed = BYTES_A_PAIR_OF_TEAMS * (n_teams + n_alone) ** 2
    if needed <= pairing.table.memory_allowed():
        return None
    return (
        f"for all {n_teams:,} teams at once they need about {memory_in_words(needed)} of memory, which is "
        "more than there is; those of one team need little: pairing explain DIR TEAM"
    )


def partners_frame(
    pairing: Pairing, n_partners: int = 5, *, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Tabulate the next-best partners of all teams with the columns of ``partners.csv``.

    Parameters
    ----------
    pairing : Pairing
        A proven pairing.
    n_partners : int
        At most how many a team.
    progress : callable, optional
        Called with the number of teams done, and of all.

    Returns
    -------
    pandas.DataFrame
        One row a team and other partner, teams by id, the cheapest for the whole plan first: ``team, rank,
        partner, pair_id_of_partner, value, gain, distance_km, size_ratio, level_gap, value_lost,
        pairs_lost``. `gain` is what the team can expect to learn from this partner; `value_lost` and
        `pairs_lost` what the best plan with this pair has less than the plan.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced, or the memory does not suffice.

    See Also
    --------
    pairing.next_best_partners : The same of one team, with the changes in words.

    Examples
    --------
    >>> from pairing import MinDistance, load_audit, pair
    >>> audit = load_audit()
    >>> plan = pair(audit.subset(audit.ids[:20]), [MinDistance(50)])
    >>> partners_frame(plan, 2).columns[:4].tolist(), len(partners_frame(plan, 2))
    (['team', 'rank', 'partner', 'pair_id_of_partner'], 40)
    """
    if (reason := _why_no_memory(pairing)) is not None:
        raise SettingsError([Problem(f"the next-best partners cannot be priced: {reason}")])
    problem, best = problem_solved(pairing)
    found = cheapest_held_edges_everywhere(problem, best, n_partners, progress=progress)
    rows = [
        (team, rank, held.edge[0] + held.edge[1] - team, held)
        for team, edges in enumerate(found)
        for rank, held in enumerate(edges, start=1)
    ]
    return _table(pairing, rows)


def no_partners_frame() -> pd.DataFrame:
    """The same table without any row."""
    return pd.DataFrame({name: [] for name in COLUMNS}, dtype=object)


def _table(pairing: Pairing, rows: list[tuple[int, int, int, BoundMatching]]) -> pd.DataFrame:
    if not rows:
        return no_partners_frame()
    team, rank, other = (np.array([row[part] for row in rows]) for part in range(3))
    scored = pairing.table.model.score(np.minimum(team, other), np.maximum(team, other))
    ids = np.array(pairing.cohort.ids, dtype=object)
    hosts = pairing.visits.by_team(len(ids))
    lost = _values_lost(pairing, [row[3] for row in rows])
    gain = np.where(team < other, scored.gains.first, scored.gains.second)
    columns: dict[str, Any] = {
        "team": ids[team],
        "rank": rank,
        "partner": ids[other],
        "pair_id_of_partner": [hosts[at].pair_id for at in other],
        "value": scored.value,
        "gain": gain.round(VALUE_DIGITS),
        "distance_km": scored.pairs.distance_km.round(3),
        "size_ratio": scored.pairs.size_ratio.round(6),
        "level_gap": scored.pairs.level_gap.round(VALUE_DIGITS),
        "value_lost": lost,
        "pairs_lost": [row[3].n_pairs_lost for row in rows],
    }
    return pd.DataFrame(columns)[list(COLUMNS)]


def _values_lost(pairing: Pairing, held: list[BoundMatching]) -> list[float]:
    """By how much less each plan is worth in total, in between-team SD."""
    table, n_teams, before = pairing.table, len(pairing.cohort), pairing.partner
    keys = (table.first * n_teams + table.second).tolist()
    value: dict[int, int] = dict(zip(keys, table.integers.tolist(), strict=True))

    def worth(partner: Indices, changed: list[int]) -> int:
        pairs = [(at, int(partner[at])) for at in changed if at < partner[at]]
        return sum(value[at * n_teams + other] for at, other in pairs)

    def lost(partner: Indices) -> float:
        changed = np.flatnonzero(partner != before).tolist()
        return (worth(before, changed) - worth(partner, changed)) / VALUE_SCALE

    return [lost(each.partner) for each in held]
