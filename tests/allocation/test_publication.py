"""What is published can be read back as the same lottery, and is JSON whatever the size."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from pairing.allocation import Entrants, declare
from pairing.allocation.publication import publication
from pairing.allocation.published import published_lottery, published_plan
from pairing.errors import InputDataError
from pairing.files.run_record import record_bytes
from pairing.lottery import lottery_differences, pair_then_draw, uniform_lottery
from pairing.programme import AnalysisSettings, LotterySettings

MakeEntrants = Callable[..., Entrants]
DESIGNS = {
    "pair-then-draw": LotterySettings(intervention_pairs=4, reserves=1),
    "balanced": LotterySettings(intervention_pairs=4, balance_on=("size", "network"), keep=0.8),
    "matched-pair": LotterySettings(design="matched-pair"),
    "simple": LotterySettings(design="simple", intervention_teams=7),
    "stratified": LotterySettings(
        design="stratified", strata="half", intervention_per_stratum={"a": 2, "b": 3}
    ),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_a_publication_is_read_back_as_the_same_lottery(make_entrants: MakeEntrants, name: str) -> None:
    """Through JSON and the pool's table the draws, their tickets, the plan and the hash survive."""
    entrants = make_entrants(20, paired=name != "simple")
    entrants.cohort.table["half"] = ["a"] * 8 + ["b"] * 12
    declared = declare(DESIGNS[name], AnalysisSettings(outcomes=("rate",), adjust_for=("size",)), entrants)
    content = json.loads(record_bytes(publication(declared, flow={"listed": 20}, pairs_sha256=None)))
    pool = declared.lottery.to_frame().astype(str) if declared.lottery.listed else None
    found = published_lottery(content, pool)
    assert found.sha256 == declared.lottery.sha256
    assert found.members == declared.lottery.members
    assert found.n_reserves == declared.lottery.n_reserves
    assert lottery_differences(found, declared.lottery) == ()
    assert published_plan(content) == declared.plan


def test_a_pool_that_does_not_belong_is_refused(make_entrants: MakeEntrants) -> None:
    """Other tickets have another hash than the published one."""
    declared = declare(DESIGNS["balanced"], AnalysisSettings(), make_entrants(20))
    content = publication(declared, flow={}, pairs_sha256=None)
    pool = declared.lottery.to_frame()
    pool.loc[0, "tickets"] += 1
    with pytest.raises(InputDataError, match="is not the published one"):
        published_lottery(content, pool)


def test_a_lottery_too_large_for_floating_point_is_published(make_entrants: MakeEntrants) -> None:
    """10^827 draws are a whole number in the record, and nothing in it is infinite."""
    analysis = AnalysisSettings(alpha=0.5)
    declared = declare(LotterySettings(intervention_pairs=2), analysis, make_entrants(8))
    members = [(f"a{number}", f"b{number}") for number in range(3_000)]
    large = uniform_lottery(pair_then_draw(3_000, 1_000), [f"P{number}" for number in range(3_000)], members)
    content = json.loads(
        record_bytes(publication(replace(declared, lottery=large), flow={}, pairs_sha256=None))
    )
    assert content["counts"]["draws"] == large.n_draws
    assert content["counts"]["effective_draws"] is None
    assert content["pool"]["file"] is None
    assert content["pool"]["text"] == large.canonical_text()


def test_who_has_no_partner_is_said(make_entrants: MakeEntrants) -> None:
    """Teams left unpaired are named, counted in the flow, and spoken of in words."""
    declared = declare(
        LotterySettings(intervention_pairs=3), AnalysisSettings(), make_entrants(20, left_out=2)
    )
    content = publication(declared, flow={"taking part": 20}, pairs_sha256="0" * 64)
    assert content["left_out"] == ["T018", "T019"]
    assert content["flow"] == {"taking part": 20, "paired": 18, "without a partner": 2}
    assert "The 2 teams without a partner do not take part" in content["design"]["left_out"]
    assert set(content["chances"]) == set(declared.entrants.teams)
