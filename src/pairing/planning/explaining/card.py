"""The card of a pair: what each of two teams can teach the other, and what is between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.pairs import VALUE_DIGITS
from pairing.pairs.dominance import probability_neither_dominates
from pairing.pairs.gain import probability_level_gap_exceeds
from pairing.planning.explaining.comparison import Comparison, compare
from pairing.planning.explaining.room import RuleRoom, room_under
from pairing.planning.figures import chance, short_chance
from pairing.rules import MaxLevelGap
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.pairs import PairModel

LIKELY = 2 / 3
"""An indicator is told as a lesson where the teacher is truly better with at least this probability."""


@dataclass(frozen=True)
class PairCard:
    """What two teams have to offer each other. Gains, levels and values are in between-team SD.

    Make one with :func:`pair_card`.

    Parameters
    ----------
    team_a, team_b, name_a, name_b : str
        Ids and names; ``team_a < team_b`` as text.
    pair_id : str or None
        The pair's id in the plan; None if the two are not paired.
    permitted : bool
        Whether no rule bans the pair.
    value : float
        What the pair is worth to the plan: the reciprocal gain minus what preferences take off.
    reciprocal_gain : float
        Expected gain that each of the two can at least have from the other.
    gain_a, gain_b : float
        What team_a can expect to learn from team_b, and team_b from team_a.
    level_a, level_b, level_gap : float
        Overall levels and their difference.
    level_cap : float or None
        The largest gap that the rules permit.
    probability_gap_over_cap : float or None
        Posterior probability that the true gap is above the cap.
    probability_neither_dominates : float
        Posterior probability that each is truly better than the other on some indicator that counts.
    size_a, size_b, size_ratio, distance_km, travel_minutes : float or None
        Sizes, the larger over the smaller, and the journey; None where unknown.
    comparisons : tuple of Comparison
        The indicators, those from which most can be learned first.
    room : tuple of RuleRoom
        What each rule says of the pair.
    """

    team_a: str
    team_b: str
    name_a: str
    name_b: str
    pair_id: str | None
    permitted: bool
    value: float
    reciprocal_gain: float
    gain_a: float
    gain_b: float
    level_a: float
    level_b: float
    level_gap: float
    level_cap: float | None
    probability_gap_over_cap: float | None
    probability_neither_dominates: float
    size_a: float | None
    size_b: float | None
    size_ratio: float | None
    distance_km: float | None
    travel_minutes: float | None
    comparisons: tuple[Comparison, ...]
    room: tuple[RuleRoom, ...]

    def __repr__(self) -> str:
        return f"<PairCard: {self.team_a} and {self.team_b}, value {self.value:.3f} SD>"

    @property
    def bans(self) -> tuple[RuleRoom, ...]:
        """The rules that ban the pair."""
        return tuple(room for room in self.room if not room.permitted)

    def lessons(self, teacher: str) -> tuple[Comparison, ...]:
        """The indicators on which a team has more to teach than to learn, most first.

        Parameters
        ----------
        teacher : {"a", "b"}
            Whether team_a or team_b teaches.
        """
        return tuple(each for each in self.comparisons if each.counts and each.b_teaches == (teacher == "b"))

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the indicators.

        Returns
        -------
        pandas.DataFrame
            One row an indicator, those from which most can be learned first: ``indicator, label, weight,
            usable, teacher`` (id of the team with more to teach), then for each team ``value_, unadjusted_,
            patients_, patients_with_, standard_error_, profile_, gain_`` with ``a`` or ``b``, and
            ``average, target, difference, difference_sd, probability_b_better, probability_real``.
        """
        return pd.DataFrame([self._row(each) for each in self.comparisons]).round(VALUE_DIGITS)

    def _row(self, each: Comparison) -> dict[str, Any]:
        row: dict[str, Any] = {
            "indicator": each.indicator,
            "label": each.label,
            "weight": each.weight,
            "usable": each.usable,
            "teacher": self._ahead(each),
        }
        for side, observed in (("a", each.observed_a), ("b", each.observed_b)):
            row |= {f"{name}_{side}": figure for name, figure in asdict(observed).items()}
            row |= {f"{name}_{side}": getattr(each, f"{name}_{side}") for name in ("profile", "gain")}
        names = ("average", "target", "difference", "difference_sd", "probability_b_better")
        return row | {name: getattr(each, name) for name in (*names, "probability_real")}

    def summary(self) -> str:
        """Say in sentences what the two can teach each other and what is between them."""
        return "\n".join([self.headline(), *self.sentences(), *self.rule_lines()])

    def headline(self) -> str:
        """Say who the two are and whether they are paired."""
        first, second = known_as(self.team_a, self.name_a), known_as(self.team_b, self.name_b)
        standing = f"are pair {self.pair_id}" if self.pair_id else "are not paired"
        return f"{first} and {second} {standing}."

    def sentences(self) -> list[str]:
        """The reading of the card, a sentence an item."""
        return [self.gains_line(), *self.lesson_lines(), *self.remarks()]

    def gains_line(self) -> str:
        """What each can expect to learn from the other."""
        text = (
            f"{self.team_a} can expect to learn {self.gain_a:.2f} SD from {self.team_b}, and {self.team_b} "
            f"{self.gain_b:.2f} SD from {self.team_a}; each at least {self.reciprocal_gain:.2f} SD."
        )
        taken_off = self.reciprocal_gain - self.value
        if abs(taken_off) >= 5e-4:
            text += f" Preferences take {taken_off:.3f} SD off: the pair is worth {self.value:.3f} SD."
        return text

    def lesson_lines(self) -> list[str]:
        """On what each is probably better than the other, a line an indicator, most to learn first."""
        sides = (("b", self.team_b, self.team_a), ("a", self.team_a, self.team_b))
        return [
            line
            for side, teacher, learner in sides
            for line in _teaching(self.lessons(side), side, teacher, learner)
        ]

    def remarks(self) -> list[str]:
        """What else a reader must know: doubtful rates, missing results, dominance, levels, size, journey."""
        dominance = (
            f"With a probability of {chance(self.probability_neither_dominates)} neither is better at "
            "everything: each has something to teach."
        )
        return [
            *self._against_appearances(),
            *self._without_lesson(),
            dominance,
            self._levels(),
            *self._between_them(),
        ]

    def rule_lines(self) -> list[str]:
        """What every rule says of the pair, a line each."""
        if not self.room:
            return ["  no rule restricts who may meet"]
        return [f"  {'' if each.permitted else 'banned: '}{each.key}: {each.sentence}" for each in self.room]

    def _against_appearances(self) -> list[str]:
        """Explain why the team with the better rate is not always the one ahead."""
        labels = [each.label for each in self.comparisons if each.counts and each.against_appearances]
        if not labels:
            return []
        text = (
            f"On {_quoted(labels)} the team with the worse rate is probably the better one: few cases are "
            "behind the rates, and the teams' other results say more."
        )
        return [text]

    def _without_lesson(self) -> list[str]:
        worthless = {
            "No real differences between teams, so worth nothing here": lambda each: not each.usable,
            "Without weight, so worth nothing here": lambda each: each.usable and each.weight == 0,
            f"Not known of {self.team_a}, and judged by its other results": _unknown_of_a,
            f"Not known of {self.team_b}, and judged by its other results": _unknown_of_b,
        }
        lines = []
        for reason, applies in worthless.items():
            labels = [each.label for each in self.comparisons if applies(each)]
            if labels:
                lines.append(f"{reason}: {_quoted(labels)}.")
        return lines

    def _levels(self) -> str:
        text = f"Their overall levels are {self.level_gap:.2f} SD apart"
        if self.level_cap is None or self.probability_gap_over_cap is None:
            return f"{text}."
        return (
            f"{text}; the true gap is above the {self.level_cap:g} SD allowed with a probability of "
            f"{chance(self.probability_gap_over_cap)}."
        )

    def _between_them(self) -> list[str]:
        parts = []
        if self.size_ratio is not None:
            sizes = " and ".join(f"{size:,.0f}" for size in (self.size_a, self.size_b) if size is not None)
            parts.append(f"Their sizes are {sizes}, a ratio of {self.size_ratio:.2f}")
        if self.distance_km is not None:
            parts.append(f"they are {self.distance_km:.0f} km apart")
        if self.travel_minutes is not None:
            parts.append(f"the journey takes {self.travel_minutes:.0f} minutes")
        text = "; ".join(parts)
        return [f"{text[:1].upper()}{text[1:]}."] if parts else []

    def to_dict(self) -> dict[str, Any]:
        """Give everything as a JSON-safe dictionary."""
        return asdict(self)

    def _repr_html_(self) -> str:
        table = show_table(self.short_frame(), "The indicators, most to learn first", whole=".short_frame()")
        return show_result("Pair card", self.summary(), table)

    def short_frame(self) -> pd.DataFrame:
        """The table for people: one row an indicator, with short texts and the teams' ids as headings."""
        rows = self.comparisons
        return pd.DataFrame(
            {
                "indicator": [each.label for each in rows],
                self.team_a: [each.shown_a for each in rows],
                self.team_b: [each.shown_b for each in rows],
                "average": [each.shown_average for each in rows],
                "ahead": [self._ahead(each) or "" for each in rows],
                "by": [
                    f"{abs(each.difference):.2f} SD" if each.difference is not None else "" for each in rows
                ],
                "sure": [
                    "" if each.probability_real is None else short_chance(each.probability_real)
                    for each in rows
                ],
            }
        )

    def _ahead(self, each: Comparison) -> str | None:
        """The team with more to teach on an indicator; None where that does not count."""
        if not each.counts:
            return None
        return self.team_b if each.b_teaches else self.team_a


def _quoted(labels: Sequence[str]) -> str:
    named = [f"'{label}'" for label in labels]
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _unknown_of_a(each: Comparison) -> bool:
    return each.observed_a.value is None


def _unknown_of_b(each: Comparison) -> bool:
    return each.observed_b.value is None


def _teaching(lessons: Sequence[Comparison], side: str, teacher: str, learner: str) -> list[str]:
    if not lessons:
        return [f"{teacher} is ahead of {learner} on nothing that counts."]
    told = [each for each in lessons if (each.probability_real or 0.0) >= LIKELY] or list(lessons[:1])
    lines = [f"{teacher} can teach {learner}:", *(f"  {_lesson(each, side)}" for each in told)]
    rest = len(lessons) - len(told)
    if rest:
        lines.append(f"  and perhaps something on {counted(rest, 'more indicator')}")
    return lines


def _lesson(each: Comparison, side: str) -> str:
    teacher, learner = (each.shown_b, each.shown_a) if side == "b" else (each.shown_a, each.shown_b)
    probability = chance(each.probability_real or 0.0)
    return f"{each.label}: {teacher} against {learner}; truly better with a probability of {probability}"


def known_as(team: str, name: str) -> str:
    """The id with the name, or the id alone where that is the name."""
    return team if name == team else f"{team} {name}"


def pair_card(model: PairModel, first: int, second: int, *, pair_id: str | None = None) -> PairCard:
    """Make the card of any two teams, whether they may be paired or not.

    Parameters
    ----------
    model : PairModel
        How pairs are valued and judged.
    first, second : int
        Positions of the two teams.
    pair_id : str, optional
        The pair's id in the plan, if the two are paired.

    Returns
    -------
    PairCard
        The parts of `gain_a` and `gain_b` over the indicators add up to them.

    Examples
    --------
    >>> from pairing import MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50)])
    >>> card = pair_card(plan.table.model, 0, 47)
    >>> card.team_a, card.team_b, card.room[0].sentence
    ('R0A', 'RJ2', '269 km apart, 219 km above the minimum of 50 km')
    """
    low, high = min(first, second), max(first, second)
    cohort, profiles = model.cohort, model.profiles
    scored = model.score(np.array([low]), np.array([high]))
    caps = [rule.sd for rule in model.rules.rules if isinstance(rule, MaxLevelGap)]
    over = (
        probability_level_gap_exceeds(
            min(caps), profiles.level, profiles.level_variance, scored.pairs.first, scored.pairs.second
        )[0]
        if caps
        else np.nan
    )
    size = model.facts.size
    return PairCard(
        team_a=cohort.ids[low],
        team_b=cohort.ids[high],
        name_a=cohort.names[low],
        name_b=cohort.names[high],
        pair_id=pair_id,
        permitted=bool(scored.permitted[0]),
        value=float(scored.value[0]),
        reciprocal_gain=float(scored.gains.reciprocal[0]),
        gain_a=float(scored.gains.first[0]),
        gain_b=float(scored.gains.second[0]),
        level_a=float(profiles.level[low]),
        level_b=float(profiles.level[high]),
        level_gap=float(scored.pairs.level_gap[0]),
        level_cap=min(caps) if caps else None,
        probability_gap_over_cap=known(over),
        probability_neither_dominates=probability_neither_dominates(profiles, low, high),
        size_a=known(size[low]),
        size_b=known(size[high]),
        size_ratio=known(scored.pairs.size_ratio[0]),
        distance_km=known(scored.pairs.distance_km[0]),
        travel_minutes=known(scored.pairs.travel_minutes[0]),
        comparisons=compare(cohort, profiles, low, high),
        room=room_under(model.rules, scored.pairs, 0),
    )


def known(figure: float) -> float | None:
    """The figure, or None for NaN."""
    return None if np.isnan(figure) else float(figure)
