"""The tables for reports: tampering with them is found, and older results without them still pass."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.further_tables import FURTHER_TABLE_NAMES
from pairing.files.run_record import seal, sha256
from pairing.verification import verify

Tamper = Callable[[Path], None]
CLAUSE = "the tables for reports, the rules in words and the counts of teams say what follows from the plan"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty of the bundled audit's teams, paired."""
    folder = tmp_path_factory.mktemp("further") / "demo"
    folder.mkdir()
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    table, programme = folder / "nlca_2022.csv", folder / "programme.toml"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:61]), encoding="utf-8")
    text = programme.read_text(encoding="utf-8").replace("[rules]", "[rules]\nallow_unpaired = true")
    gone = [team for team in ("RBV", "REN", "RGM", "RPY") if f"\n{team}," not in "".join(lines[:61])]
    for team in gone:
        text = text.replace(f'"{team}", ', "").replace(f', "{team}"', "")
    programme.write_text(text, encoding="utf-8")
    assert run(["pair", str(programme), "--quiet", "--no-prices"]) == 0
    return folder


@pytest.fixture
def result(demo: Path, tmp_path: Path) -> Path:
    """A copy, free to be tampered with."""
    shutil.copytree(demo, tmp_path / "demo")
    return tmp_path / "demo" / "programme-result"


def record_of(result: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((result / "run.json").read_text(encoding="utf-8"))
    return record


def put_hashes_right(result: Path, record: dict[str, Any] | None = None) -> None:
    """Cover the tracks: every hash and the seal fit the files again."""
    record = record_of(result) if record is None else record
    for name in record["files"]:
        record["files"][name] = sha256((result / name).read_bytes())
    record["sha256"] = seal(record)
    (result / "run.json").write_text(json.dumps(record), encoding="utf-8")


def rows_of(result: Path, name: str) -> list[list[str]]:
    with (result / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(result: Path, name: str, rows: list[list[str]]) -> None:
    with (result / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def change(name: str, column: str, to: str, row: int = 1) -> Tamper:
    """Change one cell."""

    def tamper(result: Path) -> None:
        rows = rows_of(result, name)
        assert rows[row][rows[0].index(column)] != to
        rows[row][rows[0].index(column)] = to
        write_rows(result, name, rows)

    return tamper


def without_last_row(name: str) -> Tamper:
    """Drop a row."""
    return lambda result: write_rows(result, name, rows_of(result, name)[:-1])


def without_rows(name: str) -> Tamper:
    """Leave the header alone."""
    return lambda result: write_rows(result, name, rows_of(result, name)[:1])


def record_entry(*path: str | int, to: Any) -> Tamper:  # noqa: ANN401 - anything that JSON holds
    """Change one entry of the record."""

    def tamper(result: Path) -> None:
        record = record_of(result)
        place: Any = record
        for key in path[:-1]:
            place = place[key]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to
        (result / "run.json").write_text(json.dumps(record), encoding="utf-8")

    return tamper


COLUMNS = {
    "indicators.csv": "label,unit,higher_is_better,weight,usable,p_heterogeneity,average,n_teams",
    "profiles.csv": "team,indicator,value,patients,low,high,estimate,estimate_low,estimate_high",
    "exchange.csv": "pair_id,team_a,indicator,teacher,difference,probability_real,gain_a,gain_b",
    "partners.csv": "team,rank,partner,pair_id_of_partner,gain,distance_km,value_lost,pairs_lost",
    "random_pairings.csv": "draw,n_pairs,total_value",
}
CELLS = [(name, column) for name, columns in COLUMNS.items() for column in columns.split(",")]


def failed(result: Path) -> str:
    """The differences of the check; it has to fail."""
    checks = {check.clause: check for check in verify(result).checks}
    assert not checks[CLAUSE].passed
    return " / ".join(checks[CLAUSE].differences)


def test_an_untouched_result_says_what_was_made_anew(result: Path) -> None:
    """Prices and random pairings, with their seed."""
    verification = verify(result)
    assert verification.passed
    finding = next(check.finding for check in verification.checks if check.clause == CLAUSE)
    assert (
        "prices of other partners worked out anew, 1,000 random pairings drawn again with seed 0" in finding
    )


def test_every_cell_is_worked_out_anew(result: Path) -> None:
    """A changed cell of every column of every table is named, all of them in one go, hashes put right."""
    for row, (name, column) in enumerate(CELLS):
        change(name, column, "7.5", row=1 + row % 3)(result)
    put_hashes_right(result)
    told = failed(result)
    for name, columns in COLUMNS.items():
        assert f"{name}, row" in told
        named = [column for column in columns.split(",") if f"column '{column}'" in told]
        assert len(named) >= min(5, len(columns.split(",")))  # five a table are named, the others counted


SINGLE = [cell for cell in CELLS if cell[1] in ("value_lost", "total_value", "gain_b", "high", "average")]


@pytest.mark.parametrize(("name", "column"), SINGLE)
def test_a_single_cell_is_named(result: Path, name: str, column: str) -> None:
    """Where it stands and what is right."""
    change(name, column, "7.5", row=2)(result)
    put_hashes_right(result)
    assert f"{name}, row 3, column '{column}': 7.5 is recorded" in failed(result)


TAMPERED: list[tuple[str, Tamper, str]] = [
    ("a row less", without_last_row("random_pairings.csv"), "random_pairings.csv: there are 999 rows"),
    ("partners dropped", without_rows("partners.csv"), "partners.csv: there are 0 rows"),
    ("a column", change("exchange.csv", "teacher", "pupil", row=0), "exchange.csv: the columns are"),
    ("another seed", record_entry("random_pairings", "seed", to=1), "random_pairings.csv, row"),
    ("another number", record_entry("random_pairings", "n", to=999), "expected 999"),
    ("a wrong method", record_entry("random_pairings", "how", to="by hand"), "'random_pairings' is recorded"),
    (
        "a seed that is none",
        record_entry("random_pairings", "seed", to="x"),
        "does not say how they were drawn",
    ),
    ("too many", record_entry("random_pairings", "n", to=10**12), "does not say how they were drawn"),
    ("partners denied", record_entry("partners", "priced", to=False), "partners.csv"),
    ("partners of no kind", record_entry("partners", to=[]), "'partners' is of the wrong kind"),
    (
        "a rule's sentence",
        record_entry("rules", 0, "sentence", to="anything goes"),
        "'rules' is recorded otherwise",
    ),
    ("a rule's bans", record_entry("rules", 0, "bans", to=1), "'rules' is recorded otherwise"),
    ("a rule less", record_entry("rules", 0, to=None), "'rules' is recorded otherwise"),
    ("a stage", record_entry("recruitment", "stages", 0, "n_teams", to=61), "'recruitment' is recorded"),
    ("who takes part", record_entry("recruitment", "taking_part", to=3), "'recruitment' is recorded"),
    ("no recruitment", record_entry("recruitment", to=None), "run.json lacks 'recruitment'"),
    ("a file not recorded", record_entry("files", "exchange.csv", to=None), "exchange.csv is not among"),
]


@pytest.mark.parametrize(("tamper", "named"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_tampering_is_found_with_the_hashes_put_right(result: Path, tamper: Tamper, named: str) -> None:
    """Clause by clause."""
    tamper(result)
    put_hashes_right(result)
    assert named in failed(result)


@pytest.mark.parametrize("name", FURTHER_TABLE_NAMES)
def test_hashes_find_what_they_can(result: Path, name: str) -> None:
    """A table that was touched, or is gone, without covering the tracks."""
    with (result / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert f"{name} was changed after it was written" in " / ".join(verify(result).differences)
    (result / name).unlink()
    assert f"{name} is missing" in verify(result).differences


def as_before_there_were_tables(result: Path) -> None:
    """The result as the format was before: without the tables, without their sections, without a column."""
    record = record_of(result)
    for name in FURTHER_TABLE_NAMES:
        (result / name).unlink()
        del record["files"][name]
    for section in ("rules", "recruitment", "random_pairings", "partners"):
        del record[section]
    del record["settings"]["teams"]["contact"]
    write_rows(result, "pairs.csv", [row[:-1] for row in rows_of(result, "pairs.csv")])
    put_hashes_right(result, record)


def test_a_result_of_the_format_before_is_proven_with_a_remark(result: Path) -> None:
    """And a changed cell of its pairs is found as ever."""
    as_before_there_were_tables(result)
    verification = verify(result)
    assert verification.passed, verification.summary()
    assert (
        "written before there were such tables; pairing pair PROGRAMME --force writes them"
        in verification.summary()
    )
    change("pairs.csv", "gain_a", "7.5")(result)
    put_hashes_right(result)
    assert "pairs.csv, row 2, column 'gain_a'" in verify(result).summary()


def test_the_column_is_missed_in_a_result_of_today(result: Path) -> None:
    """Only results from before may lack it."""
    write_rows(result, "pairs.csv", [row[:-1] for row in rows_of(result, "pairs.csv")])
    put_hashes_right(result)
    assert "pairs.csv: the columns are" in verify(result).summary()


def test_pairs_edited_by_hand_leave_the_tables_of_the_proven_plan(result: Path) -> None:
    """The tables for reports are about the plan that was proven; what an edit costs is told elsewhere."""
    rows = rows_of(result, "pairs.csv")
    write_rows(result, "pairs.csv", rows[:-1])
    checks = {check.clause: check for check in verify(result).checks}
    assert checks[CLAUSE].passed
    assert not checks["the pairs are those that were proven"].passed


def test_a_repaired_result_has_the_tables_too(result: Path) -> None:
    """And they are proven."""
    rows = rows_of(result, "pairs.csv")
    target = result.parent / "repaired"
    assert run(["repair", str(result), "--without", rows[1][1], "-o", str(target), "--quiet"]) == 0
    verification = verify(target)
    assert verification.passed, verification.summary()
    assert len(rows_of(target, "partners.csv")) > 100
    assert record_of(target)["recruitment"]["paired"] % 2 == 0
