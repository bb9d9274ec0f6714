"""Explanations of a plan: of all its pairs in short, of one team, and of any two teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from pairing.pairs import VALUE_DIGITS
from pairing.planning.explaining.card import known_as
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.planning.explaining.card import PairCard
    from pairing.planning.explaining.comparison import Comparison
    from pairing.planning.explaining.partners import NextBest
    from pairing.planning.explaining.price import Price

Standing = Literal["paired", "grouped", "possible", "banned"]
_WHETHER = {"paired": "a pair", "grouped": "in one group", "possible": "no pair", "banned": "no pair"}


@dataclass(frozen=True)
class Overview:
    """The cards of all pairs of a plan.

    Parameters
    ----------
    cards : tuple of PairCard
        In the order of the pairs.
    """

    cards: tuple[PairCard, ...]

    def __repr__(self) -> str:
        return f"<Overview: {counted(len(self.cards), 'pair')}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs, a line each.

        Returns
        -------
        pandas.DataFrame
            ``pair_id, team_a, team_b, value, gain_a, gain_b``, then ``a_learns`` and ``b_learns``, the
            indicator on which either has most to learn from the other (None if on none), each with
            ``_probability`` that the other is truly better there, ``level_gap`` and
            ``probability_neither_dominates``.
        """
        columns = (
            "pair_id,team_a,team_b,value,gain_a,gain_b,a_learns,a_learns_probability,b_learns,"
            "b_learns_probability,level_gap,probability_neither_dominates"
        )
        rows = [
            (
                card.pair_id,
                card.team_a,
                card.team_b,
                card.value,
                card.gain_a,
                card.gain_b,
                *_first(card.lessons("b")),
                *_first(card.lessons("a")),
                card.level_gap,
                card.probability_neither_dominates,
            )
            for card in self.cards
        ]
        return pd.DataFrame(rows, columns=columns.split(",")).round(VALUE_DIGITS)

    def summary(self) -> str:
        """Say how many pairs there are, and which of them needs a second look."""
        if not self.cards:
            return "There is no pair."
        least = min(self.cards, key=lambda card: (card.probability_neither_dominates, card.team_a))
        return (
            f"{counted(len(self.cards), 'pair')}. The one most likely to have a dominant partner is "
            f"{least.pair_id}, {least.team_a} and {least.team_b}: with a probability of "
            f"{100 * (1 - least.probability_neither_dominates):.1f}% one of the two is better at everything."
        )

    def to_dict(self) -> dict[str, Any]:
        """Give all cards as a JSON-safe dictionary."""
        return {"pairs": [card.to_dict() for card in self.cards]}

    def _repr_html_(self) -> str:
        table = show_table(self.to_frame(), "The pairs, and what each team learns most on")
        return show_result("Overview", self.summary(), table)


@dataclass(frozen=True)
class TeamExplanation:
    """Why a team has its partner, or none, and whom it could meet instead.

    Parameters
    ----------
    team, name : str
        Id and name.
    card : PairCard or None
        The card of its pair; None without a partner.
    price_of_parting : Price or None
        What the whole plan loses if the two may not be paired.
    reason : str or None
        Why the team has no partner.
    next_best : NextBest or None
        The other partners that it could have, the cheapest first; None where they cannot be priced.
    unpriced : str or None
        Why they cannot.
    """

    team: str
    name: str
    card: PairCard | None
    price_of_parting: Price | None
    reason: str | None
    next_best: NextBest | None
    unpriced: str | None = None

    def __repr__(self) -> str:
        partner = "no partner" if self.card is None else f"pair {self.card.pair_id}"
        return f"<TeamExplanation: {self.team}, {partner}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the other partners that the team could have; see :meth:`NextBest.to_frame`.

        Where they cannot be priced, the indicators of its pair; see :meth:`PairCard.to_frame`.
        """
        if self.next_best is not None:
            return self.next_best.to_frame()
        return pd.DataFrame() if self.card is None else self.card.to_frame()

    def headline(self) -> str:
        """Say whether the team has a partner, and if not, why."""
        if self.card is not None:
            return self.card.headline()
        return f"{known_as(self.team, self.name)} has no partner: {self.reason}."

    def price_line(self) -> str | None:
        """What it would cost to part the team from its partner, or why nobody knows; None without one."""
        if self.unpriced is not None:
            return _unpriced(self.unpriced)
        return None if self.price_of_parting is None else _parting(self.price_of_parting)

    def summary(self) -> str:
        """Say why the team has its partner, and whom else it could meet at what price."""
        card = self.headline() if self.card is None else self.card.summary()
        others = None if self.next_best is None else self.next_best.summary()
        lines = [card, self.price_line(), others]
        return "\n".join(line for line in lines if line is not None)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as a JSON-safe dictionary."""
        return {
            "team": self.team,
            "name": self.name,
            "card": None if self.card is None else self.card.to_dict(),
            "price_of_parting": None if self.price_of_parting is None else self.price_of_parting.to_dict(),
            "reason": self.reason,
            "next_best": None if self.next_best is None else self.next_best.to_dict(),
            "unpriced": self.unpriced,
        }

    def _repr_html_(self) -> str:
        text, card = (self.headline(), "") if self.card is None else ("", self.card._repr_html_())
        line = self.price_line()
        price = "" if line is None else show_result("If the two were parted", line)
        others = "" if self.next_best is None else self.next_best._repr_html_()
        return show_result(
            f"{known_as(self.team, self.name)}: whom it meets, and why", text, card, price, others
        )


@dataclass(frozen=True)
class PairExplanation:
    """Why two teams are, or are not, a pair.

    Parameters
    ----------
    card : PairCard
        What the two have to offer each other.
    standing : {"paired", "grouped", "possible", "banned"}
        Whether the plan has the pair, has both in its group of three, could have it, or the rules ban it.
    price : Price or None
        What the whole plan loses if the two are parted (paired), are paired (possible), or are exempted from
        the rules and paired (banned); None where that cannot be priced.
    unpriced : str or None
        Why it cannot.
    """

    card: PairCard
    standing: Standing
    price: Price | None
    unpriced: str | None = None

    def __repr__(self) -> str:
        return f"<PairExplanation: {self.card.team_a} and {self.card.team_b}, {self.standing}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the indicators; see :meth:`PairCard.to_frame`."""
        return self.card.to_frame()

    def headline(self) -> str:
        """Say who the two are, and whether and why they are paired or not."""
        headline = self.card.headline()
        if self.standing == "grouped":
            return headline.replace(" are not paired.", " meet in the plan's group of three.")
        if self.standing == "banned":
            headline = headline[:-1] + ": " + "; ".join(room.sentence for room in self.card.bans) + "."
        if self.standing == "possible":
            headline = headline[:-1] + ", though no rule bans it."
        return headline

    def price_line(self) -> str:
        """What it would cost to have it the other way, or why that is not known."""
        if self.price is None:
            return _unpriced(self.unpriced or "")
        if self.standing == "paired":
            return _parting(self.price)
        return _exempting(self.price) if self.standing == "banned" else _forcing(self.price)

    def summary(self) -> str:
        """Say why the two are or are not paired, what they have to offer, and what another choice costs."""
        parts = [self.headline(), *self.card.sentences(), *self.card.rule_lines(), self.price_line()]
        return "\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as a JSON-safe dictionary."""
        return {
            "standing": self.standing,
            "banned_by": [room.key for room in self.card.bans],
            "card": self.card.to_dict(),
            "price": None if self.price is None else self.price.to_dict(),
            "unpriced": self.unpriced,
        }

    def _repr_html_(self) -> str:
        names = f"{self.card.team_a} and {self.card.team_b}"
        price = show_result("What another choice would cost", self.price_line())
        return show_result(
            f"Why {names} are {_WHETHER[self.standing]}", self.headline(), self.card._repr_html_(), price
        )


def _first(lessons: tuple[Comparison, ...]) -> tuple[str | None, float | None]:
    return (lessons[0].label, lessons[0].probability_real) if lessons else (None, None)


def _unpriced(reason: str) -> str:
    return f"What another choice would cost is not worked out: {reason}."


def _parting(price: Price) -> str:
    return f"To part {price.team_a} and {price.team_b} would cost the plan {price.cost()}: {price.in_words}."


def _forcing(price: Price) -> str:
    return f"To pair {price.team_a} with {price.team_b} would cost the plan {price.cost()}: {price.in_words}."


def _exempting(price: Price) -> str:
    if price.verdict == "better":
        return (
            f"Exempted from the rules, {price.team_a} and {price.team_b} would be paired, and the plan would "
            f"gain {price.gained()}: {price.in_words}."
        )
    return (
        f"An exemption would gain nothing: even with it, to pair {price.team_a} with {price.team_b} would "
        f"cost the plan {price.cost()}: {price.in_words}."
    )
