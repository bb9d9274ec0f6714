"""A fairest plan is proven from its files, and not once anything of the proof was changed."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.files.run_record import seal, sha256
from pairing.verification import Check, verify

Record = dict[str, Any]

FAIREST = '\n[objective]\norder = ["fairest"]\n'


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's programme, made fairest, and its result."""
    folder = tmp_path_factory.mktemp("fairest") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    programme = folder / "programme.toml"
    (folder / "fair.toml").write_text(programme.read_text(encoding="utf-8") + FAIREST, encoding="utf-8")
    assert run(["pair", str(folder / "fair.toml"), "--quiet", "--no-prices"]) == 0
    return folder


@pytest.fixture
def result(planned: Path, tmp_path: Path) -> Path:
    """A copy of the result, free to be tampered with."""
    shutil.copytree(planned, tmp_path / "demo")
    return tmp_path / "demo" / "fair-result"


def record_of(result: Path) -> Record:
    record: Record = json.loads((result / "run.json").read_text(encoding="utf-8"))
    return record


def change_record(result: Path, change: Callable[[Record], None]) -> None:
    """Change the record and cover the tracks: every hash and the seal fit again."""
    record = record_of(result)
    change(record)
    for name in record["files"]:
        record["files"][name] = sha256((result / name).read_bytes())
    record["sha256"] = seal(record)
    (result / "run.json").write_text(json.dumps(record), encoding="utf-8")


def exchange_partners(pairs: list[list[str]]) -> list[list[str]]:
    """The second teams of the first two pairs exchanged."""
    (a, b), (c, d) = pairs[:2]
    return [sorted([a, d]), sorted([c, b]), *pairs[2:]]


def failed(result: Path) -> dict[str, Check]:
    """The checks that fail, by their clause."""
    return {check.clause: check for check in verify(result).checks if not check.passed}


def test_an_untouched_result_is_proven(result: Path) -> None:
    """The clause says what is proven, over every permitted pair; numbers beyond 64 bits were needed."""
    verification = verify(result)
    assert verification.passed
    assert "a better second worst, and so on (over all 1,695 permitted pairs)" in verification.summary()
    record = record_of(result)
    assert record["objective"] == ["fairest"]
    assert record["weights"] == {"kind": "fairest"}
    assert max(record["certificate"]["vertex_duals"]) > 2**64


def shift_a_dual(record: Record) -> None:
    record["certificate"]["vertex_duals"][7] -= 1


def raise_a_dual(record: Record) -> None:
    record["certificate"]["vertex_duals"][7] += 2  # duals are for doubled weights; one more proves as much


def shrink_the_bonus(record: Record) -> None:
    record["certificate"]["cardinality_bonus"] -= 1


def exchange(record: Record) -> None:
    record["pairs"] = exchange_partners(record["pairs"])


def drop_a_pair(record: Record) -> None:
    record["pairs"] = record["pairs"][1:]


CLAUSE = "a better second worst"
TAMPERED = {
    "a dual lower": (shift_a_dual, CLAUSE, "outweigh their duals"),
    "a dual higher": (raise_a_dual, CLAUSE, "prove a bound of"),
    "a smaller bonus for a pair": (shrink_the_bonus, CLAUSE, "the duals prove a bound"),
    "two recorded pairs exchanged": (exchange, CLAUSE, "is not a permitted edge"),
    "a recorded pair taken out": (drop_a_pair, CLAUSE, "the duals prove a bound"),
}


@pytest.mark.parametrize(("change", "clause", "message"), TAMPERED.values(), ids=list(TAMPERED))
def test_every_clause_of_the_proof_is_checked(
    result: Path, change: Callable[[Record], None], clause: str, message: str
) -> None:
    """One change at a time, all hashes put right: the proof fails and says where."""
    change_record(result, change)
    (check,) = [check for name, check in failed(result).items() if clause in name]
    assert any(message in difference for difference in check.differences)
    assert run(["verify", str(result), "--quiet"]) == 6


def test_the_plan_of_the_greatest_total_does_not_pass_as_the_fairest(result: Path, planned: Path) -> None:
    """Its certificate is sound for another objective than the settings ask for."""
    total = json.loads((planned / "programme-result" / "run.json").read_text(encoding="utf-8"))
    assert total["weights"] == {"kind": "total"}

    def pass_off(record: Record, *, as_kind: str) -> None:
        record.update({key: total[key] for key in ("pairs", "certificate", "total_value", "bound")})
        record["weights"] = {"kind": as_kind}

    change_record(result, lambda record: pass_off(record, as_kind="fairest"))
    assert any(CLAUSE in clause for clause in failed(result))
    change_record(result, lambda record: pass_off(record, as_kind="total"))
    check = failed(result)["the record says what the plan is the best of"]
    assert check.differences == (
        "the plan is recorded as the best by 'total'; the settings ask for 'fairest'",
    )


def test_an_edit_by_hand_is_priced_by_its_worst_pair(result: Path) -> None:
    """The plan as recorded stays proven; the edit is named, with the total and the worst pair it makes."""
    with (result / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = rows[0].index("team_b")
    rows[1][at], rows[2][at] = rows[2][at], rows[1][at]
    with (result / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    found = failed(result)
    assert not any(CLAUSE in clause for clause in found)
    (difference,) = found["the pairs are those that were proven"].differences
    assert "the worst of the new pairs has 0.0" in difference
    assert "the worst of the old ones 0.2" in difference
