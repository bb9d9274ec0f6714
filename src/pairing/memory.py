"""How much memory there is to spare."""

from __future__ import annotations

import os
import sys


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
