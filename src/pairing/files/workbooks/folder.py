"""One workbook of a result's files: made of the CSV files, so that it can only say what they say."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pairing.files.columns import description_of
from pairing.files.workbooks.layout import book_bytes
from pairing.files.workbooks.sheet import Book
from pairing.files.workbooks.tables import (
    Described,
    columns_sheet,
    facts_sheet,
    notes_sheet,
    settings_sheet,
    table_sheet,
)
from pairing.lottery.facts import count_in_words
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAIRING_WORKBOOK = "pairing.xlsx"
ALLOCATION_WORKBOOK = "allocation.xlsx"

MOST_ROWS = 200_000
"""Longer tables stay in their CSV files: a spreadsheet holds little more than a million rows."""

_PLAN = ("pairs", "teams", "unpaired", "indicators", "profiles", "exchange", "partners", "changes")
_DRAW = ("allocation", "balance")
_EFFECTS = ("effects", "effects_details")

_LICENCE = (
    "Licence: what is derived from the input tables stands under their licence. State it, and their source, "
    "wherever you publish this."
)


def pairing_workbook(files: Mapping[str, bytes], record: Mapping[str, Any]) -> bytes:
    """Make the workbook of a pairing.

    Parameters
    ----------
    files : mapping of str to bytes
        The CSV files of the result, by name; others are passed over.
    record : mapping
        Of `run.json`: ``version``, ``settings``, ``status``, ``n_teams``, ``n_pairs``.

    Returns
    -------
    bytes
        The .xlsx file, the same for the same files and record.
    """
    teams, pairs = counted(record["n_teams"], "team"), counted(record["n_pairs"], "pair")
    status = str(record["status"])
    proven = "proven to be the best" if status == "optimal" else f"not proven to be the best ({status})"
    lines = (
        f"This workbook holds the plan for the visits between {teams}: {pairs}, {proven} under the rules.",
        "It says what the CSV files beside it say; pairing verify proves them again from the input tables.",
        *_origin(record),
    )
    return _book("Pairs for peer review", lines, record, files, _PLAN, (settings_sheet(record["settings"]),))


def allocation_workbook(
    files: Mapping[str, bytes],
    record: Mapping[str, Any],
    lottery: Mapping[str, Any],
    draw: Mapping[str, Any],
) -> bytes:
    """Make the workbook of an allocation, with the plan that it is of.

    Parameters
    ----------
    files : mapping of str to bytes
        The CSV files of the pairing and of the draw, by name; others are passed over.
    record : mapping
        Of `run.json`, or of `lottery.json` where nobody is paired: ``version``, ``settings``, ``inputs``.
    lottery : mapping
        Of `lottery.json`: ``design``, ``counts``, ``pool``, ``sha256``.
    draw : mapping
        Of `draw.json`: ``randomness``, ``draw``.

    Returns
    -------
    bytes
        The .xlsx file, the same for the same files and records.
    """
    design = lottery["design"]
    lines = (
        f"This workbook holds who was drawn for the intervention, and the plan: {design['sentence']}.",
        "It says what the CSV files beside it say; pairing verify proves them again and redoes the draw.",
        *_origin(record),
    )
    facts = {
        "design": design["kind"],
        "what is drawn": design["sentence"],
        "teams left out": design["left_out"],
        "draws that can happen": _in_a_cell(lottery["counts"]["draws"]),
        "SHA-256 of the pool": lottery["pool"]["sha256"],
        "SHA-256 of lottery.json": lottery["sha256"],
        "randomness": draw["randomness"],
        "row of the pool that was drawn": draw["draw"],
    }
    further = (facts_sheet("Lottery", "The lottery and its draw", facts), settings_sheet(record["settings"]))
    return _book("Allocation to intervention and control", lines, record, files, (*_DRAW, *_PLAN), further)


def effects_workbook(
    files: Mapping[str, bytes], lottery: Mapping[str, Any], facts: Mapping[str, Any]
) -> bytes:
    """Make the workbook of an analysis, with the allocation that it is of.

    Parameters
    ----------
    files : mapping of str to bytes
        The CSV files of the analysis and of the draw, by name; others are passed over.
    lottery : mapping
        Of `lottery.json`: ``version``, ``inputs``.
    facts : mapping
        Statements about the analysis: what is estimated, by which plan.

    Returns
    -------
    bytes
        The .xlsx file, the same for the same files and statements.
    """
    lines = (
        "This workbook holds the effects of the intervention on the outcomes, by the lottery that was drawn.",
        *_origin(lottery),
    )
    further = (facts_sheet("Analysis", "What was estimated, and how", facts),)
    return _book("Effects of the intervention", lines, lottery, files, (*_EFFECTS, *_DRAW), further)


def _in_a_cell(count: int | str) -> int | str:
    """A cell holds a number of 15 digits; a larger count, of draws nobody could list, is told in words."""
    return count if isinstance(count, str) or count < 10**15 else count_in_words(count)


def _origin(record: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        f"Source: {', '.join(_tables(record))}, by the settings of the programme.",
        _LICENCE,
        "Contact: whoever runs the programme and gave you this workbook.",
    )


def _tables(record: Mapping[str, Any]) -> list[str]:
    """Names of the input tables, by the settings where they are known: the seal leaves `inputs` out."""
    settings = record["settings"]
    if "teams" not in settings:
        return [PurePosixPath(entry["path"]).name for entry in record["inputs"][1:]]
    rules = settings["rules"]
    used = [settings["teams"]["file"], rules["travel_table"], *(rules["previous"] or ())]
    return [PurePosixPath(path).name for path in used if path is not None]


def _book(
    title: str,
    lines: Sequence[str],
    record: Mapping[str, Any],
    files: Mapping[str, bytes],
    names: Sequence[str],
    further: Sequence[Described],
) -> bytes:
    there = {name: files[file] for name in names if (file := description_of(name).file) in files}
    long = [name for name, content in there.items() if content.count(b"\n") > MOST_ROWS]
    tables = [table_sheet(description_of(name), there[name]) for name in there if name not in long]
    described = [*tables, *further]
    left_out = [f"Too long for a worksheet, and only in its CSV file: {name}.csv" for name in long]
    sheets = (notes_sheet(tuple(there)), columns_sheet(described), *(one.sheet for one in described))
    return book_bytes(Book(title, (*lines, *left_out), f"pairing {record['version']}", sheets))
