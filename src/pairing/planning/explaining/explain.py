"""Why a plan is as it is: for all pairs in short, for one team, or for any two teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError
from pairing.planning.explaining.card import pair_card
from pairing.planning.explaining.explanations import Overview, PairExplanation, TeamExplanation
from pairing.planning.explaining.find_team import find_teams
from pairing.planning.explaining.partners import next_best_partners
from pairing.planning.explaining.price import (
    Prices,
    price_of_exempting,
    price_of_forcing,
    price_of_parting,
    why_unpriced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.planning.explaining.card import PairCard
    from pairing.planning.explaining.explanations import Standing
    from pairing.planning.explaining.price import Price
    from pairing.planning.pairing import Pairing


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
        Called with the number of partners that are certain to be among the cheapest, and with the number that
        are wanted.

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
    prices = None if unpriced is not None else Prices(pairing)
    return TeamExplanation(
        team,
        name,
        _card(pairing, position, other) if other >= 0 else None,
        prices.parting(position, other) if other >= 0 and prices is not None else None,
        _why_alone(pairing, position) if other < 0 else None,
        next_best_partners(pairing, team, partners, prices=prices, progress=progress)
        if prices is not None
        else None,
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
