"""The briefing of a pair: everything that its pack shows, put together from the result."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from pairing.planning.figures import chance
from pairing.report.facts import Facts, Measure, Pair, Row, Team, Visit, grouped, records
from pairing.report.packs.choice import is_to_be_drawn, makes_its_visit
from pairing.report.packs.origin import origin
from pairing.report.packs.questions import ALWAYS, NOTHING_STANDS_OUT, follow_ups, opening
from pairing.report.packs.ranges import Range, range_of
from pairing.report.rates import Rate, compared, lessons_told, looks_worse, may_be_the_same, own_unit, rate_of
from pairing.report.texts import NOT_KNOWN, number, plain
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LESSONS_ASKED = {2: 4, 3: 3}
"""So many lessons of one direction come with questions, by the number of teams; more are listed without."""

NEEDED = ("indicators.csv", "profiles.csv", "exchange.csv")
"""Tables without which a pack says little."""

_ONE_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

_HOW_SURE = (
    (0.95, "almost certainly"),
    (0.9, "very probably"),
    (0.8, "probably"),
    (2 / 3, "more likely than not"),
)


@dataclass(frozen=True)
class Party:
    """A team as the other one has to know it."""

    team: Team
    size: str
    address: str


@dataclass(frozen=True)
class Journey:
    """What lies between two teams."""

    team_a: Team
    team_b: Team
    text: str


@dataclass(frozen=True)
class Topic:
    """Something that one team can show the other, and what to ask about it."""

    label: str
    rates: str
    how_sure: str
    against_appearances: bool
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Showing:
    """What one team can show another."""

    teacher: Team
    learner: Team
    topics: tuple[Topic, ...]
    rest: str
    nothing: str

    @property
    def asked(self) -> tuple[Topic, ...]:
        """The topics with questions."""
        return tuple(topic for topic in self.topics if topic.questions)


@dataclass(frozen=True)
class Comparison:
    """The teams' rates on one indicator."""

    label: str
    remark: str
    rates: tuple[Rate, ...]
    average: str
    target: str
    picture: Range | None


@dataclass(frozen=True)
class Briefing:
    """A pack's content.

    Parameters
    ----------
    pair : Pair
        Whose it is.
    parties : tuple of Party
        Two teams, or three.
    journeys : tuple of Journey
        What lies between them.
    origin : tuple of str
        How they were chosen, in sentences.
    notice : str
        What has to be known before anybody travels; "" for nothing.
    showings : tuple of Showing
        Who can show whom what; every direction.
    comparisons : tuple of Comparison
        The indicators, in the order of the programme.
    has_target, has_numbers : bool
        Whether any indicator has a target, or is something else than a rate.
    always : tuple of str
        Questions for every visit.
    cautions : tuple of str
        What not to conclude.
    missing : tuple of str
        Tables that the result lacks.
    """

    pair: Pair
    parties: tuple[Party, ...]
    journeys: tuple[Journey, ...]
    origin: tuple[str, ...]
    notice: str
    showings: tuple[Showing, ...]
    comparisons: tuple[Comparison, ...]
    has_target: bool
    has_numbers: bool
    always: tuple[str, ...]
    cautions: tuple[str, ...]
    missing: tuple[str, ...]


class Briefings:
    """Puts briefings together, pair by pair."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._exchange = grouped(facts.result.table("exchange.csv"), "pair_id", "team_a", "team_b")
        profiles = records(facts.result.table("profiles.csv"))
        self._profiles = {(row["team"], row["indicator"]): row for row in profiles}
        self._own_questions = _own_questions(facts)

    def of(self, pair: Pair) -> Briefing:
        """The briefing of a pair."""
        return Briefing(
            pair=pair,
            parties=tuple(map(_party, pair.teams)),
            journeys=tuple(journey for visit in pair.visits if (journey := _journey(visit)).text),
            origin=origin(pair, self.facts),
            notice=_notice(pair, self.facts),
            showings=tuple(self._showings(pair)),
            comparisons=tuple(self._comparison(measure, pair) for measure in self._compared),
            has_target=any(measure.target is not None for measure in self._compared),
            has_numbers=any(measure.unit == "number" for measure in self._compared),
            always=ALWAYS,
            cautions=self._cautions(pair),
            missing=tuple(name for name in self.facts.result.missing if name in NEEDED),
        )

    @property
    def _compared(self) -> tuple[Measure, ...]:
        return tuple(self.facts.measures.values()) if self._profiles else ()

    def _showings(self, pair: Pair) -> list[Showing]:
        if not self._exchange:
            return []
        most = MOST_LESSONS_ASKED[len(pair.teams)]
        rows = {
            frozenset((visit.team_a.id, visit.team_b.id)): self._known(pair, visit) for visit in pair.visits
        }
        return [
            self._showing(rows[frozenset((teacher.id, learner.id))], teacher, learner, most)
            for teacher, learner in permutations(pair.teams, 2)
        ]

    def _known(self, pair: Pair, visit: Visit) -> list[Row]:
        rows = self._exchange.get((pair.id, visit.team_a.id, visit.team_b.id), [])
        return [row for row in rows if row["indicator"] in self.facts.measures]

    def _showing(self, rows: Sequence[Row], teacher: Team, learner: Team, most: int) -> Showing:
        told, rest = lessons_told(rows, teacher.id)
        return Showing(
            teacher,
            learner,
            tuple(self._topic(row, place, teacher, learner, most) for place, row in enumerate(told)),
            f"Perhaps something on {counted(rest, 'more indicator')}." if rest else "",
            "" if told else NOTHING_STANDS_OUT.format(teacher=teacher.id),
        )

    def _topic(self, row: Row, place: int, teacher: Team, learner: Team, most: int) -> Topic:
        measure = self.facts.measures[row["indicator"]]
        rows = [self._profile(team, measure) for team in (teacher, learner)]
        rates = [rate_of(each, measure) for each in rows]
        values = [number(each.get("value")) for each in rows]
        worse = looks_worse(values[0], values[1], measure)
        untold = worse or may_be_the_same(*rows)
        told = ["" if untold or rate.value == NOT_KNOWN else rate.value for rate in rates]
        higher = measure.higher_is_better
        own = self._own_questions.get(measure.id) or follow_ups(place, higher_is_better=higher)
        first = opening(teacher=told[0], learner=told[1], higher_is_better=higher)
        return Topic(
            measure.label,
            compared(rates[0], rates[1]),
            how_sure(number(row["probability_real"]) or 0.0),
            worse,
            (first, *own) if place < most else (),
        )

    def _comparison(self, measure: Measure, pair: Pair) -> Comparison:
        rows = [self._profile(team, measure) for team in pair.teams]
        return Comparison(
            measure.label,
            _remark(measure),
            tuple(rate_of(row, measure) for row in rows),
            own_unit(measure.average, measure),
            "" if measure.target is None else own_unit(measure.target, measure),
            range_of(pair.teams, rows, measure),
        )

    def _profile(self, team: Team, measure: Measure) -> Row:
        return self._profiles.get((team.id, measure.id), {})

    def _cautions(self, pair: Pair) -> tuple[str, ...]:
        return (self._few_patients(pair), *_CAUTIONS)

    def _few_patients(self, pair: Pair) -> str:
        """Chance, with the smallest number of patients behind any rate of the pair as the example."""
        counts = [
            (patients, team, measure)
            for team in pair.teams
            for measure in self._compared
            if (patients := number(self._profile(team, measure).get("patients"))) is not None
        ]
        if not counts:
            return f"{_CHANCE} Believe the interval, not the figure."
        patients, team, measure = min(counts, key=lambda each: each[0])
        smallest = f"the fewest behind a figure here are {patients:,.0f} ({team.id}, {measure.label})."
        return f"{_CHANCE} Believe the interval, not the figure: {smallest}"


_CHANCE = "Few patients make figures jump from year to year by chance alone."

_CAUTIONS = (
    "These are the figures of one audit. Either team may have changed since; ask before you explain.",
    "This is no league table. A team that is ahead on one indicator is not the better team.",
    "A difference is no cause. Patients differ, and so does how they are counted: settle that first.",
    "“97% sure” is how sure the audit is who is ahead. It does not say how much patients gain.",
)


def how_sure(probability: float) -> str:
    """How sure it is that a team is truly ahead, in words and as a figure.

    Examples
    --------
    >>> how_sure(0.9995), how_sure(0.55)
    ('almost certainly ahead (more than 99.9% sure)', 'perhaps ahead (55% sure)')
    """
    words = next((words for least, words in _HOW_SURE if probability >= least), "perhaps")
    return f"{words} ahead ({chance(probability)} sure)"


def address_of(contact: str) -> str:
    """An address to write to, or "" where the contact is anything but one e-mail address.

    Examples
    --------
    >>> address_of("a.smith@trust.nhs.uk"), address_of("Dr Smith, 0123"), address_of("a@b.uk?bcc=c@d.uk")
    ('mailto:a.smith@trust.nhs.uk', '', '')
    """
    return f"mailto:{contact}" if _ONE_ADDRESS.fullmatch(contact) else ""


def _own_questions(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """The programme's own questions by the indicator's column; results of earlier versions have none."""
    entries = facts.record["settings"].get("indicators") or ()
    return {str(entry["column"]): tuple(map(str, entry.get("questions") or ())) for entry in entries}


def _remark(measure: Measure) -> str:
    told = [
        *([] if measure.higher_is_better else ["lower is better"]),
        *([] if measure.usable else ["no real differences between teams"]),
    ]
    return "; ".join(told)


def _party(team: Team) -> Party:
    return Party(team, plain(team.size, 0), address_of(team.contact.strip()))


def _journey(visit: Visit) -> Journey:
    km, minutes = visit.figure("distance_km"), visit.figure("travel_minutes")
    told = [
        *([] if km is None else [f"{plain(km, 0)} km"]),
        *([] if minutes is None else [f"{plain(minutes, 0)} minutes of travel"]),
    ]
    return Journey(visit.team_a, visit.team_b, ", ".join(told))


def _notice(pair: Pair, facts: Facts) -> str:
    if not makes_its_visit(pair, facts):
        return (
            "This pair must not make its visit now. The lottery did not draw it for the intervention, and a "
            "visit would spoil the comparison. This pack is here only because all packs were asked for."
        )
    if not is_to_be_drawn(facts):
        return ""
    return (
        "The lottery is still to come. Only pairs that it draws make their visits: do not travel, and make "
        "no appointment, before it is known that this pair was drawn."
    )
