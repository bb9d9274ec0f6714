"""Rules on attributes that two teams may not, or must, share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.rules.base import Rule, missing_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.errors import Problem
    from pairing.rules.facts import PairBlock, TeamFacts

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _AttributeRule(Rule):
    column: str

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Teams whose attribute is blank."""
        unknown = np.array([value is None for value in facts.cohort.text(self.column)], dtype=np.bool_)
        return missing_at(facts, unknown, self.key, f"'{self.column}'")

    def _permitted(self, pairs: PairBlock, *, shared: bool) -> Floats:
        values = pairs.facts.cohort.text(self.column)
        codes = _codes(values)
        first, second = codes[pairs.first], codes[pairs.second]
        slack = np.where((first == second) == shared, np.inf, -np.inf)
        return np.where((first < 0) | (second < 0), np.nan, slack)

    def _values(self, pairs: PairBlock, at: int) -> tuple[str | None, str | None]:
        values = pairs.facts.cohort.text(self.column)
        return values[pairs.first[at]], values[pairs.second[at]]


@dataclass(frozen=True)
class Different(_AttributeRule):
    """Two teams may not share an attribute (the same network, say).

    Parameters
    ----------
    column : str
        Column of the table of teams; compared as text, to the letter.
    """

    @property
    def key(self) -> str:
        """``different.`` and the column."""
        return f"different.{self.column}"

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite, positive where the attributes differ."""
        return self._permitted(pairs, shared=False)

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "both have cancer_alliance 'Wessex'; different ones required"."""
        value, _ = self._values(pairs, at)
        return f"both have {self.column} '{value}'; different ones required"


@dataclass(frozen=True)
class Same(_AttributeRule):
    """Two teams must share an attribute (the same country, say).

    Parameters
    ----------
    column : str
        Column of the table of teams; compared as text, to the letter.
    """

    @property
    def key(self) -> str:
        """``same.`` and the column."""
        return f"same.{self.column}"

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite, positive where the attributes are equal."""
        return self._permitted(pairs, shared=True)

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "country is 'Wales' and 'England'; the same one required"."""
        first, second = self._values(pairs, at)
        return f"{self.column} is '{first}' and '{second}'; the same one required"


def _codes(values: tuple[str | None, ...]) -> NDArray[np.int64]:
    """Number the distinct texts; -1 for a blank."""
    number: dict[str, int] = {}
    return np.array([-1 if text is None else number.setdefault(text, len(number)) for text in values])
