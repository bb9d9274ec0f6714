"""What to do after an error: the message says what is wrong, and here stands the command that comes next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pairing.cli.command_line import command_line
from pairing.cli.diagnosing import NoPairingError
from pairing.cli.planning import PROGRAMME_NAME
from pairing.errors import BrowserError, CertificateError, FileAccessError, OverwriteError, SolverError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.errors import PairingError

_PURPOSES: tuple[tuple[type[PairingError], str], ...] = (
    (FileAccessError, "when the file is there and can be used, run it again"),
    (SolverError, "with that changed, run it again"),
)
_PURPOSE = "when that is put right, run it again"


def steps_after(error: PairingError, arguments: Sequence[str]) -> list[tuple[str, str]]:
    """Give the next steps, each with what it is for.

    Parameters
    ----------
    error : PairingError
        What went wrong.
    arguments : sequence of str
        What was typed after ``pairing``.

    Returns
    -------
    list of (str, str)
        As :meth:`pairing.cli.console.Console.next_step` takes them.
    """
    name = next((word for word in arguments if not word.startswith("-")), "")
    if isinstance(error, OverwriteError):
        return [("see where else a result can go", command_line(name, "--help"))]
    if isinstance(error, BrowserError):
        again = arguments if "--force" in arguments else [*arguments, "--force"]
        return [("with a browser that works, or with --no-pdf, run it again", command_line(*again))]
    if isinstance(error, CertificateError) and name != "verify":
        return [("see which commands there are", command_line("--help"))]
    if isinstance(error, NoPairingError) and error.guessed_from is not None:
        return _write_the_guess_down(error.guessed_from, arguments)
    purpose = next((text for kind, text in _PURPOSES if isinstance(error, kind)), _PURPOSE)
    return [(purpose, command_line(*arguments))]


def _write_the_guess_down(table: Path, arguments: Sequence[str]) -> list[tuple[str, str]]:
    """Run again, the same would be guessed: the rules have to stand where they can be changed."""
    programme = table.with_name(PROGRAMME_NAME)
    again = [str(programme) if Path(word) == table else word for word in arguments]
    return [
        ("write the guessed rules down, and change them there", command_line("init", table)),
        ("when that is done, pair by them", command_line(*again)),
    ]
