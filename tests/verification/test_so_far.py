"""A plan whose search was interrupted is written with its gap, and verified as that: no more, no less."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pairing.files.programme import read_programme
from pairing.files.result import write_result
from pairing.files.run_record import seal
from pairing.matching import Progress
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable
from pairing.profiles import estimate_profiles
from pairing.programme.model import pair_model
from pairing.programme.planned import planned_pairing
from pairing.verification import verify

SETTINGS = """\
[teams]
file = "teams.csv"
id = "team"
size = "size"
latitude = "latitude"
longitude = "longitude"

[[indicators]]
column = "first"
denominator = "patients"

[[indicators]]
column = "second"
denominator = "patients"

[[indicators]]
column = "third"
denominator = "patients"

[rules]
min_distance_km = 40
max_size_ratio = 2.5
"""


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a plan of 320 teams, by the record of which Ctrl-C came after the first round.

    With so few candidates that one round does not find the best plan, as it would with the usual number.
    """
    monkeypatch.setattr("pairing.pairs.stream.CANDIDATES_EACH", 4)
    monkeypatch.setattr("pairing.matching.large.screening.NEAREST_EACH", 1)
    rng = np.random.default_rng(3)
    n = 320
    patients = rng.integers(40, 300, n)
    columns = {name: rng.binomial(patients, rng.uniform(0.2, 0.8, n)) / patients for name in _NAMES}
    teams = {"team": [f"T{number:03d}" for number in range(n)], "size": rng.integers(80, 500, n)}
    place = {"latitude": rng.uniform(51, 54.6, n), "longitude": rng.uniform(-3, 2.8, n)}
    frame = pd.DataFrame(teams | place | {"patients": patients} | columns)
    frame.to_csv(tmp_path / "teams.csv", index=False)
    (tmp_path / "programme.toml").write_text(SETTINGS, encoding="utf-8")
    loaded = read_programme(tmp_path / "programme.toml")
    model = pair_model(
        loaded.programme, loaded.cohort, estimate_profiles(loaded.cohort), previous=(), travel=None
    )

    def press(_: Progress) -> None:
        raise KeyboardInterrupt

    plan = planned_pairing(
        loaded.programme,
        StreamedTable(PairStream(model)),
        allow_unpaired=True,
        progress=press,
        keep_interrupted=True,
    )
    assert plan.status == "feasible"
    write_result(plan, loaded, tmp_path / "result", timings={})
    return tmp_path / "result"


_NAMES = ("first", "second", "third")


def test_a_plan_so_far_is_verified_with_its_gap(stopped: Path) -> None:
    """Files, rules, bound and figures; the record says that it is not the best, and by how much at most."""
    record = json.loads((stopped / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "feasible"
    assert record["weights"]["stopped"] == "interrupted"
    assert record["bound"] == pytest.approx(record["total_value"] + record["gap"], abs=1e-9)
    verification = verify(stopped)
    assert verification.passed, verification.summary()
    assert "greater by more than" in verification.summary()


def test_a_plan_so_far_cannot_pass_for_the_best(stopped: Path) -> None:
    """Called optimal, or with a smaller gap, the record is refused, however well it is sealed."""
    path = stopped / "run.json"
    original = json.loads(path.read_text(encoding="utf-8"))
    assert original["weights"]["gap_units"] > 1000
    for change in (
        {"status": "optimal"},
        {"weights": original["weights"] | {"gap_units": original["weights"]["gap_units"] - 1000}},
        {"weights": {"kind": "total"}},
    ):
        record = original | change
        record["sha256"] = seal(record)
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        assert not verify(stopped).passed
