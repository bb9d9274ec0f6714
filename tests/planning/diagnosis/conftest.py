"""Oracles by enumeration for what can be paired under other limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np
import pytest

from pairing import Cohort, PairModel, PairTable, Preferences, RuleSet, estimate_profiles
from pairing.rules import Rule

Edge = tuple[int, int, int]
MakeCohort = Callable[..., Cohort]


def best_of(n: int, edges: Iterable[Edge], without: int = -1) -> tuple[int, int]:
    """Most pairs, and the greatest sum of weights with so many, by going through all matchings."""
    partners: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for one, other, weight in edges:
        if without not in (one, other):
            partners[min(one, other)].append((max(one, other), weight))

    @cache
    def best(used: int, vertex: int) -> tuple[int, int]:
        if vertex == n:
            return 0, 0
        found = best(used, vertex + 1)
        if not used >> vertex & 1:
            for other, weight in partners[vertex]:
                if not used >> other & 1:
                    pairs, total = best(used | 1 << other, vertex + 1)
                    found = max(found, (pairs + 1, total + weight))
        return found

    return best(0, 0)


class Case:
    """A small cohort under rules, with every pair's value and bans at hand."""

    def __init__(self, cohort: Cohort, rules: Sequence[Rule], missing: str = "error") -> None:
        profiles = estimate_profiles(cohort)
        rule_set = RuleSet(tuple(rules), missing)  # type: ignore[arg-type]
        self.n = len(cohort)
        self.usable = sum(profiles.model.usable) > 1
        self.model = PairModel(cohort, profiles, rule_set, Preferences())
        self.first, self.second = np.triu_indices(self.n, 1)
        self.block = self.model.facts.pairs(self.first, self.second)
        self.integers = self.model.score(self.first, self.second).integers if self.usable else None

    @property
    def rules(self) -> RuleSet:
        """The rules as they are."""
        return self.model.rules

    def table(self, rules: RuleSet | None = None) -> PairTable:
        """The permitted pairs, perhaps under other rules."""
        model = self.model
        return PairTable.build(
            PairModel(model.cohort, model.profiles, rules or model.rules, model.preferences, model.travel)
        )

    def edges(self, rules: RuleSet) -> list[Edge]:
        """The pairs that some rules permit, with their values."""
        rows = np.flatnonzero(rules.permitted(self.block))
        columns = (self.first[rows], self.second[rows], self.integers[rows])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def best(self, rules: RuleSet) -> tuple[int, int]:
        """Most pairs and greatest total under some rules, by enumeration."""
        return best_of(self.n, self.edges(rules))

    def is_full(self, rules: RuleSet) -> bool:
        """Whether everyone (but one, if the number is odd) can be paired under some rules."""
        return self.best(rules)[0] == self.n // 2


@pytest.fixture
def make_case(make_cohort: MakeCohort) -> Callable[..., Case]:
    """The maker of small cases."""

    def make(n: int, seed: int, rules: Sequence[Rule], missing: str = "error") -> Case:
        return Case(make_cohort(n, seed), rules, missing)

    return make


@pytest.fixture(name="best_of")
def fixture_best_of() -> Callable[..., tuple[int, int]]:
    """The oracle for a list of weighted edges."""
    return best_of
