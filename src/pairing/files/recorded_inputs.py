"""The inputs that a record names: where they are now, and whether they are still the same."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pairing.errors import FileAccessError, InputDataError, Problem
from pairing.files.access import read_bytes
from pairing.files.programme import read_programme
from pairing.files.run_record import seal, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pairing.files.loaded_programme import LoadedProgramme

NO_SECTIONS: Mapping[str, type | tuple[type, ...]] = MappingProxyType({})


def read_sealed(path: Path, sections: Mapping[str, type | tuple[type, ...]] = NO_SECTIONS) -> dict[str, Any]:
    """Read a record, and refuse one that was edited since it was sealed.

    Parameters
    ----------
    path : pathlib.Path
        A JSON file with its own seal, such as `lottery.json`.
    sections : mapping of str to type, optional
        What it has to hold.

    Returns
    -------
    dict

    Raises
    ------
    FileAccessError
        If it cannot be read.
    InputDataError
        If it is no JSON object, does not have the SHA-256 that it states of itself, or lacks a section.
    """
    try:
        record = json.loads(read_bytes(path).decode("utf-8"))
    except ValueError as error:
        raise InputDataError([Problem(f"this is not valid JSON ({error})", path.name)]) from error
    if not isinstance(record, dict) or "sha256" not in record:
        raise InputDataError([Problem("this is no record of pairing", path.name)])
    if record["sha256"] != seal(record):
        raise InputDataError(
            [
                Problem(
                    "does not have the SHA-256 that it states of itself: it was edited",
                    value=path.name,
                    advice="Restore the file as it was written.",
                )
            ]
        )
    faults = [
        Problem("the section is missing or of the wrong kind", path.name, column=name)
        for name, kind in sections.items()
        if name not in record or not isinstance(record[name], kind)
    ]
    if faults:
        raise InputDataError(faults)
    return record


def recorded_programme(folder: Path, record: Mapping[str, Any]) -> Path:
    """Find the programme of a result: the first of the recorded inputs.

    Raises
    ------
    FileAccessError
        If the record names none.
    """
    inputs = record.get("inputs")
    first = inputs[0] if isinstance(inputs, list) and inputs else None
    if not (isinstance(first, dict) and isinstance(first.get("path"), str)):
        raise FileAccessError(f"{folder}: its record names no programme among its inputs.")
    return folder.resolve() / str(first["path"])


def read_unchanged_programme(folder: Path, record: Mapping[str, Any]) -> LoadedProgramme:
    """Read the programme of a result again, and refuse inputs that were changed since.

    Raises
    ------
    FileAccessError
        If an input cannot be read.
    InputDataError
        If an input is not what it was; every changed file is named.
    """
    loaded = read_programme(recorded_programme(folder, record))
    recorded = [entry.get("sha256") if isinstance(entry, dict) else None for entry in record["inputs"]]
    found = [sha256(read_bytes(path)) for path in loaded.inputs]
    changed = [
        path.name for path, now, then in zip(loaded.inputs, found, recorded, strict=False) if now != then
    ]
    if len(found) != len(recorded) and not changed:
        changed = [path.name for path in loaded.inputs]
    if changed:
        again = "pairing pair" if "pairs" in record else "pairing pair, then pairing allocate"
        advice = f"Put it back as it was, or make a new result from it: {again}."
        raise InputDataError(
            Problem("was changed since the result was made", name, advice=advice) for name in changed
        )
    return loaded
