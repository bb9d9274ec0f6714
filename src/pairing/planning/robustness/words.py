"""The result of redrawing in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.pairs import VALUE_SCALE
from pairing.planning.by_total import constraints_of
from pairing.planning.objective import TotalValue
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.planning.robustness.result import Robustness

_DRAWN = {
    "posterior": "the true profile of every team from its posterior",
    "counts": "a second audit of the same teams",
}
_OVER = {
    "posterior": "the permitted pairs",
    "counts": "the pairs permitted at the new levels",
}
_TURNS_OUT = {
    "posterior": "Under the draws the plan is worth",
    "counts": "After a second audit the plan would promise",
}
_WOULD_GAIN = {
    "posterior": "knowing the true profiles would gain another",
    "counts": "the plan that suits the second audit best would promise another",
}


def in_words(found: Robustness) -> Iterator[str]:
    """The sentences of :meth:`Robustness.summary`, one at a time."""
    if not found.is_complete:
        yield (
            f"Stopped early: {found.n_draws:,} of {counted(found.n_asked, 'draw')} were finished, and "
            "everything below is over those."
        )
    yield (
        f"Drawn {counted(found.n_draws, 'time')} (seed {found.seed}): {_DRAWN[found.method]}. Each time the "
        f"plan of greatest total value was worked out and proven anew over {_OVER[found.method]}."
    )
    yield from _other_objective(found)
    yield _what_stays(found)
    yield _what_comes_true(found)
    yield _regret(found)
    yield from _not_comparable(found)
    yield _arbitrary(found)


def _other_objective(found: Robustness) -> Iterator[str]:
    """Own up that the plan was not made for what was worked out anew."""
    less = found.best_promised / VALUE_SCALE - found.promised_total
    objective = found.pairing.objective
    if found.pairing.triad is not None:
        group = ", ".join(found.pairing.cohort.ids[at] for at in found.pairing.triad)
        yield f"The group of three ({group}) is kept as it is; everything below is about the pairs beside it."
    elif not isinstance(objective, TotalValue):
        yield f"The plan itself was made for another objective: {objective.claim()}."
    if constraints_of(objective):
        yield (
            "The plans worked out anew need not keep to the plan's side constraints: the shares and the "
            "regret are against plans under the rules alone."
        )
    if round(less * VALUE_SCALE) != 0:
        yield (
            f"By the published values the plan has {less:.3f} SD less than the greatest total there is. "
            "The regret below is against plans of greatest total value, so it contains that price."
        )


def _what_stays(found: Robustness) -> str:
    stays, names = found.stays, found.pairing.pair_ids
    least, most = int(np.argmin(stays)), int(np.argmax(stays))
    return (
        f"A pair of the plan stays in {_percent(stays.mean())} of the draws on average, from "
        f"{_percent(stays[least])} ({names[least]}) to {_percent(stays[most])} ({names[most]}); the standard "
        f"error of each share is at most {_percent(found.largest_standard_error, 1)}."
    )


def _what_comes_true(found: Robustness) -> str:
    return (
        f"Promised: {found.promised_total:.3f} SD in total. {_TURNS_OUT[found.method]} "
        f"{_mean_and_range(found.plan_total)}."
    )


def _regret(found: Robustness) -> str:
    share = found.regret_share[np.isfinite(found.regret_share)]
    of_best = f" ({_percent(share.mean())} of the best plan's total)" if len(share) else ""
    return f"Regret{of_best}: {_WOULD_GAIN[found.method]} {_mean_and_range(found.regret)}."


def _not_comparable(found: Robustness) -> Iterator[str]:
    """Where the plan breaks a rule, or has another number of pairs, the regret is no plain loss."""
    broken = found.n_not_permitted
    if broken.any():
        yield (
            f"In {counted(int((broken > 0).sum()), 'draw')} some pairs of the plan ({broken.mean():.1f} on "
            "average) are further apart in level than permitted. The plan is valued with them, the best plan "
            "has none, so the regret can be below 0."
        )
    other = int((found.n_pairs != len(found.stays)).sum())
    if other:
        yield f"In {counted(other, 'draw')} the best plan has another number of pairs than the plan."


def _arbitrary(found: Robustness) -> str:
    from pairing.planning.robustness.result import ARBITRARY_BELOW

    count, teams = int(found.arbitrary.sum()), counted(len(found.arbitrary), "team")
    return (
        f"The partners of {count:,} of {teams} are arbitrary: they come up in less than "
        f"{_percent(ARBITRARY_BELOW)} of the draws, and some other partner (or none) at least as often."
    )


def _mean_and_range(figures: NDArray[np.float64]) -> str:
    """A mean with its standard error, and the range of nine draws in ten."""
    low, high = np.quantile(figures, [0.05, 0.95])
    error = f" (standard error {figures.std(ddof=1) / len(figures) ** 0.5:.3f})" if len(figures) > 1 else ""
    return f"{figures.mean():.3f} SD on average{error}, in nine draws of ten {low:.3f} to {high:.3f}"


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f}%"
