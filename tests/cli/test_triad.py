"""A group of three where the number of teams is odd, from the settings to the lottery."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing import MinDistance, Pairing, SettingsError, load_audit, pair
from pairing.cli import run
from pairing.files.run_record import seal, sha256
from pairing.planning import pairing_with_triad
from pairing.verification import verify


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's programme with one team fewer, and a group of three instead of a team left out."""
    folder = tmp_path_factory.mktemp("triad") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    programme = folder / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    text = text.replace('"RPY"]', '"RPY", "R1K"]').replace("[rules]", '[rules]\nodd = "triad"')
    text += "\n[lottery]\nintervention_pairs = 15\nbalance_on = ['size']\ncandidates = 20000\n"
    programme.write_text(text, encoding="utf-8")
    assert run(["pair", str(programme), "--force", "--quiet"]) == 0
    return folder


@pytest.fixture
def result(finished: Path, tmp_path: Path) -> Path:
    """A copy, free to be changed."""
    shutil.copytree(finished, tmp_path / "demo")
    return tmp_path / "demo" / "programme-result"


def record_of(result: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((result / "run.json").read_text(encoding="utf-8"))
    return record


def rows_of(result: Path, name: str) -> list[dict[str, str]]:
    with (result / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_nobody_is_left_out_and_all_is_proven(result: Path) -> None:
    """58 pairs and a group: three rows with one id; each of the three has two partners."""
    record, pairs = record_of(result), rows_of(result, "pairs.csv")
    group = record["triad"]
    assert (record["n_teams"], record["n_pairs"], len(group)) == (119, 58, 3)
    assert rows_of(result, "unpaired.csv") == []
    inside = [row for row in pairs if row["pair_id"] == "P59"]
    assert len(pairs) == 61
    assert {row[side] for row in inside for side in ("team_a", "team_b")} == set(group)
    assert [row["team_a"] for row in pairs] == sorted(row["team_a"] for row in pairs)
    values = [float(row["value"]) for row in pairs if row["pair_id"] != "P59"]
    least = min(float(row["value"]) for row in inside)
    assert record["total_value"] == pytest.approx(sum(values) + least, abs=1e-7)
    teams = {row["team"]: row for row in rows_of(result, "teams.csv")}
    for team in group:
        assert set(teams[team]["partner"].split(";")) == set(group) - {team}
        assert float(teams[team]["value"]) >= least
    assert verify(result).passed


def put_hashes_right(result: Path, record: dict[str, Any]) -> None:
    record["files"] = {name: sha256((result / name).read_bytes()) for name in record["files"]}
    record["sha256"] = seal(record)
    (result / "run.json").write_text(json.dumps(record), encoding="utf-8")


def other_group(record: dict[str, Any]) -> None:
    record["triad"] = sorted([*record["triad"][:2], record["pairs"][0][0]])


def without_group(record: dict[str, Any]) -> None:
    record["triad"] = None


def smaller_dual(record: dict[str, Any]) -> None:
    duals = record["weights"]["proof"]["whole"]["vertex_duals"]
    at = max(range(len(duals)), key=duals.__getitem__)
    duals[at] -= 1000


def another_certificate(record: dict[str, Any]) -> None:
    record["certificate"]["vertex_duals"][0] += 2


def no_proof(record: dict[str, Any]) -> None:
    record["weights"] = {"kind": "total-with-triad"}


def not_asked_for(record: dict[str, Any]) -> None:
    record["settings"]["rules"]["odd"] = "leave-out"


def exchanged(record: dict[str, Any]) -> None:
    pairs = record["pairs"]
    pairs[0][1], pairs[1][1] = pairs[1][1], pairs[0][1]


TAMPERED: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (other_group, "stands in 2 places"),
    (without_group, "triad is recorded as None"),
    (smaller_dual, "FAILED: no plan with one group of three"),
    (another_certificate, "not the one of the pairs beside the group of three"),
    (no_proof, "holds no proof of a group of three"),
    (not_asked_for, "the settings ask for none"),
    (exchanged, "FAILED: no plan with one group of three"),
]


@pytest.mark.parametrize(("tamper", "told"), TAMPERED, ids=[tamper.__name__ for tamper, _ in TAMPERED])
def test_tampering_is_found(tamper: Callable[[dict[str, Any]], None], told: str, result: Path) -> None:
    """Clause by clause, with every hash put right again."""
    record = record_of(result)
    tamper(record)
    put_hashes_right(result, record)
    assert told in verify(result).summary()


def test_a_group_dissolved_by_hand_has_its_price(result: Path) -> None:
    """A pair instead of the group: what that costs, and who stays at home."""
    rows = rows_of(result, "pairs.csv")
    kept = [row for row in rows if row["pair_id"] != "P59"]
    inside = next(row for row in rows if row["pair_id"] == "P59")
    with (result / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, inside])
    checks = {check.clause: check for check in verify(result).checks}
    pair_more, no_group = checks["the pairs are those that were proven"].differences
    assert "in addition: 1 pair more" in pair_more
    assert no_group.startswith("no group of three instead of the group of")


def test_the_lottery_draws_the_group_like_a_pair(result: Path) -> None:
    """59 units, 15 of them drawn; the three teams of the group share an arm."""
    assert run(["allocate", str(result), "--seed", "0", "--quiet"]) == 0
    arms = {row["team"]: row["arm"] for row in rows_of(result, "allocation.csv")}
    assert len(arms) == 119
    assert len({arms[team] for team in record_of(result)["triad"]}) == 1
    assert verify(result).passed


def test_questions_to_a_plan_with_a_group(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is answered for pairs alone is refused in words; the others answer."""
    team = record_of(result)["triad"][0]
    for command in (["alternatives", "-k", "2"], ["tradeoff"], ["repair", "--without", team]):
        name, *rest = command
        setting = ["max_distance_km", "300"] if name == "tradeoff" else []
        assert run([name, str(result), *setting, *rest]) == 3
        assert "are a group of three" in capsys.readouterr().err
    assert run(["explain", str(result), team]) == 0
    assert run(["robustness", str(result), "--seed", "0", "--draws", "3"]) == 0


def test_where_no_group_helps_a_team_is_left_out() -> None:
    """Teams that may meet nobody stay alone, group or not."""
    cohort = load_audit()
    cohort = cohort.subset(cohort.ids[:31])
    alone = pair(cohort, MinDistance(50), allow_unpaired=True)
    few = pair(cohort.subset(cohort.ids[:3]), MinDistance(5000), allow_unpaired=True)
    assert isinstance(pairing_with_triad(few.table, allow_unpaired=True), Pairing)
    assert pairing_with_triad(few.table, allow_unpaired=True).triad is None
    together = pairing_with_triad(alone.table)
    assert together.triad is not None
    assert "and a group of three" in together.summary()
    assert len(together.to_frame()) == 14 + 3


def test_settings_that_do_not_go_with_a_group(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another objective, or a design that draws one of two."""
    shutil.copytree(finished, tmp_path / "demo")
    programme = tmp_path / "demo" / "programme.toml"
    text = programme.read_text(encoding="utf-8") + '\n[objective]\norder = ["fairest"]\n'
    text = text.replace("intervention_pairs = 15", 'design = "matched-pair"')
    programme.write_text(text, encoding="utf-8")
    assert run(["check", str(programme)]) == 3
    told = capsys.readouterr()
    assert "goes with the greatest total alone" in told.out + told.err
    assert "does not go with the design 'matched-pair'" in told.out + told.err


def test_repair_refuses_it_in_the_library(finished: Path) -> None:
    """The same refusal as an exception."""
    from pairing.files.finished import read_finished

    plan = read_finished(finished / "programme-result").pairing
    with pytest.raises(SettingsError, match="are a group of three"):
        plan.standby()
