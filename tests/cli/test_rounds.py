"""The command that plans rounds, and the check of what it wrote."""

from __future__ import annotations

import csv
import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.cli.commands import rounds as command
from pairing.cli.commands.rounds import search_in_words
from pairing.data import audit_files
from pairing.files.run_record import seal
from pairing.interrupts import Interrupts
from pairing.matching.several import SearchProgress


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """The programme of the bundled audit, with a size rule under which three full rounds are possible."""
    folder = tmp_path / "audit"
    folder.mkdir()
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    return edit(folder / "programme.toml", "max_size_ratio = 2 ", "max_size_ratio = 3 ")


def edit(path: Path, old: str, new: str) -> Path:
    """Replace a piece of text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def planned(audit: Path) -> Path:
    """Two rounds of the audit."""
    assert run(["rounds", str(audit), "-n", "2", "--keep", "RA9", "--keep", "RBD", "-q"]) == 0
    return audit.parent / "programme-rounds"


def test_rounds_are_written_and_verified(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All files, pairs as in pairs.csv, and everything proven again."""
    names = sorted(path.name for path in planned.iterdir())
    assert names == ["round-1.csv", "round-2.csv", "rounds.csv", "rounds.json", "teams.csv"]
    together = [
        {key: value for key, value in row.items() if key not in ("round", "kept")}
        for row in rows_of(planned / "rounds.csv")
    ]
    assert rows_of(planned / "round-1.csv") + rows_of(planned / "round-2.csv") == together
    assert [row["team"] for row in rows_of(planned / "teams.csv") if row["keeps"] == "true"] == ["RA9", "RBD"]
    assert run(["verify", str(planned)]) == 0
    words = capsys.readouterr().out
    assert "proven: nobody meets a team twice but those who keep their partner" in words
    assert "is proven as recorded" in words


def test_a_round_is_previous_next_year(planned: Path, audit: Path) -> None:
    """Pairs of these rounds are not made again."""
    edit(
        audit,
        "[rules]",
        '[rules]\nprevious = ["programme-rounds/round-1.csv", "programme-rounds/round-2.csv"]',
    )
    assert run(["pair", str(audit), "-q"]) in (0, 1)
    edit(audit, "[rules]", "[rules]\nallow_unpaired = true")
    assert run(["pair", str(audit), "-q", "--force"]) == 0
    before = {(row["team_a"], row["team_b"]) for row in rows_of(planned / "rounds.csv")}
    after = {
        (row["team_a"], row["team_b"]) for row in rows_of(audit.parent / "programme-result" / "pairs.csv")
    }
    assert not before & after


def test_settings_and_options_go_together(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """[rounds] gives the number, -n overrides it, --keep adds to keep."""
    edit(audit, "[rules]", '[rounds]\nnumber = 2\nkeep = ["RA9"]\n\n[rules]')
    out = str(audit.parent / "out")
    assert run(["rounds", str(audit), "--keep", "RBD", "-o", out, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["n_rounds"], facts["keep"]) == (2, ["RA9", "RBD"])
    assert facts["greedy"]["total_value"] <= facts["total_value"]
    assert run(["rounds", str(audit), "--keep", "RBD", "-n", "1", "-o", out, "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_rounds"] == 1
    assert not (Path(out) / "round-2.csv").exists()
    assert run(["verify", out]) == 0


def test_what_cannot_be_is_said(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many rounds are possible; no number; an existing result; a wrong id in [rounds], with its place."""
    edit(audit, "max_size_ratio = 3", "max_size_ratio = 2")
    assert run(["rounds", str(audit), "-n", "3"]) == 1
    assert "2 rounds are possible in full; round 3 would leave 2 teams" in capsys.readouterr().err
    assert run(["rounds", str(audit)]) == 3
    assert "rounds.number" in capsys.readouterr().err
    edit(audit, "[rules]", "[side_constraints]\nmax_total_km = 20000\n\n[rules]")
    assert run(["rounds", str(audit), "-n", "2"]) == 3
    assert "do not apply to several rounds" in capsys.readouterr().err
    edit(audit, "[side_constraints]\nmax_total_km = 20000\n", "")
    assert run(["rounds", str(audit), "-n", "1", "-q"]) == 0
    assert run(["rounds", str(audit), "-n", "1"]) == 2
    assert "--force" in capsys.readouterr().err
    edit(audit, "[rules]", '[rounds]\nnumber = 0\nkeep = ["RA9", "R0X", "RBV", "RA9"]\n\n[rules]')
    assert run(["check", str(audit)]) == 3
    words = capsys.readouterr()
    assert "'rounds.number'" in words.out + words.err
    edit(audit, "number = 0", "number = 1")
    assert run(["rounds", str(audit)]) == 2 or run(["rounds", str(audit), "--force"]) == 3
    capsys.readouterr()
    assert run(["check", str(audit)]) == 3
    words = capsys.readouterr()
    told = words.out + words.err
    assert "'rounds.keep[3]': 'RBV' keeps its partner and is also excluded" in told
    assert "'rounds.keep[4]': 'RA9' is named twice" in told
    edit(audit, ', "RBV", "RA9"]', "]")
    assert run(["rounds", str(audit), "--force"]) == 3
    assert "'rounds.keep[2]': 'R0X' is no team of the table. Did you mean" in capsys.readouterr().err


def test_a_result_of_another_command_is_not_overwritten(
    audit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even with --force."""
    assert run(["pair", str(audit), "-q"]) == 0
    folder = str(audit.parent / "programme-result")
    assert run(["rounds", str(audit), "-n", "2", "-o", folder, "--force"]) == 2
    assert "another command" in capsys.readouterr().err


def test_a_time_limit_is_told_and_recorded(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unproven plan is written, labelled so with its gap, and verified as what it says it is."""
    edit(audit, "max_size_ratio = 3", "max_size_ratio = 2")
    out = audit.parent / "out"
    assert run(["rounds", str(audit), "-n", "2", "--time-limit", "0", "-o", str(out)]) == 4
    assert "Not proven optimal" in capsys.readouterr().out
    record = json.loads((out / "rounds.json").read_text(encoding="utf-8"))
    assert record["status"] == "feasible"
    assert record["gap"] > 0
    assert run(["verify", str(out)]) == 0
    assert "as recorded" in capsys.readouterr().out


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    """A watch over this process, taken off again."""
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    watched = Interrupts()
    watched.watch()
    yield watched
    signal.signal(signal.SIGINT, handler)
    sys.unraisablehook = hook


def press_once_told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A real Ctrl-C after the first line of progress about totals; all lines."""
    told: list[str] = []

    def words(n_rounds: int, state: SearchProgress) -> str:
        told.append(search_in_words(n_rounds, state))
        if (
            state.aim == "total"
            and " SD, at most " in told[-1]
            and not any("gap" in line for line in told[:-1])
        ):
            signal.raise_signal(signal.SIGINT)
        return told[-1]

    monkeypatch.setattr(command, "search_in_words", words)
    return told


def test_ctrl_c_leaves_the_rounds_so_far(
    audit: Path,
    interrupts: Interrupts,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 4 and rounds that say what they are; progress said total, bound and gap."""
    told = press_once_told(monkeypatch)
    edit(audit, "max_size_ratio = 3", "max_size_ratio = 2")
    out = audit.parent / "out"
    assert run(["rounds", str(audit), "-n", "2", "-o", str(out)], interrupts) == 4
    assert re.fullmatch(
        r"Planning 2 rounds: [\d.]+ SD, at most [\d.]+ SD, gap [\d.]+; 0 cases looked at, 1 open", told[-1]
    )
    said = capsys.readouterr()
    assert "Interrupted: the rounds are the best found and are not proven to be the best." in said.err
    assert "Not proven optimal" in said.out
    record = json.loads((out / "rounds.json").read_text(encoding="utf-8"))
    assert (record["status"], record["stopped"]) == ("feasible", "interrupted")
    assert record["gap"] > 0
    assert run(["verify", str(out)]) == 0


def test_ctrl_c_before_all_rounds_are_full_leaves_nothing(
    audit: Path, interrupts: Interrupts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds that rest teams which may not rest are no plan: exit code 130, and no folder."""
    press_once_told(monkeypatch)
    edit(audit, "max_size_ratio = 3", "max_size_ratio = 2")
    out = audit.parent / "out"
    assert run(["rounds", str(audit), "-n", "3", "-o", str(out)], interrupts) == 130
    assert not out.exists()


def test_one_case_is_one_case() -> None:
    """It said "1 cases"."""
    state = SearchProgress(1, 0, 1998, 1998, "pairs")
    words = "Planning 2 rounds: 1,998 pairs, at most 1,998; 1 case looked at, 0 open"
    assert search_in_words(2, state) == words


def reseal(folder: Path, **changes: object) -> None:
    """Change a record and seal it again, as somebody would who knows how."""
    path = folder / "rounds.json"
    record = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")


def told_by_verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What verify says of a folder that is not as recorded."""
    capsys.readouterr()
    assert run(["verify", str(folder)]) == 6
    return capsys.readouterr().out


def test_an_edited_record_is_found(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a broken seal, and, sealed again, by its contents."""
    edit(planned / "rounds.json", '"n_pairs": 120', '"n_pairs": 121')
    assert "it was edited" in told_by_verify(planned, capsys)
    reseal(planned)
    assert "n_pairs is recorded as 121; 120 is right" in told_by_verify(planned, capsys)
    reseal(planned, n_pairs=120, most_rests_bound=1)
    assert "the duals prove at least 0 rests" in told_by_verify(planned, capsys)
    reseal(planned, most_rests_bound=0, status="feasible")
    assert "status is recorded as 'feasible'" in told_by_verify(planned, capsys)
    reseal(planned, status="optimal", keep=[])
    assert "RA9 and RBD have met in round 1" in told_by_verify(planned, capsys)


def test_a_forged_proof_is_found(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Smaller duals do not prove a smaller bound."""
    certificate = json.loads((planned / "rounds.json").read_text(encoding="utf-8"))["certificate"]
    for branch in certificate["value"]["branches"]:
        branch["vertex_duals"] = [dual // 2 for dual in branch["vertex_duals"]]
    reseal(planned, certificate=certificate)
    assert "the duals prove a bound of" in told_by_verify(planned, capsys)
    certificate["value"]["branches"] = []
    reseal(planned, certificate=certificate)
    assert "leave a case out" in told_by_verify(planned, capsys)


def test_rounds_edited_by_hand_are_judged(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A repeat, a broken rule, a team twice, an unknown round: each is told with the teams' ids."""
    table = planned / "rounds.csv"
    original = table.read_text(encoding="utf-8")
    header, *lines = original.splitlines()
    first = [line for line in lines if line.startswith("1,")]
    table.write_text(
        "\n".join([header, *first, *("2" + line[1:] for line in first)]) + "\n", encoding="utf-8"
    )
    assert "have met in round 1" in told_by_verify(planned, capsys)
    table.write_text("\n".join([header, *lines, "7" + lines[0][1:]]) + "\n", encoding="utf-8")
    assert "there is no round '7' among 2" in told_by_verify(planned, capsys)
    table.write_text("\n".join([header, lines[0], *lines]) + "\n", encoding="utf-8")
    assert "stands in 2 places of round 1" in told_by_verify(planned, capsys)
    one, two = (line.split(",") for line in first[3:5])
    one[3], two[3] = two[3], one[3]
    swapped = [",".join(one), ",".join(two)]
    table.write_text("\n".join([header, *first[:3], *swapped, *lines[5:]]) + "\n", encoding="utf-8")
    told = told_by_verify(planned, capsys)
    assert "FAILED: every pair keeps every rule" in told or "the duals prove a bound of" in told


def test_a_changed_programme_is_found(planned: Path, audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other rules, or another number of rounds, than were used."""
    edit(audit, "min_distance_km = 50", "min_distance_km = 60")
    told = told_by_verify(planned, capsys)
    assert "[rules] is recorded otherwise" in told
    assert "programme.toml was changed" in told
