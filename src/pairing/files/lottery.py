"""The files that are published before the draw: the lottery, and its pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.allocation.publication import POOL_NAME
from pairing.allocation.published import published_lottery, published_plan
from pairing.errors import FileAccessError, InputDataError, OverwriteError, Problem
from pairing.files.atomic import write_result_folder
from pairing.files.draw import (
    ALLOCATION_NAME,
    BALANCE_NAME,
    DRAW_NAME,
    REPLACEMENTS_NAME,
    SAME_ARM_NAME,
    was_drawn,
)
from pairing.files.further_tables import FURTHER_TABLE_NAMES
from pairing.files.pool import pool_rows, sha256_of_file
from pairing.files.recorded_inputs import read_sealed, recorded_programme
from pairing.files.result import TABLE_NAMES
from pairing.files.run_record import RECORD_NAME, record_bytes, seal
from pairing.files.workbooks import ALLOCATION_WORKBOOK, PAIRING_WORKBOOK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pairing.inference import AnalysisPlan
    from pairing.lottery import Lottery

LOTTERY_NAME = "lottery.json"
LOTTERY_FILES = (
    LOTTERY_NAME,
    POOL_NAME,
    ALLOCATION_NAME,
    BALANCE_NAME,
    SAME_ARM_NAME,
    DRAW_NAME,
    REPLACEMENTS_NAME,
)
_RESULT_FILES = (
    *TABLE_NAMES,
    *FURTHER_TABLE_NAMES,
    *(PAIRING_WORKBOOK, ALLOCATION_WORKBOOK),
    RECORD_NAME,
    *LOTTERY_FILES,
)

_PUBLISHED_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "design": dict,
    "units": dict,
    "left_out": list,
    "pool": dict,
    "analysis": dict,
    "flow": dict,
    "profiles": dict,
    "pairs_sha256": (str, type(None)),
    "inputs": list,
}


@dataclass(frozen=True, eq=False)
class Published:
    """A published lottery, read back from its files.

    Parameters
    ----------
    record : dict
        `lottery.json`.
    lottery : Lottery
        The draws that can happen.
    plan : AnalysisPlan
        How outcomes will be compared.
    """

    record: dict[str, Any]
    lottery: Lottery
    plan: AnalysisPlan

    @property
    def sha256(self) -> str:
        """The seal: what is announced before the draw."""
        return str(self.record["sha256"])


def write_publication(
    folder: Path,
    content: Mapping[str, Any],
    pool: Iterable[bytes],
    inputs: Sequence[Mapping[str, str]],
    *,
    force: bool = False,
    protect: Sequence[Path] = (),
) -> dict[str, Any]:
    """Publish a lottery: `lottery.json`, and `lottery.csv` where draws are listed.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; made if it does not exist.
    content : mapping
        What :func:`pairing.allocation.publication.publication` gives.
    pool : iterable of bytes
        The pool, in pieces; not touched where draws are not listed.
    inputs : sequence of mapping
        Relative path and SHA-256 of every input, the programme first.
    force : bool
        Replace an earlier publication.
    protect : sequence of pathlib.Path
        Files that are never replaced.

    Returns
    -------
    dict
        What was written, sealed.

    Raises
    ------
    OverwriteError
        If a draw was made from an earlier publication, or there is one, or a pool left over from one, and
        `force` is false.
    FileAccessError
        If a file cannot be written.
    """
    if was_drawn(folder):
        raise OverwriteError(
            [
                Problem(
                    "holds an allocation, so its lottery is not published again",
                    value=str(folder),
                    advice="Choose another folder for another lottery.",
                )
            ]
        )
    if not is_published(folder) and not force:
        _refuse_leftover_pool(folder)
    record = dict(content) | {"inputs": list(inputs)}
    record["sha256"] = seal(record)
    files: dict[str, bytes | Iterable[bytes]] = {LOTTERY_NAME: record_bytes(record)}
    if content["pool"]["file"] is not None:
        files[POOL_NAME] = pool
    write_result_folder(folder, files, last=LOTTERY_NAME, force=force, protect=protect)
    if POOL_NAME not in files:
        _remove_earlier_pool(folder, protect)
    return record


def _refuse_leftover_pool(folder: Path) -> None:
    pool = folder / POOL_NAME
    if not pool.exists():
        return
    raise OverwriteError(
        [
            Problem(
                f"is left over from a lottery whose {LOTTERY_NAME} is gone",
                value=str(pool),
                advice=f"Restore {LOTTERY_NAME}, or remove this file, or publish with --force to replace it.",
            )
        ]
    )


def _remove_earlier_pool(folder: Path, protect: Sequence[Path]) -> None:
    """Leave no pool beside a lottery that has none."""
    pool = folder / POOL_NAME
    if not pool.is_file() or any(pool.samefile(path) for path in protect):
        return
    try:
        pool.unlink()
    except OSError as error:
        raise FileAccessError(f"{pool} could not be removed: {error.strerror or error}.") from error


def is_published(folder: Path) -> bool:
    """Tell whether a folder holds a published lottery."""
    return (folder / LOTTERY_NAME).is_file()


def is_of_programme(folder: Path, programme: Path) -> bool:
    """Tell whether the lottery that a folder holds was published from a programme, by its place.

    Raises
    ------
    FileAccessError
        If `lottery.json` cannot be read.
    InputDataError
        If it was edited.
    """
    recorded = recorded_programme(folder, read_sealed(folder / LOTTERY_NAME, _PUBLISHED_SECTIONS))
    return recorded.exists() and programme.exists() and recorded.samefile(programme)


def files_to_keep(folder: Path, published: Published) -> tuple[Path, ...]:
    """List what nothing later may overwrite: the inputs of a lottery, and the files of its result."""
    inputs = [folder.resolve() / str(entry["path"]) for entry in published.record["inputs"]]
    return (*inputs, *(folder / name for name in _RESULT_FILES))


def read_publication(folder: Path, expect: str | None = None) -> Published:
    """Read a published lottery back, and refuse one of which anything was changed.

    Parameters
    ----------
    folder : pathlib.Path
        Where it was published.
    expect : str, optional
        The SHA-256 that was announced: the seal of `lottery.json`. The pool's own hash would not do, for it
        binds neither the teams of a unit nor the plan.

    Returns
    -------
    Published

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If the record or the pool was changed, or is not what was announced.
    """
    path = folder / LOTTERY_NAME
    if not path.is_file():
        raise FileAccessError(f"{folder} holds no {LOTTERY_NAME}: no lottery was published there.")
    record = read_sealed(path, _PUBLISHED_SECTIONS)
    published = Published(record, published_lottery(record, _pool(folder, record)), published_plan(record))
    if expect is not None and expect.strip().lower() != published.sha256:
        raise InputDataError(
            [
                Problem(
                    "is the SHA-256 of the published lottery, which is not the announced one",
                    LOTTERY_NAME,
                    value=published.sha256,
                    expected=expect,
                )
            ]
        )
    return published


def _pool(folder: Path, record: Mapping[str, Any]) -> Iterator[tuple[str, str]] | None:
    try:
        name, recorded = record["pool"]["file"], record["pool"]["sha256"]
    except (KeyError, TypeError) as error:
        raise InputDataError([Problem(f"the record is incomplete ({error})", LOTTERY_NAME)]) from error
    if name is None:
        return None
    path = folder / POOL_NAME
    if sha256_of_file(path) != recorded:
        raise InputDataError(
            [
                Problem(
                    "the pool was changed since it was published (its SHA-256 differs)",
                    POOL_NAME,
                    advice="Restore the file as it was published.",
                )
            ]
        )
    return pool_rows(path)
