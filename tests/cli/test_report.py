"""``pairing report`` as a user runs it: where it writes, what it refuses, what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.data import audit_files


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the bundled audit."""
    folder = tmp_path_factory.mktemp("report-cli")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme-result"


def test_it_writes_beside_the_result_and_not_twice(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """report.html in the folder; a second time only with --force."""
    assert run(["report", str(plan)]) == 0
    said = capsys.readouterr()
    assert f"The report of 60 pairs is in {plan / 'report.html'}" in " ".join(said.out.split())
    assert f"pairing verify {plan}" in said.out
    assert said.err == ""
    first = (plan / "report.html").read_bytes()
    assert run(["report", str(plan)]) == 2
    assert "--force" in capsys.readouterr().err
    assert run(["report", str(plan), "--force", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (plan / "report.html").read_bytes() == first


def test_it_writes_where_it_is_told_and_for_machines(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """-o and --json."""
    page = tmp_path / "page.html"
    assert run(["report", str(plan), "-o", str(page), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts == {
        "folder": str(plan),
        "file": str(page),
        "bytes": page.stat().st_size,
        "missing": [],
        "pdf": None,
    }


def test_it_never_replaces_the_result_or_an_input(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not even with --force."""
    for kept in (plan / "pairs.csv", plan.parent / "programme.toml", plan / "lottery.json"):
        before = kept.read_bytes() if kept.exists() else None
        code = run(["report", str(plan), "-o", str(kept), "--force"])
        assert (kept.read_bytes() if kept.exists() else None) == before
        assert code == 2, kept
        capsys.readouterr()


def test_a_result_that_was_edited_has_no_report(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, and what to do instead."""
    copy = tmp_path / "edited"
    copy.mkdir()
    for path in plan.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    pairs = copy / "pairs.csv"
    pairs.write_bytes(pairs.read_bytes().replace(b"P01", b"P61"))
    assert run(["report", str(copy), "-o", str(tmp_path / "page.html")]) == 3
    assert "pairing verify" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()
    assert run(["report", str(tmp_path / "nowhere")]) == 5


def test_a_result_still_verifies_with_its_report_in_it(plan: Path) -> None:
    """The report is no part of what is sealed."""
    if not (plan / "report.html").exists():
        assert run(["report", str(plan), "--quiet"]) == 0
    assert run(["verify", str(plan), "--quiet"]) == 0


@pytest.mark.parametrize("more", [[], ["--packs"]])
def test_a_dash_is_no_place_for_a_report(
    plan: Path,
    more: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It would make a file of that name, where for tables it means the terminal."""
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(plan), "-o", "-", *more]) == 2
    assert "give a name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
