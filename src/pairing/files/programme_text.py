"""Writing a commented `programme.toml` for columns whose roles were guessed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.files.column_roles import Column

_MIN_KM, _MAX_KM, _MAX_SIZE_RATIO, _MAX_LEVEL_GAP = 50, 300, 2, 0.5


@dataclass(frozen=True)
class GuessedColumns:
    """The columns of a table in the roles that they probably have.

    Parameters
    ----------
    id : Column
        The ids.
    name, size : Column, optional
        Names and sizes.
    coordinates : tuple of (Column, Column), optional
        Latitude and longitude.
    attributes : tuple of Column
        Categories.
    indicators : tuple of dict
        Keys of each `[[indicators]]`.
    different : Column, optional
        The attribute in which partners must differ.
    long : bool
        Whether the table has one row for each team and indicator.
    contact : Column, optional
        Whom to write to.
    """

    id: Column
    name: Column | None
    size: Column | None
    coordinates: tuple[Column, Column] | None
    attributes: tuple[Column, ...]
    indicators: tuple[dict[str, str | bool], ...]
    different: Column | None
    long: bool
    contact: Column | None = None

    @property
    def n_teams(self) -> int:
        """How many teams the table names."""
        return len(set(self.id.filled))


def programme_text(guess: GuessedColumns, file: str) -> str:
    """Write the settings, with rules only for what the table has.

    Parameters
    ----------
    guess : GuessedColumns
        Which columns there are.
    file : str
        The table, as seen from where the settings will stand.

    Returns
    -------
    str
        Commented TOML.
    """
    return "\n".join([*_team_lines(guess, file), *_indicator_lines(guess), *_rule_lines(guess)]) + "\n"


def rules_note(guess: GuessedColumns) -> str:
    """Say which rules were chosen without any hint in the table.

    Parameters
    ----------
    guess : GuessedColumns
        Which columns there are.

    Returns
    -------
    str
        A sentence with the limits in it.
    """
    limits = [f"level gap at most {_MAX_LEVEL_GAP}"]
    if guess.size:
        limits.insert(0, f"size ratio at most {_MAX_SIZE_RATIO}")
    if guess.coordinates:
        limits.insert(0, f"{_MIN_KM} to {_MAX_KM} km apart")
    return (
        f"The rules ({', '.join(limits)}) are usual defaults of pairing and come from nothing in the table: "
        "look at each of them."
    )


def _team_lines(guess: GuessedColumns, file: str) -> list[str]:
    lines = [
        "# A programme guessed from the columns of the table. Check every line: what is wrong here is wrong",
        "# in the pairs. What stands behind # is for people only.",
        "",
        "[teams]",
        f"file = {_quoted(file)}",
    ]
    if guess.long:
        lines.append('layout = "long"  # one row for each team and indicator')
    lines.append(f"id = {_quoted(guess.id.name)}")
    latitude, longitude = guess.coordinates or (None, None)
    found = {"name": guess.name, "size": guess.size, "latitude": latitude, "longitude": longitude}
    for key, column in found.items():
        lines.append(f"{key} = {_quoted(column.name)}" if column else f'# {key} = "..."')
    listed = ", ".join(_quoted(column.name) for column in guess.attributes)
    lines.append(f"attributes = [{listed}]")
    if guess.contact:
        lines.append(f"contact = {_quoted(guess.contact.name)}  # whom to write to; stands in teams.csv")
    lines.append('# exclude = ["..."]  # ids of teams that do not take part')
    return lines


def _indicator_lines(guess: GuessedColumns) -> list[str]:
    lines = [
        "",
        "# One entry for each audit indicator. Add weight = 2.0 to make one count double, or remove one that",
        "# is not of interest. The denominator is the number of patients behind each value.",
    ]
    for indicator in guess.indicators:
        lines += ["", "[[indicators]]"]
        lines += [f"{key} = {_quoted(value)}" for key, value in indicator.items()]
    return lines


def _rule_lines(guess: GuessedColumns) -> list[str]:
    lines = ["", "[rules]", "# A pair that breaks a rule is not possible, however good it would be."]
    if guess.coordinates:
        lines.append(f"min_distance_km = {_MIN_KM}  # neighbours tend to be less frank with each other")
        lines.append(f"max_distance_km = {_MAX_KM}  # a visit must be possible in a day")
    if guess.size:
        lines.append(f"max_size_ratio = {_MAX_SIZE_RATIO}  # a large team learns little from a small one")
    lines.append(f"max_level_gap = {_MAX_LEVEL_GAP}  # no dominant partner; in between-team SD")
    if guess.different:
        lines.append(f"different = [{_quoted(guess.different.name)}]  # not both from the same one")
    if guess.n_teams % 2:
        lines += [
            f'# {guess.n_teams:,} teams is an odd number: one has to stay out. With odd = "triad" three',
            "# would form a group in its place.",
            "allow_unpaired = true  # leave teams out when not all can be paired",
        ]
    else:
        lines.append("# allow_unpaired = true  # leave teams out when not all can be paired")
    return lines


def _quoted(value: object) -> str:
    # What JSON writes for text and for true and false is TOML too.
    return json.dumps(value, ensure_ascii=False)
