"""A finished pairing, read back for the lottery: its programme, its profiles and its pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.allocation import NamedPair
from pairing.errors import InputDataError, Problem
from pairing.files.access import read_bytes
from pairing.files.recorded_inputs import read_sealed, read_unchanged_programme
from pairing.files.run_record import RECORD_NAME, sha256
from pairing.files.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.loaded_programme import LoadedProgramme

PAIRS_NAME = "pairs.csv"
ABOUT_EDITED_PAIRS = (
    "What the edits cost: pairing verify, with this folder. To keep these pairs and prove what follows: "
    "pairing pair PROGRAMME --locked PAIRS -o DIR."
)
"""Folders are not named in it: their names can hold anything, and it is the command line's to quote them."""
_SECTIONS: dict[str, type | tuple[type, ...]] = {"files": dict, "profiles": dict, "inputs": list}


@dataclass(frozen=True, eq=False)
class EarlierPairing:
    """What a folder says of its pairing.

    Parameters
    ----------
    loaded : LoadedProgramme
        The programme, unchanged since.
    profiles : dict
        Fitted parameters of the profiles.
    pairs : tuple of NamedPair
        The pairs.
    pairs_sha256 : str
        SHA-256 of `pairs.csv`.
    """

    loaded: LoadedProgramme
    profiles: dict[str, Any]
    pairs: tuple[NamedPair, ...]
    pairs_sha256: str


def read_earlier_pairing(folder: Path) -> EarlierPairing:
    """Read a pairing back, and refuse one of which anything was changed since.

    Parameters
    ----------
    folder : pathlib.Path
        What `pairing pair` wrote.

    Returns
    -------
    EarlierPairing

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If `run.json`, `pairs.csv` or an input was changed.
    """
    record = read_sealed(folder / RECORD_NAME, _SECTIONS)
    loaded = read_unchanged_programme(folder, record)
    recorded = str(record["files"].get(PAIRS_NAME))
    return EarlierPairing(loaded, record["profiles"], read_pairs(folder, recorded), recorded)


def read_pairs(folder: Path, recorded_sha256: str) -> tuple[NamedPair, ...]:
    """Read the pairs of a result, and refuse a file that is not the recorded one.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    InputDataError
        If it was changed.
    """
    refuse_edited_pairs(folder, recorded_sha256)
    frame = read_table(folder / PAIRS_NAME).frame
    teams: dict[str, dict[str, None]] = {}
    for pair_id, one, other in zip(frame["pair_id"], frame["team_a"], frame["team_b"], strict=True):
        # A group of three has a row for every two of its teams.
        teams.setdefault(str(pair_id), {}).update({str(one): None, str(other): None})
    return tuple(NamedPair(pair_id, tuple(group)) for pair_id, group in teams.items())


def refuse_edited_pairs(folder: Path, recorded_sha256: object) -> None:
    """Refuse a result whose pairs were edited since it was made.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    InputDataError
        If it was changed.
    """
    if sha256(read_bytes(folder / PAIRS_NAME)) == recorded_sha256:
        return
    raise InputDataError(
        [
            Problem(
                "was changed after it was written (its SHA-256 differs)",
                value=PAIRS_NAME,
                advice=ABOUT_EDITED_PAIRS,
            )
        ]
    )
