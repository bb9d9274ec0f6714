"""``pairing diagnose``, and what ``pairing pair`` says when not everyone can be paired."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.data import audit_files

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The bundled audit with its programme."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path / "programme.toml"


def edit(programme: Path, old: str, new: str, more: str = "") -> None:
    """Replace a piece of text that is there, and add to the end."""
    text = programme.read_text(encoding="utf-8")
    assert old in text
    programme.write_text(text.replace(old, new, 1) + more, encoding="utf-8")


def strict(programme: Path, more: str = "") -> None:
    """Make the size rule too strict for four teams."""
    edit(programme, "max_size_ratio = 2 ", "max_size_ratio = 1.3 ", more)


def test_a_full_pairing_is_exit_0(programme: Path, capsys: Captured) -> None:
    """Nothing has to change, and that is said."""
    assert run(["diagnose", str(programme)]) == 0
    assert "All 120 teams can be paired: 60 pairs" in capsys.readouterr().out


def test_following_the_first_option_pairs_everyone(programme: Path, capsys: Captured) -> None:
    """The line that is told to be written in [rules] does what it promises."""
    strict(programme)
    assert run(["diagnose", str(programme)]) == 1
    words = capsys.readouterr().out
    assert "  1. Raise max_size_ratio from 1.3 to 1.38: 60 pairs, worth" in words
    assert "     In [rules]: max_size_ratio = 1.38\n" in words
    edit(programme, "max_size_ratio = 1.3 ", "max_size_ratio = 1.38 ")
    assert run(["diagnose", str(programme), "-q"]) == 0
    edit(programme, "max_size_ratio = 1.38 ", "max_size_ratio = 1.379 ")
    assert run(["diagnose", str(programme), "-q"]) == 1


def test_pair_prints_the_diagnosis_after_the_error(programme: Path, capsys: Captured) -> None:
    """First what is impossible, then why, then what can be done; nothing on stdout."""
    strict(programme)
    assert run(["pair", str(programme)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    error, why, option = (
        captured.err.index(text)
        for text in (
            "Error: No pairing of all 120",
            "Why:\n  RAX, RN7 and RRK have no",
            "  1. Raise max_",
        )
    )
    assert error < why < option


def test_pair_as_json_holds_the_diagnosis(programme: Path, capsys: Captured) -> None:
    """The object has the error and, beside it, the options as facts."""
    strict(programme)
    assert run(["pair", str(programme), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["teams"] == ["RAX", "RKE", "RN7", "RRK"]
    first = facts["diagnosis"]["options"][0]
    assert (first["rule"], first["change"]["new_limit"], first["n_unpaired"]) == ("max_size_ratio", 1.38, 0)
    assert facts["diagnosis"]["why"][0]["teams"] == ["RAX", "RN7", "RRK"]
    assert "Why:" not in facts["message"]


def test_diagnose_as_json_and_as_a_table(programme: Path, capsys: Captured, tmp_path: Path) -> None:
    """JSON on stdout; CSV into a file or on stdout, not both on stdout, and not over a file."""
    strict(programme)
    table = tmp_path / "options.csv"
    assert run(["diagnose", str(programme), "--json", "-o", str(table)]) == 1
    facts = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    numbered = [row for row in rows if row["option"]]
    assert [row["setting"] for row in numbered] == [
        option.get("setting") or option["change"]["setting"] for option in facts["options"]
    ]
    assert run(["diagnose", str(programme), "-o", str(table)]) == 2
    assert run(["diagnose", str(programme), "--json", "-o", "-"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "UsageError"
    assert run(["diagnose", str(programme), "-o", "-"]) == 1
    assert capsys.readouterr().out == table.read_text(encoding="utf-8")


def test_flex_of_the_programme_is_used(programme: Path, capsys: Captured) -> None:
    """Both commands tell the least joint change; a flex that is too tight says who many remain."""
    strict(programme, "\n[flex]\nmax_size_ratio = 1.36\nmax_level_gap = 0.8\norder = ['max_level_gap']\n")
    assert run(["diagnose", str(programme), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    (flex,) = (option for option in facts["options"] if option["kind"] == "flex")
    moved = {change["rule"]: change["new_limit"] for change in flex["changes"]}
    assert moved["max_level_gap"] < 0.8
    assert moved["max_size_ratio"] <= 1.36
    assert run(["pair", str(programme)]) == 1
    assert "Of all ways within [flex]: max_level_gap moves as little as possible" in capsys.readouterr().err
    edit(programme, "max_size_ratio = 1.36", "max_size_ratio = 1.31")
    edit(programme, "max_level_gap = 0.8", "max_level_gap = 0.51")
    assert run(["diagnose", str(programme)]) == 1
    assert "[flex]: even at its furthest limits 4 teams would stay" in capsys.readouterr().out


def test_faults_of_flex_are_bad_input(programme: Path, capsys: Captured) -> None:
    """Each with its key in the programme, all at once, by check as well."""
    limits = "max_size_ratio = 1.2\nmax_travel_minutes = 90\nmax_levl_gap = 1\n"
    strict(programme, f"\n[flex]\n{limits}order = ['max_level_gap']\n")
    assert run(["diagnose", str(programme)]) == 3
    told = capsys.readouterr().err
    assert "key 'flex.max_levl_gap': there is no such key. Did you mean 'max_level_gap'?" in told
    edit(programme, "max_levl_gap = 1\n", "")
    assert run(["check", str(programme)]) == 3
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert (
        "key 'flex.max_size_ratio': '1.2' is not looser than the rule itself; expected more than 1.3" in told
    )
    assert "key 'flex.max_travel_minutes': there is no rule of that name with a limit" in told
    assert "key 'flex.order': 'max_level_gap' is not among the rules that may move" in told


def test_a_plan_that_leaves_teams_out_points_here(programme: Path, capsys: Captured) -> None:
    """With allow_unpaired the plan is made, and what comes next says how everyone could be paired."""
    strict(programme)
    edit(programme, "[rules]\n", "[rules]\nallow_unpaired = true\n")
    assert run(["pair", str(programme), "--no-prices"]) == 0
    told = capsys.readouterr().out
    assert f"see what would let everyone be paired:\n  pairing diagnose {programme}\n" in told


def test_a_guessed_programme_says_where_its_rules_can_be_changed(tmp_path: Path, capsys: Captured) -> None:
    """The advice on guessed rules stays, and the diagnosis follows."""
    table = tmp_path / "nlca_2022.csv"
    lines = audit_files()["nlca_2022.csv"].decode().splitlines()
    table.write_text("\n".join(lines[:9]) + "\n", encoding="utf-8")
    assert run(["pair", str(table)]) == 1
    told = capsys.readouterr().err
    assert "The rules were guessed: write them down with  pairing init" in told
    assert "What can be done, each on its own:" in told
    assert run(["diagnose", str(table)]) in (0, 1)
