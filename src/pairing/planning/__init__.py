"""The pairing, and the verbs on it."""

from pairing.planning.objective import Objective
from pairing.planning.pair import best_pairing, pair
from pairing.planning.pairing import Pairing
from pairing.planning.rule_price import RulePrice, rule_prices
from pairing.planning.unpaired import Unpaired

__all__ = ["Objective", "Pairing", "RulePrice", "Unpaired", "best_pairing", "pair", "rule_prices"]
