"""A search that ends before its plan is proven, by the clock or by Ctrl-C: what is left, and what it says.

The programme is one that nobody proves in minutes: the sum of the level gaps has to lie in a narrow band.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pairing.cli import run
from pairing.files.finished import read_finished

N_TEAMS, SEED = 120, 3
PROGRAMME = """
[teams]
file = "teams.csv"
id = "team"
size = "size"
latitude = "lat"
longitude = "lon"

[[indicators]]
column = "k0"
denominator = "k0_n"
[[indicators]]
column = "k1"
denominator = "k1_n"
[[indicators]]
column = "k2"
denominator = "k2_n"

[rules]
min_distance_km = 30

[objective]
order = ["total", "travel"]
tolerance = { total = 0.01 }

[side_constraints]
max_pairs_per = { area = 8 }
max_total_km = 7400

[[side_constraints.linear]]
label = "levels"
columns = { level_gap = 1.0 }
at_least = 4.645
at_most = 4.65
"""


@pytest.fixture(scope="module", name="programme")
def fixture_programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme of 120 made-up teams in 20 areas."""
    folder = tmp_path_factory.mktemp("hard")
    rng = np.random.default_rng(SEED)
    rates = np.clip(0.5 + 0.1 * rng.standard_normal((N_TEAMS, 3)), 0.02, 0.98)
    asked = rng.integers(40, 300, (N_TEAMS, 3))
    teams = pd.DataFrame({"team": [f"T{number:03d}" for number in range(N_TEAMS)]})
    for at in range(3):
        teams[f"k{at}"] = rng.binomial(asked[:, at], rates[:, at]) / asked[:, at]
        teams[f"k{at}_n"] = asked[:, at]
    teams["size"] = rng.integers(80, 500, N_TEAMS)
    teams["lat"] = rng.uniform(51, 54.6, N_TEAMS).round(4)
    teams["lon"] = rng.uniform(-3, 2.8, N_TEAMS).round(4)
    teams["area"] = [f"A{number}" for number in rng.integers(0, 20, N_TEAMS)]
    teams.to_csv(folder / "teams.csv", index=False)
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return folder / "programme.toml"


def require_labelled(folder: Path, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder holds a whole, verifiable plan that nowhere passes for the best one."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["weights"]["stopped"]) == ("feasible", why)
    assert record["gap"] > 0
    assert len(pd.read_csv(folder / "pairs.csv")) == N_TEAMS // 2
    assert all(row["slack"] >= 0 for row in record["side_constraints"])
    plan = read_finished(folder).pairing
    assert "NOT PROVEN" in plan.summary()
    assert 0 < plan.gap <= plan.prove().gap / 1e9  # what the duals prove is weaker than the solver's word
    capsys.readouterr()
    assert run(["verify", str(folder)]) == 0
    verified = capsys.readouterr().out
    assert "NOT proven to be the best" in verified
    assert "proven: the levels and side constraints are those of the programme" in verified


def test_a_time_limit_leaves_the_best_plan_so_far(
    programme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 4, however fast the machine; a slow one gets the time to find any plan at all."""
    folder = programme.parent / "limited"
    for seconds in (1, 2, 4, 8, 16, 32):
        code = run(["pair", str(programme), "-o", str(folder), "--time-limit", str(seconds)])
        printed = capsys.readouterr()
        if code != 3:
            break
        assert "The time limit passed while the first plan" in printed.err
        assert not folder.exists()
    assert code == 4
    assert "NOT PROVEN to be the best plan. The time limit stopped the search" in printed.out
    assert "Stopped at the limit: the plan is the best one found" in printed.err
    require_labelled(folder, "time limit", capsys)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_leaves_the_best_plan_so_far(programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A real signal to a real process: exit code 4, no traceback, the files all there and labelled."""
    folder = programme.parent / "interrupted"
    for seconds in (3, 6, 12, 24, 48):  # until a first plan was found, however busy the machine is
        running = subprocess.Popen(
            [sys.executable, "-m", "pairing", "pair", str(programme), "-o", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        said, complained = running.communicate(timeout=120)
        assert "Traceback" not in complained
        if folder.exists():
            break
        assert running.returncode == 130, complained
    assert running.returncode == 4, complained
    assert "NOT PROVEN to be the best plan. The search was interrupted" in said
    assert "Interrupted: the plan is the best one found" in complained
    require_labelled(folder, "interrupted", capsys)


def test_a_time_limit_also_ends_the_search_for_what_is_to_blame(
    programme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An impossible limit beside hard ones: which one is to blame is sought as long as there is time."""
    text = programme.read_text(encoding="utf-8").replace("max_total_km = 7400", "max_total_km = 100")
    impossible = programme.with_name("impossible.toml")
    impossible.write_text(text, encoding="utf-8")
    start = time.monotonic()
    assert run(["pair", str(impossible), "--time-limit", "3"]) in (1, 3)
    assert time.monotonic() - start < 30
    assert "keeps to the side constraints" in capsys.readouterr().err
