"""The report as people use it, in an installed browser: finding, choosing, sorting, printing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
A4_IN_POINTS = (595, 842)


class Hostile(Protocol):
    """A result whose texts try to break out."""

    folder: Path
    names: dict[str, str]
    ids: list[str]
    randomness: str


class Visit:
    """An open page, and everything that it should not do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _dialog(self, dialog: object) -> None:
        self.faults.append("a dialog was opened")
        dialog.dismiss()  # type: ignore[attr-defined]

    def _request(self, request: object) -> None:
        if not request.url.startswith("file:"):  # type: ignore[attr-defined]
            self.faults.append(f"request: {request.url}")  # type: ignore[attr-defined]

    def go(self, folder: Path, fragment: str = "") -> Page:
        """Open the report of a folder."""
        self.page.goto((folder / "report.html").as_uri() + fragment)
        return self.page


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A page at the size of a desktop; at the end nothing may have gone wrong in it."""
    page = browser.new_page(viewport=DESKTOP)
    opened = Visit(page)
    yield opened
    page.close()
    assert opened.faults == []


def find(page: Page, text: str) -> None:
    """Type into the search box, and choose the first team."""
    page.get_by_label("Find a team").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel h3:focus")


def chosen_lines(page: Page) -> list[str]:
    """Names of the lines that stand out on the map, without those of the inset."""
    names = page.eval_on_selector_all('.map [id^="pair-"].chosen', "found => found.map(each => each.id)")
    return sorted({name.removesuffix("_inset") for name in names})


@pytest.mark.parametrize("name", ["programme-result", "ilcop-size-result"])
def test_opens_without_a_complaint_or_a_request(visit: Visit, demo: Path, name: str) -> None:
    """A page from a file, with one title and headings in order."""
    page = visit.go(demo / name)
    assert page.locator("h1").count() == 1
    assert page.title() == page.locator("h1").inner_text()
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "found => found.map(each => Number(each.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_choosing_a_team_shows_its_pair_its_card_and_other_partners(visit: Visit, drawn_folder: Path) -> None:
    """Typed without capitals, chosen by Enter: the map, the card and the list of partners follow."""
    page = visit.go(drawn_folder)
    find(page, "manchester univ")
    assert page.evaluate("location.hash") == "#team-R0A"
    pair_id, partner = page.eval_on_selector(
        "#team-R0A", "row => [row.cells[2].innerText, row.cells[3].querySelector('.id').innerText]"
    )
    assert chosen_lines(page) == [f"pair-{pair_id}"]
    assert page.locator(".panel h3").inner_text().startswith("R0A Manchester University")
    panel = page.locator(".panel .card")
    assert f"{partner} can show R0A" in panel.inner_text()
    assert page.locator(f"#card-{pair_id}.chosen").is_visible()
    others = page.locator('.panel [data-partners-of="team-R0A"] tbody tr')
    with (drawn_folder / "partners.csv").open(encoding="utf-8", newline="") as file:
        expected = [row["partner"] for row in csv.DictReader(file) if row["team"] == "R0A"]
    assert others.count() == len(expected) > 0
    assert [text.split()[0] for text in others.locator("th").all_inner_texts()] == expected
    marked = page.eval_on_selector_all(".map .option", "found => found.map(each => each.id)")
    assert {f"dot-team-{team}" for team in expected} == {
        name for name in marked if not name.endswith("_inset")
    }
    assert "The other bright dots on the map are its next-best partners" in panel.inner_text()


def test_search_ignores_accents_and_capitals(visit: Visit, hostile_folder: Path) -> None:
    """Žižkov is found as zizkov, by any words of a name."""
    page = visit.go(hostile_folder)
    page.get_by_label("Find a team").fill("ecole ZIZKOV")
    assert page.locator(".matches li").count() == 1
    assert "RA9" in page.locator(".matches").inner_text()
    assert page.locator("#find-count").inner_text() == "1 team matches."
    page.get_by_label("Find a team").fill("there is no such team")
    assert page.locator(".matches li").count() == 0
    assert page.locator("#find-count").inner_text() == "0 teams match."


def test_an_address_can_be_shared_and_back_goes_back(visit: Visit, drawn_folder: Path) -> None:
    """The choice stands in the address; going back shows the earlier one, and then none."""
    page = visit.go(drawn_folder)
    find(page, "R0A")
    find(page, "R0B")
    first = page.locator("#team-R0B").get_attribute("data-line")
    assert chosen_lines(page) == [first]
    page.go_back()
    page.wait_for_function("document.querySelector('.panel h3').textContent.startsWith('R0A')")
    page.go_back()
    page.wait_for_function("document.querySelector('.panel').hidden")
    assert chosen_lines(page) == []
    visit.go(drawn_folder, "#team-R0B")
    page.wait_for_selector(".panel h3")
    assert chosen_lines(page) == [first]


def test_everything_works_by_keyboard(visit: Visit, drawn_folder: Path) -> None:
    """Into the box, down into the matches, and Enter; Escape clears."""
    page = visit.go(drawn_folder)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "find-team":
            break
    page.keyboard.type("nhs trust")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = page.evaluate("document.activeElement.hash")
    assert wanted.startswith("#team-")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel h3:focus")
    assert page.evaluate("location.hash") == wanted
    page.get_by_label("Find a team").fill("x")
    page.keyboard.press("Escape")
    assert page.get_by_label("Find a team").input_value() == ""


@pytest.mark.parametrize(("table", "column"), [("#table-of-teams", "Gain"), ("#pair-table", "Value")])
def test_tables_sort_by_numbers_both_ways(visit: Visit, plan_folder: Path, table: str, column: str) -> None:
    """A click sorts upwards, Enter on the same heading downwards; it is said which."""
    page = visit.go(plan_folder)
    button = page.locator(f"{table} th button", has_text=column)
    cells = f"{table} tbody tr td:nth-child({page.evaluate(_PLACE, [table, column])})"
    shown = "found => found.map(each => Number(each.dataset.value))"
    before = page.eval_on_selector_all(cells, shown)
    button.click()
    upwards = page.eval_on_selector_all(cells, shown)
    assert upwards == sorted(before) != before
    assert page.locator(f"{table} th[aria-sort]").get_attribute("aria-sort") == "ascending"
    button.press("Enter")
    assert page.eval_on_selector_all(cells, shown) == sorted(before, reverse=True)
    assert page.locator(f"{table} th[aria-sort]").get_attribute("aria-sort") == "descending"


_PLACE = """([table, column]) => 1 + Array.from(document.querySelector(table).tHead.rows[0].cells)
    .findIndex(each => each.textContent === column)"""


def test_tables_sort_by_text(visit: Visit, plan_folder: Path) -> None:
    """Names in the order of the alphabet, whatever their capitals."""
    page = visit.go(plan_folder)
    page.locator("#table-of-teams th button", has_text="Name").click()
    names = page.locator("#table-of-teams tbody td:nth-child(2)").all_inner_texts()
    assert [name.casefold() for name in names] == sorted(name.casefold() for name in names)


def test_nothing_is_hidden_without_scripts(browser: Browser, drawn_folder: Path) -> None:
    """All teams, pairs and cards can be read; what would need a script is not there."""
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    page.goto((drawn_folder / "report.html").as_uri())
    assert page.locator("button, input").count() == 0
    assert page.locator(".card").count() == 40
    assert page.locator("#table-of-teams tbody tr").count() == 80
    assert page.evaluate(HIDDEN_TEXTS) == []
    page.locator("#table-of-teams a.choose").first.click()
    assert page.evaluate("location.hash") == "#team-R0A"
    context.close()


HIDDEN_TEXTS = """() => Array.from(document.querySelectorAll("main *"))
    .filter(each => !(each instanceof SVGElement && each.closest("defs, title, desc")))
    .filter(each => !each.closest("template") && each.textContent.trim())
    .filter(each => !each.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
    .map(each => each.outerHTML.slice(0, 80))"""
"""Every part with text that cannot be seen; the titles of pictures are read out."""


def test_prints_on_a4(browser: Browser, drawn_folder: Path) -> None:
    """A page for every card, the text there, and nothing of what only works on a screen."""
    from pypdf import PdfReader

    page = browser.new_page()
    page.goto((drawn_folder / "report.html").as_uri())
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    sizes = {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in pdf.pages}
    assert sizes == {A4_IN_POINTS}
    texts = [sheet.extract_text() for sheet in pdf.pages]
    whole = "\n".join(texts)
    assert "Who visits whom: 80 teams in 40 pairs" in whole
    assert "Find a team by id" not in whole
    cards = [text for text in texts if "Next-best partners of R0A" in text]
    assert len(cards) == 1
    assert "can show R0A" in cards[0]
    assert "P01" in cards[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["drawn_folder", "hostile_folder"])
def test_axe_finds_no_serious_fault(
    visit: Visit, request: pytest.FixtureRequest, name: str, size: dict[str, int]
) -> None:
    """Neither before nor after a team was chosen."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit.go(request.getfixturevalue(name))
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.evaluate(FIRST_OF_THEIR_KIND)
    found = _serious(Axe().run(page, options=ONLY_VIOLATIONS).response)
    find(page, "R0A")
    assert found + _serious(Axe().run(page, options=ONLY_VIOLATIONS).response) == []


FIRST_OF_THEIR_KIND = """() => {
    const further = ".card:nth-of-type(n+3), tbody tr:nth-of-type(n+4)";
    for (const each of document.querySelectorAll(further)) each.remove();
}"""
"""Of parts that are all alike the first few are enough; axe takes minutes for all of them."""

ONLY_VIOLATIONS = {"resultTypes": ["violations"]}


def _serious(response: dict[str, list[dict[str, object]]]) -> list[str]:
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}"  # type: ignore[index]
        for fault in response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", ["plan_folder", "drawn_folder", "hostile_folder"])
def test_a_phone_never_scrolls_sideways(visit: Visit, request: pytest.FixtureRequest, name: str) -> None:
    """Wide tables scroll in themselves."""
    page = visit.go(request.getfixturevalue(name))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    find(page, "R0A")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_hostile_names_are_text(visit: Visit, hostile: Hostile) -> None:
    """They stand there letter by letter, and nothing in them runs or becomes a part of the page."""
    page = visit.go(hostile.folder)
    rows = page.eval_on_selector_all(
        "#table-of-teams tbody tr",
        "rows => rows.map(row => [row.cells[0].textContent, row.cells[1].textContent])",
    )
    shown = dict(rows)
    assert {team: shown.get(team) for team in hostile.names} == hostile.names
    assert set(hostile.ids) <= set(shown)
    assert hostile.randomness in page.locator("#audit").inner_text()
    for team in [*hostile.names, *hostile.ids]:
        find(page, team)
        assert page.locator(".panel h3 .id").text_content() == team
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, embed, [onerror], [onclick], b").count() == 0
    assert page.evaluate("window.ran") is None


def test_a_name_from_right_to_left_turns_nothing_else(visit: Visit, hostile_folder: Path) -> None:
    """The pair's id and the partner keep their places in the row."""
    page = visit.go(hostile_folder)
    places = page.eval_on_selector(
        "#team-RA7", "row => Array.from(row.cells).slice(0, 4).map(each => each.getBoundingClientRect().left)"
    )
    assert places == sorted(places)
    isolation = page.eval_on_selector("#team-RA7 td bdi", "each => getComputedStyle(each).unicodeBidi")
    assert isolation == "isolate"


def test_the_page_refuses_scripts_that_are_not_its_own(browser: Browser, plan_folder: Path) -> None:
    """Even where something found a way in, the policy of the page would not let it run."""
    page = browser.new_page()
    page.goto((plan_folder / "report.html").as_uri())
    page.evaluate(
        """() => {
            const added = document.createElement("script");
            added.textContent = "window.ran = 1";
            document.body.append(added);
            const style = document.createElement("style");
            style.textContent = "h1 { color: rgb(1, 2, 3) }";
            document.head.append(style);
        }"""
    )
    assert page.evaluate("window.ran") is None
    assert page.eval_on_selector("h1", "each => getComputedStyle(each).color") != "rgb(1, 2, 3)"
    page.close()


@pytest.mark.parametrize("fragment", ["#%", "#%E0%A4%A", "#<img src=x onerror=alert(1)>", "#constructor"])
def test_an_address_that_was_mangled_is_no_choice(visit: Visit, drawn_folder: Path, fragment: str) -> None:
    """A cut link, or any other: nothing is chosen, and the tables can be sorted all the same."""
    page = visit.go(drawn_folder, fragment)
    assert not page.locator(".panel").is_visible()
    assert page.locator("#table-of-teams th button").count() > 0
    page.evaluate("location.hash = '#%'")
    find(page, "R0A")


def test_no_team_has_the_id_of_a_part_of_the_page(visit: Visit, hostile_folder: Path) -> None:
    """Whatever teams are called, every id of the page is there once, and every link leads somewhere."""
    page = visit.go(hostile_folder)
    ids = page.eval_on_selector_all("[id]", "found => found.map(each => each.id)")
    assert sorted(set(ids)) == sorted(ids)
    links = page.eval_on_selector_all('a[href^="#"]', "found => found.map(each => each.hash.slice(1))")
    assert set(links) <= set(ids)
    find(page, "table")
    assert page.locator("tr.chosen th .id").text_content() == "table"
