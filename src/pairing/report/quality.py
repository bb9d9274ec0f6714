"""The plan's quality against random permitted pairings of the same teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.texts import number, plain
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.report.facts import Facts


@dataclass(frozen=True)
class Quality:
    """The plan beside pairings made by chance.

    Parameters
    ----------
    totals : tuple of float
        Total value of each random pairing, in between-team SD.
    plan_total : float
        That of the plan.
    sentence : str
        What the comparison says.
    recipe : str
        How the random pairings were made, as far as recorded.
    notes : tuple of str
        What a reader must know about the comparison.
    """

    totals: tuple[float, ...]
    plan_total: float
    sentence: str
    recipe: str
    notes: tuple[str, ...]


def quality(facts: Facts) -> Quality | None:
    """Compare, or None where the result has no random pairings."""
    frame = facts.result.table("random_pairings.csv")
    if len(frame) == 0:
        return None
    totals = tuple(value for cell in frame["total_value"] if (value := number(cell)) is not None)
    plan_total = float(facts.record["total_value"])
    recipe = facts.record.get("random_pairings") or {}
    return Quality(
        totals,
        plan_total,
        _sentence(totals, plan_total),
        f"{recipe['how']}; seed {recipe['seed']}" if recipe else "",
        tuple(map(str, recipe.get("notes", ()))),
    )


def _sentence(totals: tuple[float, ...], plan_total: float) -> str:
    mean, best = sum(totals) / len(totals), max(totals)
    text = (
        f"The plan is worth {plain(plan_total)} SD in total. {counted(len(totals), 'random pairing')} of the "
        f"same teams under the same rules are worth {plain(mean)} SD on average, and the best of them "
        f"{plain(best)} SD."
    )
    as_good = sum(total >= plan_total for total in totals)
    return f"{text} {'None' if as_good == 0 else f'{as_good:,}'} of them reaches the plan."
