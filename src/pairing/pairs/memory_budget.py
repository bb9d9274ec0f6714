"""How the work on all pairs is cut so that it fits into the memory that a user grants."""

from __future__ import annotations

from dataclasses import dataclass

from pairing.errors import Problem, SettingsError
from pairing.memory import memory_in_bytes, memory_in_words, used_memory
from pairing.threads import n_threads

BYTES_A_TEAM = 14_000
"""What a team takes while the best plan is sought, proven and written: remembered pairs, prices, tables."""

BYTES_A_PAIR_JUDGED = 60
"""What a pair takes while a thread judges and values it."""

BYTES_A_PAIR_HELD = 96
"""What a permitted pair takes while all are held: two positions and a value, and copies for the search."""

LARGEST_BLOCK, SMALLEST_BLOCK = 1 << 18, 1 << 14
"""Pairs, permitted or not, that a thread judges at once: at most what fits into its cache."""


@dataclass(frozen=True)
class MemoryBudget:
    """How many pairs are judged at once, by how many threads, and what is left for questions about all pairs.

    Parameters
    ----------
    pairs_per_block : int
        Pairs that a thread judges at once.
    threads : int
        Threads that work at a time.
    bytes_for_pairs : int
        Bytes left for all permitted pairs at once, where a question needs them.
    """

    pairs_per_block: int
    threads: int
    bytes_for_pairs: int

    @property
    def pairs_held(self) -> int:
        """How many pairs can be held at once."""
        return self.bytes_for_pairs // BYTES_A_PAIR_HELD

    @classmethod
    def within(cls, memory_limit: int | str, n_teams: int, *, used: int | None = None) -> MemoryBudget:
        """Plan the work within a limit.

        Parameters
        ----------
        memory_limit : int or str
            Memory of the whole process: bytes, or an amount with a unit such as "800MB".
        n_teams : int
            How many teams there are.
        used : int, optional
            Bytes that the process has in use already; as the system tells if not given.

        Raises
        ------
        SettingsError
            If it is no amount of memory, or the smallest blocks need more.
        """
        limit = require_amount(memory_limit)
        at_rest = (used_memory() if used is None else used) + BYTES_A_TEAM * n_teams
        room = (limit - at_rest) // BYTES_A_PAIR_JUDGED
        for threads in range(n_threads(), 0, -1):
            block = min(LARGEST_BLOCK, room // _blocks_held(threads))
            if block >= SMALLEST_BLOCK:
                return cls(block, threads, limit - at_rest)
        needed = at_rest + BYTES_A_PAIR_JUDGED * SMALLEST_BLOCK * _blocks_held(1)
        raise SettingsError(
            [
                Problem(
                    f"is too little memory to pair {n_teams:,} teams",
                    column="memory limit",
                    value=memory_in_words(limit),
                    expected=f"at least {memory_in_words(needed)}",
                    advice="Grant more memory, or plan regions one by one.",
                )
            ]
        )


def require_amount(memory_limit: int | str) -> int:
    """Read an amount of memory.

    Raises
    ------
    SettingsError
        If it is none.
    """
    try:
        return memory_in_bytes(memory_limit)
    except ValueError as error:
        problem = Problem(str(error), column="memory limit")
        raise SettingsError([problem]) from error


def _blocks_held(threads: int) -> int:
    """Blocks that are worked on, wait to be taken, or are being taken."""
    return 1 if threads == 1 else 2 * threads + 1
