"""A folder in which the demo was run, for the tests of everything that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from pairing.cli import run

TEAMS_OF_THE_LOTTERY = "pairing-demo/ilcop-size-result/teams.csv"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in ``pairing-demo``, and beside it a made-up ``outcomes.csv`` for its lottery."""
    folder = tmp_path_factory.mktemp("demo")
    assert run(["demo", "--out", str(folder / "pairing-demo"), "--quiet"]) == 0
    teams = (folder / TEAMS_OF_THE_LOTTERY).read_text(encoding="utf-8").splitlines()[1:]
    rows = [f"{line.split(',')[0]},{number * 7 % 31}" for number, line in enumerate(teams)]
    text = "\n".join(["team,resection_change", *rows]) + "\n"
    (folder / "outcomes.csv").write_text(text, encoding="utf-8")
    return folder
