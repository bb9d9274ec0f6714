"""Profiles as people and the rest of the package see them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.errors import InputDataError, SettingsError
from pairing.profiles import estimate_profiles, profiles_from_model

Maker = Callable[..., Cohort]


def test_stored_parameters_give_the_same_profiles(audit_cohort: Maker) -> None:
    """Bit for bit, without a fit."""
    cohort = audit_cohort()
    fitted = estimate_profiles(cohort)
    again = profiles_from_model(cohort, fitted.model)
    assert np.array_equal(again.mean, fitted.mean)
    assert np.array_equal(again.covariance, fitted.covariance)
    assert again.notes == fitted.notes


def test_a_model_of_other_indicators_is_refused(audit_cohort: Maker, drawn_cohort: Maker) -> None:
    """With both lists in the message."""
    model = estimate_profiles(drawn_cohort(1, 20, 2)).model
    with pytest.raises(InputDataError, match="x0, x1"):
        profiles_from_model(audit_cohort(), model)


def test_dispersion_is_recorded_and_used_again(audit_cohort: Maker) -> None:
    """More sampling variance shrinks more; profiles from the model repeat it."""
    cohort = audit_cohort()
    plain, wide = estimate_profiles(cohort), estimate_profiles(cohort, dispersion=1.5)
    assert wide.model.dispersion == 1.5
    assert np.all(wide.model.sd < plain.model.sd)
    assert np.array_equal(profiles_from_model(cohort, wide.model).mean, wide.mean)


def test_the_audits_shape_and_units(audit_cohort: Maker) -> None:
    """Positive is better, one between-team SD the unit."""
    profiles = estimate_profiles(audit_cohort())
    assert profiles.mean.shape == (120, 7)
    assert profiles.covariance.shape == (120, 7, 7)
    spread = profiles.mean.var(axis=0) + np.einsum("nkk->k", profiles.covariance) / 120
    assert spread == pytest.approx(np.ones(7), abs=0.2)
    assert profiles.n_observed.min() == 3


def test_turning_an_indicator_turns_its_profile(rate_cohort: Maker) -> None:
    """With lower_is_better the low team is the good one."""
    rates = [[0.1], [0.3], [0.6]]
    good = estimate_profiles(rate_cohort(rates, 50))
    bad = estimate_profiles(rate_cohort(rates, 50, higher_is_better=False))
    assert bad.mean == pytest.approx(-good.mean)
    assert bad.to_frame()["value"].tolist() == [0.1, 0.3, 0.6]
    assert bad.indicator_frame()["mean"].tolist() == pytest.approx(good.indicator_frame()["mean"].tolist())


def _reweighted(cohort: Cohort, weights: list[float]) -> Cohort:
    indicators = [
        dataclasses.replace(each, weight=weight)
        for each, weight in zip(cohort.indicators, weights, strict=True)
    ]
    return dataclasses.replace(cohort, indicators=tuple(indicators))


def test_level_is_the_weighted_mean_and_its_variance_follows(drawn_cohort: Maker) -> None:
    """Weights are scaled to sum to 1; the variance uses the whole covariance."""
    profiles = estimate_profiles(_reweighted(drawn_cohort(3, 20, 3), [2.0, 1.0, 1.0]))
    weights = np.array([0.5, 0.25, 0.25])
    assert profiles.weights == pytest.approx(weights)
    assert profiles.level == pytest.approx(profiles.mean @ weights)
    assert profiles.level_variance[4] == pytest.approx(weights @ profiles.covariance[4] @ weights)


def test_weights_of_unusable_indicators_are_not_handed_on(normal_cohort: Maker) -> None:
    """A null indicator keeps its weight, and its level is 0."""
    rng = np.random.default_rng(8)
    values = np.column_stack([3 * rng.normal(size=30), 0.1 * rng.normal(size=30)])
    profiles = estimate_profiles(normal_cohort(values, 1.0))
    assert profiles.model.usable == (True, False)
    assert profiles.weights.tolist() == [0.5, 0.5]
    assert profiles.level == pytest.approx(0.5 * profiles.mean[:, 0])
    assert any("'x1' shows no differences" in note and "not handed on" in note for note in profiles.notes)


def test_huge_and_tiny_weights_scale_without_overflow(drawn_cohort: Maker) -> None:
    """Only their proportions matter."""
    profiles = estimate_profiles(_reweighted(drawn_cohort(3, 20, 2), [1e308, 1e308]))
    assert profiles.weights.tolist() == [0.5, 0.5]


def test_no_weight_at_all_is_refused(drawn_cohort: Maker) -> None:
    """Nothing to pair on is a mistake in the settings."""
    with pytest.raises(SettingsError, match="weight"):
        estimate_profiles(_reweighted(drawn_cohort(3, 20, 2), [0.0, 0.0]))


def test_profiles_without_any_usable_indicator_are_zero_and_say_so(normal_cohort: Maker) -> None:
    """Refusing is left to planning."""
    profiles = estimate_profiles(normal_cohort(np.zeros((10, 2)), 1.0))
    assert not profiles.mean.any()
    assert not profiles.covariance.any()
    assert any("nothing to pair on" in note for note in profiles.notes)


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_teams_have_empty_profiles(normal_cohort: Maker, n: int) -> None:
    """Refusing such a cohort is left to those who read it."""
    profiles = estimate_profiles(normal_cohort(np.ones((n, 2)), 1.0))
    assert profiles.mean.shape == (n, 2)
    assert profiles.model.usable == (False, False)


def test_an_indicator_with_one_observation_is_not_usable(normal_cohort: Maker) -> None:
    """One team cannot differ from itself."""
    values = np.column_stack([np.arange(12.0), np.full(12, np.nan)])
    values[3, 1] = 5.0
    assert estimate_profiles(normal_cohort(values, 1.0)).model.usable == (True, False)


def test_notes_name_capped_rates_outliers_and_gaps(audit_cohort: Maker) -> None:
    """The audit has all three."""
    notes = estimate_profiles(audit_cohort()).notes
    assert any("George Eliot" in note or "Team RLT" in note for note in notes if "capped" in note)
    assert any("RGT (-7" in note and "seen_by_nurse_specialist" in note for note in notes)
    assert any("3 of 7 indicators observed" in note for note in notes)


def test_a_team_without_any_observation_is_reported(normal_cohort: Maker) -> None:
    """Never silently average."""
    values = np.vstack([np.arange(20.0).reshape(10, 2), [[np.nan, np.nan]]])
    notes = estimate_profiles(normal_cohort(values, 1.0)).notes
    assert any("Team T00010: none of 2 indicators" in note for note in notes)


def test_half_observed_is_not_reported(normal_cohort: Maker) -> None:
    """Most means more than half missing."""
    values = np.arange(20.0).reshape(10, 2)
    values[0, 0] = np.nan
    assert estimate_profiles(normal_cohort(values, 1.0)).notes == ()


def test_frame_has_one_row_a_team_and_indicator(audit_cohort: Maker) -> None:
    """Tidy, in the cohort's order, with the observed values as they stood."""
    cohort = audit_cohort()
    frame = estimate_profiles(cohort).to_frame()
    assert frame.columns.tolist() == [
        "team", "indicator", "label", "value", "standard_error", "mean", "sd", "usable",
    ]  # fmt: skip
    assert len(frame) == 120 * 7
    first = frame[frame["team"] == cohort.ids[5]]["value"].to_numpy()
    np.testing.assert_array_equal(first, cohort.observations.values[5, :])  # an array


def test_summary_and_html_tell_the_same_and_escape_names(rate_cohort: Maker) -> None:
    """A label is data: it cannot become markup, neither in the table nor in a note."""
    cohort = rate_cohort([[0.3], [0.3], [0.3]], 50, label="<b>bold</b>")
    profiles = estimate_profiles(cohort)
    assert "Profiles of 3 teams on 0 usable of 1 indicators." in profiles.summary()
    assert any("<b>bold</b>" in note for note in profiles.notes)
    assert "<b>bold" not in profiles._repr_html_()
    assert "audited year" in profiles.summary()
    assert "audited year" in profiles._repr_html_()


def test_result_arrays_cannot_be_written_to(drawn_cohort: Maker) -> None:
    """Later stages cannot change earlier ones."""
    profiles = estimate_profiles(drawn_cohort(3, 20, 2))
    for array in (profiles.mean, profiles.covariance, profiles.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_profiles_and_their_model_are_shown_in_one_line(audit_cohort: Maker) -> None:
    """In a notebook or a traceback nobody wants 120 arrays."""
    profiles = estimate_profiles(audit_cohort())
    assert repr(profiles) == "Profiles(120 teams, 7 indicators, 7 usable)"
    assert repr(profiles.model) == "ProfileModel(7 indicators, 7 usable)"
