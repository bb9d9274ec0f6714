"""Plans whose pairs are found anew when asked for: they explain themselves just as plans of held pairs do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing import Cohort, MaxSizeRatio, MinDistance, Pairing, PairTable, pair
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable

MakeCohort = Callable[..., Cohort]


def both_kinds(cohort: Cohort, *, ratio: float = 1.6) -> tuple[Pairing, Pairing]:
    """The same plan with all pairs held, and with pairs that are found anew."""
    held = pair(cohort, [MinDistance(60), MaxSizeRatio(ratio)], allow_unpaired=True)
    assert type(held.table) is PairTable
    table = StreamedTable(PairStream(held.table.model, pairs_per_block=300))
    return held, Pairing(table, held.partner, held.certificate, objective=held.objective)


def standings(plan: Pairing) -> dict[str, list[tuple[str, str]]]:
    """Some pairs of teams of each kind."""
    found: dict[str, list[tuple[str, str]]] = {"paired": [], "possible": [], "banned": []}
    ids, permitted = plan.cohort.ids, set(zip(plan.table.first, plan.table.second, strict=True))
    for one, other in np.random.default_rng(1).integers(0, len(ids), (200, 2)).tolist():
        low, high = min(one, other), max(one, other)
        if low < high and plan.partner[low] != high:
            found["possible" if (low, high) in permitted else "banned"].append((ids[low], ids[high]))
    found["paired"] = [(ids[low], ids[high]) for low, high in plan.pairs.tolist()]
    return found


@pytest.mark.parametrize("standing", ["paired", "possible", "banned"])
@pytest.mark.parametrize("n_teams", [24, 31])
def test_two_teams_are_explained_alike(make_cohort: MakeCohort, n_teams: int, standing: str) -> None:
    """Whatever the two are to each other: the same card and the same price. A banned pair was a fault."""
    held, streamed = both_kinds(make_cohort(n_teams, seed=3))
    for team, other in standings(held)[standing][:8]:
        one, same = held.explain(team, other), streamed.explain(team, other)
        assert one.standing == same.standing == standing
        assert one.to_dict() == same.to_dict()
