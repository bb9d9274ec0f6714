"""Names are data: whatever they contain is text in the picture, and ids are safe."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pairing import plots
from pairing.plots.canvas import blank_axes
from pairing.plots.draw_funnel import draw_funnel
from pairing.plots.draw_love import draw_love_plot
from pairing.plots.draw_map import draw_pair_map
from pairing.plots.draw_profiles import draw_profile_pair
from pairing.plots.names import drawable
from pairing.plots.svg import svg_id, svg_text
from pairing.profiles.funnel import funnel

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from pairing import Pairing
    from pairing.planning.random_pairings import RandomPairings

HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "quotes": '"\' onload="alert(1)" style="x" id="text_1" d="1.23456"',
    "formula": "$\\frac{1}{2}$ and $x_1$",
    "unclosed formula": "$x",
    "broken formula": "$\\nonsense{$",
    "long": "Ward " * 60,
    "emoji": "Ward \U0001f600 \U0001f3e5\ufe0f",
    "hebrew": "בית חולים",
    "turned": "abc\u202edef\u2066",
    "control": "a\x00b\x1bc\nnew line",
    "entity": "&lt; &amp; ]]> <!--",
    "lone surrogate": "a\ud800b",
}


def of_map(name: str) -> Axes:
    teams = pd.DataFrame(
        {"team": ["a", "b"], "latitude": [51.0, 52.0], "longitude": [0.0, -1.0], "name": [name, "B"]}
    )
    pairs = pd.DataFrame({"team_a": ["a"], "team_b": ["b"]})
    return draw_pair_map(blank_axes(), teams, pairs, highlight="a", labels={"b": name})


def of_profiles(name: str) -> Axes:
    numbers = {
        f"{what}_{side}": 0.1 for what in ("estimate", "estimate_low", "estimate_high") for side in "ab"
    }
    difference = {"difference": 0.1, "difference_low": -0.1, "difference_high": 0.3}
    rows = pd.DataFrame([{"indicator": "i", "label": name, "teacher": "a", **numbers, **difference}])
    return draw_profile_pair(blank_axes(), rows, name_a=name, name_b=name)


def of_balance(name: str) -> Axes:
    table = pd.DataFrame(
        {"covariate": [name], "smd_unconstrained": [0.2], "smd_lottery": [0.1], "smd": [0.05]}
    )
    return draw_love_plot(blank_axes(), table)


@pytest.mark.parametrize("draw", [of_map, of_profiles, of_balance])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_are_text(draw: Callable[[str], Axes], kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = svg_text(draw(HOSTILE[kind]), title=_writable(kind), description=_writable(kind), prefix="t")
    root = Tree.fromstring(text)  # noqa: S314 - our own
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "defs", "use", "text", "clipPath", "rect"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {"style", "onload"} & names
    written = "".join(root.itertext())
    shown = drawable(HOSTILE[kind])[:20].rstrip("…").strip()
    assert shown in written


def _writable(kind: str) -> str:
    return HOSTILE[kind].encode("utf-8", "replace").decode().replace("\x00", "").replace("\x1b", "")


def test_hostile_names_are_drawn_as_pixels_without_a_murmur() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for draw in (of_map, of_profiles, of_balance):
            for name in HOSTILE.values():
                draw(name).figure.draw_without_rendering()


def test_hostile_ids_beside_a_funnel(plan: Pairing) -> None:
    computed = funnel(plan.profiles, "seen_by_nurse_specialist")
    ids = tuple(HOSTILE["broken formula"] for _ in computed.ids)
    object.__setattr__(computed, "ids", ids)
    ax = draw_funnel(blank_axes(), computed)
    assert {text.get_text() for text in ax.texts} == {drawable(HOSTILE["broken formula"], 16)}
    ax.figure.draw_without_rendering()


def test_long_names_are_cut_with_an_ellipsis() -> None:
    assert drawable("x" * 300) == "x" * 39 + "…"
    assert drawable("x" * 40) == "x" * 40


def test_what_the_font_lacks_becomes_a_square() -> None:
    assert drawable("A \U0001f3e5") == "A □"
    assert drawable("Ærø – Łódź") == "Ærø – Łódź"
    assert drawable(HOSTILE["turned"]) == "abcdef"
    assert drawable(HOSTILE["control"]) == "abc new line"


@given(st.text(max_size=20), st.text(max_size=20))
def test_ids_are_safe_and_different(first: str, second: str) -> None:
    ids = svg_id("team", first), svg_id("team", second)
    assert all(re.fullmatch(r"team-[A-Za-z0-9_-]*", each) for each in ids)
    assert (ids[0] == ids[1]) == (first == second)


def test_an_escaped_id_is_not_that_of_a_team_called_so() -> None:
    assert len({svg_id("team", text) for text in (" ", "_20_", "_", "_5f_", "20")}) == 5


def test_svg_is_fit_for_a_page(plan: Pairing) -> None:
    ax = plots.pair_map(plan, ax=blank_axes())
    text = svg_text(ax, title="A <map>", description='"All" & more', prefix="map")
    root = Tree.fromstring(text)  # noqa: S314 - our own
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "map-title map-description")
    assert root.get("width") is None
    assert [root[0].text, root[1].text] == ["A <map>", '"All" & more']
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    assert {"pair-P01", "team-R0A", "land", "map-title"} <= set(ids)
    assert not [each for each in ids if re.match(r"(figure|axes|text|patch|line2d|xtick)", each)]
    references = set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", text))
    assert references <= set(ids)
    assert "<style" not in text
    assert "font-family" not in text
    assert "2026" not in text
    assert "matplotlib" not in text.lower()


def test_two_pictures_of_a_page_share_no_ids(plan: Pairing, by_chance: RandomPairings) -> None:
    texts = [
        svg_text(plots.pair_map(plan, ax=blank_axes()), title="m", description="m", prefix="map"),
        svg_text(
            plots.quality_against_random(by_chance, ax=blank_axes()),
            title="q",
            description="q",
            prefix="quality",
        ),
    ]
    first, second = (set(re.findall(r' id="([^"]+)"', text)) for text in texts)
    assert not first & second
