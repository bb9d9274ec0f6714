"""Settings of the lottery and its analysis that cannot stand together, or lack each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pairing.programme.lottery_settings import AnalysisSettings, LotterySettings

_USED_BY = {
    "intervention_pairs": ("pair-then-draw", "draw-then-pair", "stratified"),
    "intervention_teams": ("simple",),
    "strata": ("stratified",),
    "intervention_per_stratum": ("stratified",),
    "reserves": ("pair-then-draw", "simple"),
}
_NEEDED_BY = {
    "pair-then-draw": "intervention_pairs",
    "draw-then-pair": "intervention_pairs",
    "simple": "intervention_teams",
    "stratified": "strata",
}


def lottery_contradictions(lottery: LotterySettings) -> Iterator[Problem]:
    """Find what is missing or superfluous for the design, and weights of nothing."""
    needed = _NEEDED_BY.get(lottery.design)
    if needed is not None and getattr(lottery, needed) is None:
        yield Problem(f"the design '{lottery.design}' needs this key", column=f"lottery.{needed}")
    for key, designs in _USED_BY.items():
        if getattr(lottery, key) and lottery.design not in designs:
            yield Problem(
                f"has no meaning for the design '{lottery.design}'",
                column=f"lottery.{key}",
                expected=f"the key only with {' or '.join(designs)}",
            )
    yield from _of_strata(lottery)
    yield from _of_weights(lottery)


def analysis_contradictions(analysis: AnalysisSettings) -> Iterator[Problem]:
    """Find a primary outcome that is none of the outcomes, and a correlation without what it belongs to."""
    if analysis.primary is not None and analysis.outcomes and analysis.primary not in analysis.outcomes:
        yield Problem(
            "is primary but not among the outcomes",
            column="analysis.primary",
            value=analysis.primary,
            advice=did_you_mean(analysis.primary, analysis.outcomes),
        )
    if analysis.pair_correlation and analysis.outcome_sd is None:
        yield Problem(
            "is of use only with outcome_sd, for the smallest effect that can be detected",
            column="analysis.pair_correlation",
        )


def _of_strata(lottery: LotterySettings) -> Iterator[Problem]:
    if lottery.design != "stratified":
        return
    if (lottery.intervention_pairs is None) == (not lottery.intervention_per_stratum):
        yield Problem(
            "a stratified lottery needs either intervention_pairs, shared out in proportion, or "
            "intervention_per_stratum",
            column="lottery",
        )


def _of_weights(lottery: LotterySettings) -> Iterator[Problem]:
    if lottery.balance_weights and not lottery.balance_on:
        yield Problem("there is nothing to weigh without balance_on", column="lottery.balance_weights")
