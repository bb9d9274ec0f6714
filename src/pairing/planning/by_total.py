"""What answers by total value alone have to say of a plan that was made by more than its total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError
from pairing.planning.by_levels.ordered_objective import Ordered
from pairing.planning.fewest_changes import FewestChanges

if TYPE_CHECKING:
    from pairing.planning.objective import Objective
    from pairing.planning.pairing import Pairing
    from pairing.planning.side.side_constraints import SideConstraint


def constraints_of(objective: Objective) -> tuple[SideConstraint, ...]:
    """The side constraints that a plan keeps to, whether it was made under them or repaired under them."""
    return objective.constraints if isinstance(objective, (Ordered, FewestChanges)) else ()


def levels_beside_total(objective: Objective) -> tuple[str, ...]:
    """The levels of a plan that its number of pairs and its total say nothing about, in order."""
    if not isinstance(objective, Ordered):
        return ()
    return tuple(level.name for level in objective.levels if level.name not in ("pairs", "total"))


def levels_in_words(objective: Objective) -> str:
    """Own up that the levels of a plan are not looked at; "" where there is nothing to own up to."""
    if not (isinstance(objective, Ordered) and levels_beside_total(objective)):
        return ""
    order = ", then ".join(level.name for level in objective.levels)
    return f"The plan at hand was made by levels ({order}), which are not looked at here"


def refuse_more_than_total(pairing: Pairing, what: str, advice: str) -> None:
    """Refuse a plan that was made by levels or under side constraints where only totals are compared.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    what : str
        What is done with other plans, as the end of a sentence.
    advice : str
        What to do instead.

    Raises
    ------
    SettingsError
        If it was made, or repaired, so.
    """
    if isinstance(pairing.objective, Ordered) or constraints_of(pairing.objective):
        message = f"a plan that was made by levels of objectives or under side constraints is not {what}"
        raise SettingsError([Problem(message, advice=advice)])
