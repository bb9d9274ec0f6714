"""The demo's lottery: a programme of the size of the first one, paired, published, drawn and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cli import allocating, planning
from pairing.cli.commands.allocate import show_drawn, show_published
from pairing.files.lottery import LOTTERY_FILES
from pairing.files.result import write_result
from pairing.lottery import seed_text
from pairing.verification import verify

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.cli.console import Console
    from pairing.verification import Verification

PROGRAMME = "ilcop-size.toml"
RESULT = "ilcop-size-result"
SEED = 2024
"""A seed is good enough for a demo; a real draw takes public randomness that was named in advance."""

INTRODUCTION = """
Now the lottery, at the size of ILCOP, the first programme of this kind: 80 trusts in 40 pairs, of which 15
get the intervention. These are the 80 largest trusts of the audit, as an illustration; they are not ILCOP's
own list.
"""


def illustration_folder(folder: Path) -> Path:
    """Where the lottery of a demo is."""
    return folder / RESULT


def illustrate(folder: Path, console: Console, *, force: bool) -> Verification:
    """Pair 80 of the trusts, publish a lottery of 15 of the 40 pairs, draw, and prove all of it.

    Parameters
    ----------
    folder : pathlib.Path
        The demo's folder, which holds the programme.
    console : Console
        Where to talk.
    force : bool
        Replace an earlier result, its lottery included.

    Returns
    -------
    Verification
    """
    result = illustration_folder(folder)
    if force:
        _forget_lottery(result)
    console.say(INTRODUCTION)
    watch = planning.Stopwatch()
    source = planning.load(folder / PROGRAMME, result)
    pairing = planning.plan(source.loaded, watch, console)
    with console.working("Writing the tables"):
        write_result(pairing, source.loaded, result, timings=watch.seconds, force=force)
    console.say(pairing.summary().splitlines()[0])
    show_published(allocating.publish(result), console)
    console.say(f"Published in {result}. Now the draw, with seed {SEED}:\n")
    show_drawn(allocating.draw(result, seed_text(SEED)), console)
    with console.working("Proving the lottery again from its files") as stage:
        return verify(result, progress=stage)


def _forget_lottery(folder: Path) -> None:
    """Remove the lottery of an earlier demo, whose draw nobody is bound by."""
    for name in LOTTERY_FILES:
        (folder / name).unlink(missing_ok=True)
