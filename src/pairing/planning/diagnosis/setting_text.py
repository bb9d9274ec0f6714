"""What to write in ``[rules]``."""

from __future__ import annotations

import json

from pairing.planning.diagnosis.readable import limit_text
from pairing.rules import NotNearest

CALIPER = "calipers."


def rule_is_left_out(key: str, limit: float) -> bool:
    """Whether a rule with such a limit would ban nothing and cannot be written."""
    return key == NotNearest.key and limit < 1


def limit_setting(key: str, limit: float) -> str:
    """The line of ``[rules]`` with a limit.

    Examples
    --------
    >>> limit_setting("max_size_ratio", 1.42), limit_setting("calipers.beds", 80.0)
    ('max_size_ratio = 1.42', 'calipers.beds = 80')
    >>> limit_setting("not_nearest", 0)
    'no not_nearest'
    """
    if rule_is_left_out(key, limit):
        return f"no {key}"
    if not key.startswith(CALIPER):
        return f"{key} = {limit_text(limit)}"
    column = key.removeprefix(CALIPER)
    bare = column.replace("_", "").replace("-", "")
    written = column if bare.isascii() and bare.isalnum() else json.dumps(column, ensure_ascii=False)
    return f"{CALIPER}{written} = {limit_text(limit)}"
