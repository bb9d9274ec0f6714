"""How much memory there is to spare, how much this process has taken, and amounts of it in words."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?) *(B|[kKMGT]B|[KMGT]iB)", re.ASCII)
_BYTES_OF = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}

_USUAL = 180 * 10**6
"""Bytes that a process with the numerical libraries takes, where the system does not tell."""


def available_memory() -> int:
    """Bytes of memory that can be taken without harm: what the system has to spare, or all that it has.

    Returns
    -------
    int
        A very large number where the system does not tell.
    """
    for name in ("SC_AVPHYS_PAGES", "SC_PHYS_PAGES"):
        try:
            pages = os.sysconf(name)
        except (AttributeError, ValueError, OSError):  # not on this system
            continue
        if pages > 0:
            return pages * os.sysconf("SC_PAGE_SIZE")
    return sys.maxsize


def used_memory() -> int:
    """Bytes of memory that this process has in use; a usual amount where the system does not tell."""
    try:
        resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(resident) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError, IndexError):  # not on this system
        return _USUAL


def memory_in_bytes(amount: int | str) -> int:
    """Read an amount of memory.

    Parameters
    ----------
    amount : int or str
        Bytes, or a number with a unit: B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (of 1024).

    Raises
    ------
    ValueError
        If it is no such amount, or not above 0.

    Examples
    --------
    >>> memory_in_bytes("800MB"), memory_in_bytes("1.5 GiB"), memory_in_bytes(10_000)
    (800000000, 1610612736, 10000)
    """
    if isinstance(amount, str):
        found = _AMOUNT.fullmatch(amount.strip())
        n_bytes = int(float(found[1]) * _BYTES_OF[found[2]]) if found else 0
    else:
        n_bytes = int(amount)
    if n_bytes <= 0:
        message = f"'{amount}' is not an amount of memory; expected for example 800MB or 2GB"
        raise ValueError(message)
    return n_bytes


def memory_in_words(n_bytes: int) -> str:
    """An amount of memory with a unit, rounded up.

    Examples
    --------
    >>> memory_in_words(1_234_567_890), memory_in_words(350_000_001)
    ('1.3 GB', '351 MB')
    """
    if n_bytes >= 10**9:
        return f"{-(-n_bytes // 10**8) / 10:.1f} GB"
    return f"{-(-n_bytes // 10**6)} MB"
