"""The lottery's balance scores beside those of draws without constraint, with the drawn set marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError
from pairing.lottery.score import balance_score
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.palette import COLOURS, INK, NORMAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from pairing.lottery import Covariates, Draw, Lottery

    Floats = NDArray[np.float64]


def balance_distribution(
    lottery: Lottery,
    covariates: Covariates,
    drawn: Draw | None = None,
    *,
    n_draws: int = 10_000,
    seed: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Show how balanced the draws of a lottery are.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    covariates : Covariates
        What to score balance by, for the lottery's units in its order: those that it was constrained by, or
        others.
    drawn : Draw, optional
        The draw, once it is made.
    n_draws : int
        Draws without constraint to compare with, at least 1.
    seed : int
        Seed of those draws. It decides nothing but the picture.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        Two histograms of the balance score, 0 being perfect balance: draws without constraint, and those of
        the lottery weighted by their tickets; and a line at the drawn set.

    Raises
    ------
    SettingsError
        If `n_draws` or `seed` is out of range, or the covariates cannot be scored.

    References
    ----------
    Raab and Butcher (2001), "Balance in cluster randomized trials", Statistics in Medicine 20(3).

    Examples
    --------
    >>> from pairing import covariates_of_units, simple, uniform_lottery
    >>> from pairing.plots.canvas import blank_axes
    >>> units = [f"T{number}" for number in range(10)]
    >>> lottery = uniform_lottery(simple(10, 5), units, [(unit,) for unit in units])
    >>> size = covariates_of_units({"size": range(10)}, units, lottery.members)
    >>> balance_distribution(lottery, size, n_draws=100, ax=blank_axes()).get_xlabel()
    'balance score (0 = arms exactly alike)'
    """
    problems = [
        Problem("is out of range", column=name, value=str(value), expected=expected)
        for name, value, least, expected in (
            ("n_draws", n_draws, 1, "at least 1"),
            ("seed", seed, 0, "at least 0"),
        )
        if value < least
    ]
    if problems:
        raise SettingsError(problems)
    score = balance_score(covariates, lottery.design)
    free = score.of_draws(lottery.design.sample(np.random.default_rng(seed), n_draws))
    kept = None if lottery.draws is None else score.of_draws(lottery.draws)
    own = None if drawn is None else float(score.of_draws(drawn.row()[None, :])[0])
    weights = None if lottery.tickets is None else lottery.tickets / lottery.n_tickets
    return draw_balance_distribution(axes_or_new(ax, 6.4, 3.6), free, kept, weights, own)


def draw_balance_distribution(
    ax: Axes, free: Floats, kept: Floats | None, weights: Floats | None, drawn: float | None
) -> Axes:
    """Draw balance scores; those that are no number are left out.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    free : ndarray of float, shape (n,)
        Scores of draws without constraint.
    kept : ndarray of float, shape (S,), optional
        Scores of the lottery's draws.
    weights : ndarray of float, shape (S,), optional
        Their probabilities; by default equal.
    drawn : float, optional
        Score of the drawn set.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If there are no scores.
    """
    if drawn is not None and not np.isfinite(drawn):
        drawn = None
    marks = [] if drawn is None else [drawn]
    everything = np.concatenate([free, *([] if kept is None else [kept]), marks])
    known = everything[np.isfinite(everything)]
    if known.size == 0:
        raise InputDataError([Problem("there are no balance scores to show")])
    edges, logarithmic = _edges(known)
    _histogram(ax, free, None, edges, ("draws without constraint", COLOURS["sky blue"], "free"))
    if kept is not None:
        style = (f"draws of this lottery ({len(kept):,})", COLOURS["blue"], "kept")
        _histogram(ax, kept, weights, edges, style)
    if logarithmic:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(_plain_number)
    ax.set_ylim(0, 1.15 * ax.get_ylim()[1])
    if drawn is not None:
        ax.axvline(
            max(drawn, float(edges[0])), color=INK, linewidth=2, label=f"drawn: {drawn:.3g}", gid="drawn"
        )
    tidy(ax, x="balance score (0 = arms exactly alike)", y="share of draws (%)")
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


def _edges(scores: Floats) -> tuple[Floats, bool]:
    """Bins for all scores; by powers of ten if they are all above 0 and differ by much."""
    low, high = float(scores.min()), float(scores.max())
    if low > 0 and high > 20 * low:
        # The least scores are rare and would stretch the axis: what is below the first bin counts in it.
        start = max(low, float(np.quantile(scores, 0.0005)) / 2)
        return np.geomspace(start, 1.0001 * high, 50), True
    return np.linspace(low, high if high > low else low + 1.0, 50), False


def _histogram(
    ax: Axes, scores: Floats, weights: Floats | None, edges: Floats, style: tuple[str, str, str]
) -> None:
    label, colour, gid = style
    shares = np.full(len(scores), 1 / max(len(scores), 1)) if weights is None else weights
    known = np.isfinite(scores)
    ax.hist(
        np.maximum(scores[known], edges[0]),
        bins=edges.tolist(),
        weights=100 * shares[known],
        color=colour,
        histtype="stepfilled",
        alpha=0.85,
        edgecolor="white",
        linewidth=0.5,
        label=label,
        gid=gid,
    )


def _plain_number(value: float, _: float) -> str:
    return f"{value:g}"
