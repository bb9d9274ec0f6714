"""The programme and the table of teams as they are after a repair, to stand in the result's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import InputDataError
from pairing.files.access import SETTINGS, decode_text, read_bytes
from pairing.files.delimited import csv_bytes
from pairing.files.programme import inspect_programme_text
from pairing.files.result import relative_to

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pairing.files.joiners import Joiners
    from pairing.files.loaded_programme import LoadedProgramme

PROGRAMME_NAME = "repaired-programme.toml"
TABLE_NAME = "repaired-teams.csv"
CHANGES_NAME = "changes.csv"

NamedPairs = tuple[tuple[str, str], ...]


def repaired_inputs(
    loaded: LoadedProgramme,
    folder: Path,
    *,
    without: Collection[str],
    joiners: Joiners,
    forbid: NamedPairs,
    allow_unpaired: bool,
) -> tuple[LoadedProgramme, dict[str, bytes]]:
    """Write down the programme as it is from now on, and read it as if it stood in a folder already.

    Parameters
    ----------
    loaded : LoadedProgramme
        The programme so far.
    folder : pathlib.Path
        Where the result goes.
    without : collection of str
        Teams that have left. Their rows stay in the table, because the parameters of the profiles were
        fitted to them; they are excluded by the settings.
    joiners : Joiners
        Teams that join.
    forbid : tuple of (str, str)
        Pairs that may not meet from now on.
    allow_unpaired : bool
        Whether teams may stay without a partner from now on.

    Returns
    -------
    tuple of (LoadedProgramme, dict of str to bytes)
        The programme, and the two files by name.

    Raises
    ------
    InputDataError
        If the programme has become impossible, a joiner without a journey in the travel table, say.
    FileAccessError
        If a file cannot be read.
    """
    text = _settings_text(
        loaded,
        folder,
        exclude=_excluded(loaded, without, joiners),
        without=without,
        forbid=forbid,
        allow_unpaired=allow_unpaired,
    )
    table = csv_bytes(joiners.table, numbers_as_text=True)
    inspection = inspect_programme_text(text, folder / PROGRAMME_NAME, table_text=table.decode("utf-8"))
    if inspection.loaded is None:
        raise InputDataError(inspection.problems)
    return inspection.loaded, {PROGRAMME_NAME: text.encode("utf-8"), TABLE_NAME: table}


def _excluded(loaded: LoadedProgramme, without: Collection[str], joiners: Joiners) -> list[str]:
    so_far = [team for team in loaded.programme.teams.exclude if team not in joiners.admitted]
    return [*so_far, *sorted(team for team in without if team not in so_far)]


def _settings_text(
    loaded: LoadedProgramme,
    folder: Path,
    *,
    exclude: Sequence[str],
    without: Collection[str],
    forbid: NamedPairs,
    allow_unpaired: bool,
) -> str:
    """The settings with the changes in them; what people wrote beside them stays."""
    import tomlkit

    document: Any = tomlkit.parse(decode_text(read_bytes(loaded.path), loaded.path.name, SETTINGS).text)
    teams = document["teams"]
    teams["file"] = TABLE_NAME
    teams.pop("sheet", None)
    if exclude or "exclude" in teams:
        teams["exclude"] = list(exclude)
    if "rules" not in document:
        document["rules"] = tomlkit.table()
    rules = document["rules"]
    for key, added in (("forbid", forbid), ("require", ())):
        pairs = _pairs_now(getattr(loaded.programme.rules, key), added, without)
        if pairs or key in rules:
            rules[key] = pairs
    if allow_unpaired:
        rules["allow_unpaired"] = True
    _move_paths(rules, loaded, folder)
    _forget(document.get("rounds", {}), without)
    return tomlkit.dumps(document)


def _pairs_now(pairs: NamedPairs, added: NamedPairs, without: Collection[str]) -> list[list[str]]:
    """Pairs that a rule names, without those of teams that have left."""
    known = {frozenset(pair) for pair in pairs}
    new = [pair for pair in added if frozenset(pair) not in known]
    return [list(pair) for pair in (*pairs, *new) if not set(pair).intersection(without)]


def _forget(rounds: Any, without: Collection[str]) -> None:  # noqa: ANN401 - TOML
    """Teams that have left keep no partner through the rounds."""
    if "keep" in rounds:
        rounds["keep"] = [team for team in rounds["keep"] if team not in without]


def _move_paths(rules: Any, loaded: LoadedProgramme, folder: Path) -> None:  # noqa: ANN401 - TOML
    """Let paths start from the new folder."""
    settings = loaded.programme.rules
    if settings.travel_table is not None:
        rules["travel_table"] = relative_to(folder, loaded.path.parent / settings.travel_table)
    if settings.previous:
        rules["previous"] = [relative_to(folder, loaded.path.parent / file) for file in settings.previous]
