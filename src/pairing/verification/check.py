"""What a verification found: one check a clause, each with what it proved or every difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pairing.errors import PairingError, Problem


def sentences(texts: Iterable[Problem | str]) -> tuple[str, ...]:
    """Write problems or texts as differences: sentences without a full stop."""
    return tuple(str(text).rstrip(".") for text in texts)


def differences_of(error: PairingError) -> tuple[str, ...]:
    """Turn an error into differences, one a problem."""
    return sentences(error.problems if isinstance(error, ProblemsError) else [str(error)])


@dataclass(frozen=True)
class Check:
    """One clause of a verification.

    Parameters
    ----------
    clause : str
        What is claimed ("the plan keeps every rule").
    differences : tuple of str
        Every way in which the claim fails, as sentences without a full stop; empty if it holds.
    finding : str
        What was proven when it holds, or what follows when it does not.
    """

    clause: str
    differences: tuple[str, ...] = ()
    finding: str = ""

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return not self.differences

    def lines(self) -> list[str]:
        """The check as lines for people."""
        verdict = "proven" if self.passed else "FAILED"
        found = f" ({self.finding})" if self.finding else ""
        return [f"{verdict}: {self.clause}{found}", *(f"    - {text}." for text in self.differences)]


@dataclass(frozen=True)
class Verification:
    """All checks of a result.

    Parameters
    ----------
    folder : str
        The result that was verified.
    checks : tuple of Check
        In the order in which they were made. A check that needs something that failed is not made.
    """

    folder: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is proven as recorded."""
        return all(check.passed for check in self.checks)

    @property
    def differences(self) -> tuple[str, ...]:
        """Every difference of every check."""
        return tuple(text for check in self.checks for text in check.differences)

    def summary(self) -> str:
        """Say what was proven and what was not."""
        lines = [line for check in self.checks for line in check.lines()]
        if self.passed:
            verdict = f"Everything in {self.folder} is proven as recorded."
        else:
            count = len(self.differences)
            verdict = f"{self.folder} is not as recorded: {count} difference{'s' if count > 1 else ''}."
        return "\n".join([*lines, verdict])

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "folder": self.folder,
            "passed": self.passed,
            "checks": [
                {
                    "clause": check.clause,
                    "passed": check.passed,
                    "finding": check.finding,
                    "differences": list(check.differences),
                }
                for check in self.checks
            ],
        }
