"""The audit of the lottery: what was published, what was drawn, and how anyone can check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.lottery.facts import count_in_words
from pairing.report.facts import records
from pairing.report.texts import exact, plain
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.report.facts import Facts

_FEW = 20


@dataclass(frozen=True)
class Seal:
    """A hash and what it seals."""

    what: str
    sha256: str


@dataclass(frozen=True)
class Step:
    """One number that was drawn: the text that was hashed, its SHA-256, and the number."""

    text: str
    sha256: str
    range: str
    number: str


@dataclass(frozen=True)
class Fact:
    """Something about the lottery, with its name."""

    label: str
    value: str


@dataclass(frozen=True)
class Audit:
    """Everything about the lottery that anyone may want to check.

    Parameters
    ----------
    design, estimand, chances : str
        Sentences.
    facts : tuple of Fact
        Counts and figures.
    seals : tuple of Seal
        Hashes.
    recipe : str
        How the draw follows from the randomness, in words, with line breaks.
    randomness : str or None
        What was drawn with; None before the draw.
    outcome : str
        Which draw it was.
    steps : tuple of Step
        How each number came about.
    earlier : tuple of str
        Draws that were made before and replaced.
    warnings : tuple of str
        Cautions about the design.
    replacements : tuple of str
        Drop-outs and reserves called for them.
    """

    design: str
    estimand: str
    chances: str
    facts: tuple[Fact, ...]
    seals: tuple[Seal, ...]
    recipe: str
    randomness: str | None
    outcome: str
    steps: tuple[Step, ...]
    earlier: tuple[str, ...]
    warnings: tuple[str, ...]
    replacements: tuple[str, ...]


def audit(facts: Facts) -> Audit | None:
    """Put the audit together; None where no lottery was published."""
    lottery, draw = facts.result.lottery, facts.result.draw
    if lottery is None:
        return None
    return Audit(
        design=_design(lottery),
        estimand=str(lottery.get("estimand", "")),
        chances=_chances(lottery),
        facts=tuple(_figures(lottery)),
        seals=tuple(_seals(facts, lottery, draw)),
        recipe=str(lottery["recipe"]),
        randomness=None if draw is None else str(draw["randomness"]),
        outcome="" if draw is None else _outcome(draw),
        steps=() if draw is None else tuple(map(_step, draw["steps"])),
        earlier=() if draw is None else tuple(map(_earlier, draw["earlier_draws"])),
        warnings=tuple(map(str, lottery.get("warnings", ()))),
        replacements=tuple(_replacements(facts)),
    )


def _design(lottery: Mapping[str, Any]) -> str:
    design = lottery["design"]
    told = (f"Design: {design.get('kind', '')}", design.get("sentence", ""), design.get("left_out", ""))
    return " ".join(f"{text.rstrip('.')}." for text in told if text)


def _chances(lottery: Mapping[str, Any]) -> str:
    chances = [float(chance) for chance in lottery["chances"].values()]
    if not chances:
        return ""
    low, high = min(chances), max(chances)
    error = lottery.get("largest_chance_error")
    # Whole tickets leave differences in the tenth decimal, which are told as what they are.
    same = high - low < 1e-6
    low_text, high_text = exact(round(low, 6)), exact(round(high, 6))
    # Those without a partner take no part, and have no chance.
    team = "paired team" if lottery.get("left_out") else "team"
    text = (
        f"Every {team}'s chance of the intervention is {low_text}"
        if same
        else f"A {team}'s chance of the intervention is between {low_text} and {high_text}"
    )
    return f"{text}; the largest distance from the declared chance is {error:.1e}." if error else f"{text}."


def _figures(lottery: Mapping[str, Any]) -> list[Fact]:
    counts, origin = lottery["counts"], lottery.get("origin") or {}
    found = [
        Fact("Draws that can happen", _count(counts.get("draws"))),
        Fact("Tickets in the urn", _count(counts.get("tickets"))),
        Fact("As even as so many equally likely draws", _rounded(counts.get("effective_draws"))),
        Fact("Probability of the likeliest draw", _small(counts.get("largest_weight"))),
    ]
    if origin:
        found += [
            Fact("Candidate draws looked at", _count(origin.get("candidates"))),
            Fact("Seed of the candidates (decides nothing about who is drawn)", _count(origin.get("seed"))),
            Fact("Mean imbalance score of the draws kept", _small(origin.get("mean_score"))),
            Fact("The same without balancing", _small(origin.get("mean_score_unconstrained"))),
        ]
    return [fact for fact in [*found, *_same_arm(lottery.get("same_arm") or {})] if fact.value]


def _same_arm(same_arm: Mapping[str, Any]) -> list[Fact]:
    found = []
    for words, suffix in (("", ""), (", without balancing", "_unconstrained")):
        low, high = same_arm.get(f"lowest{suffix}"), same_arm.get(f"highest{suffix}")
        if low is not None and high is not None:
            spread = plain(low, 3) if low == high else f"{plain(low, 3)} to {plain(high, 3)}"
            found.append(Fact(f"Chance that two units share an arm{words}", spread))
    for words in ("always", "never"):
        pairs = [" and ".join(map(str, pair)) for pair in same_arm.get(words, ())]
        if pairs:
            found.append(Fact(f"Units that {words} share an arm", shortened(pairs, _FEW)))
    return found


def _seals(facts: Facts, lottery: Mapping[str, Any], draw: Mapping[str, Any] | None) -> list[Seal]:
    seals = [
        Seal("lottery.json (what was announced before the draw)", lottery["sha256"]),
        Seal("the pool of draws", lottery["pool"].get("sha256", "")),
        Seal("the plan of the analysis", lottery.get("analysis", {}).get("sha256", "")),
        Seal("pairs.csv", str(facts.record["files"].get("pairs.csv", ""))),
    ]
    if draw is not None:
        seals.append(Seal("draw.json (the record of the draw)", draw["sha256"]))
        seals += [Seal(name, str(digest)) for name, digest in sorted(draw["files"].items())]
    return [seal for seal in seals if seal.sha256]


def _outcome(draw: Mapping[str, Any]) -> str:
    drawn: Sequence[str] = [str(unit) for unit in draw.get("intervention", ())]
    row = draw.get("draw")
    where = f"Row {row:,} of the pool was drawn. " if isinstance(row, int) else ""
    return f"{where}Intervention: {', '.join(drawn)}." if drawn else where.strip()


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        str(step.get("text", "")),
        str(step.get("sha256", "")),
        f"{_count(step.get('from'))} to {_count(step.get('to'))}",
        _count(step.get("number")),
    )


def _earlier(draw: Mapping[str, Any]) -> str:
    randomness = draw.get("randomness")
    what = "unknown randomness" if randomness is None else f"randomness '{randomness}'"
    return f"{what}; SHA-256 of its allocation.csv: {draw.get('allocation_sha256')}"


def _replacements(facts: Facts) -> list[str]:
    rows = records(facts.result.table("replacements.csv"))
    return [
        f"{row['dropped']} dropped out; "
        + (f"{row['reserve']} was called." if row["reserve"] else "no reserve was left.")
        for row in rows
    ]


def _count(value: object) -> str:
    return count_in_words(value) if isinstance(value, int) else "" if value is None else str(value)


def _rounded(value: object) -> str:
    return count_in_words(round(value)) if isinstance(value, (int, float)) else ""


def _small(value: object) -> str:
    return f"{float(value):.3g}" if isinstance(value, (int, float)) else ""
