"""An installed Chromium or Edge, which prints pages to PDF: nothing is downloaded, no network is reached."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.errors import BrowserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VARIABLE = "PAIRING_BROWSER"
"""Environment variable that names a browser: a program on the path, or a file."""

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
"""What such browsers are called where they are on the path."""

_ON_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)

_QUIETLY = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    # No name is ever looked up: the pages need nothing, and the browser shall not call home meanwhile.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

_MOST_WORDS = 300


def find_browser() -> Path | None:
    """Find an installed browser that prints to PDF.

    Returns
    -------
    pathlib.Path or None
        The one that the environment variable PAIRING_BROWSER names, else the first that is found.

    Raises
    ------
    BrowserError
        If PAIRING_BROWSER names none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserError(
                f"{VARIABLE} names {named}, which is no program. Set it to a Chromium or Edge, or unset it."
            )
        return Path(found)
    on_path = (shutil.which(name) for name in PROGRAMS)
    return next((Path(found) for found in on_path if found), None) or next(_in_usual_places(), None)


def _in_usual_places() -> Iterator[Path]:
    places, programs = (("/Applications", Path.home() / "Applications"), _ON_MACOS)
    if sys.platform == "win32":
        variables = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        places = tuple(place for name in variables if (place := os.environ.get(name)))  # type: ignore[assignment]
        programs = _ON_WINDOWS
    return (path for place in places for name in programs if (path := Path(place) / name).is_file())


class BrowserSession:
    """Prints pages one by one, each in a fresh start of the browser with a profile of this session alone.

    Parameters
    ----------
    browser : pathlib.Path
        The program.
    time_limit_s : float
        How long one page may take.
    """

    def __init__(self, browser: Path, *, time_limit_s: float = 120.0) -> None:
        self.browser = browser
        self.time_limit_s = time_limit_s
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    @contextlib.contextmanager
    def profile(self) -> Iterator[Path]:
        """A new, empty folder for what the browser wants to remember; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix="pairing-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def print(self, page: Path, target: Path, profile: Path) -> None:
        """Print a page to a PDF file.

        Parameters
        ----------
        page : pathlib.Path
            The HTML file.
        target : pathlib.Path
            The PDF file, which may come to be there in part if the browser fails.
        profile : pathlib.Path
            What `profile` gave; one for each page that is printed at the same time.

        Raises
        ------
        BrowserError
            If the browser cannot be started, fails, takes too long, or prints nothing.
        """
        arguments = [str(self.browser), *_QUIETLY, *_as_root(), f"--user-data-dir={profile}"]
        arguments += [f"--print-to-pdf={target.resolve()}", page.resolve().as_uri()]
        try:
            said, code = self._run(arguments)
        except subprocess.TimeoutExpired:
            raise self._failed(page, f"it was not done after {self.time_limit_s:g} seconds") from None
        except OSError as error:
            raise self._failed(page, f"it does not start: {error.strerror or error}") from error
        if code != 0:
            raise self._failed(page, f"exit code {code}{said}")
        if not target.is_file() or target.read_bytes()[:5] != b"%PDF-":
            raise self._failed(page, f"no PDF came{said}")

    def stop(self) -> None:
        """End every browser of this session, and start no more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end(process)

    def _run(self, arguments: Sequence[str]) -> tuple[str, int]:
        """Run the browser to its end, or to the limit; nothing of it is left running."""
        with self._lock:
            if self._stopped:
                return "", 1
            process = subprocess.Popen(  # noqa: S603 - a browser that the user has installed, and no shell
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                # With a group of its own, Ctrl-C reaches this program only, which then ends the browser.
                start_new_session=os.name == "posix",
            )
            self._running.add(process)
        try:
            _, said = process.communicate(timeout=self.time_limit_s)
        except BaseException:
            _end(process)
            raise
        finally:
            with self._lock:
                self._running.discard(process)
        return _last_words(said), process.returncode

    def _failed(self, page: Path, why: str) -> BrowserError:
        return BrowserError(
            f"{self.browser} could not print {page} ({why}). The page itself is there: print it from a "
            f"browser, or name another Chromium or Edge in {VARIABLE}."
        )


def _as_root() -> tuple[str, ...]:
    """The browser's sandbox refuses to work for the superuser, in containers for example."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _end(process: subprocess.Popen[str]) -> None:
    """End a browser with all its helpers; nothing is done about one that has ended."""
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"; it said: {lines[-1][:_MOST_WORDS]}" if lines else ""
