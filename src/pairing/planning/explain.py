"""Why a plan is as it is: for all pairs in short, for one team, or for any two teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.pairs import VALUE_DIGITS
from pairing.planning.card import PairCard, known_as, pair_card
from pairing.planning.find_team import find_teams
from pairing.planning.partners import NextBest, next_best_partners
from pairing.planning.price import (
    Price,
    price_of_exempting,
    price_of_forcing,
    price_of_parting,
    why_unpriced,
)
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.planning.comparison import Comparison
    from pairing.planning.pairing import Pairing

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


def explain(
    pairing: Pairing,
    team: str | None = None,
    other: str | None = None,
    *,
    partners: int | None = 5,
    progress: Callable[[int, int], None] | None = None,
) -> Overview | TeamExplanation | PairExplanation:
    """Explain a pairing; see :meth:`pairing.planning.questions.Questions.explain`."""
    if team is None:
        if other is not None:
            raise SettingsError([Problem("needs a first team", column="other", value=other)])
        return overview(pairing, progress=progress)
    if other is None:
        return explain_team(pairing, team, partners=partners, progress=progress)
    return explain_two(pairing, team, other)


def overview(pairing: Pairing, *, progress: Callable[[int, int], None] | None = None) -> Overview:
    """Make the cards of all pairs; nothing is solved anew."""
    model = pairing.table.model
    cards: list[PairCard] = []
    # A group of three has the last id.
    for pair_id, ends in zip(pairing.pair_ids, pairing.pairs.tolist(), strict=False):
        cards.append(pair_card(model, *ends, pair_id=pair_id))
        if progress is not None:
            progress(len(cards), len(pairing.pairs))
    return Overview(tuple(cards))


def explain_team(
    pairing: Pairing,
    team: str,
    *,
    partners: int | None = 5,
    progress: Callable[[int, int], None] | None = None,
) -> TeamExplanation:
    """Explain a team's partner, or why it has none, and price its next-best partners.

    Parameters
    ----------
    pairing : Pairing
        A pairing. Where other pairs cannot be priced, the reason stands in their place.
    team : str
        Id or name of the team.
    partners : int, optional
        How many other partners; None for all.
    progress : callable, optional
        Called with the number of partners priced so far, and the number of all that could have to be.

    Raises
    ------
    InputDataError
        If there is no such team.
    SettingsError
        If `partners` is below 0.
    """
    (position,) = find_teams(pairing.cohort, [team])
    other = int(pairing.partner[position])
    team, name = pairing.cohort.ids[position], pairing.cohort.names[position]
    unpriced = why_unpriced(pairing)
    return TeamExplanation(
        team,
        name,
        _card(pairing, position, other) if other >= 0 else None,
        price_of_parting(pairing, position, other) if other >= 0 and unpriced is None else None,
        _why_alone(pairing, position) if other < 0 else None,
        next_best_partners(pairing, team, partners, progress=progress) if unpriced is None else None,
        unpriced,
    )


def _why_alone(pairing: Pairing, position: int) -> str:
    """Why a team has no partner: it meets two others, or stays out."""
    ids = pairing.cohort.ids
    if pairing.triad is not None and position in pairing.triad:
        first, second = (ids[at] for at in pairing.triad if at != position)
        return f"it meets {first} and {second} in a group of three, {pairing.pair_ids[-1]}"
    return next(row.reason for row in pairing.unpaired if row.team == ids[position])


def explain_two(pairing: Pairing, team: str, other: str) -> PairExplanation:
    """Explain why two teams are, or are not, a pair, and price the contrary.

    Parameters
    ----------
    pairing : Pairing
        A pairing. Where other pairs cannot be priced, the reason stands in place of the price.
    team, other : str
        Ids or names of the teams, in any order.

    Raises
    ------
    InputDataError
        If there is no such team, or both are the same.
    """
    first, second = sorted(find_teams(pairing.cohort, [team, other]))
    card = _card(pairing, first, second)
    standing = _standing(pairing, card, first, second)
    unpriced = why_unpriced(pairing)
    price = None if unpriced is not None else _PRICES[standing](pairing, first, second)
    return PairExplanation(card, standing, price, unpriced)


_PRICES: dict[Standing, Callable[[Pairing, int, int], Price]] = {
    "paired": price_of_parting,
    "possible": price_of_forcing,
    "banned": price_of_exempting,
}


def _standing(pairing: Pairing, card: PairCard, first: int, second: int) -> Standing:
    if card.pair_id is not None:
        return "paired"
    if pairing.triad is not None and {first, second} <= set(pairing.triad):
        return "grouped"
    return "possible" if card.permitted else "banned"


def _card(pairing: Pairing, one: int, other: int) -> PairCard:
    first, second = min(one, other), max(one, other)
    named = dict(zip(map(tuple, pairing.pairs.tolist()), pairing.pair_ids, strict=False))
    return pair_card(pairing.table.model, first, second, pair_id=named.get((first, second)))


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
