"""What the two teams of every pair can teach each other, indicator by indicator, all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS
from pairing.pairs.gain import expected_absolute
from pairing.profiles.intervals import Z_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.pairs import PairModel
    from pairing.planning.visits import Visits
    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

PROBABILITY_DIGITS = 6


@dataclass(frozen=True, eq=False)
class _Lessons:
    """Arrays of shape (pairs, indicators); see :func:`exchange_frame`."""

    difference: Floats
    deviation: Floats
    gain_a: Floats
    gain_b: Floats
    counts: NDArray[np.bool_]

    @classmethod
    def of(cls, profiles: Profiles, first: Indices, second: Indices) -> _Lessons:
        variance = np.einsum("nkk->nk", profiles.covariance)
        difference = profiles.mean[second] - profiles.mean[first]
        spread = variance[first] + variance[second]
        contrast = expected_absolute(difference, spread)
        half = 0.5 * profiles.weights
        usable = np.array(profiles.model.usable)
        return cls(
            difference,
            np.sqrt(spread),
            half * (contrast + difference),
            half * (contrast - difference),
            np.broadcast_to(usable & (profiles.weights > 0), difference.shape),
        )

    @property
    def b_teaches(self) -> NDArray[np.bool_]:
        """Whether team_b has more to teach than team_a."""
        teaches: NDArray[np.bool_] = self.gain_a >= self.gain_b
        return teaches

    def probability_real(self) -> Floats:
        """Posterior probability that the team that seems better truly is."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore", invalid="ignore"):
            b_better = ndtr(self.difference / self.deviation)
        sure = np.where(self.difference == 0, 0.5, self.difference > 0)
        b_better = np.where(self.deviation > 0, b_better, sure)
        return np.where(self.b_teaches, b_better, 1.0 - b_better)

    def order(self) -> Indices:
        """Flat positions: for each pair its indicators, most to learn first, those that do not count last."""
        most = np.maximum(self.gain_a, self.gain_b).round(VALUE_DIGITS)
        pair, place = np.indices(most.shape)
        order: Indices = np.lexsort((place.ravel(), -most.ravel(), ~self.counts.ravel(), pair.ravel()))
        return order


def exchange_frame(model: PairModel, visits: Visits) -> pd.DataFrame:
    """Tabulate what the teams of every pair can teach each other with the columns of ``exchange.csv``.

    Parameters
    ----------
    model : PairModel
        How pairs are valued.
    visits : Visits
        The pairs, and every two teams of a group of three.

    Returns
    -------
    pandas.DataFrame
        One row a pair and indicator, pairs in the order of ``pairs.csv``, the indicators from which most can
        be learned first: ``pair_id, team_a, team_b, indicator, teacher, difference, difference_low,
        difference_high, probability_real, gain_a, gain_b``. Differences (b minus a, with their 95% posterior
        interval) and gains in between-team SD; the gains of a pair add up to those in ``pairs.csv``. Blank
        where teams do not really differ on the indicator; without a teacher also where it has no weight.
    """
    first, second, profiles = visits.first, visits.second, model.profiles
    lessons = _Lessons.of(profiles, first, second)
    usable = np.broadcast_to(np.array(profiles.model.usable), lessons.difference.shape)
    ids = np.array(model.cohort.ids, dtype=object)
    a, b = (np.repeat(ids[ends], usable.shape[1]) for ends in (first, second))
    half = Z_95 * lessons.deviation
    names = [indicator.column for indicator in model.cohort.indicators]

    def shown(values: Floats, digits: int = VALUE_DIGITS) -> Floats:
        return np.where(usable, values, np.nan).ravel().round(digits)

    teacher = np.where(lessons.b_teaches.ravel(), b, a)
    return (
        pd.DataFrame(
            {
                "pair_id": np.repeat(np.array(visits.pair_ids, dtype=object), usable.shape[1]),
                "team_a": a,
                "team_b": b,
                "indicator": names * len(first),
                "teacher": pd.Series(teacher).where(lessons.counts.ravel(), None),
                "difference": shown(lessons.difference),
                "difference_low": shown(lessons.difference - half),
                "difference_high": shown(lessons.difference + half),
                "probability_real": shown(lessons.probability_real(), PROBABILITY_DIGITS),
                "gain_a": lessons.gain_a.ravel().round(VALUE_DIGITS),
                "gain_b": lessons.gain_b.ravel().round(VALUE_DIGITS),
            }
        )
        .iloc[lessons.order()]
        .reset_index(drop=True)
    )
