"""``pairing report DIR --packs`` as a user runs it: what it writes and refuses, and what a browser may do."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pairing.cli import run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the browsers here are shell scripts")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's plan with its lottery."""
    folder = tmp_path_factory.mktemp("packs-cli") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder / "ilcop-size-result"


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a browser."""
    monkeypatch.delenv("PAIRING_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


def browser_that(does: str, folder: Path) -> Path:
    """A program that is called like a browser, and does something else."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


PRINTS = """
for word in "$@"; do case "$word" in --print-to-pdf=*) to="${word#--print-to-pdf=}";; esac; done
printf '%%PDF-1.4' > "$to"
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.usefixtures("no_browser")
def test_without_a_browser_there_are_pages(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """15 pages and their list; it says that there is no PDF, and why, and leaves with 0."""
    target = tmp_path / "packs"
    assert run(["report", str(drawn), "--packs", "-o", str(target)]) == 0
    said = capsys.readouterr()
    assert len(names(target)) == 16
    assert "15 packs in" in said.out
    assert "no pack for 25 of 40 pairs" in said.out
    assert "No Chromium or Edge was found" in said.err
    assert f"pairing verify {drawn}" in said.out
    assert run(["report", str(drawn), "--packs", "-o", str(target), "--no-pdf", "--force"]) == 0
    assert "No Chromium" not in capsys.readouterr().err


@pytest.mark.usefixtures("no_browser")
def test_who_insists_on_pdf_is_refused_before_anything_is_written(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 5, for packs and for the report."""
    target = tmp_path / "packs"
    assert run(["report", str(drawn), "--packs", "--pdf", "-o", str(target)]) == 5
    assert run(["report", str(drawn), "--pdf", "-o", str(tmp_path / "page.html")]) == 5
    assert capsys.readouterr().err.count("No Chromium or Edge was found") == 2
    assert names(tmp_path) == set()


def test_a_browser_that_fails_is_told_and_the_pages_stay(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 5 with the browser's last words; every page is whole, and there is no PDF."""
    monkeypatch.setenv(
        "PAIRING_BROWSER", str(browser_that(f"{PRINTS}\necho no display >&2; exit 1", tmp_path))
    )
    target = tmp_path / "packs"
    assert run(["report", str(drawn), "--packs", "-o", str(target)]) == 5
    said = capsys.readouterr().err
    assert "exit code 1; it said: no display" in said
    assert "Traceback" not in said
    assert "--force" in said
    assert len(names(target)) == 16
    assert all(name.endswith(".html") for name in names(target))
    for path in target.iterdir():
        assert path.read_text(encoding="utf-8").endswith("</html>")
    monkeypatch.setenv("PAIRING_BROWSER", str(browser_that("exit 0", tmp_path)))
    page = tmp_path / "page.html"
    assert run(["report", str(drawn), "--pdf", "-o", str(page)]) == 5
    assert "no PDF came" in capsys.readouterr().err
    assert page.exists()


def test_a_browser_that_is_not_there_is_named(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, because somebody meant something else."""
    monkeypatch.setenv("PAIRING_BROWSER", "no-such-browser")
    assert run(["report", str(drawn), "--packs", "-o", str(tmp_path / "packs"), "--json"]) == 5
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "FileAccessError"
    assert "PAIRING_BROWSER names no-such-browser" in said["message"]
    assert names(tmp_path) == set()


def test_a_slow_browser_is_ended(tmp_path: Path) -> None:
    """With its children, within the limit."""
    from pairing.errors import BrowserError
    from pairing.files.printing import print_pages

    page = tmp_path / "page.html"
    page.write_text("<p>", encoding="utf-8")
    slow = browser_that(f"sleep 60 & echo $! > {tmp_path}/child; wait", tmp_path)
    begun = time.monotonic()
    with pytest.raises(BrowserError, match="not done after 1 seconds"):
        print_pages(slow, [(page, tmp_path / "page.pdf")], time_limit_s=1.0)
    assert time.monotonic() - begun < 20
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"
    assert names(tmp_path) == {"page.html", "browser", "child"}


def test_pdfs_stand_beside_their_pages_and_never_outlive_them(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --force and without PDF the old ones go; packs that no visit needs any more go as well."""
    monkeypatch.setenv("PAIRING_BROWSER", str(browser_that(PRINTS, tmp_path)))
    target = tmp_path / "packs"
    assert run(["report", str(drawn), "--packs", "--all", "-o", str(target), "--json"]) == 0
    everybody = json.loads(capsys.readouterr().out)
    assert len(everybody["packs"]) == 40
    assert len(names(target)) == 81
    (target / "mine.html").write_text("<p>my own", encoding="utf-8")
    assert run(["report", str(drawn), "--packs", "--no-pdf", "-o", str(target), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "OverwriteError"
    assert len(names(target)) == 82
    assert run(["report", str(drawn), "--packs", "--no-pdf", "--force", "-o", str(target), "--json"]) == 0
    visiting = json.loads(capsys.readouterr().out)
    assert len(visiting["removed"]) == len(visiting["left_out"]) == 25
    assert names(target) == {f"{pair}.html" for pair in visiting["packs"]} | {"index.html", "mine.html"}
    listed = (target / "index.html").read_text(encoding="utf-8")
    assert ".pdf" not in listed
    assert all(f'href="{pair}.html"' in listed for pair in visiting["packs"])


def test_some_pairs_only(drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other, each in the list; a pair of the control arm and one that is none are refused."""
    target = tmp_path / "packs"
    arguments = ["report", str(drawn), "--packs", "--no-pdf", "-o", str(target), "--quiet"]
    assert run([*arguments, "--pair", "P04"]) == 0
    assert run([*arguments, "--pair", "P05", "--pair", "P06"]) == 0
    assert names(target) == {"P04.html", "P05.html", "P06.html", "index.html"}
    listed = (target / "index.html").read_text(encoding="utf-8")
    assert [f"{pair}.html" in listed for pair in ("P04", "P05", "P06", "P09")] == [True, True, True, False]
    capsys.readouterr()
    assert run([*arguments, "--pair", "P01", "--pair", "P4"]) == 3
    said = capsys.readouterr().err
    assert "'P01' was not drawn for the intervention" in said
    assert "'P4' is no pair of this plan. Did you mean" in said
    assert run([*arguments, "--pair", "P01", "--all"]) == 0
    assert "must not make its visit now" in (target / "index.html").read_text(encoding="utf-8")


def test_somebody_elses_list_is_not_replaced(drawn: Path, tmp_path: Path) -> None:
    """An index.html of another making stays, even with --force, and nothing is written beside it."""
    (tmp_path / "index.html").write_text("<p>my site", encoding="utf-8")
    assert run(["report", str(drawn), "--packs", "--no-pdf", "--force", "-o", str(tmp_path), "--quiet"]) == 2
    assert names(tmp_path) == {"index.html"}
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "<p>my site"


@pytest.mark.parametrize("option", [["--pair", "P04"], ["--all"]])
def test_options_of_packs_need_packs(
    drawn: Path, tmp_path: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Told as wrong usage instead of being passed over."""
    assert run(["report", str(drawn), *option, "-o", str(tmp_path / "page.html")]) == 2
    assert "add --packs" in capsys.readouterr().err
    assert names(tmp_path) == set()


def test_ctrl_c_loses_no_pack_that_is_whole(drawn: Path, tmp_path: Path) -> None:
    """While PDFs are made: all pages stay, with the PDFs that are whole, and nothing else."""
    slow = f"""{PRINTS}
n=$(ls {tmp_path}/packs | grep -c 'pdf$')
[ "$n" -ge 3 ] && {{ touch {tmp_path}/waiting; rm "$to"; sleep 60; }}
exit 0"""
    environment = os.environ | {"PAIRING_BROWSER": str(browser_that(slow, tmp_path))}
    target = tmp_path / "packs"
    command = [sys.executable, "-m", "pairing", "report", str(drawn), "--packs", "-o", str(target)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    limit = time.monotonic() + 60
    while not (tmp_path / "waiting").exists() and time.monotonic() < limit:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted" in said
    whole = {name for name in names(target) if name.endswith(".pdf")}
    assert 3 <= len(whole) < 15
    assert len(names(target)) == 16 + len(whole)
    listed = (target / "index.html").read_text(encoding="utf-8")
    assert listed.count('.pdf"') == len(whole)
