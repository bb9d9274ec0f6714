"""``pairing pair`` by levels and under side constraints, from the settings to the proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.finished import read_finished
from pairing.files.run_record import seal
from pairing.matching import ConstrainedProgress
from pairing.planning import ordered_pairing

LIMITS = """
[objective]
order = ["total", "travel"]
tolerance = { total = 0.01 }

[side_constraints]
max_pairs_over_km = { km = 200, pairs = 5 }
max_total_km = 7200
min_pairs_across = { cancer_alliance = 20 }

[[side_constraints.host_groups]]
label = "two London trusts"
teams = ["RJ1", "RJZ", "RBV"]
pairs = 2
"""


@pytest.fixture(scope="module", name="planned")
def fixture_planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit, paired by levels under side constraints."""
    folder = tmp_path_factory.mktemp("ordered")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    programme = folder / "programme.toml"
    programme.write_text(programme.read_text(encoding="utf-8") + LIMITS, encoding="utf-8")
    assert run(["pair", str(programme), "-o", str(folder / "result"), "--quiet"]) == 0
    return folder


def test_the_record_tells_levels_and_limits(planned: Path) -> None:
    """With what was attained; a team that is excluded may stand in a host group."""
    record = json.loads((planned / "result" / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["gap"]) == ("optimal", 0.0)
    assert [level["level"] for level in record["levels"]] == ["pairs", "total", "travel"]
    assert [row["slack"] >= 0 for row in record["side_constraints"]] == [True] * 4
    assert record["bound"] == pytest.approx(record["levels"][-1]["attained"])


def test_it_is_verified_and_read_back(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the files alone."""
    assert run(["verify", str(planned / "result")]) == 0
    assert "proven: the levels and side constraints are those of the programme" in capsys.readouterr().out
    assert read_finished(planned / "result").pairing.prove().n_pairs == 60


def more_far_pairs(record: dict[str, Any]) -> None:
    record["weights"]["side_constraints"][0]["pairs"] = 9


def called_unproven(record: dict[str, Any]) -> None:
    record["status"] = "feasible"


def more_given_up(record: dict[str, Any]) -> None:
    record["weights"]["levels"][1]["tolerance"] = 0.5


def fewer_attained(record: dict[str, Any]) -> None:
    record["side_constraints"][0]["attained"] -= 1.0


def a_better_best(record: dict[str, Any]) -> None:
    level = record["weights"]["levels"][2]
    level["best"] = level["bound"] = level["best"] + 10_000


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (more_far_pairs, "are not those of the programme"),
        (called_unproven, "which the levels contradict"),
        (more_given_up, "tolerance of total is 0.5"),
        (fewer_attained, "side_constraints is recorded as"),
        (a_better_best, "has less of a level than it must have: the least travel"),
    ],
)
def test_an_edited_record_is_found_out(
    tmp_path: Path,
    planned: Path,
    capsys: pytest.CaptureFixture[str],
    edit: Callable[[dict[str, Any]], None],
    part: str,
) -> None:
    """Even if it is sealed anew."""
    for path in [*planned.glob("*.*"), *(planned / "result").glob("*.*")]:
        target = tmp_path / path.relative_to(planned)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    path = tmp_path / "result" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    edit(record)
    path.write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert run(["verify", str(tmp_path / "result")]) == 6
    assert part in capsys.readouterr().out


def test_impossible_limits_say_what_would_do(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, in words and in JSON."""
    programme = planned / "tight.toml"
    text = (planned / "programme.toml").read_text(encoding="utf-8").replace("7200", "3000")
    programme.write_text(text, encoding="utf-8")
    assert run(["pair", str(programme), "--json"]) == 1
    printed = capsys.readouterr()
    facts = json.loads(printed.out)
    limit = facts["side_constraints"][1]
    assert limit["constraint"] == "at most 3,000 km of travel in all"
    assert f"the limit would have to be {limit['nearest']:,.1f} km" in printed.err


def test_ctrl_c_writes_the_best_plan_so_far(
    planned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labelled, verified as what it is, exit code 4."""

    def pressed(level: str, state: ConstrainedProgress) -> str:
        if state.total is not None and state.gap:
            raise KeyboardInterrupt
        return level

    monkeypatch.setattr("pairing.cli.planning.search_in_words", pressed)
    folder = planned / "interrupted"
    assert run(["pair", str(planned / "programme.toml"), "-o", str(folder)]) == 4
    printed = capsys.readouterr()
    assert "NOT PROVEN" in printed.out
    assert "not proven to be the best" in printed.err
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "feasible"
    assert record["gap"] > 0
    assert run(["verify", str(folder)]) == 0
    assert "NOT proven to be the best" in capsys.readouterr().out


def test_a_time_limit_of_nothing_is_told(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No plan was found: an error, not a traceback."""
    arguments = ["pair", str(planned / "programme.toml"), "-o", str(planned / "none")]
    assert run([*arguments, "--time-limit", "0.000001"]) == 3
    assert "Allow more time" in capsys.readouterr().err
    assert not (planned / "none").exists()


def test_names_that_do_not_exist_are_told(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Teams and columns, all at once, with what was meant."""
    programme = planned / "names.toml"
    text = (planned / "programme.toml").read_text(encoding="utf-8")
    text = text.replace('"RJ1", "RJZ"', '"RJ1", "RJX9"').replace(
        "cancer_alliance = 20", "cancer_aliance = 20"
    )
    programme.write_text(text, encoding="utf-8")
    assert run(["pair", str(programme)]) == 3
    printed = capsys.readouterr().err
    assert "'RJX9' is no team of the table" in printed
    assert "Did you mean 'cancer_alliance'?" in printed


def test_the_command_and_the_library_agree(planned: Path) -> None:
    """The same plan from the same settings."""
    finished = read_finished(planned / "result")
    programme = finished.loaded.programme
    again = ordered_pairing(
        finished.pairing.table,
        programme.objective.order,
        tolerance=programme.objective.tolerance,
        constraints=programme.side_constraints.constraints(finished.pairing.cohort.ids),
    )
    assert again.pairs.tolist() == finished.pairing.pairs.tolist()


def test_a_repaired_plan_is_verified_with_its_limits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The record of a repair holds the side constraints, and one that forgets them is found out."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    programme = tmp_path / "programme.toml"
    limit = "\n[side_constraints]\nmax_pairs_over_km = { km = 200, pairs = 5 }\n"
    programme.write_text(programme.read_text(encoding="utf-8") + limit, encoding="utf-8")
    result, repaired = tmp_path / "result", tmp_path / "repaired"
    assert run(["pair", str(programme), "-o", str(result), "--quiet"]) == 0
    team = read_finished(result).pairing.to_frame()["team_a"][0]
    arguments = ["--without", team, "--allow-unpaired", "-o", str(repaired)]
    assert run(["repair", str(result), *arguments]) == 0
    assert run(["verify", str(repaired)]) == 0
    assert "keeps to the side constraints of the programme" in capsys.readouterr().out
    assert run(["repair", str(repaired), "--standby"]) == 3
    assert "is not searched for standby partners" in capsys.readouterr().err
    path = repaired / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["weights"]["side_constraints"]
    path.write_text(json.dumps(record | {"sha256": seal(record)}), encoding="utf-8")
    assert run(["verify", str(repaired)]) == 6
    assert "the recorded side constraints are not those of the programme" in capsys.readouterr().out
