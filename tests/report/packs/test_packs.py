"""What packs say, held against the files of the result."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pairing.cli import run
from pairing.errors import SettingsError
from pairing.files.result_folder import ResultFolder, read_result_folder
from pairing.report.facts import Facts, Measure, Pair
from pairing.report.packs.briefing import Briefing, Briefings, address_of
from pairing.report.packs.choice import choose_packs, file_stem
from pairing.report.packs.questions import FOLLOW_UPS, follow_ups
from pairing.report.packs.ranges import range_of
from pairing.report.packs.render import render_pack, render_pack_index

if TYPE_CHECKING:
    from collections.abc import Iterator


class Words(HTMLParser):
    """The text of a page, its elements, and its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._text: list[str] = []
        self._is_text = True
        self.feed(page)
        self.text = " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        self.attributes += attrs
        self._is_text = tag != "style"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        """Text after a style is text again."""
        self._is_text = True

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self._is_text:
            self._text.append(data)

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value or "" for attribute, value in self.attributes if attribute == name]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def drawn(drawn_folder: Path) -> ResultFolder:
    return read_result_folder(drawn_folder)


@pytest.fixture(scope="module")
def with_three(rich: Path) -> ResultFolder:
    return read_result_folder(rich)


def briefing(result: ResultFolder, pair_id: str) -> Briefing:
    facts = Facts(result)
    return Briefings(facts).of(facts.pairs[pair_id])


def test_every_rate_is_the_one_in_the_files(drawn: ResultFolder, drawn_folder: Path) -> None:
    """Rate, interval and patients of both teams, and the average, for every indicator, read from CSV."""
    profiles = {(row["team"], row["indicator"]): row for row in rows_of(drawn_folder, "profiles.csv")}
    indicators = rows_of(drawn_folder, "indicators.csv")
    for pair in choose_packs(drawn).pairs:
        found = briefing(drawn, pair.id)
        assert [row.label for row in found.comparisons] == [row["label"] for row in indicators]
        for told, indicator in zip(found.comparisons, indicators, strict=True):
            assert told.average == f"{100 * float(indicator['average']):.0f}%"
            for team, rate in zip(pair.teams, told.rates, strict=True):
                row = profiles[team.id, indicator["indicator"]]
                if row["value"]:
                    value, low, high = (100 * float(row[name]) for name in ("value", "low", "high"))
                    assert (rate.value, rate.interval) == (f"{value:.0f}%", f"{low:.0f}% to {high:.0f}%")
                    assert rate.patients == row["patients"]
                else:
                    assert (rate.value, rate.interval) == ("–", "")


def test_lessons_go_to_who_can_learn_with_their_probability(drawn: ResultFolder, drawn_folder: Path) -> None:
    """By the rows of exchange.csv: who teaches, most to learn first, and all that are likely."""
    exchange = rows_of(drawn_folder, "exchange.csv")
    labels = {row["indicator"]: row["label"] for row in rows_of(drawn_folder, "indicators.csv")}
    for pair in choose_packs(drawn).pairs:
        for showing in briefing(drawn, pair.id).showings:
            likely = [
                labels[row["indicator"]]
                for row in exchange
                if row["pair_id"] == pair.id
                and row["teacher"] == showing.teacher.id
                and float(row["probability_real"]) >= 2 / 3
            ]
            if likely:
                assert [topic.label for topic in showing.topics] == likely
            else:
                assert len(showing.topics) <= 1
            assert showing.learner.id in {team.id for team in pair.teams} - {showing.teacher.id}


def test_the_page_shows_what_the_briefing_has(drawn: ResultFolder) -> None:
    """Names, distance, both directions, questions of every lesson, cautions, and six actions to agree on."""
    choice = choose_packs(drawn)
    pair = choice.pairs[0]
    found, page = briefing(drawn, pair.id), Words(render_pack(choice, pair.id))
    for party in found.parties:
        assert page.text.count(party.team.name) >= 2
    assert found.journeys[0].text in page.text
    assert page.text.count("can show") >= 2
    for topic in (topic for showing in found.showings for topic in showing.topics):
        assert topic.rates in page.text
        assert topic.how_sure in page.text
        assert len(topic.questions) == 3
        assert all(question in page.text for question in topic.questions)
    assert all(caution in page.text for caution in found.cautions)
    described = [words for words in page.values("aria-label") if ": " in words]
    assert described == [row.picture.words for row in found.comparisons if row.picture]
    assert [f"{team.id} {place}" in page.text for team in pair.teams for place in (1, 2, 3)] == [True] * 6


def test_a_page_needs_nothing_and_runs_nothing(drawn: ResultFolder) -> None:
    """No script, no address but mailto, no style but the one that the policy names; the same bytes again."""
    choice = choose_packs(drawn)
    first = render_pack(choice, choice.pairs[0].id)
    page = Words(first)
    assert "script" not in page.elements
    for attribute in ("src", "href", "style", "onclick", "onload", "action"):
        assert page.values(attribute) == []
    policy = next(value for value in page.values("content") if value.startswith("default-src 'none'"))
    assert "style-src 'sha256-" in policy
    assert "script-src" not in policy
    assert render_pack(choose_packs(drawn), choice.pairs[0].id) == first


def test_only_pairs_of_the_intervention_get_one(drawn: ResultFolder, drawn_folder: Path) -> None:
    """15 of 40, by allocation.csv; the reason is told, and a control pair is refused by name."""
    arms = {row["pair_id"]: row["arm"] for row in rows_of(drawn_folder, "allocation.csv")}
    choice = choose_packs(drawn)
    assert [pair.id for pair in choice.pairs] == [each for each in arms if arms[each] == "intervention"]
    assert "25 of 40 pairs" in choice.reason
    control, other = [pair.id for pair in choice.left_out][:2]
    with pytest.raises(SettingsError) as refused:
        choose_packs(drawn, only=[control, "P99", other])
    assert [problem.value for problem in refused.value.problems] == ["P99", control, other]
    everybody = choose_packs(drawn, whoever_was_drawn=True)
    assert len(everybody.pairs) == 40
    assert "must not make its visit" in Words(render_pack(everybody, control)).text
    assert "must not make its visit" not in Words(render_pack(everybody, choice.pairs[0].id)).text


def test_who_dropped_out_gets_none_and_who_was_called_does(drawn: ResultFolder) -> None:
    """A reserve goes in place of a pair that dropped out; one that dropped out in turn does not."""
    gone, called, gone_too = (
        choose_packs(drawn).pairs[0].id,
        *(pair.id for pair in choose_packs(drawn).left_out[:2]),
    )
    rows = [(gone, gone_too), (gone_too, called)]
    tables = drawn.tables | {"replacements.csv": pd.DataFrame(rows, columns=["dropped", "reserve"])}
    replaced = replace(drawn, tables=tables)
    chosen = {pair.id for pair in choose_packs(replaced).pairs}
    assert chosen == ({pair.id for pair in choose_packs(drawn).pairs} - {gone}) | {called}
    assert "drawn as a reserve" in " ".join(briefing(replaced, called).origin)


def test_before_the_draw_all_get_one_that_says_wait(with_three: ResultFolder) -> None:
    """The programme has a lottery, which nobody has drawn."""
    choice = choose_packs(with_three)
    assert len(choice.pairs) == 13
    assert choice.is_to_be_drawn
    page = Words(render_pack(choice, "P01")).text
    assert "The lottery is still to come." in page
    assert "still to come" in Words(render_pack_index(with_three, pages={"P01"}, prints=())).text


def three(result: ResultFolder) -> Pair:
    return next(pair for pair in Facts(result).pairs.values() if len(pair.visits) == 3)


def test_a_group_of_three_shows_each_to_each(with_three: ResultFolder) -> None:
    """Six directions, three journeys, three columns of rates, three marks in the pictures, nine actions."""
    group = three(with_three)
    found = briefing(with_three, group.id)
    ids = [team.id for team in group.teams]
    assert len(found.parties) == 3
    assert len(found.journeys) == 3
    assert {(showing.teacher.id, showing.learner.id) for showing in found.showings} == {
        (teacher, learner) for teacher in ids for learner in ids if teacher != learner
    }
    assert {len(row.rates) for row in found.comparisons} == {3}
    assert {mark.style for row in found.comparisons if row.picture for mark in row.picture.marks} == {0, 1, 2}
    page = Words(render_pack(choose_packs(with_three), group.id)).text
    assert all(f"{team} {place}" in page for team in ids for place in (1, 2, 3))


def everything(result: ResultFolder) -> Iterator[tuple[Pair, Briefing, Words]]:
    choice = choose_packs(result)
    for pair in choice.pairs:
        yield pair, briefing(result, pair.id), Words(render_pack(choice, pair.id))


def test_contacts_are_links_only_where_they_are_one_address(with_three: ResultFolder) -> None:
    """A second address smuggled in makes no link; markup stays text; a blank is left to be filled in."""
    links, texts = [], []
    for _, _, page in everything(with_three):
        links += page.values("href")
        texts.append(page.text)
        assert "b" not in page.elements
    assert links == ["mailto:peer.review@mft.example.org"]
    assert any("Dr <b>Bee</b>, 0191 000000" in text for text in texts)
    assert any("a@b.uk?bcc=c@d.uk" in text for text in texts)
    assert address_of("a@b") == address_of("a@b.uk, c@d.uk") == address_of("a b@c.uk") == ""


def test_own_questions_directions_and_targets(with_three: ResultFolder) -> None:
    """The programme's question takes the place of the general ones; low is good where it is said to be."""
    confirmed, avoided = [], []
    for _, found, page in everything(with_three):
        assert "Target" in page.text
        topics = [topic for showing in found.showings for topic in showing.topics if topic.questions]
        confirmed += [topic for topic in topics if topic.label == "Pathological confirmation"]
        avoided += [topic for topic in topics if topic.label == "No chemotherapy, SCLC"]
        targets = [row.target for row in found.comparisons]
        assert targets == ["90%", "", "", "", "", "", ""]
        assert [row.remark for row in found.comparisons if row.label.startswith("No ")] == ["lower is better"]
    assert confirmed
    assert avoided
    assert {topic.questions[1:] for topic in confirmed} == {("Who reads the <slides> & when?",)}
    # Where the rate looks worse, or is not known, the first question has no figures.
    opening = {topic.questions[0].split()[3] for topic in avoided}
    assert "keep" in opening
    assert opening <= {"keep", "go"}


def test_rates_that_may_be_the_same_are_not_held_against_each_other(drawn: ResultFolder) -> None:
    """Nobody is asked how they reach 70% where the others have 68%."""
    profiles = {
        (row["team"], row["indicator"]): [float(row[name] or "nan") for name in ("value", "low", "high")]
        for row in rows_of(drawn.folder, "profiles.csv")
    }
    columns = {row["label"]: row["indicator"] for row in rows_of(drawn.folder, "indicators.csv")}
    alike = apart = 0
    for pair in choose_packs(drawn).pairs:
        for showing in briefing(drawn, pair.id).showings:
            for topic in showing.asked:
                (a, low_a, high_a), (b, low_b, high_b) = (
                    profiles[team.id, columns[topic.label]] for team in (showing.teacher, showing.learner)
                )
                has_figures = "where we have" in topic.questions[0]
                may_be_the_same = low_a <= b <= high_a or low_b <= a <= high_b
                assert not (may_be_the_same and has_figures)
                assert has_figures or may_be_the_same or not a > b
                alike, apart = alike + may_be_the_same, apart + has_figures
    assert alike > 0
    assert apart > 0


def test_questions_differ_from_lesson_to_lesson() -> None:
    """Four lessons use all follow-ups once, whatever the direction; then they begin again."""
    for higher in (True, False):
        asked = [question for lesson in range(4) for question in follow_ups(lesson, higher_is_better=higher)]
        assert len(set(asked)) == len(FOLLOW_UPS) == 8
        assert follow_ups(4, higher_is_better=higher) == follow_ups(0, higher_is_better=higher)


def measure(**changes: object) -> Measure:
    plain = Measure("m", "M", "number", True, True, 1.0, 10.0, 2.0, None, 0.0, "9")
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_picture_places_rates_by_their_size(with_three: ResultFolder) -> None:
    """Marks stand in the order of the values, within the picture; shares never go beyond 0 and 100%."""
    teams = Facts(with_three).pairs["P01"].teams
    rows = [{"value": "12", "low": "8", "high": "16"}, {"value": "9", "low": "4", "high": "14"}]
    drawn = range_of(teams, rows, measure(target=15.0))
    assert drawn is not None
    first, second = drawn.marks
    assert drawn.average is not None
    assert drawn.target is not None
    assert 0 < second.low < first.low < second.at < drawn.average < first.at < second.high  # type: ignore[operator]
    assert second.high < drawn.target < first.high < 220  # type: ignore[operator]
    assert "M: " in drawn.words
    assert "target 15" in drawn.words
    share = range_of(
        teams, [{"value": "0.99", "low": "0.9", "high": "1"}, {}], measure(unit="proportion", average=0.95)
    )
    assert share is not None
    assert share.ends[1] == "100%"
    assert len(share.marks) == 1
    assert f"{teams[1].id} has no rate" in share.words
    assert range_of(teams, [{}, {}], measure()) is None


def test_names_stay_text(hostile_folder: Path) -> None:
    """Whatever a name or an id tries, the page has the elements of any other page, and the name is read."""
    result = read_result_folder(hostile_folder)
    choice = choose_packs(result, whoever_was_drawn=True)
    texts = ""
    for pair in choice.pairs:
        page = Words(render_pack(choice, pair.id))
        assert not {"script", "img", "b", "i"} & {*page.elements}
        assert page.values("onerror") == page.values("src") == page.values("href") == []
        texts += page.text
    for team in Facts(result).teams.values():
        if team.pair_id:
            assert " ".join(team.name.split()) in texts
    index = Words(render_pack_index(result, pages={file_stem(pair) for pair in choice.pairs}, prints=()))
    assert "script" not in index.elements
    assert set(index.values("href")) == {f"{pair.id}.html" for pair in choice.pairs}


def test_a_pair_id_is_never_a_path(drawn: ResultFolder) -> None:
    """A result that somebody sealed anew with ids like paths still writes where it should."""
    pair = replace(choose_packs(drawn).pairs[0], id="../../x y")
    assert file_stem(pair) == "_2e__2e__2f__2e__2e__2f_x_20_y"


def test_results_of_earlier_versions_get_short_packs(drawn_folder: Path) -> None:
    """Without tables to show: who meets whom, questions for everybody, the agenda, and what is missing."""
    result = read_result_folder(drawn_folder)
    gone = ("indicators.csv", "profiles.csv", "exchange.csv", "partners.csv", "random_pairings.csv")
    record = {key: value for key, value in result.record.items() if key not in ("rules", "recruitment")}
    for entry in (record["settings"] | {}).get("indicators", ()):
        entry.pop("questions", None)
    old = replace(
        result,
        record=record,
        tables={name: table for name, table in result.tables.items() if name not in gone},
        missing=gone,
    )
    choice = choose_packs(old)
    page = Words(render_pack(choice, choice.pairs[0].id)).text
    assert "lacks indicators.csv, profiles.csv, exchange.csv" in page
    assert "Who meets whom" in page
    assert "Everybody asks" in page
    assert "three agreed actions" in page
    assert "can show" not in page


def test_no_contact_column_leaves_room_to_write(drawn: ResultFolder) -> None:
    """Both contacts are to be filled in by hand."""
    choice = choose_packs(drawn)
    assert Words(render_pack(choice, choice.pairs[0].id)).text.count("to be filled in") == 3


def test_questions_are_recorded_and_the_plan_does_not_depend_on_them(rich: Path, tmp_path: Path) -> None:
    """run.json alone has them; without them the same pairs come out, and the result proves either way."""
    recorded = json.loads((rich / "run.json").read_text(encoding="utf-8"))["settings"]["indicators"]
    assert [entry["questions"] for entry in recorded][:2] == [["Who reads the <slides> & when?"], []]
    assert run(["verify", str(rich), "--quiet"]) == 0
    shutil.copy(rich.parent / "nlca_2022.csv", tmp_path)
    programme = (rich.parent / "programme.toml").read_text(encoding="utf-8")
    (tmp_path / "programme.toml").write_text(
        "\n".join(line for line in programme.splitlines() if not line.startswith("questions")),
        encoding="utf-8",
    )
    assert run(["pair", str(tmp_path / "programme.toml"), "--quiet"]) == 0
    assert (tmp_path / "programme-result" / "pairs.csv").read_bytes() == (rich / "pairs.csv").read_bytes()
