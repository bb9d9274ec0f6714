"""Pair clinical teams for reciprocal peer review, and prove that no pairing is better.

Everything public stands here. A name is imported when it is first used, so that ``import pairing`` is quick.

Examples
--------
>>> import pairing
>>> cohort = pairing.load_audit()
>>> plan = pairing.pair(cohort, [pairing.MinDistance(50), pairing.MaxSizeRatio(2)])
>>> len(plan.pairs)
60
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pairing.version import __version__

if TYPE_CHECKING:
    from pairing.cohort import Cohort, Indicator, cohort_from_frame
    from pairing.data import load_audit
    from pairing.errors import (
        CertificateError,
        FileAccessError,
        InfeasibleMatchingError,
        InputDataError,
        PairingError,
        Problem,
        SettingsError,
        SolverError,
    )
    from pairing.files.programme import read_programme
    from pairing.matching import (
        Certificate,
        MatchingProblem,
        MatchingSolution,
        check_certificate,
        scale_values,
        solve,
    )
    from pairing.pairs import PairModel, PairTable, Preferences
    from pairing.planning import Pairing, best_pairing, pair, rule_prices
    from pairing.profiles import Profiles, estimate_profiles
    from pairing.rules import (
        Caliper,
        Different,
        Forbid,
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
    from pairing.verification import Verification, verify

_HOMES = {
    "pairing.cohort": ("Cohort", "Indicator", "cohort_from_frame"),
    "pairing.data": ("load_audit",),
    "pairing.errors": (
        "CertificateError",
        "FileAccessError",
        "InfeasibleMatchingError",
        "InputDataError",
        "PairingError",
        "Problem",
        "SettingsError",
        "SolverError",
    ),
    "pairing.files.programme": ("read_programme",),
    "pairing.matching": (
        "Certificate",
        "MatchingProblem",
        "MatchingSolution",
        "check_certificate",
        "scale_values",
        "solve",
    ),
    "pairing.pairs": ("PairModel", "PairTable", "Preferences"),
    "pairing.planning": ("Pairing", "best_pairing", "pair", "rule_prices"),
    "pairing.profiles": ("Profiles", "estimate_profiles"),
    "pairing.rules": (
        "Caliper",
        "Different",
        "Forbid",
        "MaxDistance",
        "MaxLevelGap",
        "MaxSizeRatio",
        "MaxTravel",
        "MinDistance",
        "NotNearest",
        "Previous",
        "Require",
        "RuleSet",
        "Same",
        "TravelTable",
    ),
    "pairing.verification": ("Verification", "verify"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Caliper",
    "Certificate",
    "CertificateError",
    "Cohort",
    "Different",
    "FileAccessError",
    "Forbid",
    "Indicator",
    "InfeasibleMatchingError",
    "InputDataError",
    "MatchingProblem",
    "MatchingSolution",
    "MaxDistance",
    "MaxLevelGap",
    "MaxSizeRatio",
    "MaxTravel",
    "MinDistance",
    "NotNearest",
    "PairModel",
    "PairTable",
    "Pairing",
    "PairingError",
    "Preferences",
    "Previous",
    "Problem",
    "Profiles",
    "Require",
    "RuleSet",
    "Same",
    "SettingsError",
    "SolverError",
    "TravelTable",
    "Verification",
    "__version__",
    "best_pairing",
    "check_certificate",
    "cohort_from_frame",
    "estimate_profiles",
    "load_audit",
    "pair",
    "read_programme",
    "rule_prices",
    "scale_values",
    "solve",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        message = f"module 'pairing' has no attribute '{name}'"
        raise AttributeError(message)
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
