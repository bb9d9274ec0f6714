"""From a briefing to a page that prints on A4, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.packs.briefing import Briefings
from pairing.report.packs.choice import PackChoice, file_stem, makes_its_visit
from pairing.report.page import asset, policy, template
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pairing.report.facts import Pair


@dataclass(frozen=True)
class Entry:
    """A pack in the list."""

    pair: Pair
    page: str
    print: str
    remark: str


def render_packs(choice: PackChoice) -> Iterator[tuple[str, str]]:
    """Write the packs one after the other, each with its name (without ending)."""
    briefings = Briefings(choice.facts)
    for pair in choice.pairs:
        yield file_stem(pair), _pack(briefings, pair)


def render_pack(choice: PackChoice, pair_id: str) -> str:
    """Write the pack of a pair as one HTML page.

    The page needs nothing else, and has no script. It is the same for the same result: no date is in it.

    Parameters
    ----------
    choice : PackChoice
        What :func:`choose_packs` chose.
    pair_id : str
        The pair.

    Returns
    -------
    str
        The page.

    Raises
    ------
    KeyError
        If the pair was not chosen.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pairing
    >>> from pairing.cli import run
    >>> from pairing.report.packs import choose_packs
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = run(["demo", "--out", f"{place}/demo", "--quiet"])
    ...     result = pairing.read_result_folder(Path(place) / "demo" / "ilcop-size-result")
    >>> choice = choose_packs(result)
    >>> len(choice.pairs), len(choice.left_out)
    (15, 25)
    >>> "What not to conclude" in render_pack(choice, choice.pairs[0].id)
    True
    """
    pairs = {pair.id: pair for pair in choice.pairs}
    return _pack(Briefings(choice.facts), pairs[pair_id])


def render_pack_index(choice: PackChoice, *, pages: Collection[str], prints: Collection[str]) -> str:
    """Write the list of packs as one HTML page.

    Parameters
    ----------
    choice : PackChoice
        All pairs that may have a pack.
    pages, prints : collection of str
        Names (without ending) of the packs that are there as pages, and as PDF.

    Returns
    -------
    str
        The page.
    """
    style = asset("pack.css")
    entries = [
        Entry(
            pair,
            f"{stem}.html",
            f"{stem}.pdf" if stem in prints else "",
            "" if makes_its_visit(pair, choice.facts) else "not drawn: must not make its visit now",
        )
        for pair in choice.pairs
        if (stem := file_stem(pair)) in pages
    ]
    return template("packs.html.j2").render(
        style=_as_it_is(style),
        policy=policy(style),
        entries=entries,
        reason=choice.reason,
        version=__version__,
    )


def _pack(briefings: Briefings, pair: Pair) -> str:
    style = asset("pack.css")
    briefing = briefings.of(pair)
    return template("pack.html.j2").render(
        style=_as_it_is(style), policy=policy(style), briefing=briefing, version=__version__
    )


def _as_it_is(style: str) -> str:
    from markupsafe import Markup

    return Markup(style)  # noqa: S704 - this package's own style
