"""From a result to one page: sections are made, put into the templates, and sealed off by a strict policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.report.audit import audit
from pairing.report.balance import balance
from pairing.report.cards import cards
from pairing.report.effects import effects
from pairing.report.facts import Facts
from pairing.report.flow import flow
from pairing.report.overview import overview
from pairing.report.page import asset, policy, template
from pairing.report.pictures import OUTLINE_SOURCE, balance_picture, map_picture, quality_picture
from pairing.report.provenance import provenance
from pairing.report.quality import quality
from pairing.report.settings import settings
from pairing.report.teams import pair_rows, team_rows
from pairing.report.unpaired import unpaired

if TYPE_CHECKING:
    from pairing.files.result_folder import ResultFolder


def render_report(result: ResultFolder) -> str:
    """Write the report of a result as one HTML page.

    The page needs nothing else: no network, no other file. Its text is escaped, it forbids every script and
    style but its own by their hashes, and everything can be read with scripts switched off. It is the same
    for the same result: no date is in it.

    Parameters
    ----------
    result : ResultFolder
        A result read back with :func:`pairing.read_result_folder`.

    Returns
    -------
    str
        The page. With more than 400 pairs the exchange cards are short ones, and the page says so.

    References
    ----------
    Web Content Accessibility Guidelines 2.2 (W3C, 2023), for its structure.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pairing
    >>> from pairing.cli import run
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = run(["demo", "--out", f"{place}/demo", "--quiet"])
    ...     result = pairing.read_result_folder(Path(place) / "demo" / "programme-result")
    >>> page = render_report(result)
    >>> page.startswith("<!DOCTYPE html>"), page.count('class="card"')
    (True, 60)
    """
    from markupsafe import Markup

    facts = Facts(result)
    found = quality(facts)
    style, script = asset("report.css"), asset("report.js")
    return template("report.html.j2").render(
        # Only what this package wrote itself is taken as HTML; everything else is escaped.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=policy(style, script),
        pictures={
            "map": _markup(map_picture(facts)),
            "quality": _markup(quality_picture(found) if found else None),
            "balance": _markup(balance_picture(facts)),
        },
        facts=facts,
        overview=overview(facts),
        flow=flow(facts),
        quality=found,
        no_quality=" ".join((facts.record.get("random_pairings") or {}).get("notes", ())),
        team_rows=team_rows(facts),
        pair_rows=pair_rows(facts),
        cards=cards(facts),
        balance=balance(facts),
        audit=audit(facts),
        effects=effects(facts),
        unpaired=unpaired(facts),
        settings=settings(facts),
        provenance=provenance(facts),
        outline_source=OUTLINE_SOURCE,
    )


def _markup(picture: str | None) -> Any:  # noqa: ANN401 - markupsafe is imported where it is used
    from markupsafe import Markup

    return None if picture is None else Markup(picture)  # noqa: S704 - matplotlib escapes what it draws
