"""The exchange card of a pair: who can teach whom what, how sure that is, and what lies between the two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pairing.planning.figures import chance
from pairing.report.facts import Measure, Pair, Row, Team, Visit, grouped, records
from pairing.report.rates import Rate, compared, lessons_told, looks_worse, own_unit, rate_of
from pairing.report.strips import Scale, Strip, scale_of
from pairing.report.texts import NOT_KNOWN, number, plain, signed, sure
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.report.facts import Facts

MOST_LINES = 1_250
"""Plans with more lines, an indicator of a pair each, get compact cards, without the table of all indicators.

With so many lines the page stays below 3 MB, which is what mail systems and phones take without complaint.
"""


@dataclass(frozen=True)
class Line:
    """One indicator of a card: the two teams' rates, the national figure, and who is ahead."""

    label: str
    is_usable: bool
    rate_a: Rate
    rate_b: Rate
    average: str
    target: str
    ahead: Team | None
    by: str
    sure: str
    strip: Strip | None


@dataclass(frozen=True)
class Lesson:
    """Something that one team can show the other."""

    label: str
    rates: str
    chance: str
    against_appearances: bool


@dataclass(frozen=True)
class Teaching:
    """What one team can show another: what is likely, and how much more there may be."""

    teacher: Team
    learner: Team
    gain: str
    lessons: tuple[Lesson, ...]
    rest: str


@dataclass(frozen=True)
class Fact:
    """A figure of a pair with its name."""

    label: str
    value: str


@dataclass(frozen=True)
class Partner:
    """A next-best partner of a team, and what it would cost the whole plan."""

    team: Team
    cost: str
    value: str
    gain: str
    distance: str


@dataclass(frozen=True)
class PartnerList:
    """The next-best partners of a team."""

    team: Team
    partners: tuple[Partner, ...]


@dataclass(frozen=True)
class Meeting:
    """Two teams of a card: the whole of a pair, a third of a group."""

    team_a: Team
    team_b: Team
    sentence: str
    teachings: tuple[Teaching, ...]
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """The card of a pair or of a group of three."""

    pair: Pair
    meetings: tuple[Meeting, ...]
    partners: tuple[PartnerList, ...]


@dataclass(frozen=True)
class Cards:
    """All cards, and the scale that their profiles share.

    Parameters
    ----------
    cards : tuple of Card
        In the order of the pairs.
    scale : Scale or None
        Of the profiles; None where the result has none.
    is_compact : bool
        Whether the plan is too large for full cards.
    unpriced : str
        Why there are no next-best partners, where there are none.
    """

    cards: tuple[Card, ...]
    scale: Scale | None
    is_compact: bool
    unpriced: str


def cards(facts: Facts) -> Cards:
    """Make the cards of all pairs."""
    maker = _Maker(facts)
    compact = len(facts.result.table("exchange.csv")) > MOST_LINES
    made = tuple(maker.card(pair, compact=compact) for pair in facts.pairs.values())
    return Cards(made, None if compact else maker.scale, compact, _why_unpriced(facts))


def _why_unpriced(facts: Facts) -> str:
    recorded = facts.record.get("partners") or {}
    if recorded.get("priced", True):
        return ""
    asked = f" To have them: {recorded['how_to_ask']}." if recorded.get("how_to_ask") else ""
    return f"Next-best partners are not shown: {recorded['why_not']}.{asked}"


class _Maker:
    """The tables of the cards, by pair and team."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.exchange = grouped(facts.result.table("exchange.csv"), "pair_id", "team_a", "team_b")
        profiles = records(facts.result.table("profiles.csv"))
        self.profiles = {(row["team"], row["indicator"]): row for row in profiles}
        self.partners = grouped(facts.result.table("partners.csv"), "team")

    @cached_property
    def scale(self) -> Scale | None:
        """The scale that all profiles share."""
        return scale_of(list(self.profiles.values()))

    def card(self, pair: Pair, *, compact: bool) -> Card:
        meetings = tuple(self._meeting(pair, visit, compact=compact) for visit in pair.visits)
        lists = () if compact else tuple(self._partners_of(team) for team in pair.teams)
        return Card(pair, meetings, tuple(found for found in lists if found.partners))

    def _meeting(self, pair: Pair, visit: Visit, *, compact: bool) -> Meeting:
        rows = self.exchange.get((pair.id, visit.team_a.id, visit.team_b.id), [])
        known = [row for row in rows if row["indicator"] in self.facts.measures]
        ways = ((visit.team_b, visit.team_a, "gain_a"), (visit.team_a, visit.team_b, "gain_b"))
        return Meeting(
            visit.team_a,
            visit.team_b,
            _worth(visit),
            tuple(self._teaching(known, *way[:2], visit.figure(way[2])) for way in ways),
            _between(visit),
            () if compact else tuple(self._line(row, visit) for row in known),
            _remarks(visit, self.facts),
        )

    def _teaching(self, rows: Sequence[Row], teacher: Team, learner: Team, gain: float | None) -> Teaching:
        told, rest = lessons_told(rows, teacher.id)
        return Teaching(
            teacher,
            learner,
            plain(gain),
            tuple(self._lesson(row, teacher, learner) for row in told),
            f"and perhaps something on {counted(rest, 'more indicator')}" if rest else "",
        )

    def _lesson(self, row: Row, teacher: Team, learner: Team) -> Lesson:
        measure = self.facts.measures[row["indicator"]]
        values = [number(self._profile(team, measure).get("value")) for team in (teacher, learner)]
        return Lesson(
            measure.label,
            compared(self._rate(teacher, measure), self._rate(learner, measure)),
            chance(number(row["probability_real"]) or 0.0),
            looks_worse(values[0], values[1], measure),
        )

    def _line(self, row: Row, visit: Visit) -> Line:
        measure = self.facts.measures[row["indicator"]]
        a, b = (self._profile(team, measure) for team in (visit.team_a, visit.team_b))
        difference = number(row["difference"])
        return Line(
            label=measure.label,
            is_usable=measure.usable,
            rate_a=self._rate(visit.team_a, measure),
            rate_b=self._rate(visit.team_b, measure),
            average=own_unit(measure.average, measure),
            target="" if measure.target is None else own_unit(measure.target, measure),
            ahead=self.facts.known_as(row["teacher"]) if row["teacher"] else None,
            by="" if difference is None else f"{plain(abs(difference))} SD",
            sure=sure(number(row["probability_real"])),
            strip=self.scale.strip(a, b) if self.scale and a and b else None,
        )

    def _profile(self, team: Team, measure: Measure) -> Row:
        return self.profiles.get((team.id, measure.id), {})

    def _rate(self, team: Team, measure: Measure) -> Rate:
        return rate_of(self._profile(team, measure), measure)

    def _partners_of(self, team: Team) -> PartnerList:
        rows = self.partners.get((team.id,), [])
        return PartnerList(team, tuple(self._partner(row) for row in rows))

    def _partner(self, row: Row) -> Partner:
        distance = number(row["distance_km"])
        return Partner(
            self.facts.teams[row["partner"]],
            cost_of(number(row["value_lost"]), number(row["pairs_lost"])),
            plain(number(row["value"])),
            plain(number(row["gain"])),
            NOT_KNOWN if distance is None else f"{distance:,.0f} km",
        )


def cost_of(value_lost: float | None, pairs_lost: float | None) -> str:
    """What the whole plan would lose with another pair, in words.

    Examples
    --------
    >>> cost_of(0.0703, 0.0), cost_of(0.2, 1.0), cost_of(0.0, 0.0), cost_of(None, None)
    ('0.070 SD', '1 pair, 0.200 SD', 'nothing', '–')
    """
    if value_lost is None:
        return NOT_KNOWN
    pairs = [counted(int(pairs_lost), "pair")] if pairs_lost else []
    value = [f"{plain(value_lost, 3 if abs(value_lost) >= 5e-4 else 6)} SD"] if value_lost else []
    return ", ".join(pairs + value) or "nothing"


def _worth(visit: Visit) -> str:
    value = visit.figure("value")
    return f"Each of the two can at least learn {plain(value)} SD from the other: the value of this pair."


def _between(visit: Visit) -> tuple[Fact, ...]:
    """Sizes, distance, levels: whatever of it is known."""
    figures: Mapping[str, float | None] = {
        name: visit.figure(name)
        for name in ("size_a", "size_b", "size_ratio", "distance_km", "travel_minutes", "level_gap")
    }
    found = []
    if figures["size_ratio"] is not None:
        sizes = f"{plain(figures['size_a'], 0)} and {plain(figures['size_b'], 0)}"
        found.append(Fact("Sizes", f"{sizes} (ratio {plain(figures['size_ratio'])})"))
    if figures["distance_km"] is not None:
        found.append(Fact("Distance", f"{plain(figures['distance_km'], 0)} km"))
    if figures["travel_minutes"] is not None:
        found.append(Fact("Journey", f"{plain(figures['travel_minutes'], 0)} minutes"))
    if figures["level_gap"] is not None:
        levels = f"{signed(visit.team_a.level)} and {signed(visit.team_b.level)} SD"
        found.append(Fact("Overall levels", f"{levels} ({plain(figures['level_gap'])} apart)"))
    mutual = visit.figure("probability_neither_dominates")
    if mutual is not None:
        found.append(Fact("Neither is better at everything", f"{chance(mutual)} sure"))
    return tuple(found)


def _remarks(visit: Visit, facts: Facts) -> tuple[str, ...]:
    over = visit.figure("probability_gap_over_cap")
    cap = facts.record["settings"].get("rules", {}).get("max_level_gap")
    if over is None or cap is None:
        return ()
    text = (
        f"The true gap of their levels is above the {cap:g} SD allowed with a probability of {chance(over)}."
    )
    return (text,)
