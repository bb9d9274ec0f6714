"""Hard rules: each says which pairs it permits, with how much room, and why not in one sentence."""

from pairing.rules.attributes import Different, Same
from pairing.rules.base import LimitRule, Rule
from pairing.rules.distance import MaxDistance, MaxTravel, MinDistance, NotNearest
from pairing.rules.drawn import Drawn
from pairing.rules.facts import PairBlock, TeamFacts
from pairing.rules.likeness import Caliper, MaxLevelGap, MaxSizeRatio
from pairing.rules.named import Forbid, Locked, Previous, Require
from pairing.rules.rectangle import Glance, Rectangle
from pairing.rules.ruleset import Missing, RuleSet
from pairing.rules.travel import TravelTable

__all__ = [
    "Caliper",
    "Different",
    "Drawn",
    "Forbid",
    "Glance",
    "LimitRule",
    "Locked",
    "MaxDistance",
    "MaxLevelGap",
    "MaxSizeRatio",
    "MaxTravel",
    "MinDistance",
    "Missing",
    "NotNearest",
    "PairBlock",
    "Previous",
    "Rectangle",
    "Require",
    "Rule",
    "RuleSet",
    "Same",
    "TeamFacts",
    "TravelTable",
]
