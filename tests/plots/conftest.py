"""One plan of the bundled audit with everything that can be drawn of it, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pairing import (
    AnalysisPlan,
    MaxSizeRatio,
    MinDistance,
    analyse,
    assess_robustness,
    constrained_lottery,
    covariates_of_units,
    draw_lottery,
    load_audit,
    pair,
    pair_then_draw,
    seed_text,
)
from pairing.planning.random_pairings import random_pairings

if TYPE_CHECKING:
    from pairing import Analysis, Draw, Lottery, Pairing, Robustness, TradeOff
    from pairing.lottery import Covariates
    from pairing.planning.random_pairings import RandomPairings


@pytest.fixture(scope="session")
def plan() -> Pairing:
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])


@pytest.fixture(scope="session")
def by_chance(plan: Pairing) -> RandomPairings:
    return random_pairings(plan, 60, seed=0)


@pytest.fixture(scope="session")
def robustness(plan: Pairing) -> Robustness:
    small = pair(plan.cohort.subset(plan.cohort.ids[:20]), [MinDistance(50), MaxSizeRatio(2)])
    return assess_robustness(small, 20, seed=0)


@pytest.fixture(scope="session")
def tradeoff(plan: Pairing) -> TradeOff:
    return plan.tradeoff("min_distance_km", [50, 100, 150])


@pytest.fixture(scope="session")
def covariates(plan: Pairing) -> Covariates:
    cohort = plan.cohort
    columns = {"size": cohort.size, "latitude": cohort.latitude, "longitude": cohort.longitude}
    return covariates_of_units(columns, cohort.ids, _members(plan))


@pytest.fixture(scope="session")
def lottery(plan: Pairing, covariates: Covariates) -> Lottery:
    design = pair_then_draw(len(plan.pairs), 30)
    return constrained_lottery(
        design, plan.pair_ids, _members(plan), covariates, candidates=20_000, keep=0.1, seed=0
    )


@pytest.fixture(scope="session")
def drawn(lottery: Lottery) -> Draw:
    return draw_lottery(lottery, seed_text(0))


@pytest.fixture(scope="session")
def analysis(lottery: Lottery, drawn: Draw) -> Analysis:
    rng = np.random.default_rng(0)
    teams = list(lottery.teams)
    outcomes = pd.DataFrame(
        {name: rng.normal(0.5, 0.1, len(teams)) for name in ("rate", "wait")}, index=teams
    )
    return analyse(lottery, drawn.intervention, outcomes, AnalysisPlan(primary="wait"))


def _members(plan: Pairing) -> list[tuple[str, str]]:
    ids = plan.cohort.ids
    return [(ids[a], ids[b]) for a, b in plan.pairs.tolist()]
