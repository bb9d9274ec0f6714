"""The teams that a person means, by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.cohort import Cohort


def find_teams(cohort: Cohort, written: Sequence[str]) -> tuple[int, ...]:
    """Find teams by what a person wrote.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    written : sequence of str
        Ids, to the letter; or ids or names in any case, where that can mean only one team.

    Returns
    -------
    tuple of int
        Positions of the teams.

    Raises
    ------
    InputDataError
        With every text that means no team, or more than one; the nearest is suggested. Also if two texts
        mean the same team.

    Examples
    --------
    >>> from pairing.data import load_audit
    >>> find_teams(load_audit(), ["R0A", "lewisham and greenwich nhs trust"])
    (0, 47)
    """
    found = [_meant(cohort, text) for text in written]
    problems = [
        _problem(cohort, text, teams) for text, teams in zip(written, found, strict=True) if len(teams) != 1
    ]
    if not problems:
        positions = [teams[0] for teams in found]
        twice = sorted({position for position in positions if positions.count(position) > 1})
        problems = [
            Problem("is named twice", value=cohort.ids[at], expected="different teams") for at in twice
        ]
    if problems:
        raise InputDataError(problems)
    return tuple(positions)


def _meant(cohort: Cohort, text: str) -> list[int]:
    if text in cohort.ids:
        return [cohort.ids.index(text)]
    folded = text.strip().casefold()
    for labels in (cohort.ids, cohort.names):
        teams = [at for at, label in enumerate(labels) if label.casefold() == folded]
        if teams:
            return teams
    return []


def _problem(cohort: Cohort, text: str, teams: list[int]) -> Problem:
    if teams:
        listed = shortened([cohort.ids[at] for at in teams])
        return Problem(f"can mean {len(teams)} teams: {listed}", value=text, advice="Give the id.")
    advice = did_you_mean(text, [*cohort.ids, *cohort.names])
    return Problem("is not a team of this pairing", value=text, advice=advice)
