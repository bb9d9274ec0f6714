"""Rules on attributes that two teams may not, or must, share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.rules.base import Rule, missing_at
from pairing.rules.rectangle import Glance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.errors import Problem
    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Rectangle

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _AttributeRule(Rule):
    """A rule that compares one attribute of two teams, as text and to the letter."""

    column: str
    verb: ClassVar[str]
    permits_shared: ClassVar[bool]

    @property
    def key(self) -> str:
        """``different.`` or ``same.``, and the column."""
        return f"{self.verb}.{self.column}"

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Teams whose attribute is blank."""
        unknown = np.array([value is None for value in facts.cohort.text(self.column)], dtype=np.bool_)
        return missing_at(facts, unknown, self.key, f"'{self.column}'")

    def slack(self, pairs: PairBlock) -> Floats:
        """Infinite: positive for permitted pairs, negative for banned ones."""
        codes = self._codes(pairs.facts)
        first, second = codes[pairs.first], codes[pairs.second]
        slack = np.where((first == second) == self.permits_shared, np.inf, -np.inf)
        return np.where((first < 0) | (second < 0), np.nan, slack)

    def glance(self, pairs: Rectangle) -> Glance:
        """By the numbers of the texts; a blank is unsure."""
        codes = self._codes(pairs.facts)
        rows, columns = codes[pairs.rows], codes[pairs.columns]
        compare = np.not_equal if self.permits_shared else np.equal
        banned = compare.outer(rows, columns)
        if (rows >= 0).all() and (columns >= 0).all():
            return Glance(banned)
        unsure = np.logical_or.outer(rows < 0, columns < 0)
        return Glance(banned & ~unsure, unsure)

    def _codes(self, facts: TeamFacts) -> NDArray[np.int64]:
        return facts.once(f"codes of {self.column}", lambda: _codes(facts.cohort.text(self.column)))

    def _values(self, pairs: PairBlock, at: int) -> tuple[str | None, str | None]:
        values = pairs.facts.cohort.text(self.column)
        return values[pairs.first[at]], values[pairs.second[at]]


class Different(_AttributeRule):
    """Two teams may not share an attribute (the same network, say).

    Parameters
    ----------
    column : str
        Column of the table of teams.
    """

    verb: ClassVar[str] = "different"
    permits_shared: ClassVar[bool] = False

    @property
    def statement(self) -> str:
        """For example "the teams differ in 'cancer_alliance'"."""
        return f"the teams differ in '{self.column}'"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "both have cancer_alliance 'Wessex'; different ones required"."""
        value, _ = self._values(pairs, at)
        return f"both have {self.column} '{value}'; different ones required"


class Same(_AttributeRule):
    """Two teams must share an attribute (the same country, say).

    Parameters
    ----------
    column : str
        Column of the table of teams.
    """

    verb: ClassVar[str] = "same"
    permits_shared: ClassVar[bool] = True

    @property
    def statement(self) -> str:
        """For example "the teams share 'country'"."""
        return f"the teams share '{self.column}'"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "country is 'Wales' and 'England'; the same one required"."""
        first, second = self._values(pairs, at)
        return f"{self.column} is '{first}' and '{second}'; the same one required"


def _codes(values: tuple[str | None, ...]) -> NDArray[np.int64]:
    """Number the distinct texts; -1 for a blank."""
    number: dict[str, int] = {}
    return np.array([-1 if text is None else number.setdefault(text, len(number)) for text in values])
