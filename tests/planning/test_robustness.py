"""Redrawing against slow enumeration, the exact promise, moments, order, workers, and stopping."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    Indicator,
    InputDataError,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    Preferences,
    Require,
    Robustness,
    SettingsError,
    cohort_from_frame,
    estimate_profiles,
    load_audit,
    pair,
)
from pairing.cohort import Observations
from pairing.matching import solve
from pairing.pairs import PairTable
from pairing.planning.objective import Objective
from pairing.planning.robustness.assess import Method
from pairing.planning.robustness.recount import CountsRedraw
from pairing.planning.robustness.redraw import PosteriorRedraw, symmetric_root
from pairing.planning.robustness.resolve import Resolved
from pairing.planning.triad import pairing_with_triad
from pairing.profiles import profiles_from_model

MakeCohort = Callable[..., Cohort]
Match = frozenset[tuple[int, int]]


def same(one: Robustness, other: Robustness) -> bool:
    """Whether two results are the same to the last bit."""
    names = ("numbers", "partner", "best", "plan_values", "plan_permitted")
    return all(np.array_equal(getattr(one.resolved, name), getattr(other.resolved, name)) for name in names)


def all_matchings(free: tuple[int, ...], value: dict[tuple[int, int], float]) -> list[Match]:
    """Every matching of some teams, by enumeration."""
    if len(free) < 2:
        return [frozenset()]
    head, rest = free[0], free[1:]
    found = all_matchings(rest, value)
    for other in rest:
        if (head, other) in value:
            left = tuple(team for team in rest if team != other)
            found += [match | {(head, other)} for match in all_matchings(left, value)]
    return found


def slow_value(theta: np.ndarray, weights: np.ndarray, one: int, other: int) -> float:
    """What two teams with known profiles can at least learn from each other: the smaller of the two gains."""
    ahead = [theta[other, k] - theta[one, k] for k in range(len(weights))]
    to_learn = sum(weight * max(0.0, step) for weight, step in zip(weights, ahead, strict=True))
    to_teach = sum(weight * max(0.0, -step) for weight, step in zip(weights, ahead, strict=True))
    return min(to_learn, to_teach)


def slow_root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric root, by singular values."""
    left, sizes, _ = np.linalg.svd(covariance)
    return left @ np.diag(np.sqrt(sizes)) @ left.T


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(3, 8),
    cohort_seed=st.integers(0, 5_000),
    seed=st.integers(0, 2**40),
    km=st.floats(0, 200),
    travel=st.sampled_from([0.0, 0.1, 2.0]),
)
def test_draws_equal_a_slow_loop(
    make_cohort: MakeCohort, n: int, cohort_seed: int, seed: int, km: float, travel: float
) -> None:
    """Totals, regret and shares are those of enumeration with the same random numbers."""
    cohort = make_cohort(n, cohort_seed)
    profiles = estimate_profiles(cohort)
    used = np.flatnonzero(profiles.model.usable)
    assume(len(used) > 1)
    plan = pair(
        cohort,
        [MinDistance(km), MaxLevelGap(1.5)],
        preferences=Preferences(travel_per_100_km=travel),
        allow_unpaired=True,
        profiles=profiles,
    )
    assume(len(plan.pairs) > 0)
    n_draws = 6
    found = plan.robustness(n_draws, seed=seed)
    block = plan.table.model.facts.pairs(plan.table.first, plan.table.second)
    lost = dict(
        zip(
            zip(block.first.tolist(), block.second.tolist(), strict=True),
            travel * block.distance_km / 100,
            strict=True,
        )
    )
    mine = frozenset(map(tuple, plan.pairs.tolist()))
    stayed: dict[tuple[int, int], int] = dict.fromkeys(mine, 0)
    unique = True
    for row, child in enumerate(np.random.SeedSequence(seed).spawn(n_draws)):
        noise = np.random.default_rng(child).standard_normal((n, len(used)))
        covariances = profiles.covariance[:, used[:, None], used]
        theta = np.array(
            [
                profiles.mean[i, used] + slow_root(covariance) @ noise[i]
                for i, covariance in enumerate(covariances)
            ]
        )
        value = {ends: slow_value(theta, profiles.weights[used], *ends) - off for ends, off in lost.items()}
        ranked = sorted(
            (
                (len(match), sum(value[ends] for ends in match), match)
                for match in all_matchings(tuple(range(n)), value)
            ),
            key=lambda entry: entry[:2],
            reverse=True,
        )
        most, best, match = ranked[0]
        assert found.n_pairs[row] == most
        assert found.best_total[row] == pytest.approx(best, abs=1e-6)
        assert found.plan_total[row] == pytest.approx(sum(value[ends] for ends in mine), abs=1e-6)
        assert found.regret[row] == pytest.approx(found.best_total[row] - found.plan_total[row], abs=1e-12)
        assert found.regret[row] >= 0
        unique &= len(ranked) == 1 or ranked[1][0] < most or ranked[1][1] < best - 1e-6
        for ends in mine & match:
            stayed[ends] += 1
    if unique:
        assert (found.stays * n_draws).round(9).tolist() == [
            stayed[tuple(ends)] for ends in plan.pairs.tolist()
        ]


def test_the_promise_comes_true_under_the_posterior(make_cohort: MakeCohort) -> None:
    """E[r] is exact: means over draws are the promised values, in total and pair by pair."""
    plan = pair(
        make_cohort(16, seed=4),
        [MinDistance(60)],
        preferences=Preferences(travel_per_100_km=0.05, level_gap=0.3),
    )
    found = plan.robustness(1_500, seed=11)
    error = found.plan_total.std(ddof=1) / np.sqrt(found.n_draws)
    assert abs(found.plan_total.mean() - plan.total_value) < 3.5 * error
    values = found.resolved.plan_values / 1e9
    errors = values.std(axis=0, ddof=1) / np.sqrt(found.n_draws)
    assert (np.abs(values.mean(axis=0) - plan.scored.value) < 4 * errors).all()
    assert (errors < 0.02).all()  # fine enough to notice a wrong formula


def test_draws_have_the_posterior_moments(make_cohort: MakeCohort) -> None:
    """Means and full covariances of drawn profiles are those of the posterior, and teams are independent."""
    plan = pair(make_cohort(6, seed=12))
    redraw = PosteriorRedraw.of(plan)
    rng = np.random.default_rng(5)
    drawn = np.array([redraw.profiles(rng) for _ in range(20_000)])
    used = np.flatnonzero(plan.profiles.model.usable)
    assert drawn.mean(axis=0) == pytest.approx(plan.profiles.mean[:, used], abs=0.03)
    for team in range(6):
        expected = plan.profiles.covariance[team][np.ix_(used, used)]
        assert np.cov(drawn[:, team].T) == pytest.approx(expected, abs=0.02)
    assert np.abs(np.corrcoef(drawn[:, 0, 0], drawn[:, 1, 0])[0, 1]) < 0.03
    assert np.abs(plan.profiles.covariance[0][np.ix_(used, used)] - np.diag(np.diag(expected))).max() > 0.02


def test_roots_are_symmetric_and_singular_covariances_have_one() -> None:
    """The root squares to the covariance, and there is only one such root."""
    factor = np.random.default_rng(1).standard_normal((5, 3, 2))
    covariance = factor @ factor.transpose(0, 2, 1)  # of rank 2
    root = symmetric_root(covariance)
    assert root @ root == pytest.approx(covariance, abs=1e-12)
    assert root == pytest.approx(root.transpose(0, 2, 1), abs=1e-14)
    assert np.linalg.eigvalsh(root).min() > -1e-7


def frame_of(cohort: Cohort) -> pd.DataFrame:
    """A table from which the cohort can be read again."""
    columns: dict[str, Any] = {"id": cohort.ids, "size": cohort.size}
    for k, indicator in enumerate(cohort.indicators):
        columns[indicator.column] = cohort.to_frame()[indicator.column]
        columns[str(indicator.denominator)] = cohort.observations.denominators[:, k]
    return pd.DataFrame(columns)


@pytest.mark.parametrize("method", ["posterior", "counts"])
def test_row_order_does_not_matter(make_cohort: MakeCohort, method: Method) -> None:
    """Random numbers go to the teams by their ids, so that shuffled rows give the same result."""
    cohort = make_cohort(14, seed=9)
    frame = frame_of(cohort)
    shuffled = frame.sample(frac=1, random_state=3)
    assert shuffled["id"].tolist() != frame["id"].tolist()
    results = [
        pair(
            cohort_from_frame(table, id="id", size="size", indicators=cohort.indicators),
            [MaxSizeRatio(4), MaxLevelGap(1)],
            allow_unpaired=True,
        ).robustness(12, seed=0, method=method)
        for table in (frame, shuffled)
    ]
    assert same(*results)
    assert results[0].teams_frame().equals(results[1].teams_frame())


class Backwards(Executor):
    """An executor that works off the last task first, in this process."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[..., Any], tuple[object, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        """Take a task; do all of them once the last has come."""
        assert not kwargs
        future: Future[Any] = Future()
        self.waiting.append((future, fn, args))
        if len(self.waiting) == 5:
            for later, work, given in reversed(self.waiting):
                later.set_running_or_notify_cancel()
                later.set_result(work(*given))
        return future


@pytest.mark.parametrize("method", ["posterior", "counts"])
def test_no_executor_changes_a_bit(make_cohort: MakeCohort, method: Method) -> None:
    """The process itself, threads, processes, and tasks done in the opposite order give the same bits."""
    plan = pair(make_cohort(16, seed=2), [MaxLevelGap(0.8)], allow_unpaired=True)
    alone = plan.robustness(23, seed=6, method=method)
    assert alone.n_draws == 23
    with ThreadPoolExecutor(3) as threads:
        assert same(alone, plan.robustness(23, seed=6, method=method, executor=threads))
    with ProcessPoolExecutor(2) as processes:
        assert same(alone, plan.robustness(23, seed=6, method=method, executor=processes))
    assert same(alone, plan.robustness(23, seed=6, method=method, executor=Backwards()))
    assert not same(alone, plan.robustness(23, seed=7, method=method))


def test_fewer_draws_are_the_first_of_more(make_cohort: MakeCohort) -> None:
    """Draw number 7 is the same however many are made."""
    plan = pair(make_cohort(12, seed=1))
    few, many = plan.robustness(7, seed=0), plan.robustness(20, seed=0)
    assert np.array_equal(few.resolved.partner, many.resolved.partner[:7])
    assert np.array_equal(few.resolved.best, many.resolved.best[:7])


def test_cancelling_keeps_what_was_done(make_cohort: MakeCohort) -> None:
    """A callback that says stop leaves the finished draws, labelled as fewer than asked for."""
    plan = pair(make_cohort(12, seed=1))
    told: list[tuple[int, int]] = []
    found = plan.robustness(
        50, seed=0, progress=lambda *state: told.append(state), cancelled=lambda: len(told) == 4
    )
    assert told == [(1, 50), (2, 50), (3, 50), (4, 50)]
    assert (found.n_draws, found.n_asked, found.is_complete) == (4, 50, False)
    assert found.summary().startswith("Stopped early: 4 of 50 draws were finished")
    assert same(found, plan.robustness(4, seed=0))
    assert plan.robustness(4, seed=0).is_complete
    assert "Stopped" not in plan.robustness(4, seed=0).summary()


def test_cancelling_cancels_what_has_not_begun(make_cohort: MakeCohort) -> None:
    """Tasks that wait in an executor are not worked off after the end."""
    plan = pair(make_cohort(12, seed=1))
    with ThreadPoolExecutor(1) as threads:
        futures: list[Future[Any]] = []

        class Remembering(Executor):
            """Hands tasks on and remembers them."""

            def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
                """Hand on."""
                futures.append(threads.submit(fn, *args, **kwargs))
                return futures[-1]

        found = plan.robustness(2_000, seed=0, executor=Remembering(), cancelled=lambda: True)
        assert 1 <= found.n_draws < 2_000
        assert len(futures) == 256  # of 400 tasks
        assert sum(future.cancelled() for future in futures) > 200


@pytest.mark.parametrize("threads", [None, 2])
def test_ctrl_c_keeps_what_was_done(make_cohort: MakeCohort, threads: int | None) -> None:
    """An interrupt after the first draw ends the work and loses nothing that was finished."""
    plan = pair(make_cohort(12, seed=1))

    def press(done: int, total: int) -> None:
        assert total == 60
        if done >= 10:
            raise KeyboardInterrupt

    if threads is None:
        found = plan.robustness(60, seed=0, progress=press)
        assert found.n_draws == 10
        return
    with ThreadPoolExecutor(threads) as executor:
        found = plan.robustness(60, seed=0, progress=press, executor=executor)
    assert found.n_draws == 10
    assert not found.is_complete


def test_ctrl_c_before_anything_is_done_is_an_interrupt(
    make_cohort: MakeCohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no draw to report on there is no result."""
    plan = pair(make_cohort(12, seed=1))

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PosteriorRedraw, "draw", pressed)
    with pytest.raises(KeyboardInterrupt):
        plan.robustness(5, seed=0)


def test_indicators_that_do_not_count_play_no_part(make_cohort: MakeCohort) -> None:
    """Whatever is known of an indicator without weight or real differences, draws are the same."""
    cohort = make_cohort(14, seed=3, n_indicators=5)
    indicators = (replace(cohort.indicators[0], weight=0.0), *cohort.indicators[1:])
    values = np.array(cohort.observations.values)
    values[:, 1] = 0.5  # no differences at all
    values[0, 1] = 0.51
    seen = replace(cohort.observations, values=values)
    profiles = estimate_profiles(replace(cohort, indicators=indicators, observations=seen))
    assert profiles.model.usable[0]
    assert not profiles.model.usable[1]
    mean, covariance = profiles.mean.copy(), profiles.covariance.copy()
    mean[:, 0] += 5.0
    covariance[:, 0, 0] *= 2.0
    scrambled = replace(profiles, mean=mean, covariance=covariance)
    one, other = (pair(cohort, profiles=each).robustness(10, seed=0) for each in (profiles, scrambled))
    assert PosteriorRedraw.of(one.pairing).mean.shape == (14, 3)
    assert same(one, other)


def counted_cohort(n: int, seed: int) -> Cohort:
    """Teams with every kind of indicator: plain, adjusted, lower is better, with a standard error, gaps."""
    rng = np.random.default_rng(seed)
    patients = rng.integers(80, 400, (n, 4)).astype(float)
    rates = np.clip(rng.normal([0.5, 0.4, 0.3, 0.6], 0.1, (n, 4)), 0.05, 0.95)
    raw = rng.binomial(patients.astype(int), rates) / patients
    case_mix = rng.uniform(0.8, 1.25, n)
    values, unadjusted = raw.copy(), np.full((n, 4), np.nan)
    unadjusted[:, 1], values[:, 1] = raw[:, 1], raw[:, 1] / case_mix
    errors = np.full((n, 4), np.nan)
    errors[:, 3], patients[:, 3] = rng.uniform(0.02, 0.05, n), np.nan
    for array in (values, patients, unadjusted):
        array[0, 2] = np.nan
    return Cohort(
        ids=tuple(f"T{number:02d}" for number in range(n)),
        names=tuple(f"T{number:02d}" for number in range(n)),
        indicators=(
            Indicator("plain", denominator="plain_n"),
            Indicator("adjusted", denominator="adjusted_n", unadjusted="adjusted_raw"),
            Indicator("harm", denominator="harm_n", higher_is_better=False),
            Indicator("score", standard_error="score_se"),
        ),
        observations=Observations(values, patients, errors, unadjusted),
    )


def case_mix_of(cohort: Cohort) -> np.ndarray:
    """Unadjusted over adjusted rate of the indicator that is adjusted."""
    return cohort.observations.unadjusted[:, 1] / cohort.to_frame()["adjusted"].to_numpy()


def test_an_audit_that_finds_the_same_again_changes_nothing() -> None:
    """Profiles from the published estimates, by the arithmetic of redrawing, are the published profiles."""
    plan = pair(counted_cohort(14, seed=2))
    redraw, profiles = CountsRedraw.of(plan), plan.profiles
    assert all(profiles.model.usable)
    estimates = profiles.measurements.values  # noqa: PD011  # an array
    published = (estimates - profiles.model.mean) / profiles.model.sd
    assert redraw.profiles(published) == pytest.approx(profiles.mean, abs=1e-10)


def test_a_second_audit_gives_the_profiles_that_it_would_give() -> None:
    """New estimates written into a cohort, and profiles from the kept model, agree with the redrawn ones."""
    cohort = counted_cohort(14, seed=2)
    plan = pair(cohort)
    redraw, model = CountsRedraw.of(plan), plan.profiles.model
    estimates = redraw.recount.draw(np.random.default_rng(3))
    assert np.isnan(estimates[0, 2])
    found = (model.mean + model.sd * estimates) * np.array([1, 1, -1, 1])
    whole = found[:, 0] * cohort.observations.denominators[:, 0]
    assert whole == pytest.approx(whole.round(), abs=1e-6)  # they are counts
    old = cohort.observations
    unadjusted = np.array(old.unadjusted)
    unadjusted[:, 1] = found[:, 1] * case_mix_of(cohort)
    again = replace(cohort, observations=replace(old, values=found, unadjusted=unadjusted))
    expected = profiles_from_model(again, model)
    assert redraw.profiles(estimates) == pytest.approx(expected.mean, abs=1e-9)
    assert plan.profiles.covariance == pytest.approx(expected.covariance, abs=1e-9)


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_a_second_audit_varies_as_audits_do(dispersion: float) -> None:
    """Estimates have mean the posterior mean, and the variance of the true rate plus that of counting."""
    cohort = counted_cohort(14, seed=2)
    plan = pair(cohort, dispersion=dispersion)
    profiles, model = plan.profiles, plan.profiles.model
    recount = CountsRedraw.of(plan).recount
    rng = np.random.default_rng(8)
    drawn = np.array([recount.draw(rng) for _ in range(6_000)]) * model.sd
    true = model.sd * profiles.mean
    assert drawn.mean(axis=0)[1:] == pytest.approx(true[1:], abs=0.006)
    spread = model.sd**2 * np.einsum("nkk->nk", profiles.covariance)
    sign, seen = np.array([1, 1, -1, 1]), cohort.observations
    ratio = np.ones((14, 4))
    ratio[:, 1] = case_mix_of(cohort)
    rate = sign * (model.mean + true) * ratio
    counting = dispersion * (rate * (1 - rate) - spread * ratio**2) / seen.denominators / ratio**2
    counting[:, 3] = dispersion * seen.standard_errors[:, 3] ** 2
    assert drawn.var(axis=0)[1:] == pytest.approx((spread + counting)[1:], rel=0.1)


def test_new_counts_keep_the_cap_on_the_new_levels(make_cohort: MakeCohort) -> None:
    """The best plan of every draw keeps the cap, a required pair stays, the plan's breaches are counted."""
    cohort = make_cohort(16, seed=2)
    first = pair(cohort, [MaxLevelGap(0.5)], allow_unpaired=True)
    required = tuple(first.cohort.ids[at] for at in first.pairs[0])
    plan = pair(cohort, [MaxLevelGap(0.5), Require((required,))], allow_unpaired=True)
    found = plan.robustness(40, seed=1, method="counts")
    redraw = CountsRedraw.of(plan)
    assert found.stays[plan.pairs[:, 0].tolist().index(first.pairs[0, 0])] == 1.0
    for number, partner in enumerate(found.resolved.partner):
        rng = np.random.default_rng(np.random.SeedSequence(1, spawn_key=(number,)))
        mean = redraw.profiles(redraw.recount.draw(rng))
        level = mean @ redraw.weights
        gaps = np.abs(level - level[partner])[partner >= 0]
        locked = np.isin(np.flatnonzero(partner >= 0), first.pairs[0])
        assert (gaps[~locked] <= 0.5).all()
        apart = np.abs(level[plan.pairs[:, 0]] - level[plan.pairs[:, 1]]) > 0.5
        apart[plan.pairs[:, 0] == first.pairs[0, 0]] = False
        assert found.n_not_permitted[number] == apart.sum()
    assert found.n_not_permitted.max() > 0
    assert "further apart in level than permitted" in found.summary()
    assert plan.robustness(5, seed=1).n_not_permitted.max() == 0


def test_new_counts_are_valued_as_a_plan_on_them_would_be() -> None:
    """The value of every pair under a second audit is that of a table made from its profiles."""
    cohort = counted_cohort(14, seed=2)
    sized = replace(cohort, size=np.arange(100.0, 114.0))
    plan = pair(
        sized,
        [MaxLevelGap(0.7)],
        preferences=Preferences(size_difference=0.2, level_gap=0.4),
        allow_unpaired=True,
    )
    redraw = CountsRedraw.of(plan)
    seed = np.random.SeedSequence(4, spawn_key=(0,))
    drawn = redraw.draw(np.random.default_rng(seed))
    mean = redraw.profiles(redraw.recount.draw(np.random.default_rng(seed)))
    table = PairTable.build(replace(plan.table.model, profiles=replace(plan.profiles, mean=mean)))
    kept = drawn.candidates_permitted
    assert redraw.candidates.first[kept].tolist() == table.first.tolist()
    assert redraw.candidates.second[kept].tolist() == table.second.tolist()
    assert np.abs(drawn.candidates[kept] - table.integers).max() <= 1
    best = solve(table.problem())
    found = plan.robustness(1, seed=4, method="counts")
    assert found.resolved.best[0] == pytest.approx(best.total, abs=len(table))


def by_hand(plan: Pairing, partners: list[list[int]]) -> Robustness:
    """A result with given partners in each draw."""
    n_draws, shape = len(partners), (len(partners), len(plan.pairs))
    resolved = Resolved(
        np.arange(n_draws),
        np.array(partners, np.int32),
        np.full(n_draws, 3_000_000_000),
        np.full(shape, 1_000_000_000),
        np.ones(shape, np.bool_),
    )
    return Robustness(plan, "posterior", 0, n_draws, int(plan.table.integers.max()), resolved)


def test_shares_and_arbitrary_partners_by_hand(make_cohort: MakeCohort) -> None:
    """Four teams, ten draws: shares, standard errors, others in order, and who is arbitrary."""
    many = make_cohort(40, seed=6)
    cohort = many.subset(many.ids[:4])
    plan = pair(cohort, profiles=profiles_from_model(cohort, estimate_profiles(many).model))
    plan = replace(plan, partner=np.array([1, 0, 3, 2]))
    straight, crossed, outer = [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]
    left_out = [-1, 2, 1, -1]
    found = by_hand(plan, [straight] * 3 + [crossed] * 4 + [outer] * 2 + [left_out])
    assert found.stays.tolist() == [0.3, 0.3]
    assert found.to_frame()["stays_error"].tolist() == [round((0.3 * 0.7 / 10) ** 0.5, 6)] * 2
    teams = found.teams_frame().set_index("team")
    assert teams.loc["T000", ["other_1", "other_1_share", "other_2", "other_2_share"]].tolist() == [
        "T002", 0.4, "T003", 0.2,
    ]  # fmt: skip
    assert teams.loc["T000", "unpaired"] == 0.1
    assert teams.loc["T000", "other_3"] is None
    assert teams["n_partners"].tolist() == [3, 3, 3, 3]
    assert teams["arbitrary"].tolist() == [True, True, True, True]
    favoured = by_hand(plan, [straight] * 4 + [crossed] * 3 + [outer] * 3 + [[-1] * 4] * 3)
    assert not favoured.arbitrary.any()  # in less than a third, but more often than any other
    left = by_hand(plan, [straight] * 4 + [crossed] * 3 + [outer] * 2 + [[-1] * 4] * 4)
    assert left.arbitrary.all()  # as often with none
    alone = by_hand(plan, [straight] * 4 + [crossed] * 6)
    assert not alone.arbitrary.any()  # two partners share the team between them
    assert found.regret.tolist() == [1.0] * 10
    assert found.regret_share.tolist() == [pytest.approx(1 / 3)] * 10


@dataclass(frozen=True)
class Furthest(Objective):
    """A plan for long journeys."""

    kind = "furthest"

    def weights(self, table: PairTable, pairs: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Kilometres."""
        block = table.model.facts.pairs(table.first, table.second)
        return np.rint(block.distance_km).astype(np.int64)

    def claim(self) -> str:
        """What is proven."""
        return "no pairing travels further"


def test_another_objective_is_owned_up_to(make_cohort: MakeCohort) -> None:
    """What was solved again is the best total; the output says so, with the price known beforehand."""
    total = pair(make_cohort(20, seed=5))
    objective = Furthest()
    problem = replace(total.table.problem(), weights=objective.weights(total.table, total.pairs))
    solution = solve(problem)
    plan = Pairing(total.table, solution.partner, solution.certificate, objective=objective)
    found = plan.robustness(10, seed=0)
    price = total.total_value - plan.total_value
    assert price > 0
    assert "another objective: no pairing travels further." in found.summary()
    assert f"By the published values the plan has {price:.3f} SD less" in found.summary()
    assert found.to_dict()["objective"] == "furthest"
    assert found.to_dict()["resolved"] == "greatest total value"
    assert (found.regret > 0).all()
    assert "objective" not in total.robustness(10, seed=0).summary()
    edited = replace(total, partner=solution.partner)
    said = edited.robustness(10, seed=0).summary()
    assert f"the plan has {price:.3f} SD less" in said
    assert "another objective" not in said


@pytest.mark.parametrize("method", ["posterior", "counts"])
def test_a_group_of_three_is_kept(make_cohort: MakeCohort, method: Method) -> None:
    """A plan with a group of three is judged by the pairs beside it."""
    plan = pairing_with_triad(pair(make_cohort(15, seed=5), allow_unpaired=True).table)
    assert plan.triad is not None
    found = plan.robustness(20, seed=0, method=method)
    assert (found.resolved.partner[:, plan.triad] == -1).all()
    assert (found.n_pairs == 6).all()
    assert len(found.to_frame()) == 6
    assert found.promised_total == pytest.approx(plan.scored.value.sum())
    assert (found.regret >= 0).all()
    assert "The group of three" in found.summary()
    grouped = found.teams_frame().loc[list(plan.triad)]
    assert not grouped["arbitrary"].any()
    assert (grouped["unpaired"] == 0).all()
    assert "another objective" not in found.summary()
    assert "SD less" not in found.summary()


def test_an_odd_team_out_is_judged_too(make_cohort: MakeCohort) -> None:
    """Whom an odd cohort leaves out can be arbitrary; shares of a team add up to one."""
    plan = pair(make_cohort(15, seed=5), allow_unpaired=True)
    found = plan.robustness(60, seed=0)
    teams = found.teams_frame()
    assert teams["unpaired"].sum() == pytest.approx(1.0)
    out = int(np.flatnonzero(plan.partner < 0)[0])
    assert teams.loc[out, "stays"] == teams.loc[out, "unpaired"]
    assert pd.isna(teams.loc[out, "partner"])
    for team in range(15):
        counts = np.bincount(found.resolved.partner[:, team] + 1, minlength=16)
        assert counts.sum() == 60
        assert teams.loc[team, "stays"] == counts[plan.partner[team] + 1] / 60
        others = np.delete(counts, [0, plan.partner[team] + 1])
        assert teams.loc[team, "other_1_share"] == others.max() / 60
        assert teams.loc[team, "n_partners"] == np.count_nonzero(counts[1:])


def test_every_wrong_argument_is_told_at_once(make_cohort: MakeCohort) -> None:
    """Number, seed and method, each with what was expected."""
    plan = pair(make_cohort(12, seed=1))
    with pytest.raises(SettingsError) as raised:
        plan.robustness(0, seed=-1, method="posteriors")  # type: ignore[arg-type]
    assert [problem.column for problem in raised.value.problems] == ["n_draws", "seed", "method"]
    assert "Did you mean 'posterior'?" in str(raised.value)
    for seed in (None, True, 1.5):
        with pytest.raises(SettingsError, match="seed"):
            plan.robustness(5, seed=seed)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="seed"):
        plan.robustness(5)  # type: ignore[call-arg]


def test_a_plan_without_pairs_is_refused(make_cohort: MakeCohort) -> None:
    """There is nothing to draw anew."""
    plan = pair(make_cohort(12, seed=1), [MinDistance(5_000)], allow_unpaired=True)
    with pytest.raises(InputDataError, match="no pairs"):
        plan.robustness(5, seed=0)


def test_every_view_agrees_and_is_safe_for_json() -> None:
    """Frames, summary, HTML and dictionary show the same figures; showing draws nothing."""
    import json

    plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2), MaxLevelGap(0.5)])
    found = plan.robustness(8, seed=0)
    facts = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert facts["regret"]["mean"] == found.regret.mean()
    assert [row["stays"] for row in facts["pairs"]] == found.stays.tolist()
    assert len(facts["teams"]) == 120
    assert found.summary().splitlines()[0] in found._repr_html_()
    assert f"{found.regret.mean():.3f}" in found.summary()
    assert f"{int(found.arbitrary.sum())} of 120 teams are arbitrary" in found.summary()
    assert repr(found) == "<Robustness: 60 pairs, 8 draws by posterior>"
    assert len(found.draws_frame()) == 8
    assert found.least_stable(3)["stays"].tolist() == sorted(found.stays)[:3]
    assert json.loads(json.dumps(plan.robustness(1, seed=0).to_dict(), allow_nan=False))["n_draws"] == 1
