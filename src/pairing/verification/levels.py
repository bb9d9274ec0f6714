"""That a plan by levels is the one that the programme asks for, and is called proven only if it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.verification.check import Check

if TYPE_CHECKING:
    from pairing.planning import Ordered, SideConstraint
    from pairing.programme import Programme
    from pairing.verification.record import Record


def check_levels(record: Record, objective: Ordered, programme: Programme, teams: tuple[str, ...]) -> Check:
    """Hold the recorded levels, tolerances and side constraints against the programme.

    Parameters
    ----------
    record : dict
        The record.
    objective : Ordered
        What it says of the levels.
    programme : Programme
        The programme as it is now.
    teams : tuple of str
        The cohort's ids.

    Returns
    -------
    Check
    """
    asked = tuple(dict.fromkeys(("pairs", *programme.objective.order)))
    levels = {level.name: level for level in objective.levels}
    names = tuple(level.name for level in objective.levels)
    differences = []
    if names != asked[: len(names)]:
        differences.append(f"the levels are {', '.join(names)}; the programme asks for {', '.join(asked)}")
    for name, tolerance in programme.objective.tolerance.items():
        if name in levels and levels[name].tolerance != tolerance:
            message = f"the tolerance of {name} is {levels[name].tolerance}; the programme says {tolerance}"
            differences.append(message)
    extra = [name for name, level in levels.items() if level.tolerance and name not in
             programme.objective.tolerance]  # fmt: skip
    differences += [f"the programme gives {name} no tolerance" for name in extra]
    if objective.constraints != programme.side_constraints.constraints(teams):
        differences.append("the recorded side constraints are not those of the programme")
    is_proven = names == asked and all(level.bound == level.best for level in objective.levels)
    if record["status"] != ("optimal" if is_proven else "feasible"):
        differences.append(f"the status is recorded as '{record['status']}', which the levels contradict")
    return Check("the levels and side constraints are those of the programme", tuple(differences))


def check_kept_constraints(
    recorded: tuple[SideConstraint, ...], programme: Programme, teams: tuple[str, ...]
) -> Check:
    """Hold the side constraints that a repaired plan keeps to against the programme.

    Parameters
    ----------
    recorded : tuple of SideConstraint
        Those of the record.
    programme : Programme
        The programme as it is now.
    teams : tuple of str
        The cohort's ids.

    Returns
    -------
    Check
    """
    same = recorded == programme.side_constraints.constraints(teams)
    differs = () if same else ("the recorded side constraints are not those of the programme",)
    return Check("the repaired plan keeps to the side constraints of the programme", differs)
