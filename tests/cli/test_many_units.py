"""Lotteries of a thousand units and more: counts beyond any number, and pools that are written in pieces."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pairing.cli import run
from pairing.lottery import lottery_record, simple, uniform_lottery

N_TEAMS = 1_100


@pytest.fixture(scope="module")
def many_teams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme that draws half of 1,100 teams, with every draw equally likely; published and drawn."""
    folder = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(0)
    teams = pd.DataFrame(
        {
            "team": [f"T{number:04d}" for number in range(N_TEAMS)],
            "one": rng.normal(50, 5, N_TEAMS).round(2),
            "two": rng.normal(50, 5, N_TEAMS).round(2),
            "se": 1.0,
        }
    )
    teams.to_csv(folder / "teams.csv", index=False)
    indicators = "".join(
        f'[[indicators]]\ncolumn = "{name}"\nstandard_error = "se"\nunit = "percent"\n'
        "higher_is_better = true\n"
        for name in ("one", "two")
    )
    (folder / "programme.toml").write_text(
        f'[teams]\nfile = "teams.csv"\nid = "team"\n{indicators}'
        f'[lottery]\ndesign = "simple"\nintervention_teams = {N_TEAMS // 2}\n',
        encoding="utf-8",
    )
    assert run(["allocate", str(folder / "programme.toml"), "--seed", "1", "--xlsx", "-q"]) == 0
    return folder / "programme-result"


def test_a_count_beyond_any_cell_is_told_in_words(
    many_teams: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """C(1100, 550) has 330 digits: exact in lottery.json, in words in the workbook and by verify."""
    from openpyxl import load_workbook

    exact = math.comb(N_TEAMS, N_TEAMS // 2)
    assert json.loads((many_teams / "lottery.json").read_text(encoding="utf-8"))["counts"]["draws"] == exact
    sheet = load_workbook(many_teams / "allocation.xlsx", read_only=True)["Lottery"]
    said = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if len(row) > 1}
    assert said["draws that can happen"] == "about 10^330"
    assert run(["verify", str(many_teams)]) == 0
    assert "about 10^330 draws, about 10^330 tickets" in " ".join(capsys.readouterr().out.split())


def test_a_count_that_cannot_be_written_is_in_words() -> None:
    """Python refuses to write more than 4,300 digits, and C(20000, 10000) has 6,019."""
    teams = [f"T{number}" for number in range(20_000)]
    record = lottery_record(uniform_lottery(simple(20_000, 10_000), teams, [(team,) for team in teams]))
    assert record["n_draws"] == record["n_tickets"] == "about 10^6018"
    assert json.loads(json.dumps(record)) == record
