"""A whole result read back for display: its tables and records, held against every hash that seals them.

Nothing is computed here and no input is needed: only what stands in the folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pairing.allocation.publication import POOL_NAME
from pairing.errors import FileAccessError, InputDataError, Problem
from pairing.files.access import read_bytes
from pairing.files.draw import (
    ALLOCATION_NAME,
    BALANCE_NAME,
    DRAW_NAME,
    REPLACEMENTS_NAME,
    SAME_ARM_NAME,
)
from pairing.files.earlier_pairing import ABOUT_EDITED_PAIRS, PAIRS_NAME
from pairing.files.effects import EFFECTS_NAME
from pairing.files.lottery import LOTTERY_FILES, LOTTERY_NAME
from pairing.files.recorded_inputs import read_sealed
from pairing.files.rounds import ROUNDS_RECORD
from pairing.files.run_record import RECORD_NAME, sha256
from pairing.files.tables import table_of_content
from pairing.shown import show_facts, show_result
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NEEDED = (PAIRS_NAME, "teams.csv", "unpaired.csv")
"""Tables that every result has."""

DISPLAYED = ("indicators.csv", "profiles.csv", "exchange.csv", "partners.csv", "random_pairings.csv")
"""Tables for display, which results of earlier versions lack."""

_UNSEALED = (EFFECTS_NAME, REPLACEMENTS_NAME)
"""Tables that come after the draw, and are in no record."""

_RUN_SECTIONS: Mapping[str, type | tuple[type, ...]] = {
    "version": str,
    "status": str,
    "n_teams": int,
    "n_pairs": int,
    "total_value": (int, float),
    "bound": (int, float),
    "gap": (int, float),
    "settings": dict,
    "files": dict,
    "inputs": list,
}
_LOTTERY_SECTIONS: Mapping[str, type | tuple[type, ...]] = {
    "design": dict,
    "counts": dict,
    "chances": dict,
    "pool": dict,
    "flow": dict,
    "recipe": str,
}
_DRAW_SECTIONS: Mapping[str, type | tuple[type, ...]] = {
    "randomness": str,
    "lottery_sha256": str,
    "pool_sha256": str,
    "steps": list,
    "flow": dict,
    "files": dict,
    "earlier_draws": list,
}


@dataclass(frozen=True, eq=False)
class ResultFolder:
    """What a result folder says, unchanged since it was written.

    Parameters
    ----------
    folder : pathlib.Path
        Where it was read from.
    record : dict
        `run.json`.
    tables : dict of str to pandas.DataFrame
        The tables by file name; every cell is text, "" where nothing applies.
    lottery, draw : dict or None
        `lottery.json` and `draw.json`; None where nothing was published, or drawn.
    missing : tuple of str
        Tables for display that this result lacks, because an earlier version wrote it.
    """

    folder: Path
    record: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    lottery: dict[str, Any] | None = None
    draw: dict[str, Any] | None = None
    missing: tuple[str, ...] = ()

    def table(self, name: str) -> pd.DataFrame:
        """A table by its file name; one without rows and columns where the folder has none."""
        return self.tables.get(name, pd.DataFrame())

    @property
    def keep(self) -> tuple[Path, ...]:
        """What nothing later may overwrite: the inputs, and the files of the result."""
        records = [record for record in (self.record, self.lottery) if record is not None]
        inputs = [
            self.folder.resolve() / str(entry["path"]) for record in records for entry in record["inputs"]
        ]
        names = dict.fromkeys([RECORD_NAME, *self.record["files"], *LOTTERY_FILES, *_UNSEALED])
        return (*inputs, *(self.folder / name for name in names))

    def summary(self) -> str:
        """Say what the folder holds."""
        if self.lottery is None:
            lottery = "no lottery was published"
        else:
            lottery = "a lottery was published" if self.draw is None else "a lottery was published and drawn"
        head = f"{counted(len(self.tables), 'table')}; {lottery}."
        return "\n".join([head, f"Missing: {', '.join(self.missing)}."] if self.missing else [head])

    def _repr_html_(self) -> str:
        rows = {name: counted(len(table), "row") for name, table in sorted(self.tables.items())}
        return show_result(f"Result {self.folder.name}", self.summary(), show_facts(rows, "The tables"))


@dataclass
class _Reading:
    """A folder being read, and what was found wrong with it so far."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def record(self, name: str, sections: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any] | None:
        """Read a sealed record, or note what is wrong with it."""
        try:
            return read_sealed(self.folder / name, sections)
        except InputDataError as error:
            self.problems += error.problems
            return None

    def sealed_tables(self, files: Mapping[str, object], advice: Mapping[str, str]) -> None:
        """Read every table of a record whose SHA-256 is the recorded one, and note the others."""
        for name, recorded in sorted(files.items()):
            path = self.folder / name
            if not path.is_file():
                self.complain("is missing", name, "Restore it, or make the result again.")
                continue
            content = read_bytes(path)
            if sha256(content) != recorded:
                message = "was changed after it was written (its SHA-256 differs)"
                self.complain(message, name, advice.get(name, "Restore the file as it was written."))
            elif name.endswith(".csv"):
                self.table(name, content)

    def table(self, name: str, content: bytes) -> None:
        """Read a table as text."""
        try:
            self.tables[name] = table_of_content(content, name).frame
        except InputDataError as error:
            self.problems += error.problems
        except UnicodeDecodeError as error:
            self.problems.append(Problem(f"the text cannot be decoded ({error})", name, expected="UTF-8"))

    def complain(self, message: str, name: str, advice: str) -> None:
        """Note something that is wrong with a file."""
        self.problems.append(Problem(message, value=name, advice=advice))


def read_result_folder(folder: Path) -> ResultFolder:
    """Read a result for display, and refuse one of which anything was changed since it was written.

    Parameters
    ----------
    folder : pathlib.Path
        What `pairing pair` or `pairing repair` wrote, and perhaps `pairing allocate` and `pairing analyse`.

    Returns
    -------
    ResultFolder

    Raises
    ------
    FileAccessError
        If it is no result, or a file cannot be read.
    InputDataError
        With every file that was changed, is missing, or is no longer readable.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from pairing.cli import run
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = run(["demo", "--out", f"{place}/demo", "--quiet"])
    ...     result = read_result_folder(Path(place) / "demo" / "ilcop-size-result")
    >>> result.record["status"], result.draw["randomness"], len(result.table("pairs.csv"))
    ('optimal', 'seed 2024', 40)
    """
    _refuse_what_is_no_result(folder)
    reading = _Reading(folder)
    record = reading.record(RECORD_NAME, _RUN_SECTIONS)
    if record is not None:
        reading.sealed_tables(record["files"], _EDITED)
        _note_unrecorded(reading, record)
    lottery = _read_lottery(reading, record)
    draw = _read_draw(reading, lottery)
    for name in _UNSEALED:
        if (folder / name).is_file():
            reading.table(name, read_bytes(folder / name))
    if reading.problems or record is None:
        raise InputDataError(reading.problems)
    missing = tuple(name for name in DISPLAYED if name not in reading.tables)
    return ResultFolder(folder, record, reading.tables, lottery, draw, missing)


def _refuse_what_is_no_result(folder: Path) -> None:
    if not folder.exists():
        raise FileAccessError(f"{folder}: there is no such folder.")
    if not folder.is_dir():
        raise FileAccessError(
            f"{folder} is a file; give the folder that pairing pair or pairing repair wrote."
        )
    if (folder / RECORD_NAME).is_file():
        return
    why = "it is not a finished result of pairing. Give the folder that pairing pair or pairing repair wrote."
    if (folder / ROUNDS_RECORD).is_file():
        why = "it is a plan of several rounds, and a report is of one plan of pairs."
    elif (folder / LOTTERY_NAME).is_file() and not (folder / PAIRS_NAME).exists():
        why = (
            "it is a lottery without pairs. A report is of pairs, and can be made once they are there; the "
            'design "simple" never makes any.'
        )
    raise FileAccessError(f"{folder} holds no {RECORD_NAME}: {why}")


_EDITED = {PAIRS_NAME: ABOUT_EDITED_PAIRS}


def _note_unrecorded(reading: _Reading, record: Mapping[str, Any]) -> None:
    for name in NEEDED:
        if name not in record["files"]:
            reading.problems.append(Problem("is not among the recorded files", RECORD_NAME, value=name))


def _read_lottery(reading: _Reading, record: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not (reading.folder / LOTTERY_NAME).is_file():
        _note_leftovers(reading, (POOL_NAME, DRAW_NAME, ALLOCATION_NAME), LOTTERY_NAME)
        return None
    lottery = reading.record(LOTTERY_NAME, _LOTTERY_SECTIONS)
    if lottery is None:
        return None
    if lottery["pool"].get("file") is not None:
        reading.sealed_tables({POOL_NAME: lottery["pool"].get("sha256")}, {})
    paired = None if record is None else record["files"].get(PAIRS_NAME)
    if lottery.get("pairs_sha256") not in (None, paired):
        message = "the lottery was published for other pairs than those in the folder"
        advice = f"Publish it again for these pairs, or restore {PAIRS_NAME} with its {RECORD_NAME}."
        reading.problems.append(Problem(message, LOTTERY_NAME, advice=advice))
    return lottery


def _read_draw(reading: _Reading, lottery: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not (reading.folder / DRAW_NAME).is_file():
        _note_leftovers(reading, (ALLOCATION_NAME, BALANCE_NAME, SAME_ARM_NAME), DRAW_NAME)
        return None
    draw = reading.record(DRAW_NAME, _DRAW_SECTIONS)
    if draw is None:
        return None
    reading.sealed_tables(draw["files"], {})
    if lottery is not None and draw["lottery_sha256"] != lottery["sha256"]:
        message = f"this is the record of a draw from another lottery than {LOTTERY_NAME}"
        reading.problems.append(Problem(message, DRAW_NAME))
    return draw


def _note_leftovers(reading: _Reading, names: tuple[str, ...], record: str) -> None:
    """Note files of a lottery without the record that belongs to them."""
    for name in _present(reading.folder, names):
        reading.complain(f"is there without {record}", name, f"Restore {record}, or remove this file.")


def _present(folder: Path, names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if (folder / name).is_file())
