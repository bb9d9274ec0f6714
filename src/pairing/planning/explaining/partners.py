"""The other partners that a team could have, each with its price to the whole plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.explaining.card import known, known_as
from pairing.planning.explaining.find_team import find_teams
from pairing.planning.explaining.price import Prices, price_of_change
from pairing.planning.figures import amount
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching import BoundMatching
    from pairing.planning.explaining.price import Price
    from pairing.planning.pairing import Pairing

_MAIN = (
    "partner",
    "name",
    "n_pairs_lost",
    "value_lost",
    "pairs_changed",
    "value",
    "gain",
    "gain_of_partner",
    "distance_km",
)


@dataclass(frozen=True)
class PossiblePartner:
    """A team that another one could have met.

    Parameters
    ----------
    team, name : str
        Id and name of the partner.
    value : float
        What the pair would be worth, in between-team SD.
    gain, gain_of_partner : float
        What the team that asks can expect to learn from it, and what it can learn.
    level_gap : float
        Difference of the overall levels.
    size_ratio, distance_km : float or None
        The larger team's size over the smaller one's, and the distance; None where unknown.
    price : Price
        What forcing the pair costs the whole plan.
    swap_value_lost : float or None
        What it costs if only the pairs of the two teams change, and the two partners who are left meet each
        other. None where they may not meet, or one of the two teams has no partner.
    """

    team: str
    name: str
    value: float
    gain: float
    gain_of_partner: float
    level_gap: float
    size_ratio: float | None
    distance_km: float | None
    price: Price
    swap_value_lost: float | None

    def short_swap(self) -> str:
        """What the swap costs, for a table; empty where it is not possible."""
        return "" if self.swap_value_lost is None else amount(self.swap_value_lost, 3)


@dataclass(frozen=True)
class NextBest:
    """The partners that a team could have instead, the cheapest for the whole plan first.

    Parameters
    ----------
    team, name : str
        The team that asks.
    partners : tuple of PossiblePartner
        The cheapest, in order.
    n_possible : int
        How many teams it may meet beside its present partner.
    """

    team: str
    name: str
    partners: tuple[PossiblePartner, ...]
    n_possible: int = field(default=0)

    def __repr__(self) -> str:
        return f"<NextBest: {len(self.partners)} of {self.n_possible} other partners of {self.team}>"

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the partners.

        Returns
        -------
        pandas.DataFrame
            One row a partner, the cheapest first: ``team, partner, name, n_pairs_lost, value_lost,
            pairs_changed, swap_value_lost, value, gain, gain_of_partner, level_gap, size_ratio,
            distance_km, instead``. `pairs_changed` counts the pairs of the plan that would be parted;
            `instead` names the changes.
        """
        columns = (
            "team,partner,name,n_pairs_lost,value_lost,pairs_changed,swap_value_lost,value,gain,"
            "gain_of_partner,level_gap,size_ratio,distance_km,instead"
        )
        rows = [
            (
                self.team,
                each.team,
                each.name,
                each.price.n_pairs_lost,
                each.price.value_lost,
                len(each.price.parted),
                each.swap_value_lost,
                each.value,
                each.gain,
                each.gain_of_partner,
                each.level_gap,
                each.size_ratio,
                each.distance_km,
                each.price.in_words,
            )
            for each in self.partners
        ]
        return pd.DataFrame(rows, columns=columns.split(",")).round(VALUE_DIGITS)

    def summary(self) -> str:
        """Say whom the team could meet instead, and at what price, a line each."""
        if not self.n_possible:
            return f"No rule permits {self.team} any other partner."
        head = (
            f"{self.team} may meet {counted(self.n_possible, 'other team')}; the cheapest for the whole plan:"
        )
        return "\n".join([head, *(f"  {self._line(each)}" for each in self.partners)])

    def _line(self, each: PossiblePartner) -> str:
        text = f"{known_as(each.team, each.name)}: costs {each.price.cost()}; {each.price.changes()}"
        lost = each.swap_value_lost
        if lost is not None and len(each.price.parted) > 2:
            text += f" ({amount(lost, 3)} SD if only two do)"
        return text

    def to_dict(self) -> dict[str, Any]:
        """Give everything as a JSON-safe dictionary."""
        return asdict(self)

    def _repr_html_(self) -> str:
        return show_result(
            f"Other partners for {known_as(self.team, self.name)}",
            self.summary().splitlines()[0].replace("; the cheapest for the whole plan:", "."),
            show_table(self.to_frame(), "The cheapest for the whole plan", columns=_MAIN),
        )


def next_best_partners(
    pairing: Pairing,
    team: str,
    n_partners: int | None = 5,
    *,
    prices: Prices | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NextBest:
    """Find the other partners of a team that cost the whole plan least.

    Parameters
    ----------
    pairing : Pairing
        A proven pairing.
    team : str
        Id or name of the team; one without a partner may ask too.
    n_partners : int, optional
        How many; None for all.
    prices : Prices, optional
        What has been worked out for other prices of the same pairing.
    progress : callable, optional
        Called with the number of partners that are certain to be among the cheapest, and with the number that
        are wanted.

    Returns
    -------
    NextBest
        Each price is exact: the best plan that has the pair against this plan. Partners are in
        the order of the plan's objective: first the number of pairs, then what it makes great.

    Raises
    ------
    InputDataError
        If there is no such team.
    SettingsError
        If `n_partners` is below 0, or pairs of this plan cannot be priced.

    Notes
    -----
    Where the plan is for another objective than the total, the plans with a pair are the best under the
    weights of that objective. Those of the fairest plan are relative to it: as few pairs as possible fall
    below its worst value, then below its second worst, and so on.

    The certificate bounds every price from below, so that only a few plans are worked out; see
    :func:`pairing.matching.cheapest_held_edges`.

    Examples
    --------
    >>> from pairing import MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50)])
    >>> others = next_best_partners(plan, "R0A", 2)
    >>> others.partners[0].price.value_lost <= others.partners[1].price.value_lost
    True
    """
    if n_partners is not None and n_partners < 0:
        problem = Problem("is not a number of partners", value=str(n_partners), expected="0 or more")
        raise SettingsError([problem])
    (position,) = find_teams(pairing.cohort, [team])
    forced = (prices or Prices(pairing)).forced
    held = forced.cheapest(position, n_partners, progress=progress)
    cohort = pairing.cohort
    n_possible = len(np.setdiff1d(pairing.table.partners(position), pairing.partner[position]))
    return NextBest(
        cohort.ids[position],
        cohort.names[position],
        tuple(_possible(pairing, position, each) for each in held),
        n_possible,
    )


def _possible(pairing: Pairing, position: int, bound: BoundMatching) -> PossiblePartner:
    other = bound.edge[0] + bound.edge[1] - position
    scored = pairing.table.model.score(np.array(bound.edge[:1]), np.array(bound.edge[1:]))
    gains = float(scored.gains.first[0]), float(scored.gains.second[0])
    asks_first = position == bound.edge[0]
    return PossiblePartner(
        team=pairing.cohort.ids[other],
        name=pairing.cohort.names[other],
        value=float(scored.value[0]),
        gain=gains[0] if asks_first else gains[1],
        gain_of_partner=gains[1] if asks_first else gains[0],
        level_gap=float(scored.pairs.level_gap[0]),
        size_ratio=known(scored.pairs.size_ratio[0]),
        distance_km=known(scored.pairs.distance_km[0]),
        price=price_of_change(pairing, bound),
        swap_value_lost=_swap_value_lost(pairing, bound.edge),
    )


def _swap_value_lost(pairing: Pairing, edge: tuple[int, int]) -> float | None:
    """What is lost if the two teams meet and the partners that they leave meet each other."""
    left = sorted(int(pairing.partner[team]) for team in edge)
    if left[0] < 0:
        return None
    table = pairing.table
    parted = [sorted((team, int(pairing.partner[team]))) for team in edge]
    ends = np.array([*parted, sorted(edge), left], np.int64)
    scored = table.model.score(ends[:, 0], ends[:, 1])
    if not scored.permitted[3]:
        return None
    lost = scored.integers[0] + scored.integers[1] - scored.integers[2] - scored.integers[3]
    return int(lost) / VALUE_SCALE
