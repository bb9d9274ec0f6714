"""The analysis plan: what will be tested and how, fixed and hashed before the draw."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

from pairing.errors import Problem, SettingsError
from pairing.shown import show_facts, show_result

Alternative = Literal["two-sided", "greater", "less"]
MissingOutcomes = Literal["all-members", "available-members"]


@dataclass(frozen=True)
class AnalysisPlan:
    """What will be analysed, and how.

    Parameters
    ----------
    outcomes : tuple of str
        Outcomes to analyse; empty for every column of the outcomes.
    primary : str, optional
        The primary outcome.
    alpha : float
        Significance level; intervals cover with probability 1 - alpha.
    alternative : {"two-sided", "greater", "less"}
        Direction of the effect that is looked for.
    adjust_for : tuple of str
        Baseline covariates of a second, adjusted analysis; empty for none.
    missing_outcomes : {"all-members", "available-members"}
        Whether a unit needs the outcome of all its teams, or is represented by those it has.

    Raises
    ------
    SettingsError
        If a value is out of range, or an outcome is named twice.

    Examples
    --------
    >>> AnalysisPlan(outcomes=("resection",), primary="resection").sha256()[:8]
    'a8bea090'
    """

    outcomes: tuple[str, ...] = ()
    primary: str | None = None
    alpha: float = 0.05
    alternative: Alternative = "two-sided"
    adjust_for: tuple[str, ...] = ()
    missing_outcomes: MissingOutcomes = "all-members"

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.alpha < 1:
            problems.append(
                Problem("is no significance level", value=str(self.alpha), expected="between 0 and 1")
            )
        if self.alternative not in ("two-sided", "greater", "less"):
            problems.append(
                Problem("is no alternative", value=self.alternative, expected="two-sided, greater or less")
            )
        if self.missing_outcomes not in ("all-members", "available-members"):
            problems.append(
                Problem(
                    "is no policy for missing outcomes",
                    value=self.missing_outcomes,
                    expected="all-members or available-members",
                )
            )
        problems += [
            Problem("is named twice among the outcomes", value=name)
            for name in sorted({name for name in self.outcomes if self.outcomes.count(name) > 1})
        ]
        if self.primary is not None and self.outcomes and self.primary not in self.outcomes:
            problems.append(Problem("is primary but not among the outcomes", value=self.primary))
        if problems:
            raise SettingsError(problems)

    def canonical_text(self) -> str:
        """Give the plan as one line of JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    def sha256(self) -> str:
        """Give the SHA-256 of :meth:`canonical_text`, in hexadecimal."""
        return hashlib.sha256(self.canonical_text().encode()).hexdigest()

    def summary(self) -> str:
        """Say in a sentence or two what will be analysed."""
        outcomes = ", ".join(self.outcomes) or "every column of the outcomes"
        primary = "" if self.primary is None else f" Primary: {self.primary}."
        adjusted = f" Once more, adjusted for {', '.join(self.adjust_for)}." if self.adjust_for else ""
        test = f"{self.alternative}, at significance level {self.alpha:g}"
        return f"Outcomes: {outcomes}; {test}.{primary}{adjusted}"

    def _repr_html_(self) -> str:
        facts = {"missing outcomes": self.missing_outcomes, "SHA-256 of the plan": self.sha256()}
        return show_result("Analysis plan", self.summary(), show_facts(facts, "What else is fixed"))
