"""Packs in an installed browser: printing, accessibility, and no request."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pairing.cli import run
from pairing.files.browser import find_browser
from pairing.files.printing import print_pages
from pairing.files.result_folder import read_result_folder
from pairing.report.facts import Facts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

A4_IN_POINTS = (595, 842)


def text_of(pdf: Path) -> tuple[set[tuple[int, int]], list[str]]:
    """The sizes of the sheets, and the text of each."""
    from pypdf import PdfReader

    sheets = PdfReader(pdf).pages
    sizes = {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets}
    return sizes, [" ".join(sheet.extract_text().split()) for sheet in sheets]


@pytest.fixture(scope="module")
def packs(drawn_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All packs of the drawn plan, as pages."""
    folder = tmp_path_factory.mktemp("packs") / "packs"
    assert run(["report", str(drawn_folder), "--packs", "--no-pdf", "-o", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def packs_of_rich(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All packs of the plan with a group of three."""
    folder = tmp_path_factory.mktemp("rich-packs") / "packs"
    assert run(["report", str(rich), "--packs", "--no-pdf", "-o", str(folder), "--quiet"]) == 0
    return folder


@pytest.mark.usefixtures("browser")
def test_the_command_prints_on_a4(rich: Path, tmp_path: Path) -> None:
    """Two or three sheets of A4 for a pair, with everything on it, and nothing left beside them."""
    pairs = [pair for pair in Facts(read_result_folder(rich)).pairs.values() if len(pair.visits) == 1][:2]
    chosen = [word for pair in pairs for word in ("--pair", pair.id)]
    target = tmp_path / "packs"
    assert run(["report", str(rich), "--packs", "--pdf", *chosen, "-o", str(target), "--quiet"]) == 0
    names = {f"{pair.id}.{ending}" for pair in pairs for ending in ("html", "pdf")}
    assert {path.name for path in target.iterdir()} == names | {"index.html"}
    for pair in pairs:
        sizes, sheets = text_of(target / f"{pair.id}.pdf")
        assert sizes == {A4_IN_POINTS}
        assert 2 <= len(sheets) <= 3
        whole = " ".join(sheets)
        for words in ("Who meets whom", "can show", "results", "What not to conclude", "Questions to ask"):
            assert words in whole
        assert "Agenda, to write on" in sheets[-1]
        assert "1 / " in sheets[0]
        assert f'href="{pair.id}.pdf"' in (target / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("browser")
def test_the_report_prints_beside_its_page(rich: Path, tmp_path: Path) -> None:
    """report.pdf, on A4; a second time only with --force."""
    page = tmp_path / "plan.html"
    assert run(["report", str(rich), "--pdf", "-o", str(page), "--quiet"]) == 0
    sizes, sheets = text_of(tmp_path / "plan.pdf")
    assert sizes == {A4_IN_POINTS}
    assert "Who visits whom" in sheets[0]
    page.unlink()
    assert run(["report", str(rich), "--pdf", "-o", str(page), "--quiet"]) == 2
    assert not page.exists()


@pytest.mark.parametrize("width", [1280, 360])
def test_packs_are_accessible_and_ask_for_nothing(
    browser: Browser, packs: Path, packs_of_rich: Path, width: int
) -> None:
    """Headings in order, no serious fault by axe-core, no request, no complaint, no scrolling sideways."""
    from axe_playwright_python.sync_playwright import Axe

    group = next(
        path for path in sorted(packs_of_rich.glob("P*.html")) if path.read_text().count("<h3><bdi>") == 12
    )
    page = browser.new_page(viewport={"width": width, "height": 900})
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on(
        "request", lambda request: None if request.url.startswith("file:") else faults.append(request.url)
    )
    for path in (packs / "index.html", sorted(packs.glob("P*.html"))[0], group):
        page.goto(path.as_uri())
        levels = page.eval_on_selector_all(
            "h1,h2,h3,h4", "found => found.map(each => Number(each.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        heights = page.eval_on_selector_all(
            ".rates tr", "found => found.map(each => each.getBoundingClientRect().height)"
        )
        assert max(heights, default=0) < 130  # no column of single letters
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.close()
    assert faults == []


def test_hostile_names_are_printed_as_text(browser: Browser, hostile_folder: Path, tmp_path: Path) -> None:
    """Nothing runs, no dialog opens, and the name stands in the page."""
    target = tmp_path / "packs"
    assert (
        run(["report", str(hostile_folder), "--packs", "--all", "--no-pdf", "-o", str(target), "--quiet"])
        == 0
    )
    page = browser.new_page()
    faults: list[str] = []
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text))
    seen = ""
    for path in sorted(target.glob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("window.ran") is None
        seen += page.locator("body").inner_text()
    page.close()
    assert faults == []
    assert "<script>window.ran = 1; alert(1)</script>" in seen


@pytest.mark.usefixtures("browser")
def test_a_page_is_printed_without_the_network(tmp_path: Path) -> None:
    """A picture from an address is not fetched, though this page would allow it."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    asked: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Note who asks."""
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Notes)
    thread = Thread(target=server.serve_forever)
    thread.start()
    page = tmp_path / "page with a blank, ž.html"
    address = f"http://localhost:{server.server_port}/picture.png"
    page.write_text(f'<!DOCTYPE html><title>t</title><p>Text<img alt="" src="{address}">', encoding="utf-8")
    browser = find_browser()
    assert browser is not None
    try:
        print_pages(browser, [(page, tmp_path / "page.pdf")])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
    assert text_of(tmp_path / "page.pdf")[1] == ["Text"]


@pytest.mark.usefixtures("browser")
def test_a_browser_that_the_environment_names_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PAIRING_BROWSER comes before what is on the path."""
    found = find_browser()
    assert found is not None
    named = tmp_path / "another"
    named.symlink_to(shutil.which(str(found)) or "")
    monkeypatch.setenv("PAIRING_BROWSER", str(named))
    assert find_browser() == named
