"""`[side_constraints]` and the order of objectives: read strictly, and every fault told at once."""

from __future__ import annotations

import tomllib

from pairing.planning import HostGroup, LinearConstraint, MaxPairsOver, MaxPairsPer, MaxTotal, MinPairsAcross
from pairing.programme import ProgrammeDraft, parse_programme, programme_to_dict

MINIMAL = """
[teams]
file = "teams.csv"
id = "team"
size = "beds"
latitude = "lat"
longitude = "lon"

[[indicators]]
column = "resection"
denominator = "resection_n"
"""
FULL = """
[objective]
order = ["worst", "total"]
tolerance = { worst = 0.1 }

[side_constraints]
max_pairs_over_km = [{ km = 200, pairs = 5 }, { km = 300.5, pairs = 0 }]
max_total_km = 9000
min_pairs_across = { region = 3 }
max_pairs_per = { region = 8 }

[[side_constraints.host_groups]]
label = "London"
teams = ["A", "B"]
pairs = 4

[[side_constraints.linear]]
label = "mixed"
columns = { distance_km = 1, size_ratio = 20.0 }
at_most = 9000
"""
FAULTY = """
[objective]
order = ["total", "travel"]
tolerance = { travel = 0.1, worst = 0.1 }

[side_constraints]
max_pairs_over_km = { km = 200, pair = 5 }
max_total_minutes = 90

[[side_constraints.linear]]
label = "mixed"
columns = { distance = 1.0 }
"""


def parse(text: str) -> ProgrammeDraft:
    return parse_programme(tomllib.loads(text))


def test_all_constraints_are_read() -> None:
    """One value each; host groups keep the teams that take part; JSON brings the same back."""
    draft = parse(MINIMAL + FULL)
    assert draft.problems == ()
    assert draft.programme is not None
    assert draft.programme.side_constraints.constraints(["A", "C"]) == (
        MaxPairsOver(200, 5),
        MaxPairsOver(300.5, 0),
        MaxTotal("distance_km", 9000),
        MinPairsAcross("region", 3),
        MaxPairsPer("region", 8),
        HostGroup("London", ("A",), 4),
        LinearConstraint("mixed", (("distance_km", 1.0), ("size_ratio", 20.0)), at_most=9000),
    )
    assert parse_programme(programme_to_dict(draft.programme)).programme == draft.programme


def test_every_fault_is_told_at_once() -> None:
    """Keys, columns, limits, tolerances and missing tables together, with what was meant."""
    text = "\n".join(map(str, parse(MINIMAL + FAULTY).problems))
    for part in (
        "'side_constraints.max_pairs_over_km[1].pair': there is no such key. Did you mean 'pairs'?",
        "'distance' is no figure of a pair",
        "Did you mean 'distance_km'?",
        "'mixed' has no limit",
        "'objective.tolerance.travel': is the tolerance of the last objective",
        "'objective.tolerance.worst': is the tolerance of an objective that is not in the order",
    ):
        assert part in text, text


def test_what_a_constraint_needs_must_be_declared() -> None:
    """Minutes, coordinates and sizes."""
    bare = MINIMAL.replace('latitude = "lat"\nlongitude = "lon"\n', "").replace('size = "beds"\n', "")
    side = "[side_constraints]\nmax_total_minutes = 90\nmax_total_km = 9\n"
    side += 'linear = [{ label = "x", columns = { size_ratio = 1.0 }, at_most = 3 }]\n'
    columns = {problem.column for problem in parse(bare + side).problems}
    keys = ("max_total_minutes", "max_total_km", "linear[1]")
    assert columns == {f"side_constraints.{key}" for key in keys}


def test_fairest_and_side_constraints_are_refused() -> None:
    """With what to write instead."""
    text = MINIMAL + '[objective]\norder = ["fairest"]\n[side_constraints]\nmax_total_km = 9\n'
    assert 'order = ["worst", "total"]' in str(parse(text).problems[0])
