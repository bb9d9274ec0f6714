"""The analysis plan that a programme declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.inference import AnalysisPlan, minimum_detectable_effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.inference import Detectable
    from pairing.lottery import Lottery
    from pairing.programme import AnalysisSettings


def analysis_plan(settings: AnalysisSettings, adjust_for: Sequence[str]) -> AnalysisPlan:
    """Make the plan of `[analysis]`.

    Parameters
    ----------
    settings : AnalysisSettings
        The settings.
    adjust_for : sequence of str
        The columns that its `adjust_for` stands for, so that the plan is explicit.
    """
    return AnalysisPlan(
        outcomes=settings.outcomes,
        primary=settings.primary,
        alpha=settings.alpha,
        alternative=settings.alternative,
        adjust_for=tuple(adjust_for),
        missing_outcomes=settings.missing_outcomes,
    )


def detectable(settings: AnalysisSettings, lottery: Lottery, seed: int) -> Detectable | None:
    """Find the smallest effect that the lottery detects, if the outcome's standard deviation is declared."""
    if settings.outcome_sd is None:
        return None
    return minimum_detectable_effect(
        lottery,
        sd=settings.outcome_sd,
        pair_correlation=settings.pair_correlation,
        alpha=settings.alpha,
        alternative=settings.alternative,
        seed=seed,
    )
