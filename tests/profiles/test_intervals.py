"""95% intervals of published values: Wilson's for plain rates, the profiles' variances for the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from pairing.cohort import Cohort, Indicator, Observations
from pairing.profiles import estimate_profiles
from pairing.profiles.intervals import Z_95, rate_intervals, wilson_interval


def test_wilson_is_scipys() -> None:
    """For whole numbers of patients the limits are those of SciPy's binomial test."""
    for with_it, patients in [(0, 9), (3, 10), (40, 40), (17, 230)]:
        right = binomtest(with_it, patients).proportion_ci(method="wilson")
        low, high = wilson_interval(np.array([with_it / patients]), np.array([float(patients)]))
        assert (low[0], high[0]) == pytest.approx((right.low, right.high), abs=1e-12)
    assert pytest.approx(norm.ppf(0.975)) == Z_95


def cohort_of(indicator: Indicator, **observed: list[float]) -> Cohort:
    """Teams with one indicator."""
    n = len(observed["values"])
    names = ("values", "denominators", "standard_errors", "unadjusted")
    columns = [np.array(observed.get(name, [np.nan] * n)).reshape(n, 1) for name in names]
    ids = tuple("ABCDEFGH"[:n])
    return Cohort(ids, ids, (indicator,), Observations(*columns))


RATES = [0.0, 0.2, 0.5, 0.9, np.nan]
PATIENTS = [9.0, 50.0, 80.0, 70.0, np.nan]


def test_a_rate_has_wilsons_interval_and_a_blank_none() -> None:
    """Within 0 and 1 even for a rate of 0."""
    cohort = cohort_of(Indicator("k", denominator="n"), values=RATES, denominators=PATIENTS)
    low, high = rate_intervals(cohort, estimate_profiles(cohort))
    right = wilson_interval(np.array(RATES[:4]), np.array(PATIENTS[:4]))
    assert low[:4, 0] == pytest.approx(right[0])
    assert high[:4, 0] == pytest.approx(right[1])
    assert (low[0, 0], np.isnan(low[4, 0]), np.isnan(high[4, 0])) == (0.0, True, True)
    assert 0.25 < high[0, 0] < 0.35


def test_dispersion_widens_it() -> None:
    """Every sampling variance is multiplied by it: as if there were so many times fewer patients."""
    cohort = cohort_of(Indicator("k", denominator="n"), values=RATES, denominators=PATIENTS)
    _, high = rate_intervals(cohort, estimate_profiles(cohort, dispersion=2.0))
    assert high[1, 0] == pytest.approx(wilson_interval(np.array([0.2]), np.array([25.0]))[1][0])


def test_an_adjusted_rate_uses_the_variance_of_the_profiles() -> None:
    """Value and 1.96 standard errors to either side, cut off at 0 and 1."""
    indicator = Indicator("k", denominator="n", unadjusted="raw")
    cohort = cohort_of(
        indicator,
        values=[0.02, 0.3, 0.6, 0.97],
        denominators=[20.0, 90, 80, 15],
        unadjusted=[0.05, 0.25, 0.5, 0.9],
    )
    profiles = estimate_profiles(cohort)
    low, high = rate_intervals(cohort, profiles)
    error = np.sqrt(profiles.measurements.variances[:, 0])
    assert (high[1, 0] - 0.3) == pytest.approx(Z_95 * error[1])
    assert (0.3 - low[1, 0]) == pytest.approx(Z_95 * error[1])
    assert (low[0, 0], high[3, 0]) == (0.0, 1.0)


def test_a_number_has_its_standard_error() -> None:
    """Below 0 and above 1 alike."""
    indicator = Indicator("days", standard_error="se", unit="number", higher_is_better=False)
    cohort = cohort_of(indicator, values=[-3.0, 12.0, 30.0], standard_errors=[1.0, 2.0, 1.5])
    low, high = rate_intervals(cohort, estimate_profiles(cohort))
    assert low[:, 0] == pytest.approx([-3 - Z_95, 12 - 2 * Z_95, 30 - 1.5 * Z_95])
    assert high[:, 0] == pytest.approx([-3 + Z_95, 12 + 2 * Z_95, 30 + 1.5 * Z_95])
