"""The settings as a table that can be read, and what each rule banned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.report.overview import goals
from pairing.report.texts import exact, observed, percentage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pairing.report.facts import Facts, Measure

_HEADINGS = {
    "teams": "The table of teams",
    "rules": "Rules",
    "objective": "What the plan is the best of",
    "side_constraints": "Limits on the whole plan",
    "profiles": "Profiles",
    "lottery": "Lottery",
    "analysis": "Analysis",
    "flex": "How far rules may move",
    "rounds": "Rounds",
}


@dataclass(frozen=True)
class Setting:
    """One key of the programme and its value."""

    key: str
    value: str


@dataclass(frozen=True)
class Section:
    """A section of the programme."""

    name: str
    heading: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class RuleRow:
    """A rule in words, and how many pairs it bans."""

    key: str
    sentence: str
    bans: str


@dataclass(frozen=True)
class Limit:
    """A limit on the whole plan, and what the plan has."""

    sentence: str
    limit: str
    attained: str


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator, what the average team has, and what it weighs."""

    label: str
    key: str
    better: str
    weight: str
    average: str
    spread: str
    target: str
    n_teams: str
    verdict: str


@dataclass(frozen=True)
class Settings:
    """How the plan was made.

    Parameters
    ----------
    rules : tuple of RuleRow
        In the order in which they are told.
    permitted : str
        How many pairs they leave.
    goal : str
        What the plan is the best of.
    limits : tuple of Limit
        On the whole plan.
    indicators : tuple of IndicatorRow
        In the order of the programme.
    notes : tuple of str
        What was noticed in the data.
    sections : tuple of Section
        Every key that is set, for those who want to run it again.
    """

    rules: tuple[RuleRow, ...]
    permitted: str
    goal: str
    limits: tuple[Limit, ...]
    indicators: tuple[IndicatorRow, ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def settings(facts: Facts) -> Settings:
    """Put the settings together."""
    record = facts.record
    return Settings(
        rules=tuple(map(_rule, record.get("rules") or ())),
        permitted=_permitted(record),
        goal=goals(record),
        limits=tuple(map(_limit, record.get("side_constraints") or ())),
        indicators=tuple(map(_indicator, facts.measures.values())),
        notes=tuple(map(str, record.get("notes", ()))),
        sections=tuple(_sections(record["settings"])),
    )


def _rule(rule: Mapping[str, Any]) -> RuleRow:
    bans = rule.get("bans")
    return RuleRow(
        str(rule.get("key", "")),
        _capital(str(rule.get("sentence", ""))),
        f"{bans:,}" if isinstance(bans, int) else "",
    )


def _permitted(record: Mapping[str, Any]) -> str:
    permitted, n = record.get("n_permitted_pairs"), int(record["n_teams"])
    possible = n * (n - 1) // 2
    if permitted is None or not possible:
        return ""
    return f"{permitted:,} of {possible:,} pairs are permitted ({percentage(permitted / possible)})."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _limit(row: Mapping[str, Any]) -> Limit:
    unit = f" {row['unit']}" if row.get("unit") else ""
    limit, attained = (f"{exact(float(row[name]))}{unit}" for name in ("limit", "attained"))
    return Limit(_capital(str(row.get("sentence", row.get("constraint", "")))), limit, attained)


def _indicator(measure: Measure) -> IndicatorRow:
    unit, spread = measure.unit, measure.between_team_sd
    return IndicatorRow(
        label=measure.label,
        key=measure.id,
        better="higher" if measure.higher_is_better else "lower",
        weight=percentage(measure.weight),
        average=observed(measure.average, unit, spread),
        spread=_spread(spread, unit),
        target="" if measure.target is None else observed(measure.target, unit, spread),
        n_teams=measure.n_teams,
        verdict="yes" if measure.usable else "no: worth nothing to a pairing",
    )


def _spread(value: float | None, unit: str) -> str:
    """A difference of rates is in percentage points, not per cent."""
    text = observed(value, unit, value)
    return text if unit == "number" else text.replace("%", " points")


def _sections(programme: Mapping[str, Any]) -> Iterator[Section]:
    for name, heading in _HEADINGS.items():
        section = programme.get(name)
        if isinstance(section, dict) and (found := tuple(_flat(section))):
            yield Section(name, heading, found)


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[Setting]:
    """Every key with a value, tables within the section by dotted keys."""
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif (text := _text(value)) != "":
            yield Setting(f"{prefix}{key}", text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        inner = [_text(item) for item in value]
        return "; ".join(inner) if any(isinstance(item, list) for item in value) else ", ".join(inner)
    if isinstance(value, dict):
        return ", ".join(f"{setting.key} = {setting.value}" for setting in _flat(value))
    return str(value)
