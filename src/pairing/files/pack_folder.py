"""The folder of the packs: pages, their PDFs beside them, and a list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import OverwriteError, Problem
from pairing.files.atomic import write_file
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

PACKS_NAME = "packs"
INDEX_NAME = "index.html"

_MARK = b'<meta name="generator" content="pairing '
_BEGINNING = 2000


def write_pack_pages(
    folder: Path,
    pages: Iterable[tuple[str, str]],
    *,
    force: bool = False,
    protect: Sequence[Path] = (),
    written: Callable[[int], None] = lambda _: None,
) -> None:
    """Write the pages of packs, each whole or not at all.

    A PDF of an earlier page is removed before the page is replaced: the two never differ.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it is made if it does not exist.
    pages : iterable of (str, str)
        Name (without ending) and content of each, made one after the other.
    force : bool
        Replace packs that exist.
    protect : sequence of pathlib.Path
        Files that are never replaced.
    written : callable
        Is told after each page how many are done.

    Raises
    ------
    OverwriteError
        If a pack exists and `force` is false: see :func:`refuse_existing_packs`.
    FileAccessError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for done, (name, content) in enumerate(pages, 1):
        if force:
            (folder / f"{name}.pdf").unlink(missing_ok=True)
        write_file(folder / f"{name}.html", content.encode("utf-8"), force=force, protect=protect)
        written(done)


def remove_other_packs(folder: Path, names: Collection[str]) -> tuple[str, ...]:
    """Remove packs of earlier plans, which would be taken for valid ones; other files stay.

    Parameters
    ----------
    folder : pathlib.Path
        Where packs are.
    names : collection of str
        Those that stay.

    Returns
    -------
    tuple of str
        Names of what was removed.
    """
    others = [path for path in sorted(folder.glob("*.html")) if path.name != INDEX_NAME]
    stale = [path for path in others if path.stem not in names and _is_ours(path)]
    for path in stale:
        path.with_suffix(".pdf").unlink(missing_ok=True)
        path.unlink()
    return tuple(path.stem for path in stale)


def packs_there(folder: Path, ending: str) -> set[str]:
    """Names of the files with an ending, such as ".pdf"."""
    return {path.stem for path in folder.glob(f"*{ending}") if path.is_file()}


def write_pack_index(folder: Path, content: str, *, protect: Sequence[Path] = ()) -> Path:
    """Write the list of packs, in place of an earlier list.

    Raises
    ------
    OverwriteError
        If somebody else's file is in its place.
    FileAccessError
        If it cannot be written.
    """
    path = folder / INDEX_NAME
    write_file(path, content.encode("utf-8"), force=_is_ours(path), protect=protect)
    return path


def refuse_existing_packs(folder: Path, names: Sequence[str], *, force: bool) -> None:
    """Refuse before anything is written, if something would be lost.

    Raises
    ------
    OverwriteError
        If a pack exists and `force` is false, or somebody else's file is in the place of the list.
    """
    wanted = [folder / f"{name}{ending}" for name in names for ending in (".html", ".pdf")]
    existing = [] if force else [path for path in wanted if path.exists()]
    index = folder / INDEX_NAME
    problems = []
    if existing:
        more = f", and {counted(len(existing) - 1, 'more file')} too" if len(existing) > 1 else ""
        advice = f"Give --force to overwrite {'them' if more else 'it'}, or choose another place with -o."
        problems.append(
            Problem(f"exists{more}, and is not overwritten", value=str(existing[0]), advice=advice)
        )
    if index.exists() and not _is_ours(index):
        advice = "Choose another place with -o."
        problems.append(Problem("is in the place of the list of packs", value=str(index), advice=advice))
    if problems:
        raise OverwriteError(problems)


def _is_ours(path: Path) -> bool:
    """Whether pairing made a page."""
    try:
        with path.open("rb") as file:
            return _MARK in file.read(_BEGINNING)
    except OSError:
        return False
