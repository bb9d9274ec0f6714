"""Many pages to PDF: several browsers at a time, each PDF whole or not there."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TYPE_CHECKING

from pairing.files.atomic import STAGE_SUFFIX
from pairing.files.browser import BrowserSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

AT_A_TIME = 2
"""Browsers at the same time: one is short of work while it starts, more want much memory."""


def print_pages(
    browser: Path,
    pages: Sequence[tuple[Path, Path]],
    *,
    time_limit_s: float = 120.0,
    printed: Callable[[int], None] = lambda _: None,
) -> None:
    """Print pages to PDF.

    A PDF takes its place when it is whole. If the browser fails, or on Ctrl-C, those that are whole stay,
    no browser is left running, and nothing else is left behind.

    Parameters
    ----------
    browser : pathlib.Path
        The program: see :func:`pairing.files.browser.find_browser`.
    pages : sequence of (pathlib.Path, pathlib.Path)
        Each HTML file and its PDF file, which is replaced if it exists.
    time_limit_s : float
        How long one page may take.
    printed : callable
        Is told after each page how many are done.

    Raises
    ------
    BrowserError
        At the first page that could not be printed.
    FileAccessError
        If a PDF cannot be written.
    """
    session = BrowserSession(browser, time_limit_s=time_limit_s)
    profiles: SimpleQueue[Path] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(min(AT_A_TIME, len(pages))):
            profiles.put(stack.enter_context(session.profile()))
        pool = stack.enter_context(ThreadPoolExecutor(AT_A_TIME))
        waiting = [pool.submit(_print, session, profiles, page, target) for page, target in pages]
        try:
            for done, each in enumerate(as_completed(waiting), 1):
                each.result()
                printed(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            session.stop()
            raise


def _print(session: BrowserSession, profiles: SimpleQueue[Path], page: Path, target: Path) -> None:
    stage = target.with_name(f".{target.name}.{secrets.token_hex(4)}{STAGE_SUFFIX}")
    profile = profiles.get()
    try:
        session.print(page, stage, profile)
        stage.replace(target)
    finally:
        profiles.put(profile)
        stage.unlink(missing_ok=True)
