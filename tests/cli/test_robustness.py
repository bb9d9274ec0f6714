"""``pairing robustness`` as a user runs it: words, tables, workers, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.finished import read_finished

COMMAND = [sys.executable, "-m", "pairing", "robustness", "--seed", "1", "--draws", "1000000"]
"""Work for an hour, so that there is something to interrupt."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the bundled audit."""
    folder = tmp_path_factory.mktemp("audit")
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme-result"


def test_words_and_tables(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says and writes what the library finds, and the library what was read back."""
    out = tmp_path / "new" / "folder"
    assert run(["robustness", str(result), "--seed", "0", "--draws", "12", "-o", str(out)]) == 0
    said = capsys.readouterr().out
    found = read_finished(result).pairing.robustness(12, seed=0)
    assert found.summary() in said
    assert f"Teams whose partner is arbitrary, 15 of {found.arbitrary.sum()}:" in said
    assert sorted(path.name for path in out.iterdir()) == ["robustness-pairs.csv", "robustness-teams.csv"]
    pairs, teams = pd.read_csv(out / "robustness-pairs.csv"), pd.read_csv(out / "robustness-teams.csv")
    pd.testing.assert_frame_equal(pairs, found.to_frame(), check_dtype=False)
    pd.testing.assert_frame_equal(teams, found.teams_frame(), check_dtype=False)


def test_json_and_one_file(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json everything on stdout is one object; -o FILE.csv is the table of the pairs."""
    file = tmp_path / "stable.csv"
    options = ["--seed", "3", "--draws", "5", "--method", "counts", "--json", "-o", str(file)]
    assert run(["robustness", str(result), *options]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["method"], facts["n_draws"], facts["complete"], facts["seed"]) == ("counts", 5, True, 3)
    assert facts["files"] == [str(file)]
    assert pd.read_csv(file)["stays"].tolist() == [row["stays"] for row in facts["pairs"]]


def test_quiet_says_nothing(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without files and words there is only the exit code."""
    assert run(["robustness", str(result), "--seed", "0", "--draws", "2", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_workers_write_the_same_bytes(result: Path, tmp_path: Path) -> None:
    """Two processes and one give the same files."""
    for workers in ("1", "2"):
        place = str(tmp_path / workers)
        options = ["--seed", "5", "--draws", "30", "--workers", workers, "-o", place, "--quiet"]
        assert run(["robustness", str(result), *options]) == 0
    for name in ("robustness-pairs.csv", "robustness-teams.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_nothing_is_overwritten(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An existing table is refused before any work is done, and replaced with --force; inputs never."""
    (tmp_path / "robustness-teams.csv").write_text("mine", encoding="utf-8")
    command = ["robustness", str(result), "--seed", "0", "--draws", "2", "--quiet", "-o", str(tmp_path)]
    assert run([*command[:4], "--draws", "1000000000", *command[6:]]) == 2
    assert "robustness-teams.csv' exists" in capsys.readouterr().err
    assert (tmp_path / "robustness-teams.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "robustness-pairs.csv").exists()
    assert run([*command, "--force"]) == 0
    assert len(pd.read_csv(tmp_path / "robustness-teams.csv")) == 120
    table = result.parent / "nlca_2022.csv"
    before = table.read_bytes()
    assert run([*command[:-1], str(table), "--force"]) == 2
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--draws", "5"], 2, "Missing option '--seed'"),
        (["--seed", "-1"], 2, "--seed"),
        (["--seed", "1", "--draws", "0"], 2, "--draws"),
        (["--seed", "1", "--workers", "0"], 2, "--workers"),
        (["--seed", "1", "--method", "count"], 2, "'posterior', 'counts'"),
    ],
)
def test_wrong_options(
    result: Path, options: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is out of range is refused, with what was expected."""
    assert run(["robustness", str(result), *options]) == code
    assert words in capsys.readouterr().err


def test_a_folder_without_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a plan is said to be one."""
    assert run(["robustness", str(tmp_path), "--seed", "1"]) == 5
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a group of processes")
@pytest.mark.parametrize(("workers", "first_wait"), [("1", 3), ("2", 5)])
def test_ctrl_c_keeps_what_was_done(result: Path, tmp_path: Path, workers: str, first_wait: int) -> None:
    """Ctrl-C in a terminal reaches every process: exit code 130, the partial tables, no traceback."""
    for times in (1, 2, 4, 8):  # until at least one draw was finished, however busy the machine is
        seconds = first_wait * times
        out = tmp_path / f"out-{seconds}"
        running = subprocess.Popen(
            [*COMMAND, str(result), "--workers", workers, "-o", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        said, complained = running.communicate(timeout=60)
        assert running.returncode == 130, complained
        assert "Traceback" not in complained
        if out.exists():
            break
    done = int(said.removeprefix("Stopped early: ").split(" of 1,000,000 draws")[0].replace(",", ""))
    assert f"Interrupted after {done:,} of 1,000,000 draws." in complained
    assert "Nothing was left" not in complained  # that is said where nothing could be kept
    shares = pd.read_csv(out / "robustness-pairs.csv")["stays"] * done
    assert shares.to_numpy() == pytest.approx(shares.round().to_numpy(), abs=1e-6)
    assert len(pd.read_csv(out / "robustness-teams.csv")) == 120


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a group of processes")
@pytest.mark.parametrize("milliseconds", [50, 700, 1200, 1700])
def test_ctrl_c_at_any_moment_is_clean(result: Path, tmp_path: Path, milliseconds: int) -> None:
    """Also while the workers start: exit code 130, no traceback, both tables or none."""
    command = ["robustness", str(result), "--seed", "1", "--draws", "1000000", "--workers", "2"]
    started = (
        "import sys; from pairing.__main__ import main; "
        f"sys.argv = ['pairing', *{[*command, '-o', str(tmp_path / 'out')]!r}]; "
        "print('up', flush=True); main()"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", started],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    time.sleep(milliseconds / 1000)
    os.killpg(running.pid, signal.SIGINT)
    try:
        _, complained = running.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)  # nothing of a failed test goes on and slows the others down
        raise
    assert running.returncode == 130, complained
    assert "Traceback" not in complained
    names = [path.name for path in tmp_path.glob("out/*")]
    assert sorted(names) in ([], ["robustness-pairs.csv", "robustness-teams.csv"])
