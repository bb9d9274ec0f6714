"""A first `programme.toml` for a table that comes without one: guessed, commented, and open about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.files.column_roles import (
    Column,
    Measure,
    find_attributes,
    find_contact,
    find_coordinates,
    find_id,
    find_measures,
    find_name,
    find_size,
    guess_unit,
    higher_is_better,
    is_coordinate,
    make_column,
    results_of_pairing,
)
from pairing.files.programme_text import GuessedColumns, programme_text, rules_note
from pairing.files.starter_teams import TEAMS_CSV
from pairing.files.text_table import draft_of_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.files.records import Table

_LONG_ROLES = frozenset({"indicator", "value", "denominator", "standard_error", "unadjusted"})
_STARTER_TABLE = "teams.csv"
_STARTER_HEAD = """\
# The teams in teams.csv are synthetic example data: no such teams exist. Put your own table in their place,
# or run `pairing init YOUR_TEAMS.csv` to have its columns guessed.
#
"""


@dataclass(frozen=True)
class GuessedProgramme:
    """Settings guessed from a table.

    Parameters
    ----------
    toml_text : str
        A commented `programme.toml`.
    notes : tuple of str
        What was guessed and why, as sentences.
    """

    toml_text: str
    notes: tuple[str, ...]


def guess_programme(table: Table, file_name: str) -> GuessedProgramme:
    """Guess the settings for a table of teams from the names and cells of its columns.

    Parameters
    ----------
    table : Table
        The table, wide or long.
    file_name : str
        How the settings shall name it, as seen from where they will stand.

    Returns
    -------
    GuessedProgramme
        Settings that :func:`pairing.files.programme.read_programme` reads, and what was guessed.

    Raises
    ------
    InputDataError
        If no column can be the ids, or none an indicator.
    """
    notes: list[str] = []
    guess = _guess(table, notes)
    notes.append(rules_note(guess))
    if guess.n_teams % 2:
        notes.append(f"{guess.n_teams:,} teams is an odd number: one may stay out (allow_unpaired = true).")
    return GuessedProgramme(programme_text(guess, file_name), tuple(notes))


def starter_files() -> dict[str, bytes]:
    """Give the files that `pairing init` starts a programme with.

    Returns
    -------
    dict of str to bytes
        `teams.csv` with made-up teams, and a commented `programme.toml` for it.
    """
    table = draft_of_text(TEAMS_CSV, Path(_STARTER_TABLE), _STARTER_TABLE).table
    if table is None:
        raise InputDataError([Problem("the example teams cannot be read", _STARTER_TABLE)])
    settings = _STARTER_HEAD + guess_programme(table, _STARTER_TABLE).toml_text
    return {_STARTER_TABLE: TEAMS_CSV.encode("utf-8"), "programme.toml": settings.encode("utf-8")}


def _guess(table: Table, notes: list[str]) -> GuessedColumns:
    columns = _columns_of_data(table, notes)
    by_key = {column.key: column for column in columns}
    long = {"indicator", "value"} <= set(by_key)
    ids = [column for column in columns if not (long and column.key in _LONG_ROLES)]
    team_id = find_id(ids, within=by_key["indicator"] if long else None)
    if team_id is None:
        advice = "Name one 'team_id' and give every team its own, or write a programme.toml."
        raise InputDataError(
            [Problem("no column looks like ids of the teams", str(table.path), advice=advice)]
        )
    others = [column for column in ids if column is not team_id]
    facts = _facts_of_teams(others, team_id) if long else others
    name, size, places = find_name(facts), find_size(facts), find_coordinates(facts)
    contact = find_contact(column for column in facts if column is not name)
    taken = (name, size, contact, *(places or ()))
    rest = [column for column in facts if column not in taken and not is_coordinate(column)]
    attributes = tuple(find_attributes(rest))
    found = {"ids": team_id, "names": name, "size": size} | ({"contacts": contact} if contact else {})
    _note_columns(notes, found, places, attributes)
    indicators = _long_indicators(columns, notes) if long else _wide_indicators(rest, size, notes)
    if not indicators:
        advice = "Each indicator x needs its number of patients in x_n, or its standard error in x_se."
        problem = Problem("no column looks like an indicator", str(table.path), advice=advice)
        raise InputDataError([problem])
    different = _attribute_to_differ_in(attributes, notes)
    return GuessedColumns(
        team_id, name, size, places, attributes, tuple(indicators), different, long, contact
    )


def _columns_of_data(table: Table, notes: list[str]) -> list[Column]:
    """Give the table's columns but for those that an earlier pairing wrote."""
    columns = [make_column(name, table.cells(name)) for name in table.columns]
    results = results_of_pairing(columns)
    if results:
        listed = ", ".join(f"'{column.name}'" for column in results)
        notes.append(f"Not used, because an earlier pairing wrote them: columns {listed}.")
    return [column for column in columns if column not in results]


def _facts_of_teams(columns: Sequence[Column], team_id: Column) -> list[Column]:
    """Reduce the columns of a long table that say something about teams to one cell a team."""
    first = {team: place for place, team in reversed(list(enumerate(team_id.cells))) if team}
    return [
        make_column(column.name, [column.cells[place] for place in sorted(first.values())])
        for column in columns
    ]


def _note_columns(
    notes: list[str],
    found: dict[str, Column | None],
    places: tuple[Column, Column] | None,
    attributes: Sequence[Column],
) -> None:
    for role, column in found.items():
        notes.append(f"The {role}: column '{column.name}'." if column else f"The {role}: no column found.")
    if places:
        notes.append(f"The places: columns '{places[0].name}' and '{places[1].name}'.")
    else:
        notes.append("The places: no pair of columns found, so there is no rule on distance.")
    if attributes:
        notes.append(f"Attributes that teams share: {', '.join(column.name for column in attributes)}.")


def _wide_indicators(
    columns: Sequence[Column], size: Column | None, notes: list[str]
) -> list[dict[str, str | bool]]:
    borrowing: list[str] = []
    measures = find_measures(columns)
    # Where other columns bring their patients, one that does not is more likely no indicator at all.
    lender = None if any(measure.has_uncertainty for measure in measures) else size
    indicators = [_indicator(measure, lender, notes, borrowing) for measure in measures]
    if size is not None and borrowing:
        notes.append(
            f"No patients or standard errors were found for {', '.join(borrowing)}: the size "
            f"'{size.name}' stands in for the patients, which understates the noise. "
            "Name the right columns if you have them."
        )
    return [indicator for indicator in indicators if indicator is not None]


def _indicator(
    measure: Measure, size: Column | None, notes: list[str], borrowing: list[str]
) -> dict[str, str | bool] | None:
    main = measure.main
    if main is None:
        return None
    unit = guess_unit(measure.value, measure.adjusted)
    if not main.varies or (unit is None and measure.standard_error is None):
        why = "its numbers are no rates" if main.varies else "its values do not differ"
        notes.append(f"Column '{main.name}' is not used: {why}.")
        return None
    keys: dict[str, str | bool] = {"column": main.name}
    if measure.denominator is not None and unit is not None:
        keys["denominator"] = measure.denominator.name
        if measure.adjusted and measure.value:
            keys["unadjusted"] = measure.value.name
    elif measure.standard_error is not None:
        keys["standard_error"] = measure.standard_error.name
    elif size is not None:
        keys["denominator"] = size.name
        borrowing.append(main.name)
    else:
        notes.append(f"Column '{main.name}' is not used: there are no patients or standard errors for it.")
        return None
    return _described(keys, measure.stem, unit or "number", notes)


def _long_indicators(columns: Sequence[Column], notes: list[str]) -> list[dict[str, str | bool]]:
    by_key = {column.key: column for column in columns}
    spread = next((by_key[role] for role in ("denominator", "standard_error") if role in by_key), None)
    if spread is None:
        notes.append("The long table has neither a column 'denominator' nor 'standard_error'.")
        return []
    indicators = []
    for name in dict.fromkeys(by_key["indicator"].filled):
        rows = [place for place, cell in enumerate(by_key["indicator"].cells) if cell == name]
        values = make_column(name, [by_key["value"].cells[place] for place in rows])
        unit = guess_unit(values)
        if values.varies and (unit or spread.key == "standard_error"):
            keys: dict[str, str | bool] = {"column": name, spread.key: spread.name}
            indicators.append(_described(keys, values.key, unit or "number", notes))
        else:
            notes.append(f"Indicator '{name}' is not used: its values are no rates, or do not differ.")
    return indicators


def _described(keys: dict[str, str | bool], stem: str, unit: str, notes: list[str]) -> dict[str, str | bool]:
    label = stem.replace("_", " ")
    better = higher_is_better(stem)
    described = {**keys, "label": label[:1].upper() + label[1:], "higher_is_better": better}
    if unit == "percent" and "standard_error" in keys:
        # They may be days or points as well, and with standard errors it makes no difference.
        unit = "number"
    if unit != "proportion":
        described["unit"] = unit
    from_where = {"percent": ", read as percentages", "number": ", read as plain numbers"}.get(unit, "")
    direction = "" if better else ", lower is better (guessed from its name)"
    notes.append(f"Indicator '{keys['column']}'{from_where}{direction}.")
    return described


def _attribute_to_differ_in(attributes: Sequence[Column], notes: list[str]) -> Column | None:
    """Choose the first attribute in which all teams can differ from a partner.

    That takes a value for every team, and no value shared by more than half of them.
    """
    for column in attributes:
        largest = max(column.filled.count(value) for value in set(column.filled))
        if 2 * largest <= len(column.cells) and len(column.filled) == len(column.cells):
            notes.append(f"Partners must differ in '{column.name}', taken to be a network or region.")
            return column
    return None
