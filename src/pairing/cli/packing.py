"""Packs for visits, and PDFs of pages: what ``pairing report`` does beside its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import BrowserError, OverwriteError, Problem
from pairing.files.browser import PROGRAMS, VARIABLE, find_browser
from pairing.files.pack_folder import (
    packs_there,
    refuse_existing_packs,
    remove_other_packs,
    write_pack_index,
    write_pack_pages,
)
from pairing.files.printing import print_pages
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pairing.cli.console import Console
    from pairing.files.result_folder import ResultFolder
    from pairing.report.packs import PackChoice

REPORT_TIME_LIMIT_S = 600.0
"""A report can have many hundred pages."""


@dataclass(frozen=True)
class Packing:
    """What to pack, and how.

    Parameters
    ----------
    target : pathlib.Path
        The folder of the packs.
    only : tuple of str
        Ids of pairs; none for all.
    whoever_was_drawn : bool
        Also pairs that the lottery did not draw.
    force : bool
        Replace packs that exist.
    pdf : bool or None
        PDFs too; None if a browser is found.
    """

    target: Path
    only: tuple[str, ...]
    whoever_was_drawn: bool
    force: bool
    pdf: bool | None


def browser_for(pdf: bool | None) -> Path | None:  # noqa: FBT001 - an option of the command, as it was given
    """Find the browser that prints; None where none is needed, or there is none and nobody insists.

    Raises
    ------
    BrowserError
        If PDFs were asked for in so many words and there is no browser.
    """
    browser = None if pdf is False else find_browser()
    if pdf and browser is None:
        raise BrowserError(
            f"{NO_BROWSER} Install one, or leave out --pdf and print the page from any browser."
        )
    return browser


TO_COME = (
    "the lottery is still to come, and every pack says so. When it is drawn, make them again with --force."
)

NO_BROWSER = (
    f"No Chromium or Edge was found to make PDFs with (looked for {', '.join(PROGRAMS)} and in the usual "
    f"places; {VARIABLE} can name one)."
)


def pack(result: ResultFolder, packing: Packing, console: Console) -> dict[str, Any]:
    """Write packs, and print them where there is a browser.

    Parameters
    ----------
    result : ResultFolder
        The result.
    packing : Packing
        What to pack, and how.
    console : Console
        Where to talk.

    Returns
    -------
    dict
        What came of it, for machines.

    Raises
    ------
    SettingsError
        If a pair does not exist, or must not make its visit.
    OverwriteError
        If a pack exists and is not to be replaced.
    BrowserError
        If the browser fails; the pages are there then.
    FileAccessError
        If a file cannot be written.
    """
    from pairing.report.packs import choose_packs, file_stem

    choice = choose_packs(result, only=packing.only, whoever_was_drawn=packing.whoever_was_drawn)
    names = [file_stem(pair) for pair in choice.pairs]
    browser = browser_for(packing.pdf)
    refuse_existing_packs(packing.target, names, force=packing.force)
    removed: tuple[str, ...] = ()
    try:
        _write(choice, names, packing, console)
        if packing.force and not packing.only:
            removed = remove_other_packs(packing.target, names)
        _list(result, packing.target)
        if browser is not None:
            _print(browser, packing.target, names, console)
    finally:
        if packing.target.is_dir():
            _list(result, packing.target)
    _tell(choice, packing, removed, console, browser=browser)
    return {
        "packs": [pair.id for pair in choice.pairs],
        "left_out": [pair.id for pair in choice.left_out],
        "removed": list(removed),
        "pdf": browser is not None,
    }


def printed_beside(page: Path, *, force: bool) -> Path:
    """Where the PDF of a page goes.

    Raises
    ------
    OverwriteError
        If it exists and is not to be replaced.
    """
    target = page.with_suffix(".pdf")
    if target.exists() and not force:
        advice = "Give --force to overwrite it, or choose another place with -o."
        raise OverwriteError([Problem("exists and is not overwritten", value=str(target), advice=advice)])
    return target


def print_report(browser: Path, page: Path, target: Path, console: Console) -> None:
    """Print the report."""
    with console.working("Printing the report"):
        print_pages(browser, [(page, target)], time_limit_s=REPORT_TIME_LIMIT_S)


def _write(choice: PackChoice, names: Sequence[str], packing: Packing, console: Console) -> None:
    from pairing.report.packs import render_packs

    keep = choice.facts.result.keep
    with console.counting("Writing the packs", len(names)) as written:
        write_pack_pages(
            packing.target, render_packs(choice), force=packing.force, protect=keep, written=written
        )


def _print(browser: Path, target: Path, names: Sequence[str], console: Console) -> None:
    pages = [(target / f"{name}.html", target / f"{name}.pdf") for name in names]
    with console.counting("Printing the packs", len(names)) as printed:
        print_pages(browser, pages, printed=printed)


def _list(result: ResultFolder, target: Path) -> None:
    """Write the list of what is there."""
    from pairing.report.packs import render_pack_index

    there, printed = packs_there(target, ".html"), packs_there(target, ".pdf")
    write_pack_index(target, render_pack_index(result, pages=there, prints=printed), protect=result.keep)


def _tell(
    choice: PackChoice, packing: Packing, removed: Sequence[str], console: Console, *, browser: Path | None
) -> None:
    if choice.reason and not packing.only:
        console.tell(choice.reason)
    if choice.is_to_be_drawn:
        console.warn([TO_COME])
    if removed:
        console.tell(f"Removed, because no visit of this plan needs them: {shortened(removed)}.")
    how = "as pages and PDF" if browser is not None else "as pages"
    console.tell(f"{counted(len(choice.pairs), 'pack')} in {packing.target}, {how}.")
    if browser is None and packing.pdf is None:
        console.note(f"{NO_BROWSER} The packs are pages that print on A4 from any browser.")
