"""The stored parameters: round trip, and what cannot be a model."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.errors import InputDataError
from pairing.profiles import Heterogeneity, ProfileModel, estimate_profiles

Maker = Callable[..., Cohort]


@pytest.fixture(scope="module")
def stored() -> dict[str, object]:
    """A small model of two indicators, one of which is not usable, as its dictionary."""
    return ProfileModel(
        indicators=("a", "b"),
        usable=(True, False),
        mean=np.array([0.5, -0.2]),
        covariance=np.array([[0.01, 0.0], [0.0, 0.0]]),
        pooled=np.array([0.5, np.nan]),
        heterogeneity=(Heterogeneity(30.0, 9, 0.0004), Heterogeneity(8.0, 9, 0.53)),
        log_likelihood=12.5,
        n_iterations=6,
        converged=True,
        dispersion=1.0,
    ).to_dict()


def test_json_round_trip_keeps_every_bit(audit_cohort: Maker) -> None:
    """What run.json stores is what verify reloads."""
    model = estimate_profiles(audit_cohort()).model
    again = ProfileModel.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again.to_dict() == model.to_dict()
    assert np.array_equal(again.covariance, model.covariance)


def test_blank_pooled_proportions_become_null_and_back(stored: dict[str, object]) -> None:
    """JSON has no NaN."""
    assert stored["pooled"] == [0.5, None]
    assert "NaN" not in json.dumps(stored)
    assert np.isnan(ProfileModel.from_dict(stored).pooled[1])


def test_sd_is_zero_for_unusable_indicators(stored: dict[str, object]) -> None:
    """The square root of the diagonal."""
    assert ProfileModel.from_dict(stored).sd == pytest.approx([0.1, 0.0])


def test_arrays_cannot_be_written_to(stored: dict[str, object]) -> None:
    """A model is frozen, its arrays too."""
    model = ProfileModel.from_dict(stored)
    with pytest.raises(ValueError, match="read-only"):
        model.mean[0] = 1.0


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("mean", [0.5]),
        ("mean", [0.5, float("inf")]),
        ("mean", ["high", 0.1]),
        ("mean", None),
        ("covariance", [[0.01, 0.0]]),
        ("covariance", [[0.01, 0.001], [0.0, 0.0]]),
        ("covariance", [[0.0, 0.0], [0.0, 0.0]]),
        ("covariance", [[0.01, 0.0], [0.0, 0.02]]),
        ("covariance", 3),
        ("usable", [True]),
        ("usable", [1, 0]),
        ("pooled", [1.5, None]),
        ("pooled", []),
        ("heterogeneity", []),
        ("heterogeneity", [{"q": 1.0}, {"q": 2.0}]),
        ("heterogeneity", [{"q": -1.0, "degrees_of_freedom": 9, "p_value": 0.5}] * 2),
        ("heterogeneity", "none"),
        ("log_likelihood", None),
        ("log_likelihood", float("nan")),
        ("n_iterations", "many"),
        ("converged", "yes"),
        ("dispersion", 0.0),
        ("indicators", 5),
    ],
)
def test_what_cannot_be_a_model_is_refused(stored: dict[str, object], part: str, value: object) -> None:
    """A tampered run.json is an input error, never a traceback from the arithmetic."""
    with pytest.raises(InputDataError, match="profile model"):
        ProfileModel.from_dict({**stored, part: value})


@pytest.mark.parametrize("part", ["indicators", "mean", "covariance", "dispersion", "heterogeneity"])
def test_missing_parts_are_refused(stored: dict[str, object], part: str) -> None:
    """Every part is needed."""
    with pytest.raises(InputDataError, match=part):
        ProfileModel.from_dict({name: value for name, value in stored.items() if name != part})


def test_a_lopsided_covariance_is_refused(audit_cohort: Maker) -> None:
    """By one part in a thousand, on one side of the diagonal."""
    model = estimate_profiles(audit_cohort()).model
    covariance = model.covariance.copy()
    covariance[0, 1] *= 1.001
    with pytest.raises(InputDataError, match="not symmetric"):
        dataclasses.replace(model, covariance=covariance)


def test_a_covariance_that_no_teams_can_have_is_refused(audit_cohort: Maker) -> None:
    """Correlations above 1 are caught although the matrix is symmetric."""
    model = estimate_profiles(audit_cohort()).model
    covariance = model.covariance.copy()
    covariance[0, 1] = covariance[1, 0] = 2 * model.sd[0] * model.sd[1]
    with pytest.raises(InputDataError, match="no set of teams"):
        dataclasses.replace(model, covariance=covariance)
