"""Reading ``run.json``, and the checks that need nothing but the files themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pairing.errors import FileAccessError
from pairing.files.access import read_bytes
from pairing.files.result import TABLE_NAMES
from pairing.files.run_record import RECORD_NAME, seal, sha256
from pairing.verification.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Record = dict[str, Any]

_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "version": str,
    "status": str,
    "n_teams": int,
    "n_pairs": int,
    "n_permitted_pairs": int,
    "total_value": (int, float),
    "bound": (int, float),
    "gap": (int, float),
    "settings": dict,
    "profiles": dict,
    "weights": dict,
    "pairs": list,
    "locked": list,
    "certificate": dict,
    "files": dict,
    "inputs": list,
    "sha256": str,
}


def read_record(folder: Path) -> tuple[Record | None, Check]:
    """Read the record of a result.

    Parameters
    ----------
    folder : pathlib.Path
        The result.

    Returns
    -------
    tuple of (dict or None, Check)
        The record if it is complete, and the check of its form and its seal.

    Raises
    ------
    FileAccessError
        If there is no record, or it cannot be read.
    """
    path = folder / RECORD_NAME
    if not path.is_file():
        raise FileAccessError(f"{folder} holds no {RECORD_NAME}: it is not a finished result of pairing.")
    clause = f"{RECORD_NAME} is whole"
    try:
        record = json.loads(read_bytes(path).decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return None, Check(clause, (f"{RECORD_NAME} is not valid JSON ({error})",))
    faults = tuple(_faults(record))
    if faults:
        return None, Check(clause, faults)
    if record["sha256"] != seal(record):
        broken = f"{RECORD_NAME} does not have the SHA-256 that it states of itself: it was edited"
        return record, Check(clause, (broken,))
    return record, Check(clause)


def _refuse_constant(name: str) -> None:
    message = f"{name} is no number in JSON"
    raise ValueError(message)


def _faults(record: object) -> Iterator[str]:
    if not isinstance(record, dict):
        yield f"{RECORD_NAME} does not hold an object"
        return
    for name, kind in _SECTIONS.items():
        if name not in record:
            yield f"{RECORD_NAME} lacks '{name}'"
        elif not isinstance(record[name], kind) or isinstance(record[name], bool):
            yield f"{RECORD_NAME}: '{name}' is of the wrong kind"
    for name in ("pairs", "locked"):
        if isinstance(record.get(name), list) and not all(map(_is_pair, record[name])):
            yield f"{RECORD_NAME}: '{name}' is no list of pairs of teams"
    if not _is_group(record.get("triad")):
        yield f"{RECORD_NAME}: 'triad' is no group of three teams"
    if not isinstance(record.get("subset"), (list, type(None))):
        yield f"{RECORD_NAME}: 'subset' is of the wrong kind"
    if not _is_provenance(record.get("repaired")):
        yield f"{RECORD_NAME}: 'repaired' is of the wrong kind"


def _is_provenance(entry: object) -> bool:
    if not isinstance(entry, dict):
        return entry is None
    texts = [entry.get("path"), entry.get("sha256")]
    teams = entry.get("fitted_to")
    return isinstance(teams, list) and all(isinstance(text, str) for text in (*texts, *teams))


def _is_group(entry: object) -> bool:
    if entry is None:
        return True
    return isinstance(entry, list) and len(entry) == 3 and all(isinstance(team, str) for team in entry)


def _is_pair(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(team, str) for team in entry)


def check_files(folder: Path, record: Record) -> Check:
    """Hold every result file against its recorded SHA-256."""
    differences = [
        f"{name} is not among the recorded files" for name in TABLE_NAMES if name not in record["files"]
    ]
    for name, recorded in sorted(record["files"].items()):
        path = folder / name
        if not path.is_file():
            differences.append(f"{name} is missing")
        elif sha256(read_bytes(path)) != recorded:
            differences.append(f"{name} was changed after it was written (its SHA-256 differs)")
    return Check("the result files are those that were written", tuple(differences))


def check_inputs(recorded: list[dict[str, str]], used: Sequence[Path]) -> Check:
    """Hold the inputs against their recorded SHA-256.

    Parameters
    ----------
    recorded : list of dict
        ``path`` and ``sha256`` of each input, the programme first.
    used : sequence of pathlib.Path
        The inputs that are there now, in the same order.
    """
    clause = "the inputs are those that were used"
    if len(recorded) != len(used):
        named = ", ".join(path.name for path in used)
        return Check(clause, (f"{len(recorded)} inputs are recorded; the programme names {named}",))
    differences = []
    for entry, path in zip(recorded, used, strict=True):
        if sha256(read_bytes(path)) != entry.get("sha256"):
            differences.append(f"{path.name} was changed since the result was made (its SHA-256 differs)")
    return Check(clause, tuple(differences), finding=", ".join(path.name for path in used))
