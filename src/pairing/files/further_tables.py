"""The tables that reports are made of: indicators, profiles, exchange, partners, random pairings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.planning.frames.partner_table import no_partners_frame, why_no_partners
from pairing.planning.random_pairings import METHOD, random_pairings, why_none_drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from pairing.planning import Pairing

FURTHER_TABLE_NAMES = (
    "indicators.csv",
    "profiles.csv",
    "exchange.csv",
    "partners.csv",
    "random_pairings.csv",
)
N_PARTNERS = 5
"""Next-best partners of each team."""

N_RANDOM = 1_000
"""Random pairings that a plan is compared with."""

RANDOM_SEED = 0

HOW_TO_ASK_FOR_RANDOM = "pairing pair PROGRAMME --random-pairings 1000 --force"


@dataclass(frozen=True, eq=False)
class FurtherTables:
    """The tables, and what the record says of how they were made.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        By the name of the file.
    recipes : dict
        The record's ``random_pairings`` and ``partners``.
    """

    frames: dict[str, pd.DataFrame]
    recipes: dict[str, Any]


def further_tables(
    pairing: Pairing,
    *,
    partners: bool | None = None,
    n_random: int | None = None,
    seed: int = RANDOM_SEED,
    progress: Callable[[str, int, int], None] | None = None,
) -> FurtherTables:
    """Make the tables of a pairing that reports are made of.

    Parameters
    ----------
    pairing : Pairing
        The pairing.
    partners : bool, optional
        Whether to price the next-best partners of all teams; by default where that is quick.
    n_random : int, optional
        How many random pairings; by default `N_RANDOM` where that is quick, and none where it is not.
    seed : int
        What they are drawn with.
    progress : callable, optional
        Called with what is being done, and the number of steps done and of all.

    Returns
    -------
    FurtherTables
        A table that cannot be made, or takes long and was not asked for, has only its header, and the record
        says why.
    """
    why = why_no_partners(pairing, wanted=partners)
    why_none = why_none_drawn(pairing, n_random)
    n_wanted = N_RANDOM if n_random is None else n_random
    n_drawn = 0 if why_none else n_wanted
    chance = random_pairings(
        pairing, n_drawn, seed=seed, progress=_telling(progress, "Drawing random pairings")
    )
    frames = {
        "indicators.csv": pairing.indicators_frame(),
        "profiles.csv": pairing.profiles_frame(),
        "exchange.csv": pairing.exchange_frame(),
        "partners.csv": no_partners_frame()
        if why
        else pairing.partners_frame(
            N_PARTNERS, progress=_telling(progress, "Pricing the next-best partners")
        ),
        "random_pairings.csv": chance.to_frame(),
    }
    notes = [f"None were drawn: {why_none}. To ask for them: {HOW_TO_ASK_FOR_RANDOM}"] if why_none else []
    notes += chance.notes
    drawn = {"n": n_drawn, "n_drawn": len(chance), "seed": seed, "how": METHOD, "notes": notes}
    return FurtherTables(frames, {"random_pairings": drawn, "partners": _recipe(pairing, why)})


def _telling(
    progress: Callable[[str, int, int], None] | None, words: str
) -> Callable[[int, int], None] | None:
    """What one stage tells of itself."""
    return None if progress is None else lambda done, total: progress(words, done, total)


def _recipe(pairing: Pairing, why: str | None) -> dict[str, Any]:
    if why is None:
        return {"n": N_PARTNERS, "priced": True, "why_not": None, "how_to_ask": None}
    possible = why_no_partners(pairing, wanted=True) is None
    how = "pairing pair PROGRAMME --partners --force; for one team: pairing explain DIR TEAM"
    return {"n": N_PARTNERS, "priced": False, "why_not": why, "how_to_ask": how if possible else None}


def asked_for(recorded: Mapping[str, Any]) -> bool:
    """Whether a record says that the next-best partners were priced."""
    return bool(recorded.get("priced"))
