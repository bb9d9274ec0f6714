"""From a draw to the tables that people read, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pairing.allocation.covariates import reportable_covariates
from pairing.errors import InputDataError, Problem
from pairing.lottery import balance_table, covariates_of_units, same_arm
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.allocation.entrants import Entrants
    from pairing.lottery import Covariates, Draw, Lottery

ARMS = ("intervention", "control", "reserve")
MOST_UNITS_COMPARED = 200
"""Up to so many units the table of same-arm probabilities is written."""


def allocation_frame(drawn: Draw, pair_of: Mapping[str, str]) -> pd.DataFrame:
    """Tabulate an allocation with the columns of `allocation.csv`.

    Parameters
    ----------
    drawn : Draw
        The draw.
    pair_of : mapping of str to str
        The pair of each team that has one.

    Returns
    -------
    pandas.DataFrame
        One row a team, sorted by team: `team`, `pair_id`, `arm` and, where there are reserves,
        `reserve_order`.
    """
    frame = drawn.to_frame()
    frame.insert(1, "pair_id", [pair_of.get(team) for team in frame["team"]])
    columns = ["team", "pair_id", "arm", *(["reserve_order"] if drawn.reserves else [])]
    return frame[columns]


def balance_frame(entrants: Entrants, balanced: Covariates | None, drawn: Draw) -> pd.DataFrame:
    """Tabulate the balance of the arms with the columns of `balance.csv`.

    Parameters
    ----------
    entrants : Entrants
        Who took part.
    balanced : Covariates or None
        What the lottery balanced, for its units. Profiles, size and location are shown in any case.
    drawn : Draw
        The draw.

    Returns
    -------
    pandas.DataFrame
        One row a covariate: whether it was `balanced`, and the columns of
        :func:`pairing.lottery.balance_table`.
    """
    return pd.concat(
        [
            balance_table(drawn.lottery, covariates, drawn).assign(balanced=is_balanced)
            for is_balanced, covariates in _to_show(entrants, balanced, drawn.lottery.members)
        ],
        ignore_index=True,
    )


def _to_show(
    entrants: Entrants, balanced: Covariates | None, members: tuple[tuple[str, ...], ...]
) -> list[tuple[bool, Covariates]]:
    columns = reportable_covariates(entrants.cohort, entrants.profiles, entrants.positions)
    others = {name: c for name, c in columns.items() if balanced is None or name not in balanced.names}
    shown = [] if balanced is None else [(True, balanced)]
    if others:
        shown.append((False, covariates_of_units(others, entrants.teams, members)))
    return shown


def same_arm_frame(lottery: Lottery) -> pd.DataFrame | None:
    """Tabulate how often two units share an arm, with and without the constraint (Moulton 2004).

    Parameters
    ----------
    lottery : Lottery
        The published lottery.

    Returns
    -------
    pandas.DataFrame or None
        One row a pair of units: `unit_a`, `unit_b`, `same_arm`, `same_arm_unconstrained`. None where draws
        are not listed, for then the design says it all, or where there are more than `MOST_UNITS_COMPARED`.
    """
    if not lottery.listed or len(lottery.units) > MOST_UNITS_COMPARED:
        return None
    return same_arm(lottery).to_frame().round({"same_arm": 9, "same_arm_unconstrained": 9})


def draw_record(drawn: Draw, *, lottery_sha256: str, flow: Mapping[str, int]) -> dict[str, Any]:
    """Put together the record of a draw, but for earlier draws, hashes of files and the seal.

    Parameters
    ----------
    drawn : Draw
        The draw.
    lottery_sha256 : str
        Seal of what was published.
    flow : mapping of str to int
        Teams at each stage before the draw.

    Returns
    -------
    dict
        JSON-safe.
    """
    frame = drawn.to_frame()
    counts = {arm: int((frame["arm"] == arm).sum()) for arm in ARMS}
    return {
        "version": __version__,
        "lottery_sha256": lottery_sha256,
        "pool_sha256": drawn.lottery.sha256,
        "randomness": drawn.randomness,
        "draw": drawn.draw_number,
        "steps": [
            {"text": step.text, "sha256": step.digest, "from": 1, "to": step.upper, "number": step.number}
            for step in drawn.steps
        ],
        "intervention": list(drawn.intervention),
        "reserves": list(drawn.reserves),
        "flow": dict(flow) | {arm: count for arm, count in counts.items() if count or arm != "reserve"},
    }


def units_by_arm(frame: pd.DataFrame, lottery: Lottery) -> dict[str, tuple[str, ...]]:
    """Read the units of each arm back from an allocation.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns `team` and `arm`, and `reserve_order` where there are reserves; all text.
    lottery : Lottery
        The lottery that was drawn from.

    Returns
    -------
    dict of str to tuple of str
        Units by arm, in the lottery's order; reserves in the order in which they are called.

    Raises
    ------
    InputDataError
        With every problem: an unknown or missing team, an unknown arm, a unit in two arms. Whether the
        lottery can draw this is not asked; the analysis does.
    """
    problems = [*_team_problems(frame, lottery), *_arm_problems(frame)]
    if problems:
        raise InputDataError(problems)
    arm_of = dict(zip(frame["team"], frame["arm"], strict=True))
    split = [
        unit
        for unit, teams in zip(lottery.units, lottery.members, strict=True)
        if len({arm_of[t] for t in teams}) > 1
    ]
    if split:
        raise InputDataError(
            Problem("is in two arms; its teams were drawn together", value=unit) for unit in split
        )
    first = {unit: teams[0] for unit, teams in zip(lottery.units, lottery.members, strict=True)}
    arms = {arm: tuple(unit for unit in lottery.units if arm_of[first[unit]] == arm) for arm in ARMS}
    if arms["reserve"]:
        order = dict(zip(frame["team"], frame["reserve_order"], strict=True))
        arms["reserve"] = tuple(sorted(arms["reserve"], key=lambda unit: int(order[first[unit]])))
    return arms


def _team_problems(frame: pd.DataFrame, lottery: Lottery) -> list[Problem]:
    absent = [Problem("the column is missing", column=name) for name in ("team", "arm") if name not in frame]
    if absent:
        return absent
    known, found = set(lottery.teams), list(frame["team"])
    problems = [
        Problem("did not take part in the lottery", value=team) for team in found if team not in known
    ]
    problems += [Problem("is missing from the allocation", value=team) for team in sorted(known - set(found))]
    return problems + [Problem("stands there twice", value=team) for team in _repeated(found)]


def _arm_problems(frame: pd.DataFrame) -> list[Problem]:
    if "arm" not in frame:
        return []
    return [
        Problem("is no arm", row=row, column="arm", value=str(arm), expected=", ".join(ARMS))
        for row, arm in enumerate(frame["arm"], start=2)
        if arm not in ARMS
    ] + _order_problems(frame)


def _order_problems(frame: pd.DataFrame) -> list[Problem]:
    order = frame["reserve_order"] if "reserve_order" in frame else [""] * len(frame)
    return [
        Problem("is no place among the reserves", row=row, column="reserve_order", value=str(place))
        for row, (arm, place) in enumerate(zip(frame["arm"], order, strict=True), start=2)
        if arm == "reserve" and not str(place).isdecimal()
    ]


def _repeated(teams: Sequence[str]) -> list[str]:
    return sorted({team for team in teams if teams.count(team) > 1})
