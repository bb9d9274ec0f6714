"""``pairing alternatives`` and ``pairing tradeoff`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.finished import read_finished


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the bundled audit."""
    folder = tmp_path_factory.mktemp("audit")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme-result"


def test_the_best_plans_in_words_and_as_a_file(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the library finds, a proof, and the pairs of every plan."""
    file = tmp_path / "plans.csv"
    assert run(["alternatives", str(result), "-k", "4", "-o", str(file)]) == 0
    said = capsys.readouterr().out
    found = read_finished(result).pairing.alternatives(4)
    assert found.summary() in said
    assert f"all other plans fall into {found.prove().n_parts} parts" in said
    written = pd.read_csv(file)
    pd.testing.assert_frame_equal(written, found.pairs_frame(), check_dtype=False)
    first = written[written["rank"] == 1].drop(columns=["rank", "in_plan"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(first, pd.read_csv(result / "pairs.csv"), check_dtype=False)
    assert run(["alternatives", str(result), "-o", str(file), "--quiet"]) == 2  # it exists
    assert run(["alternatives", str(result), "-o", str(file), "--quiet", "--force"]) == 0


def test_different_plans_as_json(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with every plan and its pairs."""
    assert run(["alternatives", str(result), "-k", "3", "--changed", "10", "--within", "1", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["found"], facts["changed"], facts["within_percent"]) == (3, 10, 1.0)
    plans = [{tuple(pair) for pair in plan["pairs"]} for plan in facts["plans"]]
    assert all(len(one - other) >= 10 for at, one in enumerate(plans) for other in plans[:at])


def test_a_table_on_stdout(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With -o - nothing else is on it."""
    assert run(["alternatives", str(result), "-k", "2", "-o", "-"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("rank,pair_id,team_a,team_b,")
    assert len(printed.out.splitlines()) == 121
    assert "2 best" in printed.err


def test_a_sweep_in_words_and_as_a_file(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the library finds."""
    monkeypatch.setenv("COLUMNS", "150")
    file = tmp_path / "sweep.csv"
    assert run(["tradeoff", str(result), "max_distance_km", "200", "300", "-o", str(file)]) == 0
    said = capsys.readouterr().out
    found = read_finished(result).pairing.tradeoff("max_distance_km", [200, 300])
    assert found.summary() in said
    assert "the plan" in said
    pd.testing.assert_frame_equal(pd.read_csv(file), found.to_frame(), check_dtype=False)


def test_a_sweep_as_json_by_two_workers(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same as with one."""
    arguments = ["tradeoff", str(result), "preferences.travel_per_100_km", "0", "0.1", "--json"]
    assert run(arguments) == 0
    alone = json.loads(capsys.readouterr().out)
    assert run([*arguments, "--workers", "2"]) == 0
    assert json.loads(capsys.readouterr().out) == alone
    assert [row["value"] for row in alone["rows"]] == [0, 0.1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["alternatives", "DIR", "-k", "0"], 2, "0 is not in the range x>=1"),
        (["alternatives", "DIR", "--within", "101"], 2, "101"),
        (["alternatives", "DIR", "--changed", "61"], 3, "from 1 to 60, the pairs of a plan"),
        (["alternatives", "nowhere"], 5, "nowhere"),
        (["alternatives", "DIR", "--json", "-o", "-"], 2, "both want the standard output"),
        (["tradeoff", "DIR", "max_distance"], 3, "Did you mean 'max_distance_km'?"),
        (["tradeoff", "DIR", "max_distance_km", "far"], 2, "far"),
        (["tradeoff", "DIR", "max_size_ratio", "0.5"], 3, "at least 1"),
        (["tradeoff", "nowhere", "max_distance_km"], 5, "nowhere"),
        (["tradeoff", "DIR", "max_distance_km", "--json", "-o", "-"], 2, "both want the standard output"),
    ],
)
def test_bad_input_is_refused(
    result: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what would have been right."""
    assert run([str(result) if each == "DIR" else each for each in arguments]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", [["alternatives"], ["tradeoff", "max_distance_km"]])
def test_an_edited_plan_is_refused(
    result: Path, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With where to turn."""
    import shutil

    shutil.copytree(result.parent, tmp_path / "copy")
    pairs = tmp_path / "copy" / "programme-result" / "pairs.csv"
    pairs.write_text("\n".join(pairs.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    assert run([command[0], str(pairs.parent), *command[1:]]) == 3
    assert "was changed after it was written" in capsys.readouterr().err


def test_a_time_limit_leaves_the_best_plans_in_order(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It did not cover them: now those found so far are given, proven, with exit code 4."""
    assert run(["alternatives", str(result), "-k", "4", "--time-limit", "0.000001"]) == 4
    words = " ".join(capsys.readouterr().out.split())
    assert "1 plan instead of 4: The time limit ended the search. It is the best of all plans" in words
    assert "in none of them is one better than the last of these" in words
