"""Which teams there are: their ids, unique and in a fixed order."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.cohort.sheet import Sheet

FEWEST_TEAMS = 2
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
_USUAL_NAMES = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


def eligible_positions(
    sheet: Sheet, column: str, exclude: Sequence[str] = (), *, fewest: int = FEWEST_TEAMS
) -> tuple[int, ...]:
    """Find the rows of the teams that take part, in the order of their ids as text.

    Ids stay text: "007" and "7" are two teams. Blank and repeated ids, ids with letters that cannot be seen,
    unknown ids in `exclude`, and too few teams are noted as problems of the sheet. Ids that look alike
    are warned of.

    Parameters
    ----------
    sheet : Sheet
        The table of teams.
    column : str
        Column with the ids; it must exist.
    exclude : sequence of str
        Ids of teams that do not take part.
    fewest : int
        How many teams there have to be.

    Returns
    -------
    tuple of int
        Positions in the sheet; each id once.
    """
    first_position: dict[str, int] = {}
    for position, team in enumerate(sheet.columns[column]):
        if not team:
            sheet.complain("the id is blank", column=column, position=position, expected="a unique id")
        elif team in first_position:
            row = sheet.rows[first_position[team]]
            sheet.complain(
                f"is already used on row {row}",
                column=column,
                position=position,
                expected="a unique id",
                advice="Keep one of the two rows, or give the teams different ids.",
            )
        else:
            first_position[team] = position
    _check_visible(sheet, column)
    _warn_of_ids_alike(sheet, column, first_position)
    _check_exclude(sheet, column, exclude, first_position)
    taking_part = sorted(set(first_position) - set(exclude))
    if len(taking_part) < fewest:
        _complain_of_few_teams(sheet, len(taking_part), n_excluded=len(first_position) - len(taking_part))
    return tuple(first_position[team] for team in taking_part)


def _check_visible(sheet: Sheet, column: str) -> None:
    for position, team in enumerate(sheet.columns[column]):
        hidden = next((letter for letter in team if unicodedata.category(letter) in _INVISIBLE), None)
        if hidden is not None:
            name = _USUAL_NAMES.get(hidden) or unicodedata.name(hidden, "a control character").lower()
            shown = "".join(
                letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in team
            )
            sheet.complain(
                f"the id '{shown}' holds a letter that cannot be seen: {name} (U+{ord(hidden):04X})",
                column=column,
                position=position,
                quote=False,
                advice="Type the id anew.",
            )


def _warn_of_ids_alike(sheet: Sheet, column: str, first_position: Mapping[str, int]) -> None:
    alike: dict[str, list[str]] = {}
    for team in first_position:
        look = " ".join(unicodedata.normalize("NFKC", team).casefold().split())
        alike.setdefault(look, []).append(team)
    for teams in alike.values():
        if len(teams) > 1:
            listed = " and ".join(f"'{team}' on row {sheet.rows[first_position[team]]}" for team in teams)
            sheet.warnings.append(
                f"Column '{column}': {listed} are read as different teams, though the ids look alike."
            )


def _check_exclude(sheet: Sheet, column: str, exclude: Sequence[str], known: dict[str, int]) -> None:
    for team in exclude:
        if team not in known:
            sheet.complain(
                f"there is no team '{team}', which is to be excluded",
                column=column,
                advice=did_you_mean(team, known),
            )


def _complain_of_few_teams(sheet: Sheet, n_teams: int, n_excluded: int) -> None:
    if len(sheet):
        left = f" once {n_excluded} are excluded" if n_excluded else ""
        team = "team" if n_teams == 1 else "teams"
        sheet.complain(f"there are only {n_teams} {team}{left}", expected="at least two teams to pair")
