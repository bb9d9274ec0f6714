"""Every way of tampering with a lottery or its draw is found and named, hashes put right again or not."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.run_record import seal
from pairing.verification import verify

Tamper = Callable[[Path], None]
LOTTERY = """
[lottery]
intervention_pairs = 15
balance_on = ["profile.nsclc_resection_adj", "size"]
candidates = 10_000
reserves = 2

[analysis]
outcome_sd = 2.0
"""


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit, paired, its lottery published and drawn."""
    folder = tmp_path_factory.mktemp("lottery")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    with (folder / "programme.toml").open("a", encoding="utf-8") as file:
        file.write(LOTTERY)
    assert run(["pair", str(folder / "programme.toml"), "-q"]) == 0
    assert run(["allocate", str(folder / "programme-result"), "--seed", "7", "-q"]) == 0
    return folder


@pytest.fixture
def result(audit: Path, tmp_path: Path) -> Path:
    """A copy of the result, free to be tampered with."""
    return Path(shutil.copytree(audit, tmp_path / "audit")) / "programme-result"


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_bytes()))


def change(name: str, *path: str | int, to: Any) -> Tamper:  # noqa: ANN401 - anything that JSON holds
    """Change one entry of a record."""

    def tamper(result: Path) -> None:
        record = read(result / name)
        place: Any = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to
        (result / name).write_text(json.dumps(record), encoding="utf-8")

    return tamper


def change_cell(name: str, row: int, column: str, to: str | Callable[[str], str]) -> Tamper:
    """Change one cell of a table."""

    def tamper(result: Path) -> None:
        with (result / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        at = rows[0].index(column)
        rows[row][at] = to(rows[row][at]) if callable(to) else to
        with (result / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    return tamper


def replace_text(name: str, old: str, new: str) -> Tamper:
    """Edit a text file."""

    def tamper(result: Path) -> None:
        text = (result / name).read_text(encoding="utf-8")
        assert old in text
        (result / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return tamper


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def put_hashes_right(result: Path) -> None:
    """Cover the tracks: every hash and every seal fits the files again."""
    lottery, draw = read(result / "lottery.json"), read(result / "draw.json")
    lottery["pool"]["sha256"] = lottery["files"]["lottery.csv"] = digest(result / "lottery.csv")
    for entry in lottery["inputs"]:
        entry["sha256"] = digest(result / entry["path"])
    lottery["sha256"] = seal(lottery)
    (result / "lottery.json").write_text(json.dumps(lottery), encoding="utf-8")
    draw["lottery_sha256"], draw["pool_sha256"] = lottery["sha256"], lottery["pool"]["sha256"]
    draw["files"] = {name: digest(result / name) for name in draw["files"]}
    draw["sha256"] = seal(draw)
    (result / "draw.json").write_text(json.dumps(draw), encoding="utf-8")
    run_record = read(result / "run.json")
    for entry in run_record["inputs"]:
        entry["sha256"] = digest(result / entry["path"])
    (result / "run.json").write_text(json.dumps(run_record | {"sha256": seal(run_record)}), encoding="utf-8")


def test_an_untouched_lottery_is_proven(result: Path) -> None:
    """The pool, the chances and the draw are proven, and the randomness is told."""
    verification = verify(result)
    assert verification.passed
    assert len(verification.checks) == 23
    assert "randomness 'seed 7'" in verification.summary()
    assert "no chance is off by more than" in verification.summary()


def test_a_lottery_is_proven_with_inputs_from_elsewhere(result: Path, tmp_path: Path) -> None:
    """A result moved away from its inputs is proven when told where they are."""
    moved = Path(shutil.copytree(result, tmp_path / "elsewhere" / "result"))
    assert verify(moved, inputs=result.parent).passed


def test_a_published_lottery_is_proven_before_its_draw(result: Path) -> None:
    """Without a draw everything up to the chances is proven."""
    for name in ("draw.json", "allocation.csv", "balance.csv"):
        (result / name).unlink()
    verification = verify(result)
    assert verification.passed
    assert len(verification.checks) == 20


TOUCHED: list[tuple[str, Tamper, str]] = [
    (
        "a chance",
        change("lottery.json", "chances", "R0A", to=0.5),
        "'lottery.json' does not have the",
    ),
    ("broken JSON", lambda result: (result / "lottery.json").write_text("{") and None, "not valid JSON"),
    ("no object", lambda result: (result / "lottery.json").write_text("[]") and None, "no record of pairing"),
    ("the pool", change_cell("lottery.csv", 1, "tickets", "1"), "lottery.csv: the pool was changed"),
    ("no pool", lambda result: (result / "lottery.csv").unlink(), "lottery.csv: there is no such file"),
    (
        "an arm",
        change_cell("allocation.csv", 1, "arm", "reserve"),
        "row 2, column 'arm': reserve is",
    ),
    ("a balance", change_cell("balance.csv", 1, "smd", "0"), "balance.csv, row 2, column 'smd'"),
    ("no allocation", lambda result: (result / "allocation.csv").unlink(), "allocation.csv is missing"),
    ("no draw", lambda result: (result / "draw.json").unlink(), "draw.json: there is no such file"),
    (
        "the randomness",
        change("draw.json", "randomness", to="seed 8"),
        "'draw.json' does not have the",
    ),
    ("an input", replace_text("../nlca_2022.csv", "M13 9WL", "M13 9WX"), "nlca_2022.csv was changed since"),
    (
        "the settings",
        replace_text("../programme.toml", "candidates = 10_000", "candidates = 10_001"),
        "programme.toml was changed since",
    ),
    (
        "the pairs",
        change_cell("pairs.csv", 1, "pair_id", "P1"),
        "'pairs.csv' was changed after",
    ),
]


@pytest.mark.parametrize(("tamper", "named"), [row[1:] for row in TOUCHED], ids=[row[0] for row in TOUCHED])
def test_whatever_was_touched_in_a_lottery_is_named(result: Path, tamper: Tamper, named: str) -> None:
    """A change that leaves the hashes as they were is found by them."""
    tamper(result)
    verification = verify(result)
    assert not verification.passed
    assert named in " / ".join(verification.differences)


def move_a_ticket(result: Path) -> None:
    """Take tickets from one draw and give them to another, so that the sum stays."""
    change_cell("lottery.csv", 1, "tickets", lambda cell: str(int(cell) - 10**7))(result)
    change_cell("lottery.csv", 2, "tickets", lambda cell: str(int(cell) + 10**7))(result)


def drop_a_draw(result: Path) -> None:
    """Leave out the last draw of the pool."""
    lines = (result / "lottery.csv").read_text(encoding="utf-8").splitlines()
    (result / "lottery.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


def relabel(units: dict[str, list[str]]) -> dict[str, list[str]]:
    """Let two pairs change names, so that other teams would get the intervention."""
    return units | {"P01": units["P03"], "P03": units["P01"]}


def without_a_column(result: Path) -> None:
    """Spoil the table of replacements."""
    (result / "replacements.csv").write_text("dropped\nP04\n", encoding="utf-8")


COVERED: list[tuple[str, Tamper, str]] = [
    ("units that change names", change("lottery.json", "units", to=relabel), "P01 stands for"),
    ("replacements without a column", without_a_column, "replacements.csv lacks the column reserve"),
    ("moved tickets", move_a_ticket, "2 draws have other tickets than published"),
    ("a draw fewer", drop_a_draw, "0 published draws are not found again, and 1 others are"),
    (
        "an unknown pair in the pool",
        change_cell("lottery.csv", 1, "intervention", lambda cell: cell.replace("P01", "P99")),
        "'P99' is not a unit of this lottery",
    ),
    ("no tickets", change_cell("lottery.csv", 1, "tickets", "0"), "'0' is no number of tickets"),
    ("a chance", change("lottery.json", "chances", "R0A", to=0.3), "chances.R0A is recorded as 0.3;"),
    ("a count", change("lottery.json", "counts", "draws", to=7), "counts.draws is recorded as 7"),
    ("the seed", change("lottery.json", "origin", "seed", to=1), "origin.seed is recorded as 1; 0 is right"),
    (
        "the settings recorded",
        change("lottery.json", "settings", "lottery", "candidates", to=99),
        "settings.lottery.candidates is recorded as 99; 10000 is right",
    ),
    ("the recipe", change("lottery.json", "recipe", to="trust me"), "recipe is recorded as 'trust me'"),
    ("a warning", change("lottery.json", "warnings", to=["x"]), "warnings is recorded as ['x']"),
    ("the flow", change("lottery.json", "flow", "excluded", to=0), "flow.excluded is recorded as 0; 4 is"),
    (
        "the smallest effect",
        change("lottery.json", "minimum_detectable_effect", "effect", to=0.01),
        "minimum_detectable_effect.effect is recorded as 0.01",
    ),
    ("the plan", change("lottery.json", "analysis", "sha256", to="0" * 64), "SHA-256 of the analysis plan"),
    (
        "a parameter",
        change("lottery.json", "profiles", "mean", 1, to=lambda mean: mean * 1.001),
        "the profiles in lottery.json are not those in run.json",
    ),
    (
        "an incomplete publication",
        change("lottery.json", "design", to={}),
        "what was published of the lottery is incomplete",
    ),
    (
        "other settings",
        replace_text("../programme.toml", "intervention_pairs = 15", "intervention_pairs = 14"),
        "the design or its units differ",
    ),
    (
        "no settings",
        replace_text("../programme.toml", LOTTERY, ""),
        "programme.toml declares no [lottery]",
    ),
    (
        "the randomness",
        change("draw.json", "randomness", to="seed 8"),
        "intervention is not what",
    ),
    (
        "a step",
        change("draw.json", "steps", 0, "number", to=1),
        "steps is not what",
    ),
    ("no randomness", change("draw.json", "randomness", to=""), "draw.json does not say how it was drawn"),
    (
        "an arm",
        change_cell("allocation.csv", 1, "arm", "reserve"),
        "row 2, column 'arm': reserve is",
    ),
    (
        "a pair",
        change_cell("allocation.csv", 1, "pair_id", "P02"),
        "row 2, column 'pair_id': P02 is",
    ),
    (
        "a balance",
        change_cell("balance.csv", 1, "smd", "0"),
        "balance.csv, row 2, column 'smd': 0 is",
    ),
]


@pytest.mark.parametrize(("tamper", "named"), [row[1:] for row in COVERED], ids=[row[0] for row in COVERED])
def test_covering_the_tracks_of_a_lottery_does_not_help(result: Path, tamper: Tamper, named: str) -> None:
    """With every hash put right again, the content itself gives the change away."""
    tamper(result)
    put_hashes_right(result)
    verification = verify(result)
    assert not verification.passed
    assert named in verification.summary()


def test_another_lottery_put_in_after_the_draw_is_found(result: Path) -> None:
    """The draw names the publication it was drawn from."""
    change("draw.json", "lottery_sha256", to="0" * 64)(result)
    record = read(result / "draw.json")
    (result / "draw.json").write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert "lottery_sha256 is not what the randomness gives" in verify(result).summary()


def test_a_hash_of_a_table_that_is_wrong_is_found(result: Path) -> None:
    """The record of the draw holds the hashes of its tables."""
    change("draw.json", "files", "allocation.csv", to="0" * 64)(result)
    record = read(result / "draw.json")
    (result / "draw.json").write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert "allocation.csv was changed after it was written" in verify(result).summary()


BROKEN: list[tuple[str, str, object]] = [
    ("lottery.json", "analysis", {"a": 1}),
    ("lottery.json", "flow", 5),
    ("lottery.json", "inputs", [1]),
    ("lottery.json", "profiles", {"a": 1}),
    ("lottery.json", "pairs_sha256", 5),
    ("lottery.json", "pool", {"a": 1}),
    ("lottery.json", "settings", None),
    ("draw.json", "files", {"a": 1}),
    ("draw.json", "files", 5),
    ("draw.json", "earlier_draws", 5),
    ("draw.json", "earlier_draws", [1]),
    ("draw.json", "randomness", 5),
    ("run.json", "profiles", {"a": 1}),
    ("run.json", "subset", 5),
    ("run.json", "subset", ["R0A"]),
]


@pytest.mark.parametrize(("name", "key", "value"), BROKEN)
def test_a_broken_record_is_refused_and_not_tripped_over(
    result: Path, name: str, key: str, value: object
) -> None:
    """Sections of the wrong kind, sealed all the same: a difference, or bad input, and never a fault."""
    record = read(result / name) | {key: value}
    (result / name).write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert run(["verify", str(result), "-q"]) in (5, 6)
    (result / "outcomes.csv").write_text("team,rate\nR0A,1\n", encoding="utf-8")
    for command in (
        ["analyse", str(result), str(result / "outcomes.csv"), "-q"],
        ["allocate", str(result), "--seed", "8", "--force", "-q"],
    ):
        assert run(command) in (0, 3, 5)
