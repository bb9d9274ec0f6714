"""The public record: it survives JSON, and nothing can be changed in it unnoticed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pairing.errors import InputDataError, SettingsError
from pairing.lottery import (
    Covariates,
    Lottery,
    constrained_lottery,
    draw_lottery,
    lottery_differences,
    lottery_from_record,
    lottery_record,
    pair_then_draw,
    stratified,
    uniform_lottery,
)

Eighty = tuple[list[str], list[tuple[str, str]], dict[str, np.ndarray], Covariates]


@pytest.fixture
def published(eighty_teams: Eighty) -> Lottery:
    """Give a constrained lottery with three reserves."""
    pairs, members, _, covariates = eighty_teams
    return constrained_lottery(
        pair_then_draw(40, 15), pairs, members, covariates, seed=0, candidates=30_000, n_reserves=3
    )


def _read(lottery: Lottery, change: Callable[[dict], object] = lambda record: record) -> Lottery:
    record = json.loads(json.dumps(lottery_record(lottery)))
    change(record)
    pool = pd.read_csv(io.StringIO(lottery.canonical_text())) if lottery.listed else None
    return lottery_from_record(record, pool)


def test_record_survives_json_and_draws_the_same(published: Lottery) -> None:
    """Read back from JSON and CSV, the lottery draws the same units and knows where it came from."""
    again = _read(published)
    assert again.origin == published.origin
    assert draw_lottery(again, "x").arms() == draw_lottery(published, "x").arms()
    assert lottery_differences(published, again) == ()


def test_record_of_an_unlisted_lottery_is_enough() -> None:
    """Where draws are not listed the record alone rebuilds the lottery."""
    units = [f"t{n}" for n in range(60)]
    design = stratified(["n", "s", "s"] * 20, {"n": 7, "s": 11})
    lottery = uniform_lottery(design, units, [(unit,) for unit in units])
    again = _read(lottery)
    assert again.design == lottery.design
    assert again.sha256 == lottery.sha256
    assert lottery_differences(lottery, again) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record.update(sha256="0" * 64), "not the published one"),
        (lambda record: record.pop("drawn"), "'drawn' is missing from the lottery's record"),
        (lambda record: record.update(drawn=["many"]), "cannot be read"),
        (lambda record: record.update(members={}), "cannot be read"),
        (lambda record: record.update(origin=[1]), "cannot be read"),
        (lambda record: record.update(strata=[["nobody"]]), "cannot be read"),
        (lambda record: record.update(drawn=[14]), "does not draw the declared number"),
    ],
)
def test_changed_records_are_refused(
    change: Callable[[dict], object], words: str, published: Lottery
) -> None:
    """A record that was changed, or is no record, is refused with what is wrong."""
    with pytest.raises(InputDataError, match=words):
        _read(published, change)


def test_impossible_designs_in_a_record_are_refused(published: Lottery) -> None:
    """Settings in a record are checked as anywhere."""
    with pytest.raises(SettingsError, match="'77' cannot be drawn"):
        _read(published, lambda record: record.update(drawn=[77]))


@pytest.mark.parametrize("edit", ["tickets", "draws"])
def test_edited_pools_have_another_hash(edit: str, published: Lottery) -> None:
    """One ticket moved, or two rows exchanged, and the pool is refused."""
    pool = published.to_frame()
    if edit == "tickets":
        pool.loc[[0, 1], "tickets"] += [1, -1]
    else:
        pool["intervention"] = pool["intervention"].iloc[::-1].to_numpy()
    with pytest.raises(InputDataError, match="not the published one"):
        lottery_from_record(lottery_record(published), pool)


def test_rebuilding_from_the_origin_gives_the_same_lottery(published: Lottery, eighty_teams: Eighty) -> None:
    """The record's candidates, share and seed rebuild the pool; other ones are noticed."""
    pairs, members, _, covariates = eighty_teams
    assert published.origin is not None
    assert published.origin.seed is not None

    def rebuilt(seed: int) -> Lottery:
        assert published.origin is not None
        return constrained_lottery(
            published.design,
            pairs,
            members,
            covariates,
            seed=seed,
            candidates=published.origin.candidates,
            keep=published.origin.keep,
        )

    assert lottery_differences(published, rebuilt(published.origin.seed)) == ()
    assert "published draws are not found again" in lottery_differences(published, rebuilt(1))[0]


def test_differences_are_told_apart(published: Lottery) -> None:
    """Other tickets, other units and an unlisted lottery are each said in words."""
    assert published.tickets is not None
    moved = published.tickets.copy()
    moved[[0, 1]] += [10**6, -(10**6)]
    other = Lottery(published.design, published.units, published.members, published.draws, moved)
    assert lottery_differences(published, other) == ("2 draws have other tickets than published",)
    unlisted = uniform_lottery(published.design, published.units, published.members)
    assert lottery_differences(published, unlisted) == ("one of them lists its draws and the other does not",)
    renamed = uniform_lottery(published.design, published.units[::-1], published.members[::-1])
    assert lottery_differences(published, renamed) == ("the design or its units differ",)
