"""Other profiles that the teams may really have, and what every pair is worth under them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.pairs import VALUE_SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.pairs import PairTable
    from pairing.planning.pairing import Pairing

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PairList:
    """Pairs of teams with what their values lose whatever is drawn.

    Parameters
    ----------
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair.
    penalty : ndarray of float, shape (m,)
        What declared preferences take off the gain, in between-team SD.
    """

    first: Indices
    second: Indices
    penalty: Floats

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, eq=False)
class Draw:
    """What pairs are worth under one draw.

    Parameters
    ----------
    candidates, plan : ndarray of int, shapes (m,) and (k,)
        Values of the candidate pairs and of the plan's pairs, in units of ``1 / VALUE_SCALE``.
    candidates_permitted, plan_permitted : ndarray of bool, shapes (m,) and (k,)
        Which of them the rules permit under this draw.
    """

    candidates: Indices
    plan: Indices
    candidates_permitted: Flags
    plan_permitted: Flags


@dataclass(frozen=True, eq=False)
class Redraw(ABC):
    """A way to draw other profiles; small enough to be sent to another process.

    Parameters
    ----------
    n_teams : int
        Number of teams.
    candidates : PairList
        Pairs that a draw may permit, m of them.
    plan : PairList
        The k pairs of the plan.
    """

    n_teams: int
    candidates: PairList
    plan: PairList

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> Draw:
        """Draw once.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where the numbers come from; they are used team by team in the cohort's order.
        """


@dataclass(frozen=True, eq=False)
class PosteriorRedraw(Redraw):
    """Draws of the teams' true profiles from their posterior.

    Parameters
    ----------
    mean : ndarray of float, shape (n, K)
        Posterior means of the indicators that count.
    root : ndarray of float, shape (n, K, K)
        Symmetric square roots of the posterior covariances.
    weights : ndarray of float, shape (K,)
        Weights of those indicators.
    """

    mean: Floats = field(repr=False)
    root: Floats = field(repr=False)
    weights: Floats = field(repr=False)

    @classmethod
    def of(cls, pairing: Pairing) -> PosteriorRedraw:
        """Prepare the draws for a plan; indicators that are not usable or have no weight play no part."""
        profiles, table = pairing.profiles, pairing.table
        counts = np.flatnonzero(np.array(profiles.model.usable) & (profiles.weights > 0))
        covariance = profiles.covariance[:, counts[:, None], counts]
        return cls(
            n_teams=len(pairing.cohort),
            candidates=declared_penalties(pairing, *beside_triad(pairing, table)),
            plan=declared_penalties(pairing, pairing.pairs[:, 0], pairing.pairs[:, 1]),
            mean=profiles.mean[:, counts],
            root=symmetric_root(covariance),
            weights=profiles.weights[counts],
        )

    def draw(self, rng: np.random.Generator) -> Draw:
        """Draw profiles and value the pairs; rules are about published estimates and stay as they are."""
        theta = self.profiles(rng)
        return Draw(
            candidates=self._values(theta, self.candidates),
            plan=self._values(theta, self.plan),
            candidates_permitted=np.ones(len(self.candidates), np.bool_),
            plan_permitted=np.ones(len(self.plan), np.bool_),
        )

    def profiles(self, rng: np.random.Generator) -> Floats:
        """Draw a true profile for each team, shape (n, K), independently of the other teams'."""
        theta: Floats = self.mean + np.einsum("nab,nb->na", self.root, rng.standard_normal(self.mean.shape))
        return theta

    def _values(self, theta: Floats, pairs: PairList) -> Indices:
        gain = reciprocal_gain(theta, self.weights, pairs.first, pairs.second)
        return whole_units(gain - pairs.penalty)


def reciprocal_gain(theta: Floats, weights: Floats, first: Indices, second: Indices) -> Floats:
    """What each of two teams can at least learn from the other when their profiles are known.

    Parameters
    ----------
    theta : ndarray of float, shape (n, K)
        Profiles, higher is better.
    weights : ndarray of float, shape (K,)
        Weights of the indicators.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair.

    Returns
    -------
    ndarray of float, shape (m,)
        ``½ (Σ w |Δ| − |Σ w Δ|)``.

    Examples
    --------
    >>> theta = np.array([[1.0, 0.0], [0.0, 3.0], [2.0, 2.0]])
    >>> reciprocal_gain(theta, np.array([0.5, 0.5]), np.array([0, 0]), np.array([1, 2])).tolist()
    [0.5, 0.0]
    """
    contrast, level = np.zeros(len(first)), np.zeros(len(theta))
    for k, weight in enumerate(weights):  # sums in a fixed order, whatever library multiplies matrices
        contrast += weight * np.abs(theta[second, k] - theta[first, k])
        level += weight * theta[:, k]
    gain: Floats = 0.5 * (contrast - np.abs(level[second] - level[first]))
    return gain


def symmetric_root(covariance: Floats) -> Floats:
    """Square roots of covariances, shape (n, K, K); singular ones too.

    Of all roots the symmetric one is taken because there is only one: a draw is then the same, but for
    rounding, on every machine. Eigenvectors alone could come with either sign.
    """
    variances, directions = np.linalg.eigh(covariance)
    root: Floats = np.einsum("nak,nk,nbk->nab", directions, np.sqrt(np.maximum(variances, 0.0)), directions)
    return root


def whole_units(value: Floats) -> Indices:
    """Round values to the integers that the engine works on, as the pairs of a plan are rounded."""
    integers: Indices = np.rint(value * VALUE_SCALE).astype(np.int64)
    return integers


def beside_triad(pairing: Pairing, table: PairTable) -> tuple[Indices, Indices]:
    """The pairs of a table without those of teams in the plan's group of three, which stays as it is."""
    group = np.array(pairing.triad or (), np.int64)
    free = np.logical_not(np.isin(table.first, group) | np.isin(table.second, group))
    return table.first[free], table.second[free]


def declared_penalties(pairing: Pairing, first: Indices, second: Indices) -> PairList:
    """Pairs with the penalties of the plan's own preferences and published levels."""
    model = pairing.table.model
    penalty = np.nan_to_num(model.preferences.penalty(model.facts.pairs(first, second)))
    return PairList(first, second, penalty)
