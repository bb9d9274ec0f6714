"""The result of an analysis: one effect an outcome, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.shown import show_facts, show_result, show_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pairing.inference.plan import AnalysisPlan


@dataclass(frozen=True, eq=False)
class Effect:
    """The estimated effect of the intervention on one outcome.

    Parameters
    ----------
    outcome : str
        Column of the outcomes.
    n_teams, n_units : int
        Teams and units analysed.
    estimate, low, high : float
        Effect and its confidence limits, in units of the outcome; a limit may be infinite.
    p_value : float
        Randomisation p-value of no effect on any unit.
    p_studentised : float
        The same with the studentised difference of unit means, which also holds approximately when effects
        differ between units; NaN where it cannot be computed or is not meant (adjusted analyses).
    p_family : float
        p-value adjusted for the number of outcomes (Westfall and Young); NaN with one outcome.
    adjusted_for : tuple of str
        Baseline covariates; empty for none.
    design : str
        Kind of lottery.
    exact : bool
        Whether all possible draws were used, rather than a sample.
    n_draws : int
        Draws used.
    smallest_p : float
        The smallest p-value that was attainable with the draw that happened.
    null_estimates : ndarray of float, shape (S,)
        The statistic of every draw if there were no effect, on the scale of the estimate.
    weights : ndarray of float, shape (S,)
        Probability of every draw.
    notes : tuple of str
        What was left out, in words.
    """

    outcome: str
    n_teams: int
    n_units: int
    estimate: float
    low: float
    high: float
    p_value: float
    p_studentised: float
    p_family: float
    adjusted_for: tuple[str, ...]
    design: str
    exact: bool
    n_draws: int
    smallest_p: float
    null_estimates: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)
    notes: tuple[str, ...] = ()

    def sentence(self, alpha: float) -> str:
        """Say the result in one line."""
        adjusted = f", adjusted for {', '.join(self.adjusted_for)}" if self.adjusted_for else ""
        extra = "" if np.isnan(self.p_family) else f", {self.p_family:.3g} for the family of outcomes"
        interval = f"{100 * (1 - alpha):g}% interval {self.low:.4g} to {self.high:.4g}"
        p_values = f"p = {self.p_value:.3g}{extra}"
        return f"{self.outcome}{adjusted}: {self.estimate:.4g} ({interval}), {p_values}, {self.n_teams} teams"

    def _repr_html_(self) -> str:
        facts = {
            "estimate": f"{self.estimate:.4g}",
            "interval": f"{self.low:.4g} to {self.high:.4g}",
            "p-value": f"{self.p_value:.3g}",
            "smallest p-value that was attainable": f"{self.smallest_p:.3g}",
            "adjusted for": ", ".join(self.adjusted_for) or "nothing",
            "teams, units": f"{self.n_teams:,}, {self.n_units:,}",
            "draws": f"{self.n_draws:,}, {'all that can happen' if self.exact else 'a sample'}",
        }
        return show_result("Effect", "\n".join([self.outcome, *self.notes]), show_facts(facts, "The effect"))


@dataclass(frozen=True, eq=False)
class Analysis:
    """All effects of an analysis, with what they mean.

    Parameters
    ----------
    effects : tuple of Effect
        Unadjusted effects in the order of the outcomes, then adjusted ones if there are covariates.
    plan : AnalysisPlan
        What was asked for.
    estimand : str
        What is estimated, in words.
    """

    effects: tuple[Effect, ...]
    plan: AnalysisPlan
    estimand: str

    def to_frame(self) -> pd.DataFrame:
        """Give one row an effect: the columns of `effects.csv`."""
        import pandas as pd

        return pd.DataFrame(
            {
                "outcome": [effect.outcome for effect in self.effects],
                "n": [effect.n_teams for effect in self.effects],
                "estimate": [effect.estimate for effect in self.effects],
                "low": [effect.low for effect in self.effects],
                "high": [effect.high for effect in self.effects],
                "p_value": [effect.p_value for effect in self.effects],
                "adjusted_for": ["; ".join(effect.adjusted_for) for effect in self.effects],
                "design": [effect.design for effect in self.effects],
            }
        )

    def details(self) -> pd.DataFrame:
        """Give :meth:`to_frame` with further columns: units, other p-values, draws used, notes."""
        table = self.to_frame()
        table["n_units"] = [effect.n_units for effect in self.effects]
        table["p_studentised"] = [effect.p_studentised for effect in self.effects]
        table["p_family"] = [effect.p_family for effect in self.effects]
        table["smallest_p"] = [effect.smallest_p for effect in self.effects]
        table["n_draws"] = [effect.n_draws for effect in self.effects]
        table["exact"] = [effect.exact for effect in self.effects]
        table["notes"] = ["; ".join(effect.notes) for effect in self.effects]
        return table

    def summary(self) -> str:
        """Say every result in one line, then what it means."""
        lines = [effect.sentence(self.plan.alpha) for effect in self.effects]
        return "\n".join([*lines, "", self.estimand])

    def _repr_html_(self) -> str:
        return show_result("Analysis", self.summary(), show_table(self.to_frame(), "The effects"))
