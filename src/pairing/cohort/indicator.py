"""One audit measure: where it stands in the table and how it is to be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem, SettingsError

Unit = Literal["proportion", "percent", "number"]
Capped = Literal["keep", "missing"]


@dataclass(frozen=True)
class Indicator:
    """How one audit indicator stands in the table of teams.

    Parameters
    ----------
    column : str
        Column that holds the indicator's value for each team.
    denominator : str, optional
        Column with the number of patients behind the value. Give this or `standard_error`.
    standard_error : str, optional
        Column with the standard error of the value, in the value's own unit.
    unadjusted : str, optional
        Column with the unadjusted rate when `column` is a case-mix adjusted one.
    label : str, optional
        Name shown to people. Defaults to `column`.
    higher_is_better : bool
        Whether a higher value is better care.
    weight : float
        Relative weight in the gain, at least 0. Weights are scaled to sum to 1.
    target : float, optional
        The programme's target, in the value's own unit. Display only.
    unit : {"proportion", "percent", "number"}
        A proportion lies between 0 and 1, a percentage between 0 and 100. A number is anything with a
        standard error of its own.
    capped : {"keep", "missing"}
        What to do with an adjusted rate of exactly 1 whose unadjusted rate is not 1: keep it with the
        sampling variance of the pooled rate, or treat it as missing.

    Raises
    ------
    SettingsError
        If neither or both of `denominator` and `standard_error` are given, or a value is out of range or of
        the wrong type.

    Examples
    --------
    >>> Indicator("resection", denominator="resection_n", label="Surgical resection").label
    'Surgical resection'
    """

    column: str
    denominator: str | None = None
    standard_error: str | None = None
    unadjusted: str | None = None
    label: str | None = None
    higher_is_better: bool = True
    weight: float = 1.0
    target: float | None = None
    unit: Unit = "proportion"
    capped: Capped = "keep"

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise SettingsError(problems)
        if self.label is None:
            object.__setattr__(self, "label", self.column)

    @property
    def title(self) -> str:
        """The label, which is never missing once the indicator is made."""
        return self.label or self.column

    @property
    def scaled_target(self) -> float | None:
        """The target in the unit of the cohort's observations: a percentage divided by 100."""
        return None if self.target is None else self.target / self.per_unit

    @property
    def per_unit(self) -> float:
        """What a value in the table is divided by: 100 for a percentage, else 1."""
        return 100.0 if self.unit == "percent" else 1.0

    def columns(self) -> tuple[str, ...]:
        """Names of all columns of the table that this indicator reads."""
        names = (self.column, self.denominator, self.standard_error, self.unadjusted)
        return tuple(name for name in names if name is not None)

    def _problems(self) -> list[Problem]:
        wrong_types = [*self._problems_of_text(), *self._problems_of_choices()]
        # What is wrong with a value can be told only once its type is right.
        return wrong_types or [*self._problems_of_columns(), *self._problems_of_numbers()]

    def _problems_of_text(self) -> list[Problem]:
        names = ("column", "denominator", "standard_error", "unadjusted", "label")
        given = {name: getattr(self, name) for name in names}
        problems = [
            self._problem(name, value, "is not text", "the name of a column as text")
            for name, value in given.items()
            if not (isinstance(value, str) or (value is None and name != "column"))
        ]
        if self.column == "":
            problems.append(Problem("an indicator needs the name of its column", expected="text"))
        return problems

    def _problems_of_choices(self) -> list[Problem]:
        problems = []
        for name, choices in (("unit", get_args(Unit)), ("capped", get_args(Capped))):
            value = getattr(self, name)
            if value not in choices:
                listed = " or ".join(f"'{choice}'" for choice in choices)
                meant = did_you_mean(str(value), choices)
                problems.append(self._problem(name, value, "is not one of the choices", listed, meant))
        if not isinstance(self.higher_is_better, (bool, np.bool_)):
            problems.append(
                self._problem(
                    "higher_is_better", self.higher_is_better, "is not a yes or no", "True or False"
                )
            )
        return problems

    def _problem(
        self, name: str, value: object, message: str, expected: str, advice: str | None = None
    ) -> Problem:
        return Problem(
            message, column=f"{self.column}.{name}", value=str(value), expected=expected, advice=advice
        )

    def _problems_of_columns(self) -> list[Problem]:
        problems = []
        if (self.denominator is None) == (self.standard_error is None):
            problems.append(
                Problem(
                    f"indicator '{self.column}' needs a denominator or a standard_error, and not both",
                    advice="Name the column with the number of patients, or the one with standard errors.",
                )
            )
        if self.unit == "number" and self.standard_error is None:
            problems.append(
                Problem(f"indicator '{self.column}' is a number, not a rate, and needs a standard_error")
            )
        if self.unadjusted is not None and self.denominator is None:
            problems.append(Problem(f"indicator '{self.column}' has an unadjusted rate but no denominator"))
        names = self.columns()
        if len(set(names)) < len(names):
            problems.append(Problem(f"indicator '{self.column}' reads one column for two purposes"))
        return problems

    def _problems_of_numbers(self) -> list[Problem]:
        problems = []
        if not (_is_finite(self.weight) and self.weight >= 0):
            expected = "a finite number, at least 0"
            problems.append(self._problem("weight", self.weight, "is not a usable weight", expected))
        if self.target is not None and not self._is_possible(self.target):
            expected = "a number" if self.unit == "number" else f"between 0 and {self.per_unit:g}"
            message = f"is no possible target of a {self.unit}"
            problems.append(self._problem("target", self.target, message, expected))
        return problems

    def _is_possible(self, value: float) -> bool:
        return _is_finite(value) and (self.unit == "number" or 0 <= value <= self.per_unit)


def _is_finite(value: object) -> bool:
    # True is a number to Python, and a slip to a person.
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
