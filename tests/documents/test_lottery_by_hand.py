"""The worked example of docs/explanation/lottery.md, redone with nothing but SHA-256 and arithmetic."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pairing.lottery import draw_lottery, pair_then_draw, uniform_lottery

TEXT = (Path(__file__).parents[2] / "docs" / "explanation" / "lottery.md").read_text(encoding="utf-8")
MEMBERS = [("a", "b"), ("c", "d"), ("e", "f"), ("g", "h")]


def test_the_draw_by_hand_is_right() -> None:
    """File, hashes, remainder and pairs are what the page says, and what the library draws."""
    section = TEXT[TEXT.index("### Redone by hand") : TEXT.index("## On disk")]
    pool = re.search(r"```csv\n(.*?)```", section, re.DOTALL)
    hashed = re.search(r'printf %s "(.*?)" \| sha256sum\n([0-9a-f]{64})', section)
    assert pool is not None
    assert hashed is not None
    sha256 = hashlib.sha256(pool[1].encode()).hexdigest()
    assert f"`{sha256}`" in section
    assert f"these {len(pool[1].encode())} bytes" in section
    assert hashed[1] == f"3 17 22 31 40 45 bonus 9|{sha256}|ticket|1"
    assert hashed[2] == hashlib.sha256(hashed[1].encode()).hexdigest()
    assert int(hashed[2], 16) % 6 == 2
    assert pool[1].splitlines()[3] == "3,1,P01 P04"
    lottery = uniform_lottery(pair_then_draw(4, 2), ["P01", "P02", "P03", "P04"], MEMBERS)
    drawn = draw_lottery(lottery, "3 17 22 31 40 45 bonus 9")
    assert lottery.canonical_text() == pool[1]
    assert (drawn.draw_number, drawn.intervention) == (3, ("P01", "P04"))
