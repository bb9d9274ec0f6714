"""Plans whose pairs are found anew when asked for: they explain themselves just as plans of held pairs do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing import Cohort, MaxSizeRatio, MinDistance, Pairing, PairTable, SettingsError, pair
from pairing.matching.changes import remainders
from pairing.memory import used_memory
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable
from pairing.planning.explaining.partners import next_best_partners
from pairing.planning.frames.partner_table import why_no_partners
from tests.conftest import synthetic_cohort

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


@pytest.mark.parametrize("n_teams", [24, 31])
def test_a_team_is_explained_alike(
    make_cohort: MakeCohort, monkeypatch: pytest.MonkeyPatch, n_teams: int
) -> None:
    """Its partner, the price of parting them, and the others that it could have."""
    held, streamed = both_kinds(make_cohort(n_teams, seed=4))
    for team in held.cohort.ids[::6]:
        known = held.explain(team, partners=None)
        monkeypatch.setattr(remainders, "SOLVED_AT_ONCE", 1)  # so that pairs are looked up as among thousands
        assert streamed.explain(team, partners=None).to_dict() == known.to_dict()
        monkeypatch.undo()


def test_the_pairs_of_a_large_cohort_are_never_all_held() -> None:
    """One team's pairs are enough, and memory for all of them is not asked for."""
    cohort = synthetic_cohort(730, seed=8)
    plan = pair(cohort, [MinDistance(60)], memory_limit=used_memory() + 300_000_000)
    assert isinstance(plan.table, StreamedTable)
    explained = plan.explain(cohort.ids[5], partners=3)
    assert explained.next_best is not None
    assert len(explained.next_best.partners) == 3
    for each in explained.next_best.partners:
        assert plan.explain(cohort.ids[5], each.team).price == each.price
    low, high = plan.pairs[0].tolist()
    near = next(at for at in range(1, 730) if at not in plan.table.partners(0))
    assert plan.explain(cohort.ids[0], cohort.ids[near]).standing == "banned"
    assert plan.explain(cohort.ids[low], cohort.ids[high]).price.verdict in ("worse", "equal")
    assert "_columns" not in vars(plan.table)


def test_the_bar_ends_where_it_says() -> None:
    """As many steps as partners are wanted."""
    cohort = synthetic_cohort(40, seed=2)
    told: list[tuple[int, int]] = []
    next_best_partners(
        pair(cohort, [MinDistance(60)]), cohort.ids[3], 4, progress=lambda *step: told.append(step)
    )
    assert told == sorted(told)
    assert told[-1] == (4, 4)


def test_partners_of_all_teams_that_do_not_fit_into_memory_are_refused_first(make_cohort: MakeCohort) -> None:
    """It is said how much they need, before any work, and that a plan is written without them."""
    held = pair(make_cohort(24, seed=3), [MinDistance(60)])
    table = StreamedTable(PairStream(held.table.model), memory_bytes=16_000)
    plan = Pairing(table, held.partner, held.certificate)
    with pytest.raises(SettingsError, match=r"all 24 teams at once they need about 1 MB of memory"):
        plan.partners_frame(2)
    assert "pairing explain DIR TEAM" in (why_no_partners(plan, wanted=True) or "")
    assert "_columns" not in vars(table)
    assert why_no_partners(held, wanted=True) is None
    roomy = Pairing(
        StreamedTable(PairStream(held.table.model), memory_bytes=10**8), held.partner, held.certificate
    )
    assert roomy.partners_frame(2).equals(held.partners_frame(2))
