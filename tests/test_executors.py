"""Any standard executor does the work, and none changes a bit: threads, processes, and those of Dask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from typing import Any, NoReturn

import numpy as np
import pytest

from pairing import (
    Different,
    Lottery,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    SolverError,
    constrained_lottery,
    covariates_of_units,
    load_audit,
    minimum_detectable_effect,
    pair,
    pair_then_draw,
    uniform_lottery,
)

Work = Callable[[Executor | None], Any]


def _threads() -> Executor:
    return ThreadPoolExecutor(3)


def _processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@contextmanager
def _dask() -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    # Worker processes, as on a cluster: what is sent has to survive the journey.
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


EXECUTORS: dict[str, Callable[[], AbstractContextManager[Executor]]] = {
    "threads": _threads,
    "processes": _processes,
    "dask": _dask,
}


@pytest.fixture(scope="module")
def plan() -> Pairing:
    """Pair the bundled audit."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2), Different("cancer_alliance")])


@pytest.fixture(scope="module")
def lottery() -> Lottery:
    """Six of fourteen pairs, every draw equally likely."""
    members = [(f"a{n:02}", f"b{n:02}") for n in range(14)]
    return uniform_lottery(pair_then_draw(14, 6), [f"P{n:02}" for n in range(14)], members)


@pytest.mark.parametrize("kind", list(EXECUTORS))
def test_no_executor_changes_a_bit(kind: str, plan: Pairing, lottery: Lottery) -> None:
    """Robustness, trade-off, candidates of a lottery, and power: the same results wherever they are made."""
    works: dict[str, Work] = {
        "robustness": lambda where: plan.robustness(23, seed=6, executor=where).to_frame().to_csv(),
        "trade-off": lambda where: (
            plan.tradeoff("min_distance_km", [50, 80, 120], executor=where).to_frame().to_csv()
        ),
        "lottery": lambda where: _balanced(where),
        "power": lambda where: minimum_detectable_effect(
            lottery, sd=1.0, seed=0, n_simulations=120, executor=where
        ).thresholds.tobytes(),
    }
    with EXECUTORS[kind]() as executor:
        for name, work in works.items():
            assert work(executor) == work(None), name


def _balanced(where: Executor | None) -> str:
    units = [f"P{n:02}" for n in range(30)]
    members = [(f"a{unit}", f"b{unit}") for unit in units]
    teams = [team for pair_of_teams in members for team in pair_of_teams]
    size = {"size": np.random.default_rng(7).normal(size=len(teams))}
    found = constrained_lottery(
        pair_then_draw(30, 12),
        units,
        members,
        covariates_of_units(size, teams, members),
        seed=0,
        candidates=600_000,
        keep=0.002,
        executor=where,
    )
    return found.canonical_text()


class _Dying(ThreadPoolExecutor):
    """An executor whose workers are dead."""

    def map(self, *_: object, **__: object) -> NoReturn:
        raise BrokenExecutor


def test_a_dead_worker_is_told_in_words(lottery: Lottery) -> None:
    """What a person can do stands in the message."""
    with _Dying(1) as executor, pytest.raises(SolverError, match="Try fewer workers"):
        minimum_detectable_effect(lottery, sd=1.0, seed=0, n_simulations=10, executor=executor)
