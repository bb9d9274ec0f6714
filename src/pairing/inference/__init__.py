"""Inference from the lottery that was drawn: randomisation tests, exact intervals, detectable effects."""

from pairing.inference.analyse import analyse
from pairing.inference.effect import Analysis, Effect
from pairing.inference.estimand import estimand
from pairing.inference.plan import AnalysisPlan
from pairing.inference.power import Detectable, minimum_detectable_effect

__all__ = [
    "Analysis",
    "AnalysisPlan",
    "Detectable",
    "Effect",
    "analyse",
    "estimand",
    "minimum_detectable_effect",
]
