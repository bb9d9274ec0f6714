"""From settings to the objects that plan: rules, preferences and the model of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.pairs import PairModel, Preferences
from pairing.rules import (
    Caliper,
    Different,
    Drawn,
    Forbid,
    Locked,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    NotNearest,
    Previous,
    Require,
    RuleSet,
    Same,
    TravelTable,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import pandas as pd

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles
    from pairing.programme.settings import Programme, RuleSettings
    from pairing.rules import LimitRule, Rule


def pair_model(
    programme: Programme,
    cohort: Cohort,
    profiles: Profiles,
    *,
    previous: Sequence[tuple[str, str]] = (),
    travel: pd.DataFrame | None = None,
    drawn: Collection[str] | None = None,
    locked: Sequence[tuple[str, str]] = (),
) -> PairModel:
    """Make the model of pairs that a programme declares.

    Parameters
    ----------
    programme : Programme
        The settings.
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles.
    previous : sequence of (str, str)
        Pairs of earlier rounds.
    travel : pandas.DataFrame, optional
        The travel table.
    drawn : collection of str, optional
        The teams that a lottery drew, if only they are to be paired.
    locked : sequence of (str, str)
        Pairs that a person has settled and that stay.

    Returns
    -------
    PairModel
        Not yet checked against the data: :meth:`pairing.pairs.PairTable.build` does that.
    """
    first = () if drawn is None else (Drawn(frozenset(drawn)),)
    last = (Locked(tuple(locked)),) if locked else ()
    rules = RuleSet((*first, *_rules(programme.rules, previous), *last), programme.rules.missing)
    preferences = Preferences(**programme.objective.preferences.model_dump())
    journeys = None if travel is None else TravelTable.from_frame(travel, cohort.ids)
    return PairModel(cohort, profiles, rules, preferences, journeys)


def _rules(settings: RuleSettings, previous: Sequence[tuple[str, str]]) -> Iterator[Rule]:
    """The declared rules, in the order in which they are reported."""
    yield from _limits(settings)
    yield from (Different(column) for column in settings.different)
    yield from (Same(column) for column in settings.same)
    yield from (Caliper(column, width) for column, width in settings.calipers.items())
    if settings.forbid:
        yield Forbid(settings.forbid)
    if settings.require:
        yield Require(settings.require)
    if settings.previous:
        yield Previous(tuple(previous), source=", ".join(settings.previous))


def limit_rules(settings: RuleSettings) -> list[LimitRule]:
    """The declared rules that have a limit, calipers too.

    Raises
    ------
    SettingsError
        If a limit is out of range.
    """
    return [*_limits(settings), *(Caliper(column, width) for column, width in settings.calipers.items())]


def _limits(settings: RuleSettings) -> Iterator[LimitRule]:
    if settings.min_distance_km is not None:
        yield MinDistance(settings.min_distance_km)
    if settings.max_distance_km is not None:
        yield MaxDistance(settings.max_distance_km)
    if settings.max_travel_minutes is not None:
        yield MaxTravel(settings.max_travel_minutes)
    if settings.not_nearest is not None:
        yield NotNearest(settings.not_nearest)
    if settings.max_size_ratio is not None:
        yield MaxSizeRatio(settings.max_size_ratio)
    if settings.max_level_gap is not None:
        yield MaxLevelGap(settings.max_level_gap)
