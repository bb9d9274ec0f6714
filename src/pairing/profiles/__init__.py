"""What each team's indicators really are: noise removed, uncertainty kept."""

from pairing.profiles.check import ModelCheck, check_model
from pairing.profiles.heterogeneity import Heterogeneity
from pairing.profiles.measurements import Measurements
from pairing.profiles.model import ProfileModel
from pairing.profiles.profiles import Profiles, estimate_profiles, profiles_from_model

__all__ = [
    "Heterogeneity",
    "Measurements",
    "ModelCheck",
    "ProfileModel",
    "Profiles",
    "check_model",
    "estimate_profiles",
    "profiles_from_model",
]
