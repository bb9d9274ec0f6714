"""The settings of a programme: what `programme.toml` may say, and what is wrong with what it says."""

from pairing.programme.flex_settings import FlexSettings
from pairing.programme.lottery_settings import AnalysisSettings, LotterySettings
from pairing.programme.parse import ProgrammeDraft, parse_programme
from pairing.programme.rounds_settings import RoundsSettings
from pairing.programme.settings import (
    IndicatorSettings,
    ObjectiveSettings,
    PreferenceSettings,
    ProfileSettings,
    Programme,
    RuleSettings,
    TeamsSettings,
    programme_to_dict,
)
from pairing.programme.side_settings import SideSettings

__all__ = [
    "AnalysisSettings",
    "FlexSettings",
    "IndicatorSettings",
    "LotterySettings",
    "ObjectiveSettings",
    "PreferenceSettings",
    "ProfileSettings",
    "Programme",
    "ProgrammeDraft",
    "RoundsSettings",
    "RuleSettings",
    "SideSettings",
    "TeamsSettings",
    "parse_programme",
    "programme_to_dict",
]
