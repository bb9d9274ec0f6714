"""The pairing, and the verbs on it."""

from pairing.planning.alteration import Alteration, drawn_teams, named_pairs, table_from_now_on
from pairing.planning.alternative_plans import Alternatives
from pairing.planning.alternatives import alternatives
from pairing.planning.by_levels.ordered import ordered_pairing
from pairing.planning.by_levels.ordered_objective import Ordered
from pairing.planning.diagnosis import Diagnosis, Flex, diagnose
from pairing.planning.explaining.card import PairCard
from pairing.planning.explaining.explanations import Overview, PairExplanation, TeamExplanation
from pairing.planning.explaining.partners import NextBest, next_best_partners
from pairing.planning.fairest import Fairest, fairest_pairing
from pairing.planning.infeasible import NoFullPairingError
from pairing.planning.objective import Objective
from pairing.planning.pair import best_pairing, pair
from pairing.planning.pairing import Pairing
from pairing.planning.random_pairings import RandomPairings, random_pairings
from pairing.planning.repairs.repair import repair, repair_within
from pairing.planning.repairs.repaired import Repair
from pairing.planning.repairs.standby import Standby, standby
from pairing.planning.robustness import Robustness, assess_robustness
from pairing.planning.rounds import Round, Rounds, plan_rounds
from pairing.planning.rule_price import RulePrice, rule_prices
from pairing.planning.side.side_constraints import (
    HostGroup,
    LinearConstraint,
    MaxPairsOver,
    MaxPairsPer,
    MaxTotal,
    MinPairsAcross,
    SideConstraint,
)
from pairing.planning.side.side_infeasible import SideConstraintsError
from pairing.planning.sweeping.tradeoff import tradeoff
from pairing.planning.sweeping.tradeoff_rows import TradeOff
from pairing.planning.triad import WithTriad, pairing_with_triad
from pairing.planning.unpaired import Unpaired

__all__ = [
    "Alteration",
    "Alternatives",
    "Diagnosis",
    "Fairest",
    "Flex",
    "HostGroup",
    "LinearConstraint",
    "MaxPairsOver",
    "MaxPairsPer",
    "MaxTotal",
    "MinPairsAcross",
    "NextBest",
    "NoFullPairingError",
    "Objective",
    "Ordered",
    "Overview",
    "PairCard",
    "PairExplanation",
    "Pairing",
    "RandomPairings",
    "Repair",
    "Robustness",
    "Round",
    "Rounds",
    "RulePrice",
    "SideConstraint",
    "SideConstraintsError",
    "Standby",
    "TeamExplanation",
    "TradeOff",
    "Unpaired",
    "WithTriad",
    "alternatives",
    "assess_robustness",
    "best_pairing",
    "diagnose",
    "drawn_teams",
    "fairest_pairing",
    "named_pairs",
    "next_best_partners",
    "ordered_pairing",
    "pair",
    "pairing_with_triad",
    "plan_rounds",
    "random_pairings",
    "repair",
    "repair_within",
    "rule_prices",
    "standby",
    "table_from_now_on",
    "tradeoff",
]
