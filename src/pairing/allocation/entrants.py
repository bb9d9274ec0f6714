"""Who takes part in a lottery: the teams, and the pairs in which they were put before or may be put after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pairing.pairs import PairTable
from pairing.programme.model import pair_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles
    from pairing.programme import Programme


class NamedPair(NamedTuple):
    """The teams that visit each other, with the id of their pair: two, or once three in a group."""

    pair_id: str
    teams: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Entrants:
    """The teams of a lottery with what is known of them.

    Parameters
    ----------
    cohort : Cohort
        All teams of the programme.
    profiles : Profiles
        Their profiles.
    pairs : tuple of NamedPair, optional
        The pairing, where teams were paired before the lottery. Teams without a partner do not take part.
    permitted : tuple of two ndarray of int, shape (E,), optional
        Positions of the teams of every permitted pair, where teams are paired after the lottery.
    """

    cohort: Cohort
    profiles: Profiles
    pairs: tuple[NamedPair, ...] | None = None
    permitted: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """Ids of the teams that take part, in the cohort's order."""
        if self.pairs is None:
            return self.cohort.ids
        paired = {team for pair in self.pairs for team in pair.teams}
        return tuple(team for team in self.cohort.ids if team in paired)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Ids of the teams of the cohort that do not take part, because they have no partner."""
        taking_part = set(self.teams)
        return tuple(team for team in self.cohort.ids if team not in taking_part)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position of each team in the cohort."""
        return {team: place for place, team in enumerate(self.cohort.ids)}

    @property
    def positions(self) -> list[int]:
        """Positions in the cohort of the teams that take part."""
        return [self.position[team] for team in self.teams]

    @property
    def pair_of(self) -> dict[str, str]:
        """The pair of each team that has one."""
        return {team: pair.pair_id for pair in self.pairs or () for team in pair.teams}


def entrants_of(
    programme: Programme,
    cohort: Cohort,
    profiles: Profiles,
    pairs: Sequence[NamedPair] | None = None,
    *,
    previous: Sequence[tuple[str, str]] = (),
    travel: pd.DataFrame | None = None,
) -> Entrants:
    """Find out who takes part in the lottery of a programme.

    Parameters
    ----------
    programme : Programme
        The settings; for draw-then-pair the permitted pairs are worked out.
    cohort, profiles : Cohort, Profiles
        The teams.
    pairs : sequence of NamedPair, optional
        The pairing, where teams were paired before.
    previous, travel
        As in :func:`pairing.programme.model.pair_model`.

    Returns
    -------
    Entrants
    """
    permitted = None
    if programme.lottery is not None and programme.lottery.design == "draw-then-pair":
        table = PairTable.build(pair_model(programme, cohort, profiles, previous=previous, travel=travel))
        permitted = (table.first, table.second)
    return Entrants(cohort, profiles, None if pairs is None else tuple(pairs), permitted)
