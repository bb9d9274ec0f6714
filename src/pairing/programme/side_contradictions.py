"""What cannot stand together in objectives and side constraints, and what they need that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem
from pairing.planning.by_levels.ordered import order_problems
from pairing.planning.side.pair_columns import unknown_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pairing.programme.settings import Programme


def order_contradictions(programme: Programme) -> Iterator[Problem]:
    """Find orders and tolerances that make no sense, and constraints that no objective goes with."""
    objective = programme.objective
    yield from order_problems(objective.order, objective.tolerance)
    if "fairest" in objective.order and not programme.side_constraints.is_empty:
        yield Problem(
            "cannot be combined with side constraints",
            column="objective.order",
            value="fairest",
            expected='order = ["worst", "total"], or no [side_constraints]',
        )
    yield from _of_linear(programme)
    yield from _of_repeated_labels(programme)


def needed_columns(programme: Programme, column: str) -> list[str]:
    """Name the settings that need a figure of pairs (``distance_km``, ``travel_minutes``, ``size_ratio``)."""
    side = programme.side_constraints
    keys = [f"side_constraints.linear[{at}]" for at, entry in enumerate(side.linear, start=1)
            if column in entry.columns]  # fmt: skip
    if column == "distance_km":
        keys += ["side_constraints.max_pairs_over_km"] if side.max_pairs_over_km else []
        keys += ["side_constraints.max_total_km"] if side.max_total_km is not None else []
        by_table = programme.rules.travel_table is not None  # travel is then told in its km or its minutes
        keys += ["objective.order"] if "travel" in programme.objective.order and not by_table else []
    if column == "travel_minutes" and side.max_total_minutes is not None:
        keys.append("side_constraints.max_total_minutes")
    return keys


def missing_minutes(programme: Programme) -> Iterator[Problem]:
    """Find constraints on travel times without a table of them."""
    if programme.rules.travel_table is not None:
        return
    for key in needed_columns(programme, "travel_minutes"):
        yield Problem(
            "travel times are limited, but there is no table of them",
            column=key,
            advice='Give travel_table = "travel.csv" in [rules], with the columns team_a, team_b, minutes.',
        )


def _of_linear(programme: Programme) -> Iterator[Problem]:
    for at, entry in enumerate(programme.side_constraints.linear, start=1):
        key = f"side_constraints.linear[{at}]"
        yield from unknown_columns(list(entry.columns), f"{key}.columns")
        if entry.at_most is None and entry.at_least is None:
            yield Problem("has no limit", column=key, value=entry.label, expected="at_most or at_least")
        elif entry.at_most is not None and entry.at_least is not None and entry.at_least > entry.at_most:
            message = f"is more than at_most = {entry.at_most:g}, so that no plan is possible"
            yield Problem(message, column=f"{key}.at_least", value=f"{entry.at_least:g}")


def _of_repeated_labels(programme: Programme) -> Iterator[Problem]:
    side = programme.side_constraints
    for section, entries in (("host_groups", side.host_groups), ("linear", side.linear)):
        labels = [entry.label for entry in entries]
        for label in dict.fromkeys(labels):
            if labels.count(label) > 1:
                yield Problem("is used twice", column=f"side_constraints.{section}.label", value=label)
