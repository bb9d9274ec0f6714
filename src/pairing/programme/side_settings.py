"""`[side_constraints]`: limits on sums over all pairs of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from pairing.programme.strict import Name, Names, NotNegative, Settings, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pairing.planning import SideConstraint

Pairs = Annotated[int, Field(ge=0)]


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, dict) else listed(value)


class PairsOverSettings(Settings):
    """One of `max_pairs_over_km`: at most so many pairs further apart than so many km."""

    km: NotNegative
    pairs: Pairs


class HostGroupSettings(Settings):
    """One of `host_groups`: at most so many pairs with one of some teams."""

    label: Name
    teams: Annotated[Names, Field(min_length=1)]
    pairs: Pairs


class LinearSettings(Settings):
    """One of `linear`: a limit on a weighted sum of figures of the pairs."""

    label: Name
    columns: Annotated[dict[str, float], Field(min_length=1)]
    at_most: float | None = None
    at_least: float | None = None


class SideSettings(Settings):
    """All limits on the whole plan; see :mod:`pairing.planning.side.side_constraints`."""

    max_pairs_over_km: Annotated[tuple[PairsOverSettings, ...], BeforeValidator(_one_or_more)] = ()
    max_total_km: NotNegative | None = None
    max_total_minutes: NotNegative | None = None
    min_pairs_across: dict[str, Pairs] = Field(default_factory=dict)
    max_pairs_per: dict[str, Pairs] = Field(default_factory=dict)
    host_groups: Annotated[tuple[HostGroupSettings, ...], BeforeValidator(_one_or_more)] = ()
    linear: Annotated[tuple[LinearSettings, ...], BeforeValidator(_one_or_more)] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no constraint at all."""
        return self == SideSettings()

    def constraints(self, teams: Collection[str]) -> tuple[SideConstraint, ...]:
        """Give what :func:`pairing.ordered_pairing` takes; of host groups the teams that take part."""
        return tuple(self._constraints(teams))

    def _constraints(self, taking_part: Collection[str]) -> Iterator[SideConstraint]:
        from pairing.planning import (
            HostGroup,
            LinearConstraint,
            MaxPairsOver,
            MaxPairsPer,
            MaxTotal,
            MinPairsAcross,
        )

        yield from (MaxPairsOver(entry.km, entry.pairs) for entry in self.max_pairs_over_km)
        if self.max_total_km is not None:
            yield MaxTotal("distance_km", self.max_total_km)
        if self.max_total_minutes is not None:
            yield MaxTotal("travel_minutes", self.max_total_minutes)
        yield from (MinPairsAcross(name, pairs) for name, pairs in self.min_pairs_across.items())
        yield from (MaxPairsPer(name, pairs) for name, pairs in self.max_pairs_per.items())
        for group in self.host_groups:
            teams = tuple(team for team in group.teams if team in taking_part)
            yield HostGroup(group.label, teams, group.pairs)
        for entry in self.linear:
            columns = tuple(entry.columns.items())
            yield LinearConstraint(entry.label, columns, entry.at_most, entry.at_least)


NESTED_KEYS: dict[str, tuple[str, ...]] = {
    "max_pairs_over_km": tuple(PairsOverSettings.model_fields),
    "host_groups": tuple(HostGroupSettings.model_fields),
    "linear": tuple(LinearSettings.model_fields),
}
"""Keys of the tables inside the section, for suggestions."""
