"""The page as text: what is in it, what is not, and that it is always the same."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol

import pytest

from pairing.cli import run
from pairing.files.result_folder import read_result_folder
from pairing.files.run_record import record_bytes, seal
from pairing.report import render_report
from pairing.report.facts import Facts
from pairing.report.flow import Arm, Stage, flow
from pairing.report.overview import overview


class Hostile(Protocol):
    """A result whose texts try to break out."""

    folder: Path
    names: dict[str, str]


class Page(HTMLParser):
    """The tags, the attributes, the texts and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it says."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    def all(self, name: str) -> list[str]:
        """The values of an attribute anywhere."""
        return [value for _, key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def pages(plan_folder: Path, drawn_folder: Path, hostile_folder: Path) -> dict[str, str]:
    """The three reports as text."""
    folders = {"plan": plan_folder, "drawn": drawn_folder, "hostile": hostile_folder}
    return {name: render_report(read_result_folder(folder)) for name, folder in folders.items()}


@pytest.mark.parametrize("name", ["plan", "drawn", "hostile"])
def test_a_page_refers_to_nothing_outside_it(pages: dict[str, str], name: str) -> None:
    """Every link leads into the page, and to something that is there; no style of its own anywhere."""
    page = Page(pages[name])
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    for attribute in ("src", "srcset", "action", "data", "style", "onclick", "onload", "onerror"):
        assert page.all(attribute) == []
    links = [*page.all("href"), *page.all("xlink:href")]
    assert links
    assert [link for link in links if not (link.startswith("#") and link[1:] in ids)] == []
    named = " ".join([*page.all("aria-labelledby"), *page.all("aria-describedby")]).split()
    assert [each for each in named if each not in ids] == []
    assert "@import" not in pages[name]
    assert "url(http" not in pages[name]


def test_the_policy_allows_this_style_and_this_script(pages: dict[str, str]) -> None:
    """The hashes in the policy are those of what stands in the page."""
    text = pages["drawn"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content.group(1).encode("utf-8")).digest()).decode("ascii")
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy.group(1)
    assert policy.group(1).startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy.group(1)


def test_hostile_names_stand_in_the_page_as_text_only(pages: dict[str, str], hostile: Hostile) -> None:
    """Parsed back they are what they were, and added no element and no attribute."""
    page = Page(pages["hostile"])
    assert [name for name in hostile.names.values() if name not in page.texts] == []
    assert {"img", "b", "i", "iframe"} & set(page.tags) == set()
    assert page.tags.count("script") == 1
    unsafe = [each for each in page.all("id") if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", each)]
    assert unsafe == []


def test_the_same_result_gives_the_same_page(
    pages: dict[str, str], drawn_folder: Path, tmp_path: Path
) -> None:
    """In another folder, made anew: byte for byte."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(drawn_folder, copy)
    assert render_report(read_result_folder(copy)) == pages["drawn"]
    assert str(drawn_folder) not in pages["drawn"]


def test_the_demo_is_small(pages: dict[str, str]) -> None:
    """Small enough to be sent by e-mail."""
    assert max(len(text.encode("utf-8")) for text in pages.values()) < 1_500_000


def test_every_team_and_pair_is_there(pages: dict[str, str], drawn_folder: Path) -> None:
    """A row for each team, a card for each pair, and a line on the map."""
    result = read_result_folder(drawn_folder)
    page = Page(pages["drawn"])
    ids = set(page.all("id"))
    teams, pairs = result.table("teams.csv"), result.table("pairs.csv")
    assert {f"team-{team}" for team in teams["team"]} <= ids
    assert {f"dot-team-{team}" for team in teams["team"]} <= ids
    for kind in ("card", "pair"):
        assert {f"{kind}-{pair}" for pair in pairs["pair_id"]} <= ids
    assert result.record["sha256"] in page.texts
    for digest in (result.lottery["sha256"], result.draw["sha256"], result.lottery["pool"]["sha256"]):
        assert digest in page.texts
    assert "seed 2024" in page.texts


def test_the_flow_counts_who_came_how_far(drawn_folder: Path, hostile_folder: Path) -> None:
    """From the table of teams to the two arms."""
    found = flow(Facts(read_result_folder(drawn_folder)))
    assert found.stages == (
        Stage(124, "teams listed", ("44 teams excluded by the programme's settings",)),
        Stage(80, "teams take part"),
        Stage(80, "teams paired, in 40 pairs"),
    )
    assert found.arms == (Arm("intervention", 30, "in 15 pairs"), Arm("control", 50, "in 25 pairs"))
    odd = flow(Facts(read_result_folder(hostile_folder)))
    assert odd.stages[1:] == (
        Stage(27, "teams take part", ("1 team without a partner",)),
        Stage(26, "teams paired, in 13 pairs"),
    )


def test_stages_of_recruitment_are_told_with_those_who_left(tmp_path: Path) -> None:
    """ILCOP's way: invited, interested, eligible."""
    rows = ["id,reached,size,rate,n,other,m"]
    reached = ["invited"] * 3 + ["interested"] * 2 + ["eligible"] * 8
    for number, stage in enumerate(reached):
        rows.append(
            f"T{number:02},{stage},{100 + number},0.{10 + 7 * number % 80},90,0.{85 - 6 * number % 80},80"
        )
    (tmp_path / "teams.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "programme.toml").write_text(
        '[teams]\nfile = "teams.csv"\nid = "id"\nsize = "size"\nstatus = "reached"\n'
        'exclude = ["T11", "T12"]\n'
        '[[indicators]]\ncolumn = "rate"\ndenominator = "n"\n'
        '[[indicators]]\ncolumn = "other"\ndenominator = "m"\n',
        encoding="utf-8",
    )
    assert run(["pair", str(tmp_path / "programme.toml"), "--quiet"]) == 0
    result = read_result_folder(tmp_path / "programme-result")
    stages = flow(Facts(result)).stages
    assert [(stage.count, stage.label) for stage in stages[:4]] == [
        (13, "teams invited"),
        (10, "teams interested"),
        (8, "teams eligible"),
        (6, "teams take part"),
    ]
    assert [len(stage.left) for stage in stages] == [1, 1, 1, 0, 0]
    assert [stage.left[0].split()[0] for stage in stages[:3]] == ["3", "2", "2"]
    page = render_report(result)
    assert "There is no map: the result has no places of teams." in page
    assert "No lottery belongs to this plan" in page


def test_an_unproven_plan_says_how_much_better_another_could_be(plan_folder: Path, tmp_path: Path) -> None:
    """The word "optimal" is not used for what was not proven."""
    copy = tmp_path / "result"
    shutil.copytree(plan_folder, copy)
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    record |= {"status": "feasible", "gap": 0.25, "levels": [{"level": "total", "unit": "SD"}]}
    record["sha256"] = seal(record)
    (copy / "run.json").write_bytes(record_bytes(record))
    head = overview(Facts(read_result_folder(copy)))
    assert not head.is_proven
    assert "at most 0.250 SD better" in head.standing
    assert "ptimal" not in head.standing


def test_an_older_result_says_what_it_lacks(
    plan_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the tables for display there is a report all the same, and it says how to get the rest."""
    copy = tmp_path / "result"
    shutil.copytree(plan_folder, copy)
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    for name in ("indicators.csv", "profiles.csv", "exchange.csv", "partners.csv", "random_pairings.csv"):
        (copy / name).unlink()
        del record["files"][name]
    for name in ("recruitment", "rules", "random_pairings", "partners"):
        del record[name]
    record["sha256"] = seal(record)
    (copy / "run.json").write_bytes(record_bytes(record))
    assert run(["report", str(copy), "--force"]) == 0
    said = capsys.readouterr()
    assert "lacks indicators.csv, profiles.csv, exchange.csv, partners.csv, random_pairings.csv" in said.err
    page = (copy / "report.html").read_text(encoding="utf-8")
    assert "Parts of this report are missing." in page
    assert page.count('class="card"') == 60
