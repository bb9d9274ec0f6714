"""Who visits whom: the pairs of a plan, and every two teams of its group of three."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.pairs import PairModel, ScoredPairs

    Indices = NDArray[np.int64]


@dataclass
class Hosts:
    """The teams that one team visits.

    Parameters
    ----------
    pair_id : str, optional
        Its pair or group; None without one.
    teams : list of int
        Their positions: one, or two in a group of three.
    value, gain : float
        The least value of its visits, and the least that it can learn from one of them, in between-team SD;
        NaN without a visit.
    """

    pair_id: str | None = None
    teams: list[int] = field(default_factory=list)
    value: float = np.nan
    gain: float = np.nan

    def add(self, pair_id: str, team: int, value: float, gain: float) -> None:
        """Add a visit."""
        self.pair_id = pair_id
        self.teams.append(team)
        self.value, self.gain = float(np.fmin(self.value, value)), float(np.fmin(self.gain, gain))

    def named(self, names: Sequence[str]) -> str | None:
        """Name the teams, joined by ``;``; None if there are none."""
        return ";".join(names[team] for team in self.teams) if self.teams else None


@dataclass(frozen=True, eq=False)
class Visits:
    """The visits of a plan, sorted by their teams.

    Parameters
    ----------
    pair_ids : tuple of str, length v
        The pair or group that each visit belongs to.
    scored : ScoredPairs
        Gains, values and figures of the two teams of each visit.
    triad_units : int
        The least value within the group of three, in units of ``1 / VALUE_SCALE``; 0 without one.
    """

    pair_ids: tuple[str, ...]
    scored: ScoredPairs
    triad_units: int

    @classmethod
    def of(
        cls,
        model: PairModel,
        pairs: Indices,
        pair_ids: Sequence[str],
        triad: tuple[int, int, int] | None,
    ) -> Visits:
        """List the visits of pairs, shape (k, 2), and of a group of three, whose id comes last."""
        inside = list(combinations(triad, 2)) if triad else []
        rows = np.concatenate([pairs, np.array(inside, np.int64).reshape(-1, 2)])
        ids = [*pair_ids[: len(pairs)], *[pair_ids[-1] for _ in inside]]
        order = np.lexsort((rows[:, 1], rows[:, 0]))
        scored = model.score(rows[order, 0], rows[order, 1])
        in_group = order >= len(pairs)
        least = int(scored.integers[in_group].min()) if triad else 0
        return cls(tuple(ids[at] for at in order), scored, least)

    @property
    def first(self) -> Indices:
        """Position of the first team of each visit, shape (v,)."""
        return self.scored.pairs.first

    @property
    def second(self) -> Indices:
        """Position of the second team of each visit, shape (v,)."""
        return self.scored.pairs.second

    def by_team(self, n_teams: int) -> list[Hosts]:
        """Whom each team visits, in the order of the cohort."""
        hosts = [Hosts() for _ in range(n_teams)]
        gains = self.scored.gains
        for at, (pair_id, one, other) in enumerate(zip(self.pair_ids, self.first, self.second, strict=True)):
            value = float(self.scored.value[at])
            hosts[one].add(pair_id, int(other), value, float(gains.first[at]))
            hosts[other].add(pair_id, int(one), value, float(gains.second[at]))
        return hosts
