"""Why not everyone can be paired, and the least that would change it."""

from pairing.planning.diagnosis.diagnose import diagnose
from pairing.planning.diagnosis.diagnosis import Diagnosis
from pairing.planning.diagnosis.exemptions import Exemption
from pairing.planning.diagnosis.flex import Flex
from pairing.planning.diagnosis.flexible import FlexChange
from pairing.planning.diagnosis.limits import LimitChange, MovedLimit
from pairing.planning.diagnosis.shortage import Shortage

__all__ = [
    "Diagnosis",
    "Exemption",
    "Flex",
    "FlexChange",
    "LimitChange",
    "MovedLimit",
    "Shortage",
    "diagnose",
]
