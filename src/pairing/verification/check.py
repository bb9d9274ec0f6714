"""What a verification found: one check a clause, each with what it proved or every difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import ProblemsError
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

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
        return "\n".join([*lines, self._verdict()])

    def _verdict(self) -> str:
        if self.passed:
            return f"Everything in {self.folder} is proven as recorded."
        return f"{self.folder} is not as recorded: {counted(len(self.differences), 'difference')}."

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the checks: one row a clause, columns `clause`, `passed`, `finding`, `differences`."""
        import pandas as pd

        rows = [(each.clause, each.passed, each.finding, "; ".join(each.differences)) for each in self.checks]
        return pd.DataFrame(rows, columns=["clause", "passed", "finding", "differences"])

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

    def _repr_html_(self) -> str:
        differences = "\n".join(f"  {text}." for text in self.differences)
        table = show_table(self.to_frame(), "The checks", columns=["clause", "passed", "finding"])
        return show_result("Verification", f"{self._verdict()}\n{differences}", table)
