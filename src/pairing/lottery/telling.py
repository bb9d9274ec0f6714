"""How far the long steps of a lottery have come, for whoever waits."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Takes what is being done, and how many of how many steps of it are done where that is known."""

    def __call__(self, words: str, done: int | None = None, total: int | None = None) -> None:
        """Take it."""


def untold(words: str, done: int | None = None, total: int | None = None) -> None:
    """Tell nobody."""
