"""The lottery: the declared design, the pool of draws that can happen, the draw itself, and the balance."""

from pairing.lottery.balance import SameArm, balance_table, same_arm
from pairing.lottery.cautions import lottery_warnings
from pairing.lottery.covariates import Covariates, covariates_of_units
from pairing.lottery.declare import constrained_lottery, draw_then_pair_lottery, uniform_lottery
from pairing.lottery.design import Design, draw_then_pair, matched_pair, pair_then_draw, simple, stratified
from pairing.lottery.draw import Draw, draw_lottery, seed_text
from pairing.lottery.errors import ImpossibleLotteryError
from pairing.lottery.lottery import Lottery
from pairing.lottery.origin import Origin, PossibleDraws
from pairing.lottery.recipe import recipe
from pairing.lottery.record import lottery_differences, lottery_from_record, lottery_record
from pairing.lottery.reserves import Replacement, replace_dropped
from pairing.lottery.significance import check_significance_possible

__all__ = [
    "Covariates",
    "Design",
    "Draw",
    "ImpossibleLotteryError",
    "Lottery",
    "Origin",
    "PossibleDraws",
    "Replacement",
    "SameArm",
    "balance_table",
    "check_significance_possible",
    "constrained_lottery",
    "covariates_of_units",
    "draw_lottery",
    "draw_then_pair",
    "draw_then_pair_lottery",
    "lottery_differences",
    "lottery_from_record",
    "lottery_record",
    "lottery_warnings",
    "matched_pair",
    "pair_then_draw",
    "recipe",
    "replace_dropped",
    "same_arm",
    "seed_text",
    "simple",
    "stratified",
    "uniform_lottery",
]
