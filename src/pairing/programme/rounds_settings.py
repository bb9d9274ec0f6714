"""`[rounds]`: how many rounds are planned together, and who keeps one partner through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pairing.errors import Problem
from pairing.programme.strict import Names, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class RoundsSettings(Settings):
    """The number of rounds, and the teams that want to keep one partner instead of meeting new teams."""

    number: Annotated[int, Field(ge=1)] | None = None
    keep: Names = ()


def rounds_contradictions(rounds: RoundsSettings | None, excluded: Sequence[str]) -> Iterator[Problem]:
    """Find teams that keep a partner and do not take part, or are named twice.

    Parameters
    ----------
    rounds : RoundsSettings, optional
        The section, if there is one.
    excluded : sequence of str
        Ids of the teams that do not take part.

    Yields
    ------
    Problem
        One for each such team.
    """
    keep = () if rounds is None else rounds.keep
    for number, team in enumerate(keep, start=1):
        key = f"rounds.keep[{number}]"
        if team in excluded:
            yield Problem("keeps its partner and is also excluded", column=key, value=team)
        if team in keep[: number - 1]:
            yield Problem("is named twice", column=key, value=team)
