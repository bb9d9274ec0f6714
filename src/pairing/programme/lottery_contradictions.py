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
TEAM_COLUMN = "team"
"""Column of a table of outcomes that says whose they are."""

_NEEDED_BY = {
    "pair-then-draw": "intervention_pairs",
    "draw-then-pair": "intervention_pairs",
    "simple": "intervention_teams",
    "stratified": "strata",
}


def lottery_contradictions(lottery: LotterySettings) -> Iterator[Problem]:
    """Find what is missing or superfluous for the design, and settings of a balance that there is not."""
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
    yield from _of_balance(lottery)


def analysis_contradictions(analysis: AnalysisSettings) -> Iterator[Problem]:
    """Find outcomes that cannot be analysed, and a correlation without what it belongs to."""
    if analysis.primary is not None and analysis.outcomes and analysis.primary not in analysis.outcomes:
        yield Problem(
            "is primary but not among the outcomes",
            column="analysis.primary",
            value=analysis.primary,
            advice=did_you_mean(analysis.primary, analysis.outcomes),
        )
    yield from _of_outcomes(analysis)
    if analysis.pair_correlation and analysis.outcome_sd is None:
        yield Problem(
            "is of use only with outcome_sd, for the smallest effect that can be detected",
            column="analysis.pair_correlation",
        )


def _of_outcomes(analysis: AnalysisSettings) -> Iterator[Problem]:
    for name in sorted({name for name in analysis.outcomes if analysis.outcomes.count(name) > 1}):
        yield Problem("is named twice", column="analysis.outcomes", value=name)
    for key, names in (("outcomes", analysis.outcomes), ("primary", (analysis.primary,))):
        if TEAM_COLUMN in names:
            yield Problem(
                "is the column with the ids of the teams in a table of outcomes, and no outcome",
                column=f"analysis.{key}",
                value=TEAM_COLUMN,
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


def _of_balance(lottery: LotterySettings) -> Iterator[Problem]:
    if lottery.balance_on:
        return
    if lottery.balance_weights:
        yield Problem("there is nothing to weigh without balance_on", column="lottery.balance_weights")
    if lottery.design == "draw-then-pair":
        return
    for key in ("candidates", "keep"):
        if getattr(lottery, key) != type(lottery).model_fields[key].default:
            yield Problem(
                "has no effect without balance_on: every draw of the design is equally likely",
                column=f"lottery.{key}",
                advice="Declare balance_on, or leave this key out.",
            )
