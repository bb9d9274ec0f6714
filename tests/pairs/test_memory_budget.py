"""A memory limit cuts the work into pieces, changes no answer, and refuses what does not fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pairing import Cohort, Different, MaxSizeRatio, MinDistance, pair
from pairing.errors import SettingsError
from pairing.memory import memory_in_bytes, used_memory
from pairing.pairs.memory_budget import LARGEST_BLOCK, SMALLEST_BLOCK, MemoryBudget
from pairing.threads import n_threads

MakeCohort = Callable[..., Cohort]


@pytest.mark.parametrize(
    ("amount", "n_bytes"),
    [("800MB", 800e6), (" 2GB ", 2e9), ("1.5 GiB", 1.5 * 2**30), ("4096 B", 4096), (12, 12)],
)
def test_amounts_are_read(amount: int | str, n_bytes: float) -> None:
    """With units of a thousand or of 1024, or bytes."""
    assert memory_in_bytes(amount) == n_bytes


@pytest.mark.parametrize("amount", ["", "2", "GB", "-1GB", "2 gigabytes", "1e3MB", "0MB", "1,5GB", 0, "٣GB"])
def test_what_is_no_amount_is_refused(amount: int | str) -> None:
    """Instead of guessing a unit."""
    with pytest.raises(SettingsError, match="is not an amount of memory; expected for example 800MB"):
        MemoryBudget.within(amount, 100)


def test_blocks_shrink_with_the_limit_before_threads_do() -> None:
    """Plenty of memory changes nothing; less makes smaller blocks, then fewer threads, then a refusal."""
    used, n_teams = 150 * 10**6, 1_000
    plenty = MemoryBudget.within("20GB", n_teams, used=used)
    assert (plenty.pairs_per_block, plenty.threads) == (LARGEST_BLOCK, n_threads())
    limits = range(155 * 10**6, 500 * 10**6, 10**6)
    found, refused = [], 0
    for limit in limits:
        try:
            found.append(MemoryBudget.within(limit, n_teams, used=used))
        except SettingsError:
            refused += 1
    assert 5 < refused < 20
    assert all(SMALLEST_BLOCK <= one.pairs_per_block <= LARGEST_BLOCK for one in found)
    assert [one.threads for one in found] == sorted(one.threads for one in found)
    assert found[0].threads == 1
    assert [one.bytes_for_pairs for one in found] == sorted(one.bytes_for_pairs for one in found)


def test_the_refusal_says_what_would_do(make_cohort: MakeCohort) -> None:
    """And what it says would do, does."""
    with pytest.raises(
        SettingsError, match="'1 MB' is too little memory to pair 60 teams; expected at least"
    ):
        pair(make_cohort(60, 1), allow_unpaired=True, memory_limit="1MB")


def test_no_answer_depends_on_the_limit(make_cohort: MakeCohort) -> None:
    """Tight memory streams even a small cohort in small pieces: the same plan and the same proof."""
    cohort, rules = make_cohort(600, 2), [MinDistance(40), MaxSizeRatio(2.5), Different("network")]
    free = pair(cohort, rules, allow_unpaired=True)
    tight = pair(cohort, rules, allow_unpaired=True, memory_limit=used_memory() + 14 * 10**6)
    assert type(tight.table).__name__ == "StreamedTable"
    assert type(free.table).__name__ == "PairTable"
    assert tight.pairs.tolist() == free.pairs.tolist()
    assert tight.prove() == free.prove()


def test_questions_that_need_all_pairs_are_refused_within_the_limit(make_cohort: MakeCohort) -> None:
    """With what they need, what there is, and what to do."""
    limit = used_memory() + 14 * 10**6
    plan = pair(make_cohort(600, 2), allow_unpaired=True, memory_limit=limit)
    assert not plan.table.fits_in_memory()
    with pytest.raises(SettingsError, match="needs all 179,700 permitted pairs of 600 teams at once"):
        plan.table.problem()
