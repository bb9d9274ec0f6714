"""The pictures of the report: the map, the plan's quality, the balance of the arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pairing.plots.canvas import blank_axes
from pairing.plots.draw_love import draw_love_plot
from pairing.plots.draw_map import draw_pair_map
from pairing.plots.draw_quality import draw_quality_against_random
from pairing.plots.outlines import OUTLINE_SOURCE
from pairing.plots.svg import svg_text
from pairing.report.balance import label_of

if TYPE_CHECKING:
    from pairing.report.facts import Facts
    from pairing.report.quality import Quality

__all__ = ["OUTLINE_SOURCE", "balance_picture", "map_picture", "quality_picture"]


def map_picture(facts: Facts) -> str | None:
    """The map, or None where no team's place is known."""
    placed = [
        team for team in facts.teams.values() if team.latitude is not None and team.longitude is not None
    ]
    if not placed:
        return None
    teams = pd.DataFrame(
        {
            "team": [team.id for team in placed],
            "latitude": [team.latitude for team in placed],
            "longitude": [team.longitude for team in placed],
            "arm": [team.arm for team in placed],
            "gid": [f"dot-{team.anchor}" for team in placed],
        }
    )
    visits = [(visit, pair) for pair in facts.pairs.values() for visit in pair.visits]
    pairs = pd.DataFrame(
        {
            "team_a": [visit.team_a.id for visit, _ in visits],
            "team_b": [visit.team_b.id for visit, _ in visits],
            "arm": [pair.arm for _, pair in visits],
            "gid": [pair.gid for _, pair in visits],
        }
    )
    axes = draw_pair_map(blank_axes(5.4, 5.7), teams, pairs, inset=True)
    title = "Map of the pairs"
    description = (
        f"{len(placed)} teams as dots, {len(facts.pairs)} pairs as lines"
        + (", intervention and control told apart by colour and line" if facts.is_drawn else "")
        + ". The table of pairs has the same facts."
    )
    return svg_text(axes, title=title, description=description, prefix="map-picture")


def quality_picture(found: Quality) -> str:
    """The random pairings as a histogram, the plan as a line."""
    axes = draw_quality_against_random(blank_axes(6.4, 2.9), found.totals, found.plan_total)
    title = "The plan against random permitted pairings"
    return svg_text(axes, title=title, description=found.sentence, prefix="quality-picture")


def balance_picture(facts: Facts) -> str | None:
    """The love plot, or None where nothing was drawn."""
    frame = facts.result.table("balance.csv")
    if len(frame) == 0:
        return None
    numbers = [name for name in frame.columns if name not in ("covariate", "balanced")]
    table = frame.assign(
        **{name: pd.to_numeric(frame[name], errors="coerce") for name in numbers},
        balanced=frame["balanced"] == "true",
        label=[label_of(name, facts) for name in frame["covariate"]],
    )
    axes = draw_love_plot(blank_axes(6.4, 1.4 + 0.3 * len(table)), table)
    description = (
        "Standardised mean differences of the arms, in absolute size. The table below has the numbers."
    )
    return svg_text(axes, title="Balance of the arms", description=description, prefix="balance-picture")
