"""How a pair came to be, in sentences for those who were paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.report.overview import goals
from pairing.report.packs.choice import makes_its_visit, was_called
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.report.facts import Facts, Pair

_WORTH = {"total", "worst", "fairest"}
"""Goals that are about what pairs are worth."""


def origin(pair: Pair, facts: Facts) -> tuple[str, ...]:
    """Say how the pair was chosen and, after a draw, that it was drawn."""
    return tuple(
        sentence for sentence in (_chosen(pair, facts), _permitted(facts), _drawn(pair, facts)) if sentence
    )


def _chosen(pair: Pair, facts: Facts) -> str:
    record = facts.record
    pairs = counted(len(facts.pairs), "pair")
    proven = ", and it is proven that no other plan does better" if record["status"] == "optimal" else ""
    is_about_worth = not _WORTH.isdisjoint(record.get("objective") or ["total"])
    worth = (
        " (a pair is worth what each of its teams can at least learn from the other)"
        if is_about_worth
        else ""
    )
    who = "This is" if len(pair.visits) == 1 else "This group of three is"
    return f"{who} one of {pairs} that were chosen together for {goals(record)}{worth}{proven}."


def _permitted(facts: Facts) -> str:
    rules = [str(rule["sentence"]) for rule in facts.record.get("rules") or () if rule.get("sentence")]
    if not rules:
        return ""
    told = "; ".join(rules)
    unit = " (SD: standard deviation between teams)" if " SD" in told else ""
    return f"Only pairs that keep the programme’s rules were possible: {told}{unit}."


def _drawn(pair: Pair, facts: Facts) -> str:
    if not facts.is_drawn or not makes_its_visit(pair, facts):
        return ""
    if was_called(pair, facts):
        return "It was drawn as a reserve, and was called because another pair dropped out."
    return "A lottery that anyone can check then drew it among those that make their visit."
