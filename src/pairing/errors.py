"""Exceptions, and the facts that they carry.

Every error that a person can cause is a :class:`PairingError`. The ones about input carry a list of
:class:`Problem`, so that all of them are told at once and a program can read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input, and what to do about it.

    Parameters
    ----------
    message : str
        What is wrong, as the end of a sentence that begins with the place ("is not a number").
    file : str, optional
        Name of the file, as the user wrote it.
    row : int, optional
        Row as a spreadsheet counts it: the header is row 1.
    column : str, optional
        Column of a table, or dotted key of a settings file ("rules.max_size_ratio").
    value : str, optional
        The offending value as it was read.
    expected : str, optional
        What would have been right ("a number above 0").
    advice : str, optional
        What to do, as a full sentence.

    Examples
    --------
    >>> print(Problem("is not a number", file="teams.csv", row=14, column="beds", value="12O",
    ...               expected="a number above 0"))
    teams.csv, row 14, column 'beds': '12O' is not a number; expected a number above 0.
    """

    message: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: str | None = None
    advice: str | None = None

    def place(self) -> str:
        """Say where the problem is ("teams.csv, row 14, column 'beds'"), or "" if that is unknown."""
        parts = [
            self.file,
            f"row {self.row}" if self.row is not None else None,
            f"{self._kind_of_column()} '{self.column}'" if self.column is not None else None,
        ]
        return ", ".join(part for part in parts if part)

    def _kind_of_column(self) -> str:
        """A settings file has keys where a table has columns."""
        in_settings = self.file.endswith(".toml") if self.file else "." in (self.column or "")
        return "key" if in_settings else "column"

    def __str__(self) -> str:
        what = f"'{self.value}' {self.message}" if self.value is not None else self.message
        sentence = f"{self.place()}: {what}" if self.place() else what
        if self.expected is not None:
            sentence += f"; expected {self.expected}"
        sentence += "."
        return f"{sentence} {self.advice}" if self.advice else sentence

    def to_dict(self) -> dict[str, str | int | None]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "expected": self.expected,
            "advice": self.advice,
        }


class PairingError(Exception):
    """Anything that `pairing` refuses, with a message for people."""


class ProblemsError(PairingError, ValueError):
    """A refusal that lists every problem found.

    Parameters
    ----------
    problems : iterable of Problem or str
        At least one problem.
    """

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            Problem(problem) if isinstance(problem, str) else problem for problem in problems
        )
        super().__init__(_numbered(self.problems))


class InputDataError(ProblemsError):
    """The data cannot be used as they are."""


class SettingsError(ProblemsError):
    """A setting or an argument is unknown, out of range, or contradicts another."""


class OverwriteError(SettingsError):
    """Something that exists would be lost."""


class FileAccessError(PairingError, OSError):
    """A file could not be read or written."""


class BrowserError(FileAccessError):
    """A browser is not there, or could not print a page to PDF."""


class SolverError(PairingError):
    """An engine stopped without a proven answer."""


class InfeasibleMatchingError(PairingError):
    """No pairing satisfies the rules.

    Parameters
    ----------
    message : str
        What is impossible, and why.
    teams : sequence of str, optional
        The teams that cannot be paired.
    """

    def __init__(self, message: str, teams: Sequence[str] = ()) -> None:
        self.teams = tuple(teams)
        super().__init__(message)


class CertificateError(PairingError):
    """A certificate does not prove what it claims.

    Parameters
    ----------
    failures : iterable of str
        Every clause that fails, as a sentence.
    """

    def __init__(self, failures: Iterable[str]) -> None:
        self.failures = tuple(failures)
        super().__init__("; ".join(self.failures))


def _numbered(problems: Sequence[Problem]) -> str:
    if len(problems) == 1:
        return str(problems[0])
    lines = [f"{len(problems)} problems:"]
    lines += [f"  {number}. {problem}" for number, problem in enumerate(problems, start=1)]
    return "\n".join(lines)
