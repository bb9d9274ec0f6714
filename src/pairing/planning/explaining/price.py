"""What it costs the whole plan to force a pair, to part one, or to exempt one from the rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.matching import EdgeSource, MatchingProblem, MatchingSolution
from pairing.matching.changes.forced import ForcedEdges
from pairing.pairs import VALUE_SCALE, PairTable
from pairing.planning.by_levels.ordered_objective import Ordered
from pairing.planning.exchange import Exchange, exchanges
from pairing.planning.figures import amount
from pairing.planning.objective import TotalValue
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching import BoundMatching
    from pairing.pairs import ScoredPairs
    from pairing.planning.pairing import Pairing


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


class Prices:
    """Prices of changes of one plan; what they have in common is worked out once.

    Parameters
    ----------
    pairing : Pairing
        The plan. Its permitted pairs are not all held if its objective is the total.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    """

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._solved = solved(pairing)

    @cached_property
    def forced(self) -> ForcedEdges:
        """What prices the edges that the permitted pairs are."""
        return ForcedEdges(*self._solved)

    def forcing(self, first: int, second: int) -> Price:
        """What the whole plan loses if two teams that may meet are paired; positions of the teams."""
        return price_of_change(self._pairing, self.forced.hold((first, second)))

    def parting(self, first: int, second: int) -> Price:
        """What the whole plan loses if two teams may not be paired."""
        return price_of_change(self._pairing, self.forced.avoid((first, second)))

    def exempting(self, first: int, second: int) -> Price:
        """What the whole plan loses, or gains if that is below 0, where a banned pair is made."""
        pairing = self._pairing
        scored = pairing.table.model.score(np.array([first]), np.array([second]))
        if isinstance(pairing.objective, TotalValue):
            bound = self.forced.hold((first, second), weight=int(scored.integers[0]))
            return price_of_change(pairing, bound)
        problem = _weighed(pairing, _with_pair(pairing.table, scored))
        added = (problem.first == scored.pairs.first[0]) & (problem.second == scored.pairs.second[0])
        weight = int(problem.weights[added][0])
        bound = ForcedEdges(problem, self._solved[1]).hold((first, second), weight=weight)
        return price_of_change(pairing, bound)


def price_of_forcing(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses if two teams that may meet are paired; positions of the teams.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    InputDataError
        If the two may not meet.
    """
    return Prices(pairing).forcing(first, second)


def price_of_parting(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses if two teams may not be paired; positions of the teams.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    """
    return Prices(pairing).parting(first, second)


def price_of_exempting(pairing: Pairing, first: int, second: int) -> Price:
    """What the whole plan loses, or gains where that is below 0, if a banned pair is made all the same.

    Raises
    ------
    SettingsError
        If pairs of this plan cannot be priced.
    """
    return Prices(pairing).exempting(first, second)


def _with_pair(table: PairTable, scored: ScoredPairs) -> PairTable:
    """A table with one permitted pair more; a plain one, whatever kind the plan has."""
    columns = (table.first, scored.pairs.first), (table.second, scored.pairs.second)
    ends = [np.concatenate(column) for column in columns]
    order = np.lexsort((ends[1], ends[0]))
    integers = np.concatenate([table.integers, scored.integers])[order]
    return PairTable(table.model, ends[0][order], ends[1][order], integers, table.n_banned_by)


def solved(pairing: Pairing) -> tuple[EdgeSource, MatchingSolution]:
    """The matching problem that a pairing solves, and the pairing as its solution.

    Raises
    ------
    SettingsError
        If other pairs of this plan cannot be priced; see :func:`why_unpriced`.
    """
    if (reason := why_unpriced(pairing)) is not None:
        raise SettingsError([Problem(f"other pairs cannot be priced: {reason}")])
    edges = _edges(pairing)
    pairs = np.sort(np.asarray(pairing.pairs, dtype=np.int64).reshape(-1, 2), axis=1)
    first, second = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].T
    total = sum(edges.look_up(first, second).tolist())
    return edges, MatchingSolution(pairing.partner, total, pairing.certificate, "max-cardinality")


def problem_solved(pairing: Pairing) -> tuple[MatchingProblem, MatchingSolution]:
    """The same with all permitted pairs held, for what needs them at once."""
    best = solved(pairing)[1]
    return _weighed(pairing, pairing.table), best


def why_unpriced(pairing: Pairing) -> str | None:
    """Why the certificate of a plan does not tell what other pairs would cost; None if it does."""
    if pairing.status != "optimal":
        return f"the plan is {pairing.status}, not proven to be the best, so that a price would mean nothing"
    if pairing.triad is not None:
        return "in a plan with a group of three, single pairs have no price of their own"
    if isinstance(pairing.objective, Ordered):
        return "the plan was made by levels of objectives or under conditions on the whole plan"
    return None


def _edges(pairing: Pairing) -> EdgeSource:
    """The permitted pairs with the weights of the objective; those of the total are never all held."""
    if isinstance(pairing.objective, TotalValue):
        return pairing.table.edges()
    return _weighed(pairing, pairing.table)


def _weighed(pairing: Pairing, table: PairTable) -> MatchingProblem:
    weights = pairing.objective.weights(table, pairing.pairs)
    return MatchingProblem(len(pairing.cohort), table.first, table.second, weights)


def price_of_change(pairing: Pairing, bound: BoundMatching) -> Price:
    """What the whole plan loses if the best matching with, or without, an edge takes its place."""
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
