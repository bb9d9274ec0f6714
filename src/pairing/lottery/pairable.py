"""When teams are drawn first and paired afterwards: whether equal chances are possible at all."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from pairing.lottery.errors import ImpossibleLotteryError
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def check_equal_chances_possible(
    teams: Sequence[str], first: NDArray[np.intp], second: NDArray[np.intp]
) -> None:
    """Refuse unless the graph of permitted pairs has a fractional perfect matching.

    Parameters
    ----------
    teams : sequence of str, length n
        Team ids.
    first, second : ndarray of int, shape (E,)
        The two teams of every permitted pair.

    Raises
    ------
    ImpossibleLotteryError
        If there is none. It names teams who have fewer permitted partners between them than they are.

    Notes
    -----
    A lottery that draws only sets that can be paired, each team with the same chance, averages its pairings
    into a fractional perfect matching; so without one there is no such lottery. If at most two thirds of
    the teams are drawn it is also sufficient. A graph has a fractional perfect matching exactly if its
    bipartite double cover has a perfect matching (each team once as host and once as guest), which is
    found without rounding; where it fails, Hall's theorem gives the teams.

    Examples
    --------
    >>> star = np.array([0, 0, 0]), np.array([1, 2, 3])
    >>> check_equal_chances_possible(["hub", "a", "b", "c"], *star)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    pairing.lottery.errors.ImpossibleLotteryError: Equal chances are impossible when ...
    """
    crowded, partners = short_of_partners(len(teams), first, second)
    if crowded:
        names = [teams[team] for team in crowded]
        shared = shortened([teams[team] for team in partners]) if partners else "no one"
        raise ImpossibleLotteryError(
            f"Equal chances are impossible when teams are drawn first: these {len(crowded)} teams "
            f"({shortened(names)}) may be paired only with {shared}, so they cannot all be drawn as often "
            "as the others. Relax a rule, leave some of them out, or pair first and draw pairs.",
            names,
        )


def short_of_partners(
    n_teams: int, first: NDArray[np.intp], second: NDArray[np.intp]
) -> tuple[list[int], list[int]]:
    """Find teams with fewer permitted partners between them than they are.

    Parameters
    ----------
    n_teams : int
        Number of teams.
    first, second : ndarray of int, shape (E,)
        The two teams of every permitted pair.

    Returns
    -------
    tuple of (list of int, list of int)
        The teams and all their permitted partners, ascending; both empty if there are no such teams.

    Examples
    --------
    >>> short_of_partners(4, np.array([0, 0, 0]), np.array([1, 2, 3]))
    ([1, 2, 3], [0])
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    hosts, guests = np.concatenate([first, second]), np.concatenate([second, first])
    cover = csr_matrix((np.ones(len(hosts), dtype=np.int8), (hosts, guests)), shape=(n_teams, n_teams))
    guest_of = maximum_bipartite_matching(cover, perm_type="column")
    alone = np.flatnonzero(guest_of < 0)
    if len(alone) == 0:
        return [], []
    host_of = {int(guest): host for host, guest in enumerate(guest_of) if guest >= 0}
    return _reachable(alone.tolist(), cover.indptr, cover.indices, host_of)


def _reachable(
    alone: list[int], starts: NDArray[np.int32], neighbours: NDArray[np.int32], host_of: dict[int, int]
) -> tuple[list[int], list[int]]:
    """Follow alternating paths from the hosts without a guest: all that contributes to the shortage."""
    crowded, partners = set(alone), set[int]()
    queue = deque(alone)
    while queue:
        host = queue.popleft()
        for guest in neighbours[starts[host] : starts[host + 1]].tolist():
            if guest not in partners:
                partners.add(guest)
                # A maximum matching leaves no guest free here, or it could be improved.
                crowded.add(host_of[guest])
                queue.append(host_of[guest])
    return sorted(crowded), sorted(partners)
