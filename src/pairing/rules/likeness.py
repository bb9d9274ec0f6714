"""Rules on how alike two teams must be: size, overall level, any numeric column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.rules.base import LimitRule, missing_values, require_number
from pairing.wording import against

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.errors import Problem
    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Glance, Rectangle

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MaxSizeRatio(LimitRule):
    """The larger team may be at most so many times as large as the smaller one.

    Parameters
    ----------
    ratio : float
        Largest ratio permitted, at least 1.

    Raises
    ------
    SettingsError
        If `ratio` is below 1 or not finite.
    """

    ratio: float
    key: ClassVar[str] = "max_size_ratio"
    unit: ClassVar[str] = "times"

    def __post_init__(self) -> None:
        require_number(self.key, self.ratio, least=1)

    @property
    def limit(self) -> float:
        """Largest ratio permitted."""
        return self.ratio

    def figure(self, pairs: PairBlock) -> Floats:
        """The larger team's size over the smaller one's."""
        return pairs.size_ratio

    def glance(self, pairs: Rectangle) -> Glance:
        """By the logarithms of the sizes."""
        return pairs.more_unequal(pairs.facts.size, self.ratio)

    def with_limit(self, limit: float) -> MaxSizeRatio:
        """The same rule with another limit."""
        return replace(self, ratio=limit)

    @property
    def statement(self) -> str:
        """For example "the larger team is at most 2 times as large as the smaller one"."""
        return f"the larger team is at most {self.ratio:.12g} times as large as the smaller one"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "one is 3.1 times as large as the other; at most 2 times allowed"."""
        value, limit = against(pairs.size_ratio[at], self.ratio, digits=1)
        return f"one is {value} times as large as the other; at most {limit} times allowed"

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Teams without a size."""
        return missing_values(facts, facts.size, self.key, "size")


@dataclass(frozen=True)
class MaxLevelGap(LimitRule):
    """The overall levels of two teams may differ by at most so much.

    Parameters
    ----------
    sd : float
        Largest gap permitted, in units of the between-team SD of an indicator.

    Raises
    ------
    SettingsError
        If `sd` is negative or not finite.
    """

    sd: float
    key: ClassVar[str] = "max_level_gap"
    unit: ClassVar[str] = "SD"

    def __post_init__(self) -> None:
        require_number(self.key, self.sd, least=0)

    @property
    def limit(self) -> float:
        """Largest gap permitted, in between-team SD."""
        return self.sd

    def figure(self, pairs: PairBlock) -> Floats:
        """Gap between the overall levels, in between-team SD."""
        return pairs.level_gap

    def glance(self, pairs: Rectangle) -> Glance:
        """By the same difference as pair by pair."""
        return pairs.wider(pairs.facts.level, self.sd)

    def with_limit(self, limit: float) -> MaxLevelGap:
        """The same rule with another limit."""
        return replace(self, sd=limit)

    @property
    def statement(self) -> str:
        """For example "the overall levels are at most 0.5 SD apart"."""
        return f"the overall levels are at most {self.sd:.12g} SD apart"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "overall levels 0.82 SD apart; at most 0.5 SD allowed"."""
        value, limit = against(pairs.level_gap[at], self.sd, digits=2)
        return f"overall levels {value} SD apart; at most {limit} SD allowed"


@dataclass(frozen=True)
class Caliper(LimitRule):
    """Two teams may differ by at most so much in a numeric column.

    Parameters
    ----------
    column : str
        Column of the table of teams.
    width : float
        Largest absolute difference permitted, in the column's own unit.

    Raises
    ------
    SettingsError
        If `width` is negative or not finite.
    """

    column: str
    width: float
    unit: ClassVar[str] = "units of the column"

    def __post_init__(self) -> None:
        require_number(self.key, self.width, least=0)

    @property
    def key(self) -> str:
        """``calipers.`` and the column."""
        return f"calipers.{self.column}"

    @property
    def limit(self) -> float:
        """Largest difference permitted, in the column's own unit."""
        return self.width

    def figure(self, pairs: PairBlock) -> Floats:
        """Absolute difference in the column."""
        return self._difference(pairs)

    def glance(self, pairs: Rectangle) -> Glance:
        """By the same difference as pair by pair."""
        return pairs.wider(self._values(pairs.facts), self.width)

    def with_limit(self, limit: float) -> Caliper:
        """The same rule with another limit."""
        return replace(self, width=limit)

    @property
    def statement(self) -> str:
        """For example "'beds' differs by at most 50"."""
        return f"'{self.column}' differs by at most {self.width:.12g}"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "beds: 120 apart; at most 50 allowed"."""
        value, limit = against(self._difference(pairs)[at], self.width)
        return f"{self.column}: {value} apart; at most {limit} allowed"

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Teams without a value in the column."""
        return missing_values(facts, facts.cohort.number(self.column), self.key, f"'{self.column}'")

    def _difference(self, pairs: PairBlock) -> Floats:
        values = self._values(pairs.facts)
        return np.abs(values[pairs.first] - values[pairs.second])

    def _values(self, facts: TeamFacts) -> Floats:
        return facts.once(f"number {self.column}", lambda: facts.cohort.number(self.column))
