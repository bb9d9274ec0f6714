"""The restricted likelihood of a between-team covariance, with its gradient and curvature.

Team i's observed estimates are normal about the mean μ with covariance Σ + diag(s²_i); what was not
observed of it is integrated out by leaving out its rows and columns. All teams are worked on at once: a
missing indicator keeps its place in the K×K arrays, as a row and column of zeros in the precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Estimates made ready for batched linear algebra.

    Parameters
    ----------
    values : ndarray of float, shape (n, K)
        Estimates, 0 where missing.
    variances : ndarray of float, shape (n, K)
        Sampling variances, 1 where missing.
    both : ndarray of float, shape (n, K, K)
        1 where both indicators of an entry are observed, else 0.
    """

    values: Array
    variances: Array
    both: Array

    @classmethod
    def of(cls, values: Array, variances: Array) -> Evidence:
        """Make it from arrays of shape (n, K) with NaN where missing."""
        observed = ~np.isnan(values)
        both = observed[:, :, None] & observed[:, None, :]
        return cls(
            values=np.where(observed, values, 0.0),
            variances=np.where(observed, variances, 1.0),
            both=both.astype(np.float64),
        )

    @property
    def n_values(self) -> int:
        """How many estimates there are in all."""
        return int(np.trace(self.both.sum(axis=0)))


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The restricted log-likelihood at one covariance, and what its derivatives need.

    Parameters
    ----------
    value : float
        Restricted log-likelihood.
    mean : ndarray of float, shape (K,)
        The best mean given the covariance.
    mean_covariance : ndarray of float, shape (K, K)
        Sampling covariance of that mean.
    precision : ndarray of float, shape (n, K, K)
        (Σ + diag s²_i)⁻¹, zero where an indicator is missing.
    residual : ndarray of float, shape (n, K)
        The precision times the deviation from the mean.
    """

    value: float
    mean: Array
    mean_covariance: Array
    precision: Array
    residual: Array

    def gradient(self) -> Array:
        """Give the derivative with respect to each entry of the covariance, shape (K, K)."""
        spread: Array = self.residual.T @ self.residual - self.precision.sum(axis=0)
        slope: Array = 0.5 * (spread + self._from_mean().sum(axis=0))
        return slope

    def curvature(self) -> Array:
        """Give the second derivatives, shape (K², K²), for symmetric directions laid out row by row.

        Notes
        -----
        With P the precision of all data less what the mean takes, and directions D and E, it is
        ½ tr(P D P E) − y'P D P E P y, gathered so that the sum over teams is two matrix products.
        """
        n, k, _ = self.precision.shape
        flat = self.precision.reshape(n, k * k)
        outer = self.residual[:, :, None] * self.residual[:, None, :]
        left = (0.5 * self.precision - self._from_mean() - outer).reshape(n, k * k)
        own = (left.T @ flat).reshape(k, k, k, k).transpose(1, 2, 3, 0).reshape(k * k, k * k)
        shift = (flat.T @ flat).reshape(k, k, k, k).transpose(0, 3, 1, 2).reshape(k * k, k * k)
        pull = (flat.T @ self.residual).reshape(k, k * k)
        twice = np.kron(self.mean_covariance, self.mean_covariance)
        shared = 0.5 * shift.T @ twice @ shift + pull.T @ self.mean_covariance @ pull
        total = own + shared
        return 0.5 * (total + total.T)

    def whitening(self) -> Array:
        """Give the root R of the average team's total covariance, shape (K, K), lower triangular."""
        return np.linalg.cholesky(self.precision.shape[0] * self.mean_covariance)

    def seen_from(self, basis: Array) -> Likelihood:
        """Express everything in other coordinates: what was θ becomes basis⁻¹ θ.

        Parameters
        ----------
        basis : ndarray of float, shape (K, K)
            An invertible matrix. With :meth:`whitening` the derivatives are of order 1 in every direction,
            however precise the observations are.

        Returns
        -------
        Likelihood
            The same point; its gradient and curvature are with respect to basis⁻¹ Σ basis⁻¹'.
        """
        inverse = np.linalg.inv(basis)
        return Likelihood(
            value=self.value,
            mean=inverse @ self.mean,
            mean_covariance=inverse @ self.mean_covariance @ inverse.T,
            precision=basis.T @ self.precision @ basis,
            residual=self.residual @ basis,
        )

    def _from_mean(self) -> Array:
        """What each team's precision loses because the mean is estimated too, shape (n, K, K)."""
        return self.precision @ self.mean_covariance @ self.precision


def precisions(covariance: Array, evidence: Evidence) -> Array:
    """Invert every team's total covariance, zero where an indicator is missing.

    Parameters
    ----------
    covariance : ndarray of float, shape (K, K)
        Between-team covariance, positive semi-definite.
    evidence : Evidence
        Estimates of n teams.

    Returns
    -------
    ndarray of float, shape (n, K, K)
        The precisions.
    """
    inverse = np.linalg.inv(_totals(covariance, evidence))
    return 0.5 * (inverse + inverse.transpose(0, 2, 1)) * evidence.both


def restricted_likelihood(covariance: Array, evidence: Evidence) -> Likelihood:
    """Evaluate the restricted log-likelihood of a between-team covariance.

    Parameters
    ----------
    covariance : ndarray of float, shape (K, K)
        Between-team covariance, positive semi-definite.
    evidence : Evidence
        Estimates of n teams; every indicator observed at least once.

    Returns
    -------
    Likelihood
        Value −½ [(N − K) log 2π + Σ log|V_i| + log|Σ V_i⁻¹| + Σ (y_i − μ)' V_i⁻¹ (y_i − μ)] and the rest.

    References
    ----------
    .. [1] Patterson and Thompson (1971), "Recovery of inter-block information when block sizes are
       unequal", Biometrika 58(3).
    """
    _, log_determinants = np.linalg.slogdet(_totals(covariance, evidence))
    precision = precisions(covariance, evidence)
    information = precision.sum(axis=0)
    mean_covariance = np.linalg.inv(information)
    weighted = np.einsum("nab,nb->na", precision, evidence.values)
    mean = mean_covariance @ weighted.sum(axis=0)
    residual = weighted - precision @ mean
    freedom = evidence.n_values - mean.size
    penalty = (
        freedom * np.log(2 * np.pi)
        + log_determinants.sum()
        + np.linalg.slogdet(information)[1]
        + np.sum(residual * evidence.values)
    )
    return Likelihood(-0.5 * float(penalty), mean, mean_covariance, precision, residual)


def _totals(covariance: Array, evidence: Evidence) -> Array:
    """Between-team plus sampling covariance of every team, with 1 on the diagonal where missing."""
    totals = covariance * evidence.both
    index = np.arange(covariance.shape[0])
    totals[:, index, index] += evidence.variances
    return totals
