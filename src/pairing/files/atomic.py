"""Writing files whole or not at all, and never over something that should stay."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.errors import FileAccessError, OverwriteError, Problem
from pairing.wording import without_middle

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import FrameType

STAGE_SUFFIX = ".part"
"""Ends the hidden names under which files are written before they take their places."""


@dataclass(frozen=True)
class WrittenFolder:
    """What writing a result changed in its folder.

    Parameters
    ----------
    written : tuple of str
        Names of the files of this result.
    removed : tuple of str
        Files of the earlier result that this one does not have, and that nobody had changed.
    kept : tuple of str
        Files of the earlier result that this one does not have, kept because somebody had changed them.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_file(
    path: Path, content: bytes | Iterable[bytes], *, force: bool = False, protect: Sequence[Path] = ()
) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder must exist.
    content : bytes, or iterable of bytes
        What it shall hold, whole or piece by piece.
    force : bool
        Whether an existing file may be replaced.
    protect : sequence of pathlib.Path
        Files that are never replaced, even with `force`: the inputs.

    Raises
    ------
    OverwriteError
        If the file exists and `force` is false, or it is protected, or it is a pipe or a device.
    FileAccessError
        If the file cannot be written.
    """
    _refuse_protected([path], protect)
    _refuse_existing([path], force=force)
    _refuse_devices([path])
    stage = path.with_name(f".{path.name}.{secrets.token_hex(4)}{STAGE_SUFFIX}")
    try:
        with _access_to(path):
            _write_through(stage, content)
            stage.replace(path)
    finally:
        stage.unlink(missing_ok=True)


def write_result_folder(
    folder: Path,
    files: Mapping[str, bytes | Iterable[bytes]],
    *,
    last: str,
    force: bool = False,
    protect: Sequence[Path] = (),
) -> WrittenFolder:
    """Write the files of a result together: all of them, or none.

    All files are first written to a hidden folder beside their places and then moved, `last` at the end.
    While they are moved an interrupt waits, and if a move fails the earlier files come back. A crash in
    between leaves a folder without `last`, which nothing takes for a result.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write; it is made if it does not exist.
    files : mapping of str to bytes, or to iterable of bytes
        Content by file name, whole or piece by piece, `last` among them.
    last : str
        Name of the file that makes the result valid ("run.json"). The one of an earlier result lists that
        result's files with their SHA-256 under "files"; those that are not written now are removed unless
        they were changed.
    force : bool
        Whether an earlier result may be replaced.
    protect : sequence of pathlib.Path
        Files that are never replaced, even with `force`: the inputs.

    Returns
    -------
    WrittenFolder
        What was written, removed, and kept.

    Raises
    ------
    OverwriteError
        If there is an earlier result and `force` is false, or a file is protected.
    FileAccessError
        If the folder or a file cannot be written.
    """
    targets = [folder / name for name in files]
    _refuse_protected(targets, protect)
    _refuse_existing(targets, force=force)
    _refuse_folders(targets)
    _refuse_devices(targets)
    stale = _stale_files(folder, last, written=files, protect=protect)
    order = [name for name in files if name != last] + [last]
    with _access_to(folder), _stage_in(folder) as stage:
        for name, content in files.items():
            _write_through(stage / name, content)
        with _interrupts_wait():
            _exchange(folder, stage, order, retired=[last, *files, *stale.removed])
    return WrittenFolder(tuple(order), stale.removed, stale.kept)


@contextlib.contextmanager
def _access_to(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # The name of a hidden stage says nothing to the reader; the place that was asked for does.
        named = Path(error.filename or path)
        where = path if any(part.endswith(STAGE_SUFFIX) for part in named.parts) else named
        shown = without_middle(str(where))
        raise FileAccessError(f"{shown} could not be written: {error.strerror or error}.") from error


def _write_through(path: Path, content: bytes | Iterable[bytes]) -> None:
    with path.open("xb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def _refuse_protected(targets: Sequence[Path], protect: Sequence[Path]) -> None:
    inputs = {_identity(path) for path in protect}
    touched = [path for path in targets if _identity(path) in inputs]
    if touched:
        raise OverwriteError(
            Problem(
                "is an input and would be overwritten",
                value=str(path),
                advice="Choose another place with -o.",
            )
            for path in touched
        )


def _identity(path: Path) -> object:
    """Tell whether two paths lead to one file, through links and whatever their case."""
    try:
        status = path.stat()
    except OSError:
        return path.resolve()
    return status.st_dev, status.st_ino


def _refuse_folders(targets: Sequence[Path]) -> None:
    """A folder with the name of a file to be written is somebody's, even with force."""
    folders = [path for path in targets if path.is_dir()]
    if folders:
        raise OverwriteError(
            Problem("is a folder, where a file is to be written", value=str(path), advice="Move it away.")
            for path in folders
        )


def _refuse_devices(targets: Sequence[Path]) -> None:
    """Moving a file to the place of a pipe or a device would take it from everybody who uses it."""
    found = [path for path in targets if path.exists() and not path.is_file() and not path.is_dir()]
    if found:
        raise OverwriteError(
            Problem(
                "is a pipe or a device, where a file is to be written",
                value=str(path),
                advice="Choose another place with -o.",
            )
            for path in found
        )


def _refuse_existing(targets: Sequence[Path], *, force: bool) -> None:
    existing = [path for path in targets if path.exists() or path.is_symlink()]
    if existing and not force:
        raise OverwriteError(
            [
                Problem(
                    "exists and is not overwritten",
                    value=str(existing[0]),
                    advice="Give --force to overwrite it, or choose another place with -o.",
                )
            ]
        )


def _stale_files(
    folder: Path, last: str, *, written: Collection[str], protect: Sequence[Path]
) -> WrittenFolder:
    """Find the files of the earlier result that this one lacks: those nobody changed, and the others."""
    inputs = {_identity(path) for path in protect}
    removed: list[str] = []
    kept: list[str] = []
    for name, digest in _files_of_earlier_result(folder / last).items():
        path = folder / name
        if name in written or name == last or not path.is_file():
            continue
        unchanged = hashlib.sha256(path.read_bytes()).hexdigest() == digest
        (removed if unchanged and _identity(path) not in inputs else kept).append(name)
    return WrittenFolder((), tuple(removed), tuple(kept))


def _files_of_earlier_result(record: Path) -> dict[str, object]:
    # The record may be broken or of another making; then nothing is known of an earlier result.
    try:
        files = json.loads(record.read_text(encoding="utf-8"))["files"]
        return {name: digest for name, digest in files.items() if Path(name).name == name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


@contextlib.contextmanager
def _stage_in(folder: Path) -> Iterator[Path]:
    """Make a hidden folder to write to; leave no trace of it, nor of a result folder that stayed empty."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    stage = folder / f".{secrets.token_hex(4)}{STAGE_SUFFIX}"
    try:
        stage.mkdir(parents=True)
        (stage / "old").mkdir()
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        with contextlib.suppress(OSError):
            for path in made:
                path.rmdir()


def _exchange(folder: Path, stage: Path, order: Sequence[str], retired: Sequence[str]) -> None:
    """Move the old files out and the new ones in; put everything back if that fails."""
    moved_out: list[str] = []
    moved_in: list[str] = []
    try:
        for name in dict.fromkeys(retired):
            if (folder / name).exists() or (folder / name).is_symlink():
                (folder / name).replace(stage / "old" / name)
                moved_out.append(name)
        for name in order:
            (stage / name).replace(folder / name)
            moved_in.append(name)
    except OSError:
        for name in moved_in:
            (folder / name).unlink()
        for name in reversed(moved_out):
            (stage / "old" / name).replace(folder / name)
        raise


@contextlib.contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Let Ctrl-C take effect only afterwards; other threads than the main one are never interrupted by it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    earlier = signal.signal(signal.SIGINT, lambda number, frame: waiting.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)
        if waiting and callable(earlier):
            earlier(*waiting[-1])
