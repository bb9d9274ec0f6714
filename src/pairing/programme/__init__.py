"""The settings of a programme: what `programme.toml` may say, and what is wrong with what it says."""

from pairing.programme.lottery_settings import AnalysisSettings, LotterySettings
from pairing.programme.parse import ProgrammeDraft, parse_programme
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

__all__ = [
    "AnalysisSettings",
    "IndicatorSettings",
    "LotterySettings",
    "ObjectiveSettings",
    "PreferenceSettings",
    "ProfileSettings",
    "Programme",
    "ProgrammeDraft",
    "RuleSettings",
    "TeamsSettings",
    "parse_programme",
    "programme_to_dict",
]
