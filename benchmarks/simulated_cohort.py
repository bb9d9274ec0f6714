"""Cohorts of any size that look like the bundled audit: synthetic, for timing only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pairing.cohort import Cohort, Observations
from pairing.data import load_audit
from pairing.profiles import estimate_profiles


def simulated_cohort(n: int, seed: int) -> Cohort:
    """Draw n teams from the model fitted to the audit, scattered around real places.

    Parameters
    ----------
    n : int
        Number of teams.
    seed : int
        Fixes every number drawn.

    Returns
    -------
    Cohort
        Binomial counts with real denominators, sizes within 20% of real ones, places within some 30 km of
        real ones, and the network of the real team.
    """
    rng = np.random.default_rng([seed, n])
    audit = load_audit()
    model = estimate_profiles(audit).model
    like = rng.integers(0, len(audit), n)
    rates = np.clip(rng.multivariate_normal(model.mean, model.covariance, n), 0.01, 0.99)
    denominators = audit.observations.denominators[like]
    published = np.isfinite(denominators)
    counts = rng.binomial(np.where(published, denominators, 0).astype(int), rates)
    values = np.where(published, counts / np.where(published, denominators, 1.0), np.nan)
    unknown = np.full_like(values, np.nan)
    ids = tuple(f"S{number:06d}" for number in range(n))
    alliance = np.array(audit.text("cancer_alliance"), dtype=object)[like]
    return Cohort(
        ids=ids,
        names=ids,
        indicators=audit.indicators,
        observations=Observations(values, denominators, unknown, unknown),
        size=np.round(_of(audit.size)[like] * rng.uniform(0.8, 1.25, n)),
        latitude=_of(audit.latitude)[like] + rng.normal(0.0, 0.3, n),
        longitude=_of(audit.longitude)[like] + rng.normal(0.0, 0.4, n),
        table=pd.DataFrame({"cancer_alliance": alliance}, index=pd.Index(ids)),
    )


def _of(values: np.ndarray | None) -> np.ndarray:
    if values is None:
        message = "the audit has sizes and places"
        raise ValueError(message)
    return values
