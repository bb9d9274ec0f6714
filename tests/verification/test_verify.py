"""Every way of tampering with a result is found and named, hashes put right again or not."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.errors import FileAccessError
from pairing.files.run_record import seal, sha256
from pairing.verification import verify

Tamper = Callable[[Path], None]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished demo: the programme, its data, and the result."""
    folder = tmp_path_factory.mktemp("verify") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def result(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's result, free to be tampered with."""
    shutil.copytree(demo, tmp_path / "demo")
    return tmp_path / "demo" / "programme-result"


def record_of(result: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((result / "run.json").read_text(encoding="utf-8"))
    return record


def write_record(result: Path, record: dict[str, Any]) -> None:
    (result / "run.json").write_text(json.dumps(record), encoding="utf-8")


def put_hashes_right(result: Path) -> None:
    """Cover the tracks: every hash and the seal fit the files again."""
    record = record_of(result)
    for name in record["files"]:
        record["files"][name] = sha256((result / name).read_bytes())
    for entry in record["inputs"]:
        entry["sha256"] = sha256((result / entry["path"]).read_bytes())
    record["sha256"] = seal(record)
    write_record(result, record)


def change_record(*path: str | int, to: Any) -> Tamper:  # noqa: ANN401 - anything that JSON holds
    """Change one entry of the record."""

    def tamper(result: Path) -> None:
        record = record_of(result)
        place: Any = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to
        write_record(result, record)

    return tamper


def change_rows(name: str, edit: Callable[[list[list[str]]], list[list[str]]]) -> Tamper:
    """Edit the rows of a table, the header first."""

    def tamper(result: Path) -> None:
        with (result / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        with (result / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(edit(rows))

    return tamper


def change_cell(name: str, row: int, column: str, to: str) -> Tamper:
    """Change one cell."""

    def edit(rows: list[list[str]]) -> list[list[str]]:
        rows[row][rows[0].index(column)] = to
        return rows

    return change_rows(name, edit)


def swap_partners(rows: list[list[str]]) -> list[list[str]]:
    """Exchange the second teams of the first two pairs."""
    at = rows[0].index("team_b")
    rows[1][at], rows[2][at] = rows[2][at], rows[1][at]
    return rows


def replace_text(name: str, old: str, new: str) -> Tamper:
    """Edit a file beside the result."""

    def tamper(result: Path) -> None:
        path = result / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return tamper


def test_an_untouched_result_is_proven(result: Path) -> None:
    """Nothing differs, and the optimum is proven over every permitted pair."""
    verification = verify(result)
    assert verification.passed
    assert len(verification.checks) == 14
    assert "is proven as recorded" in verification.summary()


def test_a_result_is_proven_with_inputs_from_elsewhere(result: Path, tmp_path: Path) -> None:
    """A result moved away from its inputs is proven when told where they are."""
    moved = tmp_path / "elsewhere" / "deep" / "result"
    shutil.copytree(result, moved)
    with pytest.raises(FileAccessError):
        verify(moved)
    assert verify(moved, inputs=result.parent).passed


TOUCHED: list[tuple[str, Tamper, str]] = [
    ("a value in pairs.csv", change_cell("pairs.csv", 1, "value", "0.9"), "pairs.csv was changed"),
    (
        "a row in unpaired.csv",
        change_rows("unpaired.csv", lambda rows: [*rows, ["X", "", ""]]),
        "unpaired.csv was changed",
    ),
    ("a level in teams.csv", change_cell("teams.csv", 3, "level", "0"), "teams.csv was changed"),
    ("a missing file", lambda result: (result / "teams.csv").unlink(), "teams.csv is missing"),
    ("the total", change_record("total_value", to=99.0), "run.json does not have the SHA-256"),
    ("the version", change_record("version", to="9.9"), "run.json does not have the SHA-256"),
    ("a setting", change_record("settings", "rules", "max_size_ratio", to=3), "rules.max_size_ratio"),
    (
        "a missing section",
        lambda result: write_record(result, {"version": "1"}),
        "run.json lacks 'certificate'",
    ),
    ("broken JSON", lambda result: (result / "run.json").write_text("{"), "not valid JSON"),
    ("a list for a record", lambda result: (result / "run.json").write_text("[]"), "does not hold an object"),
    (
        "an input",
        replace_text("../nlca_2022.csv", "M13 9WL", "M13 9WX"),
        "nlca_2022.csv was changed since",
    ),
    (
        "the rules",
        replace_text("../programme.toml", "max_size_ratio = 2", "max_size_ratio = 3"),
        "programme.toml was changed since",
    ),
]


@pytest.mark.parametrize(("tamper", "named"), [row[1:] for row in TOUCHED], ids=[row[0] for row in TOUCHED])
def test_whatever_was_touched_is_named(result: Path, tamper: Tamper, named: str) -> None:
    """A change that leaves the hashes as they were is found by them."""
    tamper(result)
    verification = verify(result)
    assert not verification.passed
    assert named in " / ".join(verification.differences)


def exchanged(pairs: list[list[str]]) -> list[list[str]]:
    """The pairs with the second teams of P02 and P05 exchanged, which keeps every rule."""
    pairs[1][1], pairs[4][1] = pairs[4][1], pairs[1][1]
    return pairs


PROOF_FAILED = "FAILED: no pairing has more pairs"
UNSOLVED = "FAILED: the recorded parameters of the profiles solve"
COVERED: list[tuple[str, Tamper, str]] = [
    (
        "a value",
        change_cell("pairs.csv", 1, "value", "0.9"),
        "row 2, column 'value': 0.9 is recorded, 0.4562",
    ),
    ("a gain", change_cell("pairs.csv", 2, "gain_a", "1"), "row 3, column 'gain_a'"),
    ("a partner's name", change_cell("teams.csv", 1, "partner_name", "Nobody"), "Nobody is recorded"),
    ("a column", change_cell("pairs.csv", 0, "gain_a", "gain_c"), "the columns are"),
    ("an extra row", change_rows("teams.csv", lambda rows: [*rows, rows[-1]]), "there are 121 rows"),
    ("swapped partners", change_rows("pairs.csv", swap_partners), "column 'partner'"),
    ("swapped partners' cost", change_rows("pairs.csv", swap_partners), "SD less"),
    ("a pair fewer", change_rows("pairs.csv", lambda rows: rows[:-1]), "1 pair fewer, 0."),
    ("the recorded pairs", change_record("pairs", to=lambda pairs: exchanged(pairs)), PROOF_FAILED),
    ("a recorded pair less", change_record("pairs", to=lambda pairs: pairs[1:]), PROOF_FAILED),
    ("a recorded team", change_record("pairs", 0, 0, to="ZZZ"), "run.json: 'ZZZ' is not a team"),
    ("a recorded pair of three", change_record("pairs", 0, to=["R0A", "R0B", "R0D"]), "no list of pairs"),
    ("what it is the best of", change_record("weights", to={"kind": "beauty"}), "'beauty' is no objective"),
    ("an unknown team", change_cell("pairs.csv", 1, "team_a", "ZZZ"), "'ZZZ' is not a team"),
    ("a team twice", change_cell("pairs.csv", 1, "team_a", "R0B"), "'R0B' stands in 2 places"),
    ("a broken table", change_rows("pairs.csv", lambda rows: [["a"], ["b"]]), "lacks the columns"),  # noqa: ARG005
    ("the total", change_record("total_value", to=lambda total: total + 0.1), "total_value is recorded"),
    ("the bound", change_record("bound", to=lambda bound: bound + 0.1), "bound is recorded"),
    ("the gap", change_record("gap", to=0.1), "gap is recorded as 0.1"),
    ("the status", change_record("status", to="feasible"), "'optimal' is right"),
    ("the mode", change_record("mode", to="max-value"), "mode is recorded as 'max-value'"),
    ("the seed", change_record("seed", to=5), "seed is recorded as 5"),
    ("the scale", change_record("scale", "decimals", to=3), "scale is recorded as"),
    ("the notes", change_record("notes", to=[]), "notes is recorded as []"),
    ("the objective", change_record("objective", to=["fairest"]), "objective is recorded as"),
    ("the list of files", change_record("files", to={}), "pairs.csv is not among the recorded files"),
    ("a huge dual", change_record("certificate", "vertex_duals", 5, to=10**400), "FAILED: no pairing has"),
    ("the count", change_record("n_permitted_pairs", to=7), "n_permitted_pairs is recorded as 7"),
    (
        "a dual",
        change_record("certificate", "vertex_duals", 5, to=lambda dual: dual - 1000),
        "dual",
    ),
    ("a dual that is no number", change_record("certificate", "vertex_duals", 5, to="x"), "vertex_duals"),
    (
        "a parameter",
        change_record("profiles", "mean", 1, to=lambda mean: mean * 1.001),
        UNSOLVED,
    ),
    (
        "a covariance",
        change_record("profiles", "covariance", 1, 1, to=lambda variance: variance * 1.01),
        UNSOLVED,
    ),
    (
        "an indicator's use",
        change_record("profiles", "usable", 1, to=False),
        UNSOLVED,
    ),
    ("a setting", change_record("settings", "rules", "max_size_ratio", to=3.0), "the programme says 2"),
    ("an input's hash list", change_record("inputs", to=lambda inputs: inputs[:1]), "1 inputs are recorded"),
    (
        "a stricter rule",
        replace_text("../programme.toml", "min_distance_km = 50 ", "min_distance_km = 60 "),
        "at least 60 km required",
    ),
    (
        "an input",
        replace_text("../nlca_2022.csv", "0.82133,83", "0.62133,83"),
        UNSOLVED,
    ),
    ("a broken input", replace_text("../nlca_2022.csv", "0.82133,83", "eighty,83"), "'eighty'"),
]


@pytest.mark.parametrize(("tamper", "named"), [row[1:] for row in COVERED], ids=[row[0] for row in COVERED])
def test_covering_the_tracks_does_not_help(result: Path, tamper: Tamper, named: str) -> None:
    """With every hash put right again, the content itself gives the change away."""
    tamper(result)
    put_hashes_right(result)
    verification = verify(result)
    assert not verification.passed
    assert named in verification.summary()


def test_a_looser_rule_invalidates_the_proof(result: Path) -> None:
    """With more pairs permitted the old duals no longer cover every permitted pair."""
    replace_text("../programme.toml", "max_size_ratio = 2 ", "max_size_ratio = 4 ")(result)
    put_hashes_right(result)
    assert "FAILED: no pairing has more pairs" in verify(result).summary()


def exchange_partners(one: int, other: int) -> Tamper:
    """Exchange the second teams of two rows of the pairs."""

    def exchange(rows: list[list[str]]) -> list[list[str]]:
        rows[one][2], rows[other][2] = rows[other][2], rows[one][2]
        return rows

    return change_rows("pairs.csv", exchange)


EDITS = "the pairs are those that were proven"


def test_an_edited_plan_is_told_what_each_edit_costs(result: Path) -> None:
    """A worse plan that keeps the rules hears what every edit costs, and that these add up to the gap."""
    exchange_partners(2, 5)(result)  # P02 and P05
    checks = {check.clause: check for check in verify(result).checks}
    assert checks["every pair keeps every rule"].passed
    assert checks["no pairing has more pairs, or as many and a greater total"].passed
    assert checks[EDITS].differences == (
        "R0B–RFR and R1H–RBN instead of R0B–RBN and R1H–RFR: 0.556699 SD less",
    )
    assert checks[EDITS].finding == "in all 0.556699 SD less"


def test_every_edit_has_a_price_of_its_own(result: Path) -> None:
    """Two edits that have nothing to do with each other are priced one by one."""
    exchange_partners(2, 5)(result)
    change_rows("pairs.csv", lambda rows: rows[:10] + rows[11:])(result)
    checks = {check.clause: check for check in verify(result).checks}
    swap, dropped = checks[EDITS].differences
    assert "0.556699 SD less" in swap
    assert dropped.startswith("without ")
    assert "1 pair fewer" in dropped
    lost = sum(float(text.split(" SD")[0].rsplit(" ", 1)[1]) for text in (swap, dropped))
    assert f"in all 1 pair fewer, {lost:.6f} SD less" == checks[EDITS].finding


def test_a_rule_broken_by_hand_is_named_beside_the_price(result: Path) -> None:
    """The two are separate clauses: what is not allowed, and what it costs."""
    exchange_partners(1, 2)(result)
    checks = {check.clause: check for check in verify(result).checks}
    assert not checks["every pair keeps every rule"].passed
    assert len(checks[EDITS].differences) == 1


def test_a_folder_without_a_record_is_no_result(tmp_path: Path) -> None:
    """A folder that pairing did not finish cannot be verified."""
    with pytest.raises(FileAccessError, match=r"holds no run\.json"):
        verify(tmp_path)
