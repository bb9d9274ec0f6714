"""Strata of pairs, and how many pairs of each are drawn."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.allocation.entrants import Entrants

_AND = " + "


def strata_of_pairs(entrants: Entrants, column: str) -> tuple[str, ...]:
    """Give the stratum of every pair: its two teams' values in alphabetical order, or one if they agree.

    Parameters
    ----------
    entrants : Entrants
        The pairs.
    column : str
        Column of the table.

    Returns
    -------
    tuple of str
        "North", or "North + South".

    Raises
    ------
    InputDataError
        If there is no such column, or with every team whose cell is blank.
    """
    value = dict(zip(entrants.cohort.ids, entrants.cohort.text(column), strict=True))
    blank = [team for team in entrants.teams if value[team] is None]
    if blank:
        raise InputDataError(
            Problem(f"is blank for team '{team}'", column=column, expected="the stratum of every team")
            for team in blank
        )
    return tuple(
        _AND.join(sorted({str(value[team]) for team in pair.teams})) for pair in entrants.pairs or ()
    )


def numbers_to_draw(
    strata: Sequence[str], *, in_all: int | None, per_stratum: Mapping[str, int]
) -> dict[str, int]:
    """Say how many pairs of each stratum are drawn.

    Parameters
    ----------
    strata : sequence of str
        Stratum of every pair.
    in_all : int, optional
        Pairs to draw in all; shared out in proportion, remainders by size.
    per_stratum : mapping of str to int
        Pairs to draw from each stratum, if they are declared one by one.

    Returns
    -------
    dict of str to int

    Raises
    ------
    InputDataError
        With every stratum that cannot have both arms.

    Examples
    --------
    >>> numbers_to_draw(["N"] * 5 + ["S"] * 3, in_all=4, per_stratum={})
    {'N': 3, 'S': 1}
    """
    sizes = Counter(strata)
    drawn = dict(per_stratum) if in_all is None else _in_proportion(sizes, in_all)
    key = "lottery.intervention_per_stratum" if in_all is None else "lottery.intervention_pairs"
    problems = [
        Problem("is no stratum", column=key, value=name, expected=", ".join(sorted(sizes)))
        for name in drawn
        if name not in sizes
    ]
    short = {name: size for name, size in sorted(sizes.items()) if not 0 < drawn.get(name, 0) < size}
    problems += _short_strata(short, drawn, key)
    if problems:
        raise InputDataError(problems)
    return drawn


def _short_strata(short: Mapping[str, int], drawn: Mapping[str, int], key: str) -> list[Problem]:
    """Tell strata without a pair in each arm: all in one where combinations make them many."""
    expected = "at least one pair in each arm of every stratum"
    if not any(_AND in name for name in short):
        return [
            Problem(
                f"of the {counted(size, 'pair')} in stratum '{name}' {drawn.get(name, 0)} would be drawn",
                column=key,
                expected=expected,
                advice="Declare intervention_per_stratum, or a coarser column of strata.",
            )
            for name, size in short.items()
        ]
    told = [f"{name} ({drawn.get(name, 0)} of {counted(size, 'pair')})" for name, size in short.items()]
    combination = next(name for name in short if _AND in name)
    return [
        Problem(
            f"{counted(len(short), 'stratum', 'strata')} would not have a pair in each arm: "
            f"{shortened(told)}. A stratum such as '{combination}' is a combination, for pairs whose teams "
            "differ",
            column=key,
            expected=expected,
            advice="Take a coarser column of strata, one that the rules keep the same within pairs "
            "(rules.same), or balance_on it instead.",
        )
    ]


def _in_proportion(sizes: Mapping[str, int], in_all: int) -> dict[str, int]:
    """Share out by largest remainder, exactly; of equal remainders the alphabetically first is served."""
    total = sum(sizes.values())
    drawn = {name: size * in_all // total for name, size in sorted(sizes.items())}
    left = in_all - sum(drawn.values())
    by_remainder = sorted(drawn, key=lambda name: -(sizes[name] * in_all % total))
    return {name: number + (name in by_remainder[:left]) for name, number in drawn.items()}
