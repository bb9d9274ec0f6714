"""Objectives read back from a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import InputDataError, Problem
from pairing.planning.by_levels.ordered_objective import Ordered
from pairing.planning.fairest import Fairest
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.objective import TotalSoFar, TotalValue
from pairing.planning.triad import WithTriad

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pairing.planning.objective import Objective


def _total(_: Mapping[str, Any]) -> Objective:
    return TotalValue()


def _fairest(_: Mapping[str, Any]) -> Objective:
    return Fairest()


_READERS: dict[str, Callable[[Mapping[str, Any]], Objective]] = {
    TotalValue.kind: _total,
    TotalSoFar.kind: TotalSoFar.from_dict,
    Fairest.kind: _fairest,
    FewestChanges.kind: FewestChanges.from_dict,
    Ordered.kind: Ordered.from_dict,
    WithTriad.kind: WithTriad.from_dict,
}


def objective_from_dict(data: object) -> Objective:
    """Read an objective back from what :meth:`Objective.to_dict` gave, perhaps by way of JSON.

    Parameters
    ----------
    data : object
        A dictionary with the key ``kind``, and what that kind of objective needs.

    Returns
    -------
    Objective

    Raises
    ------
    InputDataError
        If it is no objective, or one that does not exist.

    Examples
    --------
    >>> objective_from_dict({"kind": "total"})
    TotalValue()
    """
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(data, dict) or kind not in _READERS:
        kinds = ", ".join(sorted(_READERS))
        raise InputDataError(
            [Problem("is no objective", column="weights", value=str(kind), expected=f"one of {kinds}")]
        )
    return _READERS[kind](data)
