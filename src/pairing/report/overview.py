"""What a reader has to know first: how many pairs, how good, how certain, and what is missing here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.report.texts import plain
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pairing.report.facts import Facts

_GOALS = {
    "pairs": "as many pairs as possible",
    "total": "the greatest total value",
    "worst": "the best worst-off pair",
    "travel": "the least travel",
    "fairest": "the fairest plan: the worst-off pair as good as possible, then the second worst, and so on",
}

_BEST = {
    "total": "none has more pairs, and none with as many pairs is worth more in total",
    "fairest": "none has more pairs, and none with as many is better for the worst-off pair, or, where that "
    "is equal, for the second worst, and so on",
}


@dataclass(frozen=True)
class KeyFigure:
    """A number to remember, and what it counts."""

    value: str
    label: str


@dataclass(frozen=True)
class Overview:
    """The head of the report.

    Parameters
    ----------
    title, coverage, worth, standing : str
        Sentences: who is paired, what the pairs are worth, and what is proven of the plan.
    is_proven : bool
        Whether the plan is proven to be the best.
    key_figures : tuple of KeyFigure
        Three to five.
    lottery : str
        What was drawn, or that nothing was.
    missing : tuple of str
        Tables that the result lacks.
    advice : str
        How to get them.
    """

    title: str
    coverage: str
    worth: str
    standing: str
    is_proven: bool
    key_figures: tuple[KeyFigure, ...]
    lottery: str
    missing: tuple[str, ...]
    advice: str


def overview(facts: Facts) -> Overview:
    """Put the head of the report together."""
    record = facts.record
    n_teams, n_pairs = int(record["n_teams"]), len(facts.pairs)
    return Overview(
        title=f"Who visits whom: {counted(n_teams, 'team')} in {_groups(facts)}",
        coverage=_coverage(facts, n_teams),
        worth=_worth(record, n_pairs),
        standing=standing(record),
        is_proven=record["status"] == "optimal",
        key_figures=_key_figures(facts, n_teams, n_pairs),
        lottery=_lottery(facts),
        missing=facts.result.missing,
        advice="pairing pair PROGRAMME -o DIR --force",
    )


def standing(record: Mapping[str, Any]) -> str:
    """Say what is proven of the plan, or how far from the best it can be."""
    kind = record.get("weights", {}).get("kind", "total")
    permitted = (
        f"the {int(record['n_permitted_pairs']):,} permitted pairs" if "n_permitted_pairs" in record else ""
    )
    if record["status"] == "optimal":
        best = _BEST.get(kind, f"none is better by what was asked for ({goals(record)})")
        over = f" that can be made of {permitted}" if permitted else ""
        return f"Proven optimal. Of all plans{over}, {best}."
    gap, unit = record["gap"], _unit_of_gap(record)
    return (
        "Stopped at a limit before it was proven. The plan keeps every rule, but a better one may exist: at "
        f"most {plain(float(gap), 3)}{unit} better in what was still being improved."
    )


def goals(record: Mapping[str, Any]) -> str:
    """What the plan is the best of, in words."""
    named = record.get("objective") or ["total"]
    return "; then ".join(_GOALS.get(name, name) for name in named)


def _unit_of_gap(record: Mapping[str, Any]) -> str:
    levels = record.get("levels") or []
    unit = str(levels[-1].get("unit", "")) if levels else "SD"
    return f" {unit}" if unit else ""


def _groups(facts: Facts) -> str:
    groups = sum(len(pair.visits) > 1 for pair in facts.pairs.values())
    pairs = counted(len(facts.pairs) - groups, "pair")
    return f"{pairs} and {counted(groups, 'group of three', 'groups of three')}" if groups else pairs


def _coverage(facts: Facts, n_teams: int) -> str:
    left_out = len(facts.result.table("unpaired.csv"))
    if not facts.pairs:
        return f"None of the {n_teams:,} teams has a partner: the rules permit no pair."
    who = f"All {n_teams:,} teams have a partner" if left_out == 0 else None
    return f"{who or f'{n_teams - left_out:,} of {n_teams:,} teams have a partner'}, in {_groups(facts)}."


def _worth(record: Mapping[str, Any], n_pairs: int) -> str:
    if not n_pairs:
        return "There is no pair to value."
    total = float(record["total_value"])
    return (
        "Each team can expect to learn something from its partner. A pair is worth "
        f"{plain(total / n_pairs)} SD on average: so much each of the two can at least learn from the other. "
        f"All pairs together are worth {plain(total)} SD."
    )


def _key_figures(facts: Facts, n_teams: int, n_pairs: int) -> tuple[KeyFigure, ...]:
    n_alone = len(facts.result.table("unpaired.csv"))
    figures = [
        KeyFigure(f"{n_teams:,}", "teams take part"),
        KeyFigure(f"{n_pairs:,}", "pairs" if n_pairs != 1 else "pair"),
        KeyFigure(f"{n_alone:,}", f"{'team' if n_alone == 1 else 'teams'} without a partner"),
    ]
    if n_pairs:
        mean = float(facts.record["total_value"]) / n_pairs
        figures.append(KeyFigure(f"{plain(mean)} SD", "average value of a pair"))
    if facts.result.draw is not None:
        flow = facts.result.draw["flow"]
        drawn = f"{flow.get('intervention', 0):,} / {flow.get('control', 0):,}"
        figures.append(KeyFigure(drawn, "teams: intervention / control"))
    return tuple(figures)


def _lottery(facts: Facts) -> str:
    lottery, draw = facts.result.lottery, facts.result.draw
    if lottery is None:
        return "No lottery belongs to this plan: every pair makes its visits."
    sentence = str(lottery["design"].get("sentence", ""))
    if draw is None:
        return f"A lottery is published ({sentence}), but nothing is drawn yet."
    return f"A published lottery has decided who gets the intervention: {sentence}."
