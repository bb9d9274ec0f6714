"""Pairs that a person has settled survive when the rest is planned anew."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.verification import verify


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished demo."""
    folder = tmp_path_factory.mktemp("locked") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


def edited(demo: Path, into: Path, locked: dict[str, str], swaps: tuple[int, int] = (1, 4)) -> Path:
    """A copy of the pairs in which the second teams of two rows are exchanged, with marks by pair."""
    with (demo / "programme-result" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    one, other = swaps
    rows[one]["team_b"], rows[other]["team_b"] = rows[other]["team_b"], rows[one]["team_b"]
    for row in rows:
        row["locked"] = locked.get(row["pair_id"], "")
    path = into / "edited.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def pairs_of(folder: Path) -> set[tuple[str, str]]:
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return {(row["team_a"], row["team_b"]) for row in csv.DictReader(file)}


def plan(demo: Path, locked: Path, out: Path) -> int:
    return run(["pair", str(demo / "programme.toml"), "--locked", str(locked), "-o", str(out), "--quiet"])


def test_a_locked_pair_survives_and_the_rest_is_the_best(demo: Path, tmp_path: Path) -> None:
    """The swapped pair that is marked stays; the one that is not is free again; the result is proven."""
    locked = edited(demo, tmp_path, {"P02": "true"})
    assert plan(demo, locked, tmp_path / "out") == 0
    assert ("R0B", "RFR") in pairs_of(tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    before = json.loads((demo / "programme-result" / "run.json").read_text(encoding="utf-8"))
    assert record["locked"] == [["R0B", "RFR"]]
    assert record["n_pairs"] == 60
    assert before["total_value"] - 0.556699 <= record["total_value"] < before["total_value"]
    # The programme's inputs lie elsewhere now; the recorded path leads there.
    assert verify(tmp_path / "out").passed


def test_without_a_mark_column_every_pair_stays(demo: Path, tmp_path: Path) -> None:
    """A plain pairs.csv locks all of its pairs: nothing is left to plan."""
    (tmp_path / "mine.csv").write_text("team_a,team_b\nRFR,R0B\nR1H,RBN\n", encoding="utf-8")
    assert plan(demo, tmp_path / "mine.csv", tmp_path / "out") == 0
    assert {("R0B", "RFR"), ("R1H", "RBN")} <= pairs_of(tmp_path / "out")


def test_a_lock_taken_out_of_the_record_is_found(demo: Path, tmp_path: Path) -> None:
    """Without its lock the plan is not the best one, and verify says so."""
    from pairing.files.run_record import seal

    assert plan(demo, edited(demo, tmp_path, {"P02": "true"}), tmp_path / "out") == 0
    path = tmp_path / "out" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8")) | {"locked": []}
    path.write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert "FAILED: no pairing has more pairs" in verify(tmp_path / "out").summary()


BROKEN = {
    "an unknown team": ("team_a,team_b\nR0B,RFX\n", "row 2, column 'team_b': 'RFX' is no team"),
    "a team twice": ("team_a,team_b\nR0B,RFR\nRFR,R1H\n", "row 3, column 'team_a': 'RFR' is in a locked"),
    "a mark": ("team_a,team_b,locked\nR0B,RFR,perhaps\n", "column 'locked': 'perhaps' is not a yes or no"),
    "no columns": ("a,b\n1,2\n", "there is no such column; it was named as the teams of a locked pair"),
    "a pair with itself": ("team_a,team_b\nR0B,R0B\n", "'R0B' is paired with itself"),
    "a banned pair": ("team_a,team_b\nR0A,RM3\n", "must be a pair, and another rule bans it"),
}


@pytest.mark.parametrize(("content", "told"), BROKEN.values(), ids=BROKEN)
def test_broken_locks(
    content: str, told: str, demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every fault has its place and what to do; nothing is written."""
    (tmp_path / "mine.csv").write_text(content, encoding="utf-8")
    assert plan(demo, tmp_path / "mine.csv", tmp_path / "out") == 3
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_file_with_the_locks_is_not_overwritten(demo: Path, tmp_path: Path) -> None:
    """A result never replaces the file that it was made from."""
    result = tmp_path / "result"
    shutil.copytree(demo / "programme-result", result)
    arguments = [
        "pair",
        str(demo / "programme.toml"),
        "--locked",
        str(result / "pairs.csv"),
        "-o",
        str(result),
    ]
    assert run([*arguments, "--force"]) == 2
