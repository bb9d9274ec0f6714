"""The pairing that a programme asks for: which search its objective and its side constraints need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.planning import best_pairing, fairest_pairing, ordered_pairing, pairing_with_triad

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching import ConstrainedProgress, Progress
    from pairing.pairs import PairTable
    from pairing.planning import Pairing
    from pairing.programme.settings import Programme


def planned_pairing(
    programme: Programme,
    table: PairTable,
    *,
    allow_unpaired: bool | None = None,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    level_progress: Callable[[str, ConstrainedProgress], None] | None = None,
    keep_interrupted: bool = False,
) -> Pairing:
    """Find the pairing that a programme asks for.

    Parameters
    ----------
    programme : Programme
        The settings.
    table : PairTable
        The permitted pairs of its teams.
    allow_unpaired : bool, optional
        Whether some teams may stay without a partner; as the rules say if not given.
    time_limit_s : float, optional
        Seconds for plans by their total value, by levels or under side constraints; the others need no limit.
    progress : callable, optional
        Told of searches without levels.
    level_progress : callable, optional
        Told of searches by levels.
    keep_interrupted : bool
        Whether Ctrl-C ends the search for the greatest total with the best plan so far, as it does a search
        by levels.

    Returns
    -------
    Pairing

    Raises
    ------
    InfeasibleMatchingError
        If there is none.
    SolverError
        If the time limit passed before any was found.
    """
    objective, side = programme.objective, programme.side_constraints
    unpaired_too = programme.rules.allow_unpaired if allow_unpaired is None else allow_unpaired
    if programme.rules.odd == "triad":
        return pairing_with_triad(table, allow_unpaired=unpaired_too, progress=progress)
    order = tuple(name for name in objective.order if name != "pairs")
    if order == ("fairest",) and side.is_empty:
        return fairest_pairing(table, allow_unpaired=unpaired_too, progress=progress)
    if order == ("total",) and side.is_empty:
        return best_pairing(
            table,
            allow_unpaired=unpaired_too,
            progress=progress,
            time_limit_s=time_limit_s,
            keep_interrupted=keep_interrupted,
        )
    return ordered_pairing(
        table,
        objective.order,
        tolerance=objective.tolerance,
        constraints=side.constraints(table.model.cohort.ids),
        allow_unpaired=unpaired_too,
        time_limit_s=time_limit_s,
        progress=level_progress,
    )
