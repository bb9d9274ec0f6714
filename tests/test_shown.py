"""Every result shows itself in a notebook: a heading, words, a table; safely, briefly, without work."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairing
from pairing import AnalysisPlan, Indicator, MaxSizeRatio, Pairing, PairingError
from pairing.cli import run
from pairing.data import audit_files
from pairing.pairs import PairModel
from pairing.shown import show_facts, show_result, show_table
from pairing.verification.check import Check, Verification

HOSTILE = (
    "<script>alert('R0A')</script>",
    "\"><img src=x onerror='alert(1)'>",
    "שלום עולם",
    "مستشفى",
    "👩🏽 & Söhne",
    "A very long name " * 18,
    '=HYPERLINK("http://x","y")',
    "`${7*7}` {{7*7}} </td></table>",
)
TURNING = "\u202eyvil\u2067"

GIVEN = frozenset(
    {
        "Caliper",
        "Different",
        "Flex",
        "Forbid",
        "HostGroup",
        "Indicator",
        "LinearConstraint",
        "Locked",
        "MatchingProblem",
        "MaxDistance",
        "MaxLevelGap",
        "MaxPairsOver",
        "MaxPairsPer",
        "MaxSizeRatio",
        "MaxTotal",
        "MaxTravel",
        "MinDistance",
        "MinPairsAcross",
        "NotNearest",
        "PairModel",
        "Preferences",
        "Previous",
        "Problem",
        "Require",
        "RuleSet",
        "Same",
        "TravelTable",
    }
)
"""Exported classes that people make themselves. Every other one is a result."""

MOST_LETTERS = 40_000
LONGEST_TEXT = 1_100
TAGS = frozenset(
    {"div", "p", "strong", "code", "bdi", "table", "caption", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = frozenset({"class", "style", "scope", "role", "aria-label", "tabindex"})


def dataclasses_of_the_package() -> dict[str, type]:
    """Every public dataclass of the library, by its name."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(pairing.__path__, "pairing."):
        if module.name.split(".")[1] in ("__main__", "cli", "plots", "report"):
            continue
        members = vars(importlib.import_module(module.name))
        found |= {name: item for name, item in members.items() if is_dataclass(item) and name[0] != "_"}
    return found


def result_classes() -> dict[str, type]:
    """The exported classes that are no inputs, and what exported functions return."""
    known = dataclasses_of_the_package()
    exported = {name: getattr(pairing, name) for name in dir(pairing) if name[0] != "_"}
    results = {
        name: item
        for name, item in exported.items()
        if is_dataclass(item) and isinstance(item, type) and name not in GIVEN
    }
    for item in filter(inspect.isfunction, exported.values()):
        named = re.findall(r"\w+", str(item.__annotations__["return"]))
        results = {name: known[name] for name in named if name in known and name not in GIVEN} | results
    return {name: item for name, item in results.items() if not issubclass(item, PairingError)}


def hostile_plan() -> Pairing:
    """Sixteen teams with ids and names that nobody wants to meet, and indicators no better."""
    rng = np.random.default_rng(5)
    rates = np.clip(0.5 + 0.15 * rng.standard_normal((16, 4)), 0.05, 0.95)
    frame = pd.DataFrame(rates.round(2), columns=[f"k{k}" for k in range(4)])
    frame["id"] = [f"{HOSTILE[at % 8]} {at:02d}" for at in range(16)]
    frame["name"] = [f"{HOSTILE[at % 8]} {TURNING} {at:02d}" for at in range(16)]
    frame["patients"] = rng.integers(200, 600, 16)
    frame["latitude"], frame["longitude"] = rng.uniform(51, 54, 16), rng.uniform(-3, 1, 16)
    indicators = [Indicator(f"k{k}", denominator="patients", label=HOSTILE[k]) for k in range(4)]
    cohort = pairing.cohort_from_frame(
        frame,
        id="id",
        name="name",
        size="patients",
        latitude="latitude",
        longitude="longitude",
        indicators=indicators,
    )
    return pairing.pair(cohort, [MaxSizeRatio(2.5)])


def results_of_planning(plan: Pairing) -> list[Any]:
    """Everything that can be asked of a plan."""
    ids = plan.cohort.ids
    lone = pairing.pair(plan.cohort, [MaxSizeRatio(1.05)], allow_unpaired=True)
    rounds, problem = plan.rounds(2), plan.table.problem()
    return [
        *(plan, plan.cohort, plan.profiles, plan.table, plan.certificate, plan.prove()),
        *(pairing.solve(problem, "perfect"), pairing.scale_values([0.25, -1.5])),
        *(plan.explain(), plan.explain(ids[0]), plan.explain(ids[0], ids[5]), plan.explain(ids[0], ids[1])),
        *(plan.explain(ids[5]).next_best, plan.explain(ids[5]).card, *pairing.rule_prices(plan)),
        *(lone, lone.diagnose(), lone.explain(lone.unpaired[0].team)),
        *(plan.repair(without=[ids[5]]), plan.standby(), plan.alternatives(3)),
        *(plan.tradeoff("max_size_ratio", [2.0, 2.5]), plan.robustness(20, seed=0)),
        *(plan.random_pairings(20, seed=0), rounds, *rounds.rounds),
    ]


def results_of_the_lottery(plan: Pairing) -> list[Any]:
    """The lottery of the plan's pairs, the draw, and the analysis of made-up outcomes."""
    ids = plan.cohort.ids
    units = [f"{HOSTILE[at]} {at}" for at in range(8)]
    members = [(ids[a], ids[b]) for a, b in plan.pairs.tolist()]
    design = pairing.pair_then_draw(8, 4)
    covariates = pairing.covariates_of_units({HOSTILE[0]: plan.cohort.size}, ids, members)
    lottery = pairing.constrained_lottery(design, units, members, covariates, seed=0)
    draw = pairing.draw_lottery(lottery, f"{HOSTILE[0]} {TURNING}")
    outcomes = pd.DataFrame({name: np.arange(16.0) * at for at, name in enumerate(HOSTILE[:3], 1)}, index=ids)
    asked = AnalysisPlan(outcomes=HOSTILE[:3], primary=HOSTILE[1], adjust_for=(HOSTILE[0],))
    found = pairing.analyse(
        lottery, draw.intervention, outcomes, asked, baseline={HOSTILE[0]: plan.cohort.size}
    )
    detectable = pairing.minimum_detectable_effect(lottery, sd=1.0, seed=0, n_simulations=50)
    plain = pairing.uniform_lottery(pairing.pair_then_draw(8, 4), units, members, list_up_to=0)
    return [
        *(design, covariates, lottery, plain, draw, pairing.same_arm(lottery), asked, found, *found.effects),
        detectable,
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """One or more of every kind of result, from hostile data."""
    plan = hostile_plan()
    folder = tmp_path_factory.mktemp("shown") / "<b>&demo"
    folder.mkdir()
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    failed = Verification(HOSTILE[0], (Check(HOSTILE[1], (HOSTILE[5] * 9,), HOSTILE[4]),))
    of_files = [
        pairing.read_programme(folder / "programme.toml"),
        pairing.verify(folder / "programme-result"),
        pairing.read_result_folder(folder / "programme-result"),
        failed,
    ]
    return [*results_of_planning(plan), *results_of_the_lottery(plan), *of_files]


class Page(HTMLParser):
    """What a browser would make of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and what it says."""
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Whatever is opened is closed, the last first."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what people read."""
        self.texts.append(data)


def kinds(found: list[Any]) -> set[str]:
    """The names of the classes of some results."""
    return {type(each).__name__ for each in found}


def test_every_result_class_is_shown_here(results: list[Any]) -> None:
    """A new result without `_repr_html_`, or without an example in this test, is found out."""
    classes = result_classes()
    assert len(classes) > 30
    assert [name for name, item in classes.items() if "_repr_html_" not in vars(item)] == []
    assert set(classes) - kinds(results) == set()


def test_every_exported_class_is_a_result_or_given() -> None:
    """The list of inputs names nothing that is not there."""
    assert {name for name in GIVEN if not hasattr(pairing, name)} == set()


def test_hostile_text_stays_text(results: list[Any]) -> None:
    """Only our own tags and attributes come out, all closed, and no letter turns what follows it."""
    for result in results:
        html = result._repr_html_()
        page = Page(html)
        assert page.open == [], result
        assert {tag for tag, _ in page.tags} <= TAGS, result
        assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES, result
        assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), result


def test_hostile_text_is_there(results: list[Any]) -> None:
    """It is shown, not swallowed."""
    plan = next(each for each in results if isinstance(each, Pairing))
    text = "".join(Page(plan._repr_html_()).texts)
    assert "<script>alert('R0A')</script> 00" in text
    assert "שלום עולם" in text


def test_nothing_is_endless(results: list[Any]) -> None:
    """Neither the whole nor any text in it has a length that the data decide."""
    for result in results:
        html = result._repr_html_()
        assert len(html) < MOST_LETTERS, (result, len(html))
        assert max(map(len, Page(html).texts)) <= LONGEST_TEXT, result


def test_everybody_can_read_the_tables(results: list[Any]) -> None:
    """A heading first; every table has a caption, every heading says what it heads; no colour of our own."""
    for result in results:
        page = Page(result._repr_html_())
        tags = [tag for tag, _ in page.tags]
        assert tags[:3] == ["div", "p", "strong"], result
        assert tags.count("table") == tags.count("caption"), result
        assert all(attributes["scope"] in ("col", "row") for tag, attributes in page.tags if tag == "th")
        styles = " ".join(attributes.get("style") or "" for _, attributes in page.tags)
        assert not re.search(r"[;\s\"](color|background)", styles), result


def test_showing_does_no_work(results: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is solved, drawn, scored in full, read or written."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("showing a result must not work")

    shown = [each._repr_html_() for each in results]
    for module in (
        "solving",
        "engine.blossom",
        "engine.search",
        "fair.fairness",
        "constrained.constrained_search",
        "constrained.highs",
        "kth_best.ranking",
    ):
        there = importlib.import_module(f"pairing.matching.{module}")
        for name, item in list(vars(there).items()):
            if inspect.isfunction(item) and item.__module__.startswith("pairing.matching"):
                monkeypatch.setattr(there, name, refuse)
    monkeypatch.setattr(PairModel, "score_all", refuse)
    monkeypatch.setattr(np.random, "default_rng", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert [each._repr_html_() for each in results] == shown


def test_showing_again_what_was_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh plan is shown from what it holds: no table of all pairs, no reasons, no proof."""
    plan = hostile_plan()
    rounds = plan.rounds(2)

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("showing a plan must not work")

    monkeypatch.setattr(pairing.Rounds, "prove", refuse)
    assert "16 teams, 2 rounds" in rounds._repr_html_()

    for name in ("unpaired", "prove", "explain", "to_dict"):
        monkeypatch.setattr(Pairing, name, property(refuse), raising=False)
    monkeypatch.setattr(PairModel, "score_all", refuse)
    monkeypatch.setattr(type(plan.table), "to_frame", refuse)
    assert "16 teams in 8 pairs" in plan._repr_html_()
    assert "pairs are permitted" in plan.table._repr_html_()


def test_long_table_is_cut_politely() -> None:
    """Ten rows and the number of the others; twelve are shown whole, for two would not be worth it."""
    frame = pd.DataFrame({"pair": range(58), "value": np.linspace(0, 1, 58)})
    html = show_table(frame, "The pairs")
    assert html.count("<tr>") == 11
    assert "… and 48 more rows: <code>.to_frame()</code>" in html
    assert "more row" not in show_table(frame.head(12), "The pairs")
    assert "… and 1,990 more rows" in show_table(frame, "The pairs", n_rows=2_000)
    assert "… and 48 more rows and 1 more column" in show_table(frame, "The pairs", columns=["pair"])
    assert "… and 6 more columns" in show_table(pd.DataFrame(np.eye(3, 20)), "Wide")


def test_numbers_are_read_easily() -> None:
    """As many decimals as are of use, the same in a column; what is missing is blank."""
    frame = pd.DataFrame(
        {
            "value": [0.35, np.nan, 2e-5],
            "km": [269.123, 7.0, -0.5],
            "patients": [1032.0, 74.0, np.nan],
            "limit": [0.5, np.inf, -np.inf],
            "drawn": [True, False, True],
            "order": pd.array([1, None, 12_000], dtype="Int64"),
            "name": [None, "", "Ysbyty"],
        }
    )
    cells = re.findall(r"<td[^>]*>(.*?)</td>", show_table(frame, "Numbers"))
    assert [cells[at : at + 7] for at in (0, 7, 14)] == [
        ["0.350", "269.1", "1,032", "0.500", "yes", "1", ""],
        ["", "7.0", "74", "inf", "no", "", ""],
        ["2.0e-05", "-0.5", "", "-inf", "yes", "12,000", "Ysbyty"],
    ]


def test_empty_table_and_long_summary() -> None:
    """No row is no accident, and a summary of many lines ends politely."""
    assert "<tbody>" in show_table(pd.DataFrame({"team": [], "gain": np.array([])}), "Nobody")
    html = show_result("Result", "\n".join(f"  line {number}" for number in range(100)))
    assert html.count("<p") == 42
    assert "… and 60 more lines: <code>.summary()</code>" in html


def test_facts_head_their_rows() -> None:
    """In a table of facts the heading of each row is its name, escaped."""
    html = show_facts({"<b>": "a & b", "SHA-256": "0" * 64}, 'The "facts"')
    assert '<th scope="row"' in html
    assert "&lt;b&gt;" in html
    assert "a &amp; b" in html
    assert 'aria-label="The &quot;facts&quot;"' in html
    assert "0" * 64 in html
