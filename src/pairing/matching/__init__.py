"""The engine room: numbered vertices, permitted edges, whole-number weights; exact, and proven."""

from __future__ import annotations

from pairing.matching.candidates import EdgeSource
from pairing.matching.certificate import Certificate, Proof, check_certificate
from pairing.matching.pricing import Progress
from pairing.matching.problem import EdgeBlock, MatchingProblem, Mode
from pairing.matching.scaling import ScaledValues, scale_values
from pairing.matching.slack import EdgeSlack
from pairing.matching.solution import MatchingSolution, NoPerfectMatchingError
from pairing.matching.solve import solve

__all__ = [
    "Certificate",
    "EdgeBlock",
    "EdgeSlack",
    "EdgeSource",
    "MatchingProblem",
    "MatchingSolution",
    "Mode",
    "NoPerfectMatchingError",
    "Progress",
    "Proof",
    "ScaledValues",
    "check_certificate",
    "scale_values",
    "solve",
]
