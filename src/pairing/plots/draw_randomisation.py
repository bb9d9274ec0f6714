"""The randomisation distribution: the observed effect among those of all draws if there were none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.inference import Analysis
from pairing.inference.inversion import extremeness
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable
from pairing.plots.palette import COLOURS, INK, NORMAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pairing.inference.effect import Effect
    from pairing.inference.plan import Alternative

_TIE = 1e-9


def randomisation_distribution(
    analysis: Analysis | Effect,
    outcome: str | None = None,
    *,
    adjusted: bool = False,
    alternative: Alternative | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Show where the observed effect lies among those of all draws that could have happened.

    Parameters
    ----------
    analysis : Analysis or Effect
        The analysis, or one of its effects.
    outcome : str, optional
        Which outcome of an analysis; by default the plan's primary one, else the first.
    adjusted : bool
        Whether to show the analysis that is adjusted for covariates.
    alternative : {"two-sided", "greater", "less"}, optional
        What counts as extreme; by default what the plan of the analysis says, and "two-sided" for an effect.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        A histogram weighted by the draws' probabilities; the part at least as extreme as observed, which
        adds up to the p-value, is dark.

    Raises
    ------
    InputDataError
        If there is no such effect.

    Examples
    --------
    >>> import pandas as pd
    >>> from pairing import analyse, simple, uniform_lottery
    >>> from pairing.plots.canvas import blank_axes
    >>> teams = [f"T{number}" for number in range(8)]
    >>> lottery = uniform_lottery(simple(8, 4), teams, [(team,) for team in teams])
    >>> rates = pd.DataFrame({"rate": [5.0, 6, 7, 8, 1, 2, 3, 4]}, index=teams)
    >>> ax = randomisation_distribution(analyse(lottery, teams[:4], rates), ax=blank_axes())
    >>> ax.get_xlabel()
    'effect on rate if the intervention had none'
    """
    if isinstance(analysis, Analysis):
        effect = _effect(analysis, outcome, adjusted=adjusted)
        alternative = alternative or analysis.plan.alternative
    else:
        effect = analysis
    return draw_randomisation_distribution(axes_or_new(ax, 6.4, 3.6), effect, alternative or "two-sided")


def draw_randomisation_distribution(ax: Axes, effect: Effect, alternative: Alternative = "two-sided") -> Axes:
    """Draw the randomisation distribution of one effect.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    effect : Effect
        The effect.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme.

    Returns
    -------
    matplotlib.axes.Axes
    """
    null, weights = effect.null_estimates, effect.weights
    known = np.isfinite(null)
    extreme = extreme_draws(effect, alternative)
    largest = float(np.abs(np.append(null[known], effect.estimate)).max()) or 1.0
    bins = np.linspace(-1.02 * largest, 1.02 * largest, 62).tolist()
    parts = [known & ~extreme, known & extreme]
    ax.hist(
        [null[part] for part in parts],
        bins=bins,
        weights=[100 * weights[part] for part in parts],
        stacked=True,
        color=[COLOURS["sky blue"], COLOURS["vermillion"]],
        edgecolor="white",
        linewidth=0.4,
        label=["less extreme than observed", f"as extreme or more: p = {effect.p_value:.3g}"],
    )
    ax.axvline(
        effect.estimate, color=INK, linewidth=2, label=f"observed: {effect.estimate:.3g}", gid="observed"
    )
    if alternative == "two-sided":
        ax.axvline(-effect.estimate, color=INK, linewidth=1, linestyle="--", gid="mirrored")
    ax.set_xlim(bins[0], bins[-1])
    ax.locator_params(axis="x", nbins=7)
    ax.set_ylim(0, 1.1 * ax.get_ylim()[1])
    adjusted = ", adjusted" if effect.adjusted_for else ""
    tidy(ax, x=f"effect on {drawable(effect.outcome)} if the intervention had none{adjusted}", y="chance (%)")
    ax.xaxis.label.set_parse_math(False)
    add_legend(
        ax,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        borderpad=0,
        borderaxespad=0.4,
        fontsize=NORMAL - 1,
    )
    return ax


def extreme_draws(effect: Effect, alternative: Alternative) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which draws show an effect at least as extreme as the observed one: the p-value is their weight.

    Parameters
    ----------
    effect : Effect
        The effect.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme.

    Returns
    -------
    ndarray of bool, shape (S,)
    """
    found = extremeness(effect.null_estimates, alternative)
    own = float(extremeness(np.array([effect.estimate]), alternative)[0])
    finite = effect.null_estimates[np.isfinite(effect.null_estimates)]
    tolerance = _TIE * float(np.abs(np.append(finite, effect.estimate)).max())
    extreme: np.ndarray[tuple[int], np.dtype[np.bool_]] = found >= own - tolerance
    return extreme


def _effect(analysis: Analysis, outcome: str | None, *, adjusted: bool) -> Effect:
    wanted = outcome or analysis.plan.primary
    for effect in analysis.effects:
        if bool(effect.adjusted_for) == adjusted and wanted in (None, effect.outcome):
            return effect
    known = ", ".join(dict.fromkeys(effect.outcome for effect in analysis.effects))
    what = "adjusted effect" if adjusted else "effect"
    raise InputDataError(
        [Problem(f"there is no {what} on this outcome", value=wanted, expected=f"one of {known}")]
    )
