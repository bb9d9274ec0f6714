"""Settings that are fine one by one and cannot stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem
from pairing.programme.flex_contradictions import flex_contradictions
from pairing.programme.lottery_contradictions import analysis_contradictions, lottery_contradictions
from pairing.programme.rounds_settings import rounds_contradictions
from pairing.programme.side_contradictions import missing_minutes, needed_columns, order_contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pairing.programme.settings import Programme, RuleSettings


def contradictions(programme: Programme, file: str, *, whole: bool = True) -> list[Problem]:
    """Find what contradicts itself in a programme, and rules without the data they need.

    Parameters
    ----------
    programme : Programme
        Settings that are valid one by one.
    file : str
        Their file, for messages.
    whole : bool
        Whether these are all settings. If faulty keys were left out, nothing can be said to be missing.

    Returns
    -------
    list of Problem
        Empty if everything goes together.
    """
    found = [
        *order_contradictions(programme),
        *_of_limits(programme.rules),
        *_of_attributes(programme.rules),
        *_of_forbidden_pairs(programme.rules, programme.teams.exclude),
        *_of_required_pairs(programme.rules, programme.teams.exclude),
        *rounds_contradictions(programme.rounds, programme.teams.exclude),
        *(_of_what_is_missing(programme) if whole else ()),
    ]
    return [
        Problem(problem.message, file, None, problem.column, problem.value, problem.expected, problem.advice)
        for problem in found
    ]


def _of_what_is_missing(programme: Programme) -> list[Problem]:
    return [
        *_of_missing_travel(programme.rules),
        *missing_minutes(programme),
        *_of_missing_places(programme),
        *_of_missing_sizes(programme),
        *_of_weights(programme),
        *_of_triads(programme),
        *flex_contradictions(programme.flex, programme.rules),
        *(lottery_contradictions(programme.lottery) if programme.lottery else ()),
        *analysis_contradictions(programme.analysis),
    ]


def distance_settings(programme: Programme) -> list[str]:
    """Name the settings of a programme that need the distances between teams.

    Parameters
    ----------
    programme : Programme
        The settings.

    Returns
    -------
    list of str
        Dotted keys of those that are set.
    """
    rules, preferences = programme.rules, programme.objective.preferences
    needed = {
        "rules.min_distance_km": rules.min_distance_km is not None,
        "rules.max_distance_km": rules.max_distance_km is not None,
        "rules.not_nearest": rules.not_nearest is not None,
        "objective.preferences.travel_per_100_km": preferences.travel_per_100_km > 0,
    }
    keys = [key for key, is_needed in needed.items() if is_needed]
    return keys + needed_columns(programme, "distance_km")


def _of_triads(programme: Programme) -> Iterator[Problem]:
    if programme.rules.odd != "triad":
        return
    if programme.objective.order != ("total",) or not programme.side_constraints.is_empty:
        yield Problem(
            "goes with the greatest total alone",
            column="rules.odd",
            value="triad",
            expected='order = ["total"] and no [side_constraints]',
        )
    if programme.lottery is not None and programme.lottery.design in ("matched-pair", "draw-then-pair"):
        yield Problem(
            f"does not go with the design '{programme.lottery.design}', which draws one or both of two teams",
            column="rules.odd",
            value="triad",
            advice='Take odd = "leave-out", or the design "pair-then-draw".',
        )


def _of_limits(rules: RuleSettings) -> Iterator[Problem]:
    lowest, highest = rules.min_distance_km, rules.max_distance_km
    if lowest is not None and highest is not None and lowest > highest:
        yield Problem(
            f"is more than max_distance_km = {highest:g}, so that no pair is permitted",
            column="rules.min_distance_km",
            value=f"{lowest:g}",
        )


def _of_missing_travel(rules: RuleSettings) -> Iterator[Problem]:
    if rules.max_travel_minutes is not None and rules.travel_table is None:
        yield Problem(
            "travel times are limited, but there is no table of them",
            column="rules.max_travel_minutes",
            advice='Give travel_table = "travel.csv" with the columns team_a, team_b, minutes.',
        )


def _of_attributes(rules: RuleSettings) -> Iterator[Problem]:
    for column in sorted(set(rules.same) & set(rules.different)):
        yield Problem(
            "must be the same and must be different, so that no pair is permitted",
            column="rules.different",
            value=column,
        )


def _of_forbidden_pairs(rules: RuleSettings, excluded: Sequence[str]) -> Iterator[Problem]:
    for number, (team, partner) in enumerate(rules.forbid, start=1):
        key = f"rules.forbid[{number}]"
        if team == partner:
            yield Problem("is paired with itself", column=key, value=team)
        for one in (team, partner):
            if one in excluded:
                advice = "Take the pair out: a team that does not take part is in no pair."
                yield Problem(
                    "is in a forbidden pair and also excluded", column=key, value=one, advice=advice
                )


def _of_required_pairs(rules: RuleSettings, excluded: Sequence[str]) -> Iterator[Problem]:
    forbidden = {frozenset(pair) for pair in rules.forbid}
    partners: dict[str, str] = {}
    for number, (team, partner) in enumerate(rules.require, start=1):
        key = f"rules.require[{number}]"
        if team == partner:
            yield Problem("is paired with itself", column=key, value=team)
        if frozenset((team, partner)) in forbidden:
            yield Problem(f"'{team}' and '{partner}' are required together and also forbidden", column=key)
        for one, other in ((team, partner), (partner, team)):
            if partners.setdefault(one, other) != other:
                message = f"is required with two partners, '{partners[one]}' and '{other}'"
                yield Problem(message, column=key, value=one, advice="A team has one partner.")
            if one in excluded:
                yield Problem("is required in a pair and also excluded", column=key, value=one)


def _of_missing_places(programme: Programme) -> Iterator[Problem]:
    teams, rules = programme.teams, programme.rules
    if (teams.latitude is None) != (teams.longitude is None):
        missing = "latitude" if teams.latitude is None else "longitude"
        yield Problem("the key is missing; latitude and longitude belong together", column=f"teams.{missing}")
    # A travel table may hold the distances; whether it does is known once it is read.
    elif teams.latitude is None and rules.travel_table is None:
        for key in distance_settings(programme):
            yield Problem(
                "distances are needed, but the teams have no coordinates",
                column=key,
                advice="Declare teams.latitude and teams.longitude.",
            )


def _of_missing_sizes(programme: Programme) -> Iterator[Problem]:
    if programme.teams.size is not None:
        return
    needed = {
        "rules.max_size_ratio": programme.rules.max_size_ratio is not None,
        "objective.preferences.size_difference": programme.objective.preferences.size_difference > 0,
        **dict.fromkeys(needed_columns(programme, "size_ratio"), True),
    }
    for key, is_needed in needed.items():
        if is_needed:
            yield Problem("sizes are needed, but none are declared", column=key, advice="Declare teams.size.")


def _of_weights(programme: Programme) -> Iterator[Problem]:
    if programme.indicators and not any(indicator.weight for indicator in programme.indicators):
        yield Problem("every weight is 0", column="indicators", expected="at least one weight above 0")
