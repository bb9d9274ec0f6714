"""The lottery's public record: what is published beside the pool, and the lottery read back from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from pairing.errors import InputDataError, PairingError, Problem
from pairing.lottery.design import Design, Kind
from pairing.lottery.facts import countable
from pairing.lottery.listing import read_rows
from pairing.lottery.lottery import Lottery
from pairing.lottery.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

_NEEDED = ("design", "strata", "drawn", "units", "members", "n_reserves", "sha256")


def lottery_record(lottery: Lottery) -> dict[str, object]:
    """Give everything about a lottery but the pool itself, JSON-safe.

    Parameters
    ----------
    lottery : Lottery
        The declared lottery.

    Returns
    -------
    dict
        `design`, `strata` (lists of units), `drawn`, `units`, `members` (teams of each unit), `n_draws`,
        `n_tickets`, `listed`, `chances` (of each team), `largest_chance_error`, `effective_draws`
        (None if beyond 1e308), `largest_weight`, `n_reserves`, `origin` (None for the unconstrained lottery)
        and `sha256`. Counts of more than 4,000 digits are in words.

    Examples
    --------
    >>> from pairing.lottery import simple, uniform_lottery
    >>> record = lottery_record(uniform_lottery(simple(3, 1), ["a", "b", "c"], [("a",), ("b",), ("c",)]))
    >>> record["design"], record["strata"], record["drawn"]
    ('simple', [['a', 'b', 'c']], [1])
    """
    design = lottery.design
    return {
        "design": design.kind,
        "strata": [[lottery.units[unit] for unit in stratum] for stratum in design.strata],
        "drawn": list(design.drawn),
        "units": list(lottery.units),
        "members": {unit: list(teams) for unit, teams in zip(lottery.units, lottery.members, strict=True)},
        "n_draws": countable(lottery.n_draws),
        "n_tickets": countable(lottery.n_tickets),
        "listed": lottery.listed,
        "chances": lottery.team_chances(),
        "largest_chance_error": lottery.largest_chance_error(),
        "effective_draws": _finite_or_none(lottery.effective_draws),
        "largest_weight": lottery.largest_weight,
        "n_reserves": lottery.n_reserves,
        "origin": None if lottery.origin is None else _origin_record(lottery.origin),
        "sha256": lottery.sha256,
    }


def lottery_from_record(
    record: Mapping[str, object], pool: pd.DataFrame | Iterable[tuple[object, object]] | None = None
) -> Lottery:
    """Rebuild a lottery from its record and its pool, and refuse if they do not belong together.

    Parameters
    ----------
    record : mapping
        As :func:`lottery_record` gives it.
    pool : pandas.DataFrame, or iterable of tuple, optional
        The published pool, with the columns `tickets` and `intervention`, or these two cells of each row;
        none where draws are not listed.

    Returns
    -------
    Lottery

    Raises
    ------
    InputDataError
        If the record is incomplete or contradicts itself, the pool does not follow the design, or the
        SHA-256 of the pool is not the published one.
    """
    absent = [
        Problem("is missing from the lottery's record", value=key) for key in _NEEDED if key not in record
    ]
    if absent:
        raise InputDataError(absent)
    try:
        lottery = _rebuilt(record, pool)
    except PairingError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputDataError([Problem(f"the lottery's record cannot be read ({error})")]) from error
    if lottery.sha256 != record["sha256"]:
        raise InputDataError(
            [
                Problem(
                    "is the SHA-256 of this lottery, which is not the published one",
                    value=lottery.sha256,
                    expected=str(record["sha256"]),
                    advice="The pool or its design has been changed since it was published.",
                )
            ]
        )
    return lottery


def lottery_differences(published: Lottery, rebuilt: Lottery, tolerance: float = 1e-6) -> tuple[str, ...]:
    """Say in which ways a lottery built again differs from the published one.

    Parameters
    ----------
    published, rebuilt : Lottery
        The two lotteries.
    tolerance : float
        Largest relative difference of a draw's probability that another maths library may explain. Draws
        themselves have to be the same.

    Returns
    -------
    tuple of str
        One sentence a difference; empty when there is none.
    """
    if published.design != rebuilt.design or published.units != rebuilt.units:
        return ("the design or its units differ",)
    sentences = [
        f"{unit} stands for {', '.join(there)} in what is published, and for {', '.join(here)} by the inputs"
        for unit, there, here in zip(published.units, published.members, rebuilt.members, strict=True)
        if there != here
    ]
    return (*sentences, *_pool_differences(published, rebuilt, tolerance))


def _pool_differences(published: Lottery, rebuilt: Lottery, tolerance: float) -> tuple[str, ...]:
    if published.listed != rebuilt.listed:
        return ("one of them lists its draws and the other does not",)
    if published.draws is None or rebuilt.draws is None:
        return ()
    ours, theirs = (_weight_of_each(lottery) for lottery in (published, rebuilt))
    sentences = []
    if ours.keys() != theirs.keys():
        only, missing = len(ours.keys() - theirs.keys()), len(theirs.keys() - ours.keys())
        sentences.append(f"{only:,} published draws are not found again, and {missing:,} others are")
    shared = ours.keys() & theirs.keys()
    moved = sum(
        not math.isclose(ours[draw], theirs[draw], rel_tol=tolerance, abs_tol=2e-12) for draw in shared
    )
    if moved:
        sentences.append(f"{moved:,} draws have other tickets than published")
    return tuple(sentences)


def _weight_of_each(lottery: Lottery) -> dict[bytes, float]:
    possible = lottery.enumerate()
    packed = map(bytes, np.packbits(possible.draws, axis=1))
    return dict(zip(packed, possible.weights.tolist(), strict=True))


def _rebuilt(
    record: Mapping[str, object], pool: pd.DataFrame | Iterable[tuple[object, object]] | None
) -> Lottery:
    import pandas as pd

    units = _texts(record["units"])
    number = {unit: place for place, unit in enumerate(units)}
    members = cast("Mapping[str, Sequence[str]]", record["members"])
    strata = cast("Sequence[Sequence[str]]", record["strata"])
    design = Design(
        cast("Kind", record["design"]),
        tuple(tuple(number[unit] for unit in stratum) for stratum in strata),
        tuple(int(drawn) for drawn in cast("Sequence[int]", record["drawn"])),
    )
    teams = tuple(_texts(members[unit]) for unit in units)
    n_reserves = int(cast("int", record["n_reserves"]))
    given = cast("Mapping[str, object] | None", record.get("origin"))
    origin = None if given is None else _origin(given)
    if pool is None:
        return Lottery(design=design, units=units, members=teams, n_reserves=n_reserves, origin=origin)
    if isinstance(pool, pd.DataFrame):
        return Lottery.from_frame(pool, design, units, teams, n_reserves=n_reserves, origin=origin)
    listed = read_rows(pool, design, units)
    return Lottery(design, units, teams, listed.draws, listed.tickets, n_reserves, origin)


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in cast("Sequence[str]", values))


def _origin_record(origin: Origin) -> dict[str, object]:
    return {
        "candidates": origin.candidates,
        "enumerated": origin.enumerated,
        "keep": origin.keep,
        "seed": origin.seed,
        "balanced_on": dict(zip(origin.balanced_on, origin.weights, strict=True)),
        "mean_score_unconstrained": _finite_or_none(origin.mean_score_unconstrained),
        "mean_score": _finite_or_none(origin.mean_score),
    }


def _finite_or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _origin(record: Mapping[str, object]) -> Origin:
    balanced = cast("Mapping[str, float]", record["balanced_on"])
    before, after = (
        math.nan if record[name] is None else float(cast("float", record[name]))
        for name in ("mean_score_unconstrained", "mean_score")
    )
    seed = record["seed"]
    return Origin(
        candidates=int(cast("int", record["candidates"])),
        enumerated=bool(record["enumerated"]),
        keep=float(cast("float", record["keep"])),
        seed=None if seed is None else int(cast("int", seed)),
        balanced_on=tuple(balanced),
        weights=tuple(float(weight) for weight in balanced.values()),
        mean_score_unconstrained=before,
        mean_score=after,
    )
