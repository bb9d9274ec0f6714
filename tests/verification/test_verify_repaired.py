"""Every way of tampering with a repaired result is found, hashes put right again or not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.files.run_record import seal, sha256
from pairing.verification import verify


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo, and its repair after two drop-outs and a late joiner."""
    folder = tmp_path_factory.mktemp("repaired") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    asked = ["--without", "R0A", "--without", "R0D", "--add", "RBV", "--quiet"]
    assert run(["repair", str(folder / "programme-result"), *asked]) == 0
    return folder


@pytest.fixture
def result(finished: Path, tmp_path: Path) -> Path:
    """A copy of the repaired result beside the one that was repaired, free to be tampered with."""
    shutil.copytree(finished, tmp_path / "demo")
    return tmp_path / "demo" / "programme-result-repaired"


def change(result: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit the record, and cover the tracks: every hash and the seal fit again."""
    record = json.loads((result / "run.json").read_text(encoding="utf-8"))
    edit(record)
    for name in record["files"]:
        record["files"][name] = sha256((result / name).read_bytes())
    for entry in record["inputs"]:
        entry["sha256"] = sha256((result / entry["path"]).read_bytes())
    record["sha256"] = seal(record)
    (result / "run.json").write_text(json.dumps(record), encoding="utf-8")


def test_untouched_it_is_proven(result: Path) -> None:
    """The parameters are proven for the teams of before, and the earlier pairs are found where they were."""
    summary = verify(result).summary()
    assert verify(result).passed
    assert "for the 120 teams that they were fitted to before the repair" in summary
    assert "the earlier pairs are those of the result that was repaired" in summary


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (lambda r: r["weights"].update(bonus=1000), "does not outweigh every difference"),
        (lambda r: r["weights"].update(bonus=r["weights"]["bonus"] * 2), "duals"),
        (lambda r: r["weights"].update(bonus="much"), "'weights.bonus': ''much'' is no whole number"),
        (lambda r: r["weights"]["earlier"].pop(10), "the recorded earlier pairs are not those of"),
        (lambda r: r["weights"].update(earlier=[["A"]]), "is no list of pairs"),
        (lambda r: r.update(weights={"kind": "total"}), "the recorded earlier pairs are not those of"),
        (lambda r: r["repaired"]["fitted_to"].remove("R0A"), "pooled proportion"),
        (lambda r: r["repaired"]["fitted_to"].append("R0Z"), "'R0Z' is not in the table"),
        (lambda r: r["repaired"].update(fitted_to=None), "'repaired' is of the wrong kind"),
        (lambda r: r.pop("repaired"), "pooled proportion"),
        (lambda r: r["profiles"]["mean"].__setitem__(0, 0.3), "are not those of ../programme-result"),
        (lambda r: r["pairs"].pop(), "the duals prove a bound of"),
        (lambda r: r.update(locked=[["RBV", "RVW"]]), "locked"),
    ],
)
def test_a_changed_record_is_found(
    result: Path, edit: Callable[[dict[str, Any]], object], found: str
) -> None:
    """Whatever was changed, with every hash and the seal put right, something does not fit."""
    change(result, edit)
    verification = verify(result)
    assert not verification.passed
    assert found in " ".join(verification.differences)


def test_a_changed_row_of_a_team_that_left_is_found(result: Path) -> None:
    """The profiles rest on the rows of those who left, too."""
    table = result / "repaired-teams.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("R0A,"))
    lines[at] = lines[at].replace("0.", "0.1", 1)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    change(result, dict)
    assert any("pooled proportion" in text for text in verify(result).differences)


def test_changes_that_did_not_happen_are_found(result: Path) -> None:
    """The table of changes says what the pairs say."""
    path = result / "changes.csv"
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines()
    path.write_text("\n".join(rows[:-1]) + "\n", encoding="utf-8")
    change(result, dict)
    (difference,) = verify(result).differences
    assert difference == f"changes.csv: '{rows[-1].split(',')[0]}' is not told as it is recorded"


def test_where_the_earlier_result_is_gone_it_is_said(result: Path) -> None:
    """The result stands on its own; what cannot be looked up any more is said to be taken as recorded."""
    shutil.rmtree(result.parent / "programme-result")
    verification = verify(result)
    assert verification.passed
    assert "which are taken as they are recorded (../programme-result is not there" in verification.summary()


def test_an_earlier_result_that_was_made_anew_proves_nothing(result: Path) -> None:
    """Another result in the same place is not the one that was repaired."""
    programme = result.parent / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("max_distance_km = 300", "max_distance_km = 320"), encoding="utf-8")
    assert run(["pair", str(programme), "--force", "--quiet"]) == 0
    assert "or is another result by now" in verify(result).summary()


def test_a_folder_that_was_moved_is_proven_all_the_same(result: Path, tmp_path: Path) -> None:
    """Programme and table are in the folder."""
    moved = tmp_path / "moved"
    shutil.move(result, moved)
    assert verify(moved).passed


def test_an_edited_plan_costs_what_it_costs(result: Path) -> None:
    """Pairs edited by hand in a repaired plan are found, each with its price."""
    path = result / "pairs.csv"
    text = path.read_text(encoding="utf-8")
    first, second = (line.split(",") for line in text.splitlines()[1:3])
    edited = text.replace(f"{first[1]},{first[2]}", f"{first[1]},{second[2]}", 1)
    edited = edited.replace(f"{second[1]},{second[2]}", f"{second[1]},{first[2]}", 1)
    path.write_text(edited, encoding="utf-8")
    verification = verify(result)
    assert not verification.passed
    assert any("instead of" in text for text in verification.differences)
