"""What a programme's settings may say: one model for each section of `programme.toml`.

The models are strict: text stays text and a number in quotes is no number, so that "007" and 7 are never
confused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from pairing.cohort import Indicator, TeamColumns
from pairing.programme.flex_settings import FlexSettings  # noqa: TC001 - pydantic reads annotations
from pairing.programme.lottery_settings import AnalysisSettings, LotterySettings
from pairing.programme.rounds_settings import RoundsSettings  # noqa: TC001 - pydantic reads annotations
from pairing.programme.side_settings import SideSettings
from pairing.programme.strict import Name, Names, NotNegative, Settings, listed

OBJECTIVES = ("pairs", "worst", "total", "travel", "fairest")
"""What `objective.order` may name."""


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else listed(value)


def _two(value: object) -> object:
    if isinstance(value, (list, tuple)) and len(value) != 2:
        raise PydanticCustomError("team_pair", "is not a pair of teams")
    return listed(value)


def _objective(value: object) -> object:
    if value in OBJECTIVES:
        return value
    raise PydanticCustomError("objective_unknown", "is no objective")


Paths = Annotated[tuple[Name, ...], BeforeValidator(_one_or_more)]
TeamPair = Annotated[tuple[Name, Name], BeforeValidator(_two)]
TeamPairs = Annotated[tuple[TeamPair, ...], BeforeValidator(listed)]
Objective = Annotated[str, BeforeValidator(_objective)]


class TeamsSettings(Settings):
    """`[teams]`: the table, and which of its columns say who the teams are."""

    file: Name
    id: Name
    name: Name | None = None
    size: Name | None = None
    latitude: Name | None = None
    longitude: Name | None = None
    attributes: Names = ()
    contact: Name | None = None
    exclude: Names = ()
    status: Name | None = None
    stages: Annotated[Names, Field(min_length=1)] = ("invited", "interested", "eligible")
    layout: Literal["auto", "wide", "long"] = "auto"
    sheet: Name | None = None

    def columns(self) -> TeamColumns:
        """Give the columns; places only if both coordinates are declared."""
        placed = self.latitude is not None and self.longitude is not None
        return TeamColumns(
            id=self.id,
            name=self.name,
            size=self.size,
            latitude=self.latitude if placed else None,
            longitude=self.longitude if placed else None,
            attributes=self.attributes,
            contact=self.contact,
        )


class IndicatorSettings(Settings):
    """One of `[[indicators]]`: see :class:`pairing.cohort.Indicator`, which checks what belongs together.

    `questions` are for the packs that teams take to their visits; no value depends on them.
    """

    column: Name
    denominator: Name | None = None
    standard_error: Name | None = None
    unadjusted: Name | None = None
    label: Name | None = None
    higher_is_better: bool = True
    weight: NotNegative = 1.0
    target: float | None = None
    unit: Literal["proportion", "percent", "number"] = "proportion"
    capped: Literal["keep", "missing"] = "keep"
    questions: Names = ()

    def to_indicator(self) -> Indicator:
        """Make the indicator; raises SettingsError if its keys do not go together."""
        return Indicator(
            column=self.column,
            denominator=self.denominator,
            standard_error=self.standard_error,
            unadjusted=self.unadjusted,
            label=self.label,
            higher_is_better=self.higher_is_better,
            weight=self.weight,
            target=self.target,
            unit=self.unit,
            capped=self.capped,
        )


class RuleSettings(Settings):
    """`[rules]`: what bans a pair, and what to do where the data for a rule are missing."""

    min_distance_km: NotNegative | None = None
    max_distance_km: NotNegative | None = None
    max_travel_minutes: NotNegative | None = None
    travel_table: Name | None = None
    not_nearest: Annotated[int, Field(ge=1)] | None = None
    max_size_ratio: Annotated[float, Field(ge=1)] | None = None
    max_level_gap: NotNegative | None = None
    different: Names = ()
    same: Names = ()
    calipers: dict[str, NotNegative] = Field(default_factory=dict)
    forbid: TeamPairs = ()
    require: TeamPairs = ()
    previous: Paths = ()
    allow_unpaired: bool = False
    odd: Literal["leave-out", "triad"] = "leave-out"
    missing: Literal["error", "ban", "permit"] = "error"


class PreferenceSettings(Settings):
    """`objective.preferences`: what each undesired unit costs, in units of gain."""

    travel_per_100_km: NotNegative = 0.0
    size_difference: NotNegative = 0.0
    level_gap: NotNegative = 0.0


class ObjectiveSettings(Settings):
    """`[objective]`: what is made as good as possible."""

    order: Annotated[tuple[Objective, ...], BeforeValidator(_one_or_more), Field(min_length=1)] = ("total",)
    tolerance: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    preferences: PreferenceSettings = PreferenceSettings()


class ProfileSettings(Settings):
    """`[profiles]`: how the indicators are freed from noise."""

    dispersion: Annotated[float, Field(gt=0)] = 1.0


class Programme(Settings):
    """All settings of a programme."""

    teams: TeamsSettings
    indicators: tuple[IndicatorSettings, ...]
    rules: RuleSettings = RuleSettings()
    flex: FlexSettings | None = None
    objective: ObjectiveSettings = ObjectiveSettings()
    side_constraints: SideSettings = SideSettings()
    profiles: ProfileSettings = ProfileSettings()
    lottery: LotterySettings | None = None
    analysis: AnalysisSettings = AnalysisSettings()
    rounds: RoundsSettings | None = None


def programme_to_dict(programme: Programme) -> dict[str, Any]:
    """Give all settings, the defaults too, as a JSON-safe dictionary.

    Parameters
    ----------
    programme : Programme
        The settings.

    Returns
    -------
    dict
        What :func:`pairing.programme.parse.parse_programme` reads back as the same programme.

    Examples
    --------
    >>> programme = Programme(
    ...     teams=TeamsSettings(file="teams.csv", id="team"),
    ...     indicators=(IndicatorSettings(column="resection", denominator="resection_n"),),
    ... )
    >>> programme_to_dict(programme)["rules"]["allow_unpaired"]
    False
    """
    return programme.model_dump(mode="json")
