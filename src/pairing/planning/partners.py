"""The other partners that a team could have, each with its price to the whole plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from pairing.errors import Problem, SettingsError
from pairing.matching import (
    MatchingProblem,
    MatchingSolution,
    avoid_edge,
    cheapest_held_edges,
    hold_edge,
)
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE, PairTable
from pairing.planning.card import known, known_as
from pairing.planning.exchange import Exchange, exchanges
from pairing.planning.figures import amount
from pairing.planning.find_team import find_teams
from pairing.planning.ordered_objective import Ordered
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pairing.matching import BoundMatching
    from pairing.planning.pairing import Pairing

    Indices = NDArray[np.int64]

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
class Price:
    """What it costs the whole plan to force a pair, or to part one; exact, by solving anew.

    Parameters
    ----------
    team_a, team_b : str
        The two teams.
    n_pairs_lost : int
        How many fewer pairs the best such plan has.
    value_lost : float
        By how much less its pairs are worth in total, in between-team SD. With fewer pairs, or an objective
        other than the total, this can be below 0.
    parted, joined : tuple of (str, str)
        Pairs of the plan that would go, and pairs that would come, the forced one included. Of all plans
        with this price, the one that changes fewest pairs.
    in_words : str
        The changes in words: "A–C and B–D instead of A–B and C–D".
    worst_value_lost : float
        By how much less the worst-off pair is worth; can be below 0.
    objective : str
        What the plan makes as great as possible; "total" is the sum of the values.
    verdict : {"better", "equal", "worse"}
        How such a plan compares with this one by that objective; "better" is possible only for a banned pair.
    """

    team_a: str
    team_b: str
    n_pairs_lost: int
    value_lost: float
    parted: tuple[tuple[str, str], ...]
    joined: tuple[tuple[str, str], ...]
    in_words: str
    worst_value_lost: float
    objective: str
    verdict: Literal["better", "equal", "worse"]

    def cost(self) -> str:
        """What is lost in words, as the object of "costs": "0.012 SD in total", "1 pair", "nothing"."""
        lost = [counted(self.n_pairs_lost, "pair")] if self.n_pairs_lost > 0 else []
        if self.value_lost > 0:
            lost.append(f"{amount(self.value_lost, 3)} SD in total")
        text = " and ".join(lost) or "nothing"
        if self.value_lost < 0:
            text += f" (the total would be {amount(-self.value_lost, 3)} SD greater)"
        return text + self._by_objective()

    def _by_objective(self) -> str:
        """What the total does not tell of a plan that was made for something else."""
        if self.objective == "total" or self.verdict != "worse":
            return ""
        if self.worst_value_lost > 0:
            return f" (the worst-off pair would have {amount(self.worst_value_lost, 3)} SD less)"
        return f" (by the plan's objective, {self.objective}, it would be worse)"

    def short_cost(self) -> str:
        """The same for a table: "0.012", "1 pair, 0.012"."""
        value = amount(self.value_lost, 3)
        return f"{counted(self.n_pairs_lost, 'pair')}, {value}" if self.n_pairs_lost > 0 else value

    def gained(self) -> str:
        """What is gained in words where the plan would be better: "1 pair", "0.012 SD in total"."""
        gains = [counted(-self.n_pairs_lost, "pair")] if self.n_pairs_lost < 0 else []
        if self.value_lost < 0:
            gains.append(f"{amount(-self.value_lost, 3)} SD in total")
        text = " and ".join(gains) or "nothing in total"
        if self.value_lost > 0:
            text += f" (the total would be {amount(self.value_lost, 3)} SD less)"
        return text

    def changes(self) -> str:
        """How many pairs of the plan would go."""
        return f"{counted(len(self.parted), 'pair')} of the plan would change"

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return asdict(self)


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
    progress : callable, optional
        Called with the number of partners priced so far, and the number of all that could have to be.

    Returns
    -------
    NextBest
        Each price is exact: the best plan that has the pair, solved anew, against this plan. Partners are in
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

    The certificate bounds every price from below, so that only a few plans are solved anew; see
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
    problem_solved, best = solved(pairing)
    held = cheapest_held_edges(problem_solved, best, position, n_partners, progress=progress)
    cohort = pairing.cohort
    n_possible = len(np.setdiff1d(pairing.table.partners(position), pairing.partner[position]))
    return NextBest(
        cohort.ids[position],
        cohort.names[position],
        tuple(_possible(pairing, position, each) for each in held),
        n_possible,
    )


def price_of_forcing(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses if two teams that may meet are paired; positions of the teams.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    InputDataError
        If the two may not meet.
    """
    problem, best = solved(pairing)
    return _price(pairing, hold_edge(problem, best, (first, second)))


def price_of_parting(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses if two teams may not be paired; positions of the teams.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    """
    problem, best = solved(pairing)
    return _price(pairing, avoid_edge(problem, best, (first, second)))


def price_of_exempting(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses, or gains where that is below 0, if a banned pair is made all the same.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    """
    table = pairing.table
    scored = table.model.score(np.array([first]), np.array([second]))
    columns = (table.first, scored.pairs.first), (table.second, scored.pairs.second)
    ends = [np.concatenate(column) for column in columns]
    order = np.lexsort((ends[1], ends[0]))
    wider = replace(
        table,
        first=ends[0][order],
        second=ends[1][order],
        integers=np.concatenate([table.integers, scored.integers])[order],
    )
    problem = _problem(pairing, wider)
    added = (problem.first == scored.pairs.first[0]) & (problem.second == scored.pairs.second[0])
    weight = int(problem.weights[added][0])
    _, best = solved(pairing)
    return _price(pairing, hold_edge(problem, best, (first, second), weight=weight))


def solved(pairing: Pairing) -> tuple[MatchingProblem, MatchingSolution]:
    """The matching problem that a pairing solves, and the pairing as its solution.

    Raises
    ------
    SettingsError
        If other pairs of this plan cannot be priced; see :func:`why_unpriced`.
    """
    if (reason := why_unpriced(pairing)) is not None:
        raise SettingsError([Problem(f"other pairs cannot be priced: {reason}")])
    problem = _problem(pairing, pairing.table)
    paired = pairing.partner[problem.first] == problem.second
    total = sum(problem.weights[paired].tolist())
    return problem, MatchingSolution(pairing.partner, total, pairing.certificate, "max-cardinality")


def why_unpriced(pairing: Pairing) -> str | None:
    """Why the certificate of a plan does not tell what other pairs would cost; None if it does."""
    if pairing.status != "optimal":
        return f"the plan is {pairing.status}, not proven to be the best, so that a price would mean nothing"
    if pairing.triad is not None:
        return "in a plan with a group of three, single pairs have no price of their own"
    if isinstance(pairing.objective, Ordered):
        return "the plan was made by levels of objectives or under conditions on the whole plan"
    return None


def _problem(pairing: Pairing, table: PairTable) -> MatchingProblem:
    weights = pairing.objective.weights(table, pairing.pairs)
    return MatchingProblem(len(pairing.cohort), table.first, table.second, weights)


def _price(pairing: Pairing, bound: BoundMatching) -> Price:
    ids = pairing.cohort.ids
    before = {tuple(pair) for pair in pairing.pairs.tolist()}
    after = {(at, int(other)) for at, other in enumerate(bound.partner) if at < other}
    joined = np.array(sorted(after), np.int64).reshape(-1, 2)
    scored = pairing.table.model.score(joined[:, 0], joined[:, 1])
    lost = int(pairing.scored.integers.sum()) - int(scored.integers.sum())
    return Price(
        ids[bound.edge[0]],
        ids[bound.edge[1]],
        bound.n_pairs_lost,
        lost / VALUE_SCALE,
        _named(sorted(before - after), ids),
        _named(sorted(after - before), ids),
        _in_words(exchanges(pairing.partner, bound.partner), ids),
        _worst(pairing.scored.value) - _worst(scored.value),
        pairing.objective.kind,
        _verdict(bound),
    )


def _verdict(bound: BoundMatching) -> Literal["better", "equal", "worse"]:
    lost = (bound.n_pairs_lost, bound.weight_lost)
    if lost == (0, 0):
        return "equal"
    return "worse" if lost > (0, 0) else "better"


def _worst(values: NDArray[np.float64]) -> float:
    return float(values.min()) if values.size else 0.0


def _named(pairs: Sequence[tuple[int, ...]], ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((ids[pair[0]], ids[pair[1]]) for pair in pairs)


def _in_words(changes: Sequence[Exchange], ids: tuple[str, ...]) -> str:
    return "; ".join(change.in_words(ids) for change in changes) or "nothing changes"


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
        price=_price(pairing, bound),
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
