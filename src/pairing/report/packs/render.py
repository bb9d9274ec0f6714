"""From a briefing to a page that prints on A4, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.report.facts import Facts, Pair
from pairing.report.packs.briefing import Briefings
from pairing.report.packs.choice import (
    PackChoice,
    file_stem,
    is_to_be_drawn,
    makes_its_visit,
    why_left_out,
)
from pairing.report.page import asset, policy, template
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from markupsafe import Markup

    from pairing.files.result_folder import ResultFolder


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


def render_pack_index(result: ResultFolder, *, pages: Collection[str], prints: Collection[str]) -> str:
    """Write the list of packs as one HTML page.

    Parameters
    ----------
    result : ResultFolder
        The result that they were made from.
    pages, prints : collection of str
        Names (without ending) of the packs that are there as pages, and as PDF.

    Returns
    -------
    str
        The page; it says which pairs have no pack because they were not drawn.
    """
    facts, style = Facts(result), asset("pack.css")
    there = [pair for pair in facts.pairs.values() if file_stem(pair) in pages]
    not_there = [pair for pair in facts.pairs.values() if file_stem(pair) not in pages]
    return template("packs.html.j2").render(
        style=_as_it_is(style),
        policy=policy(style),
        entries=[_entry(pair, facts, prints) for pair in there],
        reason=why_left_out([pair for pair in not_there if not makes_its_visit(pair, facts)], facts),
        is_to_be_drawn=is_to_be_drawn(facts),
        version=__version__,
    )


def _entry(pair: Pair, facts: Facts, prints: Collection[str]) -> Entry:
    stem = file_stem(pair)
    remark = "" if makes_its_visit(pair, facts) else "not drawn: must not make its visit now"
    return Entry(pair, f"{stem}.html", f"{stem}.pdf" if stem in prints else "", remark)


def _pack(briefings: Briefings, pair: Pair) -> str:
    style = asset("pack.css")
    briefing = briefings.of(pair)
    return template("pack.html.j2").render(
        style=_as_it_is(style), policy=policy(style), briefing=briefing, version=__version__
    )


def _as_it_is(style: str) -> Markup:
    from markupsafe import Markup

    return Markup(style)  # noqa: S704 - this package's own style
