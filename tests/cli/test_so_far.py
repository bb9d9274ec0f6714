"""Large programmes by their total, stopped before the proof: what is written, and what it is good for."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pairing import Cohort
from pairing.cli import run

MakeCohort = Callable[..., Cohort]

N_TEAMS = 1_500
RULES = """
[rules]
min_distance_km = 40
max_distance_km = 350
max_size_ratio = 2.5
different = ["network"]
allow_unpaired = true

[lottery]
intervention_pairs = 200
"""
QUICK = ("--random-pairings", "0")
FEW_CANDIDATES = {
    "pairing.pairs.stream.CANDIDATES_EACH": 4,
    "pairing.matching.large.screening.NEAREST_EACH": 1,
}
"""With the usual number the first round would often be the last, and leave nothing to stop."""

SLOW_PAIRING = """
import sys
import pairing.matching.large.screening as screening, pairing.pairs.stream as stream
stream.CANDIDATES_EACH, screening.NEAREST_EACH = 4, 1
from pairing.__main__ import main
sys.exit(main())
"""


def write_programme(cohort: Cohort, folder: Path) -> Path:
    """A programme and its table, of a cohort."""
    columns: dict[str, object] = {"team": cohort.ids, "size": cohort.size}
    columns |= {
        "lat": cohort.latitude,
        "lon": cohort.longitude,
        "network": cohort.table["network"].to_numpy(),
    }
    text = '[teams]\nfile = "teams.csv"\nid = "team"\nsize = "size"\nlatitude = "lat"\nlongitude = "lon"\n'
    for at, indicator in enumerate(cohort.indicators):
        name, below = indicator.column, str(indicator.denominator)
        columns[name] = cohort.observations.values[:, at]  # noqa: PD011 - no data frame
        columns[below] = cohort.observations.denominators[:, at]
        text += f'[[indicators]]\ncolumn = "{name}"\ndenominator = "{below}"\n'
    pd.DataFrame(columns).to_csv(folder / "teams.csv", index=False)
    (folder / "programme.toml").write_text(text + RULES, encoding="utf-8")
    return folder / "programme.toml"


@pytest.fixture(scope="module", name="programme")
def fixture_programme(tmp_path_factory: pytest.TempPathFactory, cohort_maker: MakeCohort) -> Path:
    """A programme of so many teams that their pairs are not held."""
    return write_programme(cohort_maker(N_TEAMS, 5), tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module", name="stopped")
def fixture_stopped(programme: Path) -> Path:
    """Its plan, stopped by the clock once there is one, however fast the machine."""
    folder, too_short, too_long = programme.parent / "stopped", 0.05, 60.0
    seconds, code = 0.4, 3
    command = ["pair", str(programme), "-o", str(folder), "-q", "--force", *QUICK, "--time-limit"]
    with pytest.MonkeyPatch.context() as patched:
        for place, few in FEW_CANDIDATES.items():
            patched.setattr(place, few)
        for _ in range(12):  # between the first plan with a bound and the proof there may be little time
            if (code := run([*command, str(seconds)])) == 4:
                break
            assert folder.exists() == (code == 0)
            shutil.rmtree(folder, ignore_errors=True)
            too_short, too_long = (seconds, too_long) if code == 3 else (too_short, seconds)
            seconds = min(2 * seconds, math.sqrt(too_short * too_long))
    assert code == 4
    return folder


def require_labelled(folder: Path, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder holds a whole, verifiable plan that says what it is."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "feasible"
    weights = record["weights"]
    assert (weights["kind"], weights["stopped"]) == ("total so far", why)
    assert (
        record["gap"] == weights["gap_units"] / 1e9 == pytest.approx(record["bound"] - record["total_value"])
    )
    assert record["gap"] > 0
    assert len(pd.read_csv(folder / "pairs.csv")) == record["n_pairs"] > N_TEAMS // 2 - 20
    capsys.readouterr()
    assert run(["verify", str(folder)]) == 0
    verified = capsys.readouterr().out
    assert f"has a total that is greater by more than {record['gap']:.6f} SD" in verified
    assert "it is NOT proven to be the best plan" in verified


def test_a_time_limit_leaves_the_plan_so_far(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 4; the plan, its bound and its gap are written, and verified as what they are."""
    require_labelled(stopped, "time limit", capsys)


def test_a_smaller_gap_than_proven_is_found_out(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever makes the plan look better than it is known to be changes a sealed record."""
    record = stopped / "run.json"
    honest = record.read_bytes()
    forged = json.loads(honest)
    forged["weights"]["gap_units"] = 1
    record.write_text(json.dumps(forged), encoding="utf-8")
    try:
        assert run(["verify", str(stopped)]) == 6
        assert "the duals prove a gap of" in "".join(capsys.readouterr())
    finally:
        record.write_bytes(honest)


VERBS: dict[str, tuple[list[str], int, str]] = {
    "explain": (
        ["explain", "DIR", "T000"],
        0,
        "not proven to be the best, so that a price would mean nothing",
    ),
    "explain two": (["explain", "DIR", "T000", "T001"], 0, "not proven to be the best"),
    "report": (["report", "DIR"], 0, ""),
    "allocate": (["allocate", "DIR", "--seed", "1"], 0, ""),
}


@pytest.mark.parametrize("verb", VERBS)
def test_other_questions_are_answered_or_refused_in_words(
    stopped: Path, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing takes a plan so far for the best one, and nothing breaks."""
    arguments, code, words = VERBS[verb]
    assert run([str(stopped) if word == "DIR" else word for word in arguments]) == code
    assert words in "".join(capsys.readouterr()).replace("\n", " ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_after_the_first_line_of_progress_leaves_the_plan_so_far(
    programme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A real signal to a real process, whose progress shows pairs, total, bound and gap."""
    folder = programme.parent / "interrupted"
    code, shown = interrupted_at(b", gap ", "pair", str(programme), "-o", str(folder), *QUICK)
    assert re.search(r"Matching: [\d,]+ pairs with [\d,.]+ SD, at most [\d,.]+, gap [\d,.]+", shown)
    assert "Traceback" not in shown
    assert "Interrupted: the plan is the best one found and is not proven to be the best." in shown
    assert code == 4
    require_labelled(folder, "interrupted", capsys)


def interrupted_at(mark: bytes, *arguments: str) -> tuple[int, str]:
    """Run a command on a terminal, press Ctrl-C once a mark was shown; its code, and what it showed."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_PAIRING, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "200"},
        start_new_session=True,
    )
    os.close(theirs)
    said, pressed, late = bytearray(), False, time.monotonic() + 300
    try:
        while time.monotonic() < late and (piece := _read(ours)):
            said += piece
            if not pressed and mark in said:
                os.killpg(process.pid, signal.SIGINT)
                pressed = True
        return process.wait(timeout=60), said.decode("utf-8", "replace")
    finally:
        process.kill()
        os.close(ours)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says so when the other side has closed
        return b""
