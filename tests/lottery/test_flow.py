"""The flow of teams, counted as the first programme reported its own."""

from __future__ import annotations

import pytest

from pairing.errors import InputDataError
from pairing.lottery import draw_lottery, flow_counts, pair_then_draw, uniform_lottery

PAIRS = [f"P{n}" for n in range(40)]
MEMBERS = [(f"a{n}", f"b{n}") for n in range(40)]


def _statuses() -> dict[str, str]:
    teams = [team for pair in MEMBERS for team in pair]
    return (
        dict.fromkeys(teams, "eligible")
        | {f"c{n}": "interested" for n in range(16)}
        | {f"d{n}": "invited" for n in range(60)}
    )


def test_first_programme_is_counted_as_reported() -> None:
    """156 teams invited, 96 interested, 80 eligible, all 80 allocated: 30 and 50."""
    counts = flow_counts(
        _statuses(), draw_lottery(uniform_lottery(pair_then_draw(40, 15), PAIRS, MEMBERS), "x")
    )
    assert [(count.stage, count.teams, count.stopped) for count in counts] == [
        ("invited", 156, 60),
        ("interested", 96, 16),
        ("eligible", 80, 0),
        ("allocated", 80, 0),
        ("intervention", 30, 0),
        ("control", 50, 0),
    ]


def test_reserves_and_unpaired_teams_are_counted() -> None:
    """Eligible teams outside the lottery stopped there; reserves are an arm of their own."""
    lottery = uniform_lottery(pair_then_draw(39, 15), PAIRS[:39], MEMBERS[:39], n_reserves=4)
    counts = {count.stage: count for count in flow_counts(_statuses(), draw_lottery(lottery, "x"))}
    assert counts["eligible"].stopped == 2
    assert (counts["control"].teams, counts["reserve"].teams) == (40, 8)


def test_contradictory_statuses_are_refused() -> None:
    """Unknown statuses and drawn teams that were never eligible are all named."""
    statuses = _statuses() | {"a0": "interested", "d0": "maybe"}
    del statuses["b5"]
    with pytest.raises(InputDataError) as caught:
        flow_counts(statuses, draw_lottery(uniform_lottery(pair_then_draw(40, 15), PAIRS, MEMBERS), "x"))
    assert [problem.value for problem in caught.value.problems] == ["maybe", "a0", "b5"]
