"""What the rules name must exist in the table: teams, and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from pairing.cohort.sheet import Sheet
    from pairing.programme import RoundsSettings, RuleSettings


def unknown_teams(rules: RuleSettings, teams: Collection[str], file: str) -> list[Problem]:
    """Find ids in `forbid` and `require` that the table does not have.

    Parameters
    ----------
    rules : RuleSettings
        The rules.
    teams : collection of str
        All ids of the table, those of excluded teams too.
    file : str
        The settings file, for messages.

    Returns
    -------
    list of Problem
        One for each unknown id, with the nearest known one.
    """
    return [
        Problem(
            "is no team of the table",
            file,
            column=f"rules.{key}[{number}]",
            value=team,
            advice=did_you_mean(team, teams),
        )
        for key, pairs in (("forbid", rules.forbid), ("require", rules.require))
        for number, pair in enumerate(pairs, start=1)
        for team in pair
        if team not in teams
    ]


def teams_not_reached(rules: RuleSettings, not_reached: Collection[str], file: str) -> list[Problem]:
    """Find ids in `forbid` and `require` of teams that did not get to the last stage of recruitment.

    Parameters
    ----------
    rules : RuleSettings
        The rules.
    not_reached : collection of str
        Ids of the teams whose status keeps them out.
    file : str
        The settings file, for messages.

    Returns
    -------
    list of Problem
        One for each such id.
    """
    return [
        Problem(
            "does not take part, by its status in the table",
            file,
            column=f"rules.{key}[{number}]",
            value=team,
            advice="Take the pair out.",
        )
        for key, pairs in (("forbid", rules.forbid), ("require", rules.require))
        for number, pair in enumerate(pairs, start=1)
        for team in pair
        if team in not_reached
    ]


def unknown_columns(rules: RuleSettings, teams: Sheet, file: str) -> list[Problem]:
    """Find columns in `different`, `same` and `calipers` that the table does not have.

    Cells of a caliper's column that are not numbers are noted as problems of the sheet.

    Parameters
    ----------
    rules : RuleSettings
        The rules.
    teams : Sheet
        The table of the teams that take part.
    file : str
        The settings file, for messages.

    Returns
    -------
    list of Problem
        One for each unknown column, with the nearest known one.
    """
    named = {"different": rules.different, "same": rules.same, "calipers": tuple(rules.calipers)}
    for column in rules.calipers:
        if column in teams.columns:
            teams.numbers(column)
    return [
        Problem(
            "is no column of the table",
            file,
            column=f"rules.{key}",
            value=column,
            advice=did_you_mean(column, teams.columns),
        )
        for key, columns in named.items()
        for column in columns
        if column not in teams.columns
    ]


def unknown_keepers(
    rounds: RoundsSettings, teams: Collection[str], not_reached: Collection[str], file: str
) -> list[Problem]:
    """Find ids in `rounds.keep` that the table does not have, or whose status keeps them out.

    Parameters
    ----------
    rounds : RoundsSettings
        The section.
    teams : collection of str
        All ids of the table, those of excluded teams too.
    not_reached : collection of str
        Ids of the teams whose status keeps them out.
    file : str
        The settings file, for messages.

    Returns
    -------
    list of Problem
        One for each such id.
    """
    return [
        Problem(
            "does not take part, by its status in the table" if team in teams else "is no team of the table",
            file,
            column=f"rounds.keep[{number}]",
            value=team,
            advice="Take the team out." if team in teams else did_you_mean(team, teams),
        )
        for number, team in enumerate(rounds.keep, start=1)
        if team not in teams or team in not_reached
    ]
