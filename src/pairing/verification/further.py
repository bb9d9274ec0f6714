"""That the tables that reports are made of, and what the record says beside them, follow from the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.files.delimited import csv_bytes
from pairing.files.further_tables import FURTHER_TABLE_NAMES, asked_for, further_tables
from pairing.files.result import recruited
from pairing.files.run_record import RECORD_NAME, rules_in_words
from pairing.planning.random_pairings import MOST_DRAWS
from pairing.verification.check import Check
from pairing.verification.compare import NUMBER_TOLERANCE
from pairing.verification.tables import table_differences
from pairing.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.further_tables import FurtherTables
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.planning import Pairing
    from pairing.verification.record import Record

LATER_COLUMNS = ("probability_neither_dominates",)
"""Columns that ``pairs.csv`` did not always have."""

_SECTIONS = ("rules", "recruitment", "random_pairings", "partners")
_CLAUSE = "the tables for reports, the rules in words and the counts of teams say what follows from the plan"


def is_without_further_tables(record: Record) -> bool:
    """Whether a result was written before there were tables for reports."""
    names = {*record, *record["files"]}
    return names.isdisjoint({*_SECTIONS, *FURTHER_TABLE_NAMES})


def check_further(folder: Path, record: Record, pairing: Pairing, loaded: LoadedProgramme) -> Check:
    """Make the tables for reports anew from the recorded plan, and hold the files against them.

    Parameters
    ----------
    folder : pathlib.Path
        The result.
    record : mapping
        Its record.
    pairing : Pairing
        The recorded plan, proven.
    loaded : LoadedProgramme
        The programme.

    Returns
    -------
    Check
        A result that was written before there were such tables passes, and the finding says so.
    """
    if is_without_further_tables(record):
        finding = "it was written before there were such tables; pairing pair PROGRAMME --force writes them"
        return Check(_CLAUSE, finding=finding)
    faults = _faults(record)
    if faults:
        return Check(_CLAUSE, tuple(faults))
    drawn = record["random_pairings"]
    if drawn["n"] and not pairing.table.fits_in_memory():
        lacking = "the random pairings cannot be drawn again: the permitted pairs do not all fit into memory"
        return Check(_CLAUSE, (f"{lacking} at once on this machine",))
    right = further_tables(
        pairing, partners=asked_for(record["partners"]), n_random=drawn["n"], seed=drawn["seed"]
    )
    differences = [*_of_record(record, right, pairing, loaded), *_of_tables(folder, right, pairing)]
    return Check(_CLAUSE, tuple(differences), finding=_finding(right, drawn))


def _faults(record: Record) -> list[str]:
    """What keeps the tables from being made anew."""
    missing = [
        f"{name} is not among the recorded files"
        for name in FURTHER_TABLE_NAMES
        if name not in record["files"]
    ]
    lacking = [f"{RECORD_NAME} lacks '{name}'" for name in _SECTIONS if name not in record]
    if missing or lacking:
        return [*missing, *lacking]
    drawn, priced = record["random_pairings"], record["partners"]
    usable = isinstance(drawn, dict) and _whole(drawn.get("n"), MOST_DRAWS) and _whole(drawn.get("seed"))
    faults = [] if usable else [f"{RECORD_NAME}: 'random_pairings' does not say how they were drawn"]
    if not isinstance(priced, dict):
        faults.append(f"{RECORD_NAME}: 'partners' is of the wrong kind")
    return faults


def _whole(number: object, largest: int | None = None) -> bool:
    if not isinstance(number, int) or isinstance(number, bool):
        return False
    return number >= 0 and (largest is None or number <= largest)


def _of_record(record: Record, right: FurtherTables, pairing: Pairing, loaded: LoadedProgramme) -> list[str]:
    sections: dict[str, Any] = {
        "rules": rules_in_words(pairing),
        **recruited(pairing, loaded),
        **right.recipes,
    }
    # What is made unasked depends on limits that may be others by now, and so does why it was not made.
    unasked = [] if asked_for(record["partners"]) or asked_for(right.recipes["partners"]) else ["partners"]
    if record["random_pairings"]["n"] == 0:
        unasked.append("random_pairings")
    return [
        f"{RECORD_NAME}: '{name}' is recorded otherwise than it follows"
        for name, content in sections.items()
        if record[name] != content and name not in unasked
    ]


def _of_tables(folder: Path, right: FurtherTables, pairing: Pairing) -> list[str]:
    # One unit of the scale a pair, as between maths libraries, in what is a sum over pairs.
    of_sums = NUMBER_TOLERANCE * max(1, len(pairing.pairs))
    differences = []
    for name, frame in right.frames.items():
        path, content = folder / name, csv_bytes(frame)
        if path.is_file() and path.read_bytes() != content:
            tolerance = of_sums if name in ("partners.csv", "random_pairings.csv") else NUMBER_TOLERANCE
            differences += table_differences(path, content, tolerance=tolerance)
    return differences


def _finding(right: FurtherTables, drawn: dict[str, Any]) -> str:
    n_partners, n_drawn = len(right.frames["partners.csv"]), len(right.frames["random_pairings.csv"])
    priced = (
        f"{n_partners:,} prices of other partners worked out anew"
        if asked_for(right.recipes["partners"])
        else "other partners are not priced"
    )
    return f"{priced}, {counted(n_drawn, 'random pairing')} drawn again with seed {drawn['seed']}"
