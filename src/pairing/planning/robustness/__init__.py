"""How much of a plan would be the same if the audit had come out differently."""

from pairing.planning.robustness.assess import assess_robustness
from pairing.planning.robustness.result import Robustness

__all__ = ["Robustness", "assess_robustness"]
