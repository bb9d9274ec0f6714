"""``pairing repair`` on the demo: results that stand on their own, and everything that it refuses."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pairing.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished demo, with a lottery drawn for its smaller programme."""
    folder = tmp_path_factory.mktemp("repair") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def demo(finished: Path, tmp_path: Path) -> Path:
    """A copy of the demo to work in."""
    shutil.copytree(finished, tmp_path / "demo")
    return tmp_path / "demo"


@pytest.fixture
def result(demo: Path) -> Path:
    """The demo's result."""
    return demo / "programme-result"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def partners_in(folder: Path) -> dict[str, str]:
    return {row["team"]: row["partner"] for row in rows_of(folder / "teams.csv")}


def told(capsys: Capture) -> str:
    return capsys.readouterr().err


def facts_of(arguments: list[str], capsys: Capture) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return facts


def test_a_drop_out_of_two_teams(result: Path, capsys: Capture) -> None:
    """Two pairs lose a team; the new folder holds a whole result, and verify proves it from there."""
    facts = facts_of(["repair", str(result), "--without", "R0A", "--without", "R0D"], capsys)
    folder = Path(f"{result}-repaired")
    assert facts["folder"] == str(folder)
    names = {path.name for path in folder.iterdir()}
    assert {"pairs.csv", "teams.csv", "unpaired.csv", "run.json", "changes.csv"} <= names
    before, now = partners_in(result), partners_in(folder)
    changes = {
        row["team"]: (row["earlier_partner"], row["new_partner"]) for row in rows_of(folder / "changes.csv")
    }
    everybody = {**before, **now}
    assert changes == {
        team: (before.get(team, ""), now.get(team, ""))
        for team in everybody
        if team not in now or before[team] != now[team]
    }
    assert facts["n_kept"] == 56
    assert run(["verify", str(folder), "--quiet"]) == 0


def test_what_is_printed(result: Path, capsys: Capture) -> None:
    """The changes come first, then what stays and its price."""
    assert run(["repair", str(result), "--without", "R0A", "--without", "R0D"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "R0A left; it was to meet RJ2."
    assert "56 of 60 earlier pairs stay (2 lost a team); no plan with as many pairs keeps more." in lines
    assert any(line.startswith("Price of stability: 0.") for line in lines)
    assert f"  pairing verify {result}-repaired" in lines


def test_a_repair_of_a_repair(result: Path) -> None:
    """A team comes back, another leaves, a pair is forbidden; parameters are still those of the first fit."""
    once, twice = Path(f"{result}-repaired"), Path(f"{result}-repaired-repaired")
    assert run(["repair", str(result), "--without", "R0A", "--quiet"]) == 0
    asked = ["--without", "R0D", "--add", "R0A", "--forbid", "RTE", "RNA"]
    assert run(["repair", str(once), *asked, "--quiet"]) == 0
    now = partners_in(twice)
    assert "R0D" not in now
    assert now["R0A"] == "RJ2"
    assert now["RTE"] != "RNA"
    records = [json.loads((folder / "run.json").read_text(encoding="utf-8")) for folder in (result, twice)]
    assert records[0]["profiles"] == records[1]["profiles"]
    assert len(records[1]["repaired"]["fitted_to"]) == 120
    assert run(["verify", str(twice), "--quiet"]) == 0


def test_visits_already_made_stay(result: Path, tmp_path: Path) -> None:
    """The pairs of a table are kept, also in the next repair."""
    made = write_rows(
        tmp_path / "visits.csv", [{"team_a": "RTE", "team_b": "RNA"}, {"team_a": "R0A", "team_b": "RJ2"}]
    )
    asked = ["--without", "R0D", "--without", "R0B", "--made", str(made), "--allow-unpaired", "--quiet"]
    assert run(["repair", str(result), *asked]) == 0
    folder = Path(f"{result}-repaired")
    assert partners_in(folder)["RTE"] == "RNA"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["locked"] == [["R0A", "RJ2"], ["RNA", "RTE"]]
    assert run(["verify", str(folder), "--quiet"]) == 0
    assert run(["repair", str(folder), "--forbid", "RTE", "RNA"]) == 3


def joiner(demo: Path, row: int, **changes: str) -> dict[str, str]:
    """A row of the audit under another id."""
    return rows_of(demo / "nlca_2022.csv")[row] | changes


def test_late_joiners_from_a_table(demo: Path, result: Path) -> None:
    """Their rows join the table of the new result, which verify reads."""
    rows = [joiner(demo, 9, trust_code="NEW1"), joiner(demo, 30, trust_code="NEW2")]
    table = write_rows(demo / "joiners.csv", rows)
    asked = ["--add", str(table), "--add", "RBV", "--without", "R0A"]
    assert run(["repair", str(result), *asked, "--quiet"]) == 0
    folder = Path(f"{result}-repaired")
    joined = [row["team"] for row in rows_of(folder / "changes.csv") if row["change"] == "joined"]
    assert joined == ["NEW1", "NEW2", "RBV"]
    assert run(["verify", str(folder), "--quiet"]) == 0


def test_joiners_by_workbook_and_columns_in_another_order(demo: Path, result: Path, capsys: Capture) -> None:
    """An XLSX table joins as well; columns that the programme lacks are passed over with a warning."""
    import pandas as pd

    row = joiner(demo, 9, trust_code="NEW1")
    shuffled = {name: row[name] for name in sorted(row)} | {"remark": "late"}
    path = demo / "joiners.xlsx"
    pd.DataFrame([shuffled]).to_excel(path, index=False)
    assert run(["repair", str(result), "--add", str(path), "--forbid", "R0A", "RJ2"]) == 0
    assert "joiners.xlsx: the programme's table has no such columns, so they are passed over: remark" in told(
        capsys
    )
    assert run(["verify", f"{result}-repaired", "--quiet"]) == 0


def test_an_excluded_team_joins_with_a_new_row(demo: Path, result: Path) -> None:
    """A team that never took part may bring other figures than the table has of it."""
    table = write_rows(demo / "joiners.csv", [joiner(demo, 9, trust_code="RBV")])
    assert run(["repair", str(result), "--add", str(table), "--quiet"]) == 0
    folder = Path(f"{result}-repaired")
    ids = [row["trust_code"] for row in rows_of(folder / "repaired-teams.csv")]
    assert ids.count("RBV") == 1
    assert "RBV" in partners_in(folder)
    assert run(["verify", str(folder), "--quiet"]) == 0


def test_a_programme_with_long_table_travel_and_earlier_rounds(tmp_path: Path) -> None:
    """Paths follow the programme into the new folder, and a long table gets the joiners' rows."""
    folder = tmp_path / "programme"
    folder.mkdir()
    teams = [f"T{number:02d}" for number in range(11)]
    long = [
        {
            "team": team,
            "indicator": f"k{k}",
            "value": str(0.2 + 0.05 * ((3 * at + 5 * k * at) % 11)),
            "denominator": "400",
        }
        for at, team in enumerate(teams)
        for k in range(3)
    ]
    write_rows(folder / "teams.csv", [row for row in long if row["team"] != "T10"])
    write_rows(folder / "joiner.csv", [row for row in long if row["team"] == "T10"])
    journeys = [
        {"team_a": a, "team_b": b, "minutes": str(20 + (7 * i + 11 * j) % 90)}
        for i, a in enumerate(teams[:10])
        for j, b in enumerate(teams[:10])
        if i < j
    ]
    (folder / "tables").mkdir()
    write_rows(folder / "tables" / "travel.csv", journeys)
    write_rows(folder / "tables" / "round1.csv", [{"team_a": "T00", "team_b": "T01"}])
    indicators = "".join(f'[[indicators]]\ncolumn = "k{k}"\ndenominator = "denominator"\n' for k in range(3))
    (folder / "programme.toml").write_text(
        '[teams]\nfile = "teams.csv"\nid = "team"\n' + indicators + "[rules]\nmax_travel_minutes = 105\n"
        'travel_table = "tables/travel.csv"\nprevious = "tables/round1.csv"\nforbid = [["T02", "T03"]]\n'
        'missing = "permit"  # journeys of joiners\n',
        encoding="utf-8",
    )
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    result = folder / "programme-result"
    out = tmp_path / "elsewhere" / "new"
    asked = ["--without", "T02", "--add", str(folder / "joiner.csv"), "-o", str(out), "--quiet"]
    assert run(["repair", str(result), *asked]) == 0
    assert run(["verify", str(out), "--quiet"]) == 0
    text = (out / "repaired-programme.toml").read_text(encoding="utf-8")
    assert "# journeys of joiners" in text
    assert "forbid = []" in text
    assert "T10" in partners_in(out)


def test_rounds_and_side_constraints_of_the_programme(demo: Path, capsys: Capture) -> None:
    """Teams that left keep no partner through rounds, and what the plan may add up to is looked at."""
    programme = demo / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    section = (
        '\n[rounds]\nkeep = ["R0A", "R0B"]\n[side_constraints]\nmax_pairs_over_km = { km = 50, pairs = 60 }\n'
    )
    programme.write_text(text + section, encoding="utf-8")
    assert run(["pair", str(programme), "--quiet", "--force"]) == 0
    result = demo / "programme-result"
    assert run(["repair", str(result), "--without", "R0A", "--quiet"]) == 0
    written = Path(f"{result}-repaired") / "repaired-programme.toml"
    assert 'keep = ["R0B"]' in written.read_text(encoding="utf-8")
    assert run(["verify", f"{result}-repaired", "--quiet"]) == 0
    crossed = ["--add", "RBV", "--add", "RPY", "-o", str(demo / "more")]
    capsys.readouterr()
    assert run(["repair", str(result), *crossed]) == 3
    assert "breaks a side constraint: at most 60 pairs over 50 km; it has 61 pairs" in told(capsys)


def test_joiners_have_to_be_sound(demo: Path, result: Path, capsys: Capture) -> None:
    """Every broken cell is named with file, row and column, and so is a team that takes part already."""
    rows = [
        joiner(demo, 9, trust_code="NEW1", nsclc_resection_adj="12O"),
        joiner(demo, 10, trust_code="R0A"),
        joiner(demo, 11, trust_code="", patients="-3"),
        joiner(demo, 12, trust_code="NEW2", latitude="530"),
        joiner(demo, 13, trust_code="NEW2"),
    ]
    table = write_rows(demo / "joiners.csv", rows)
    assert run(["repair", str(result), "--add", str(table)]) == 3
    message = told(capsys)
    assert "joiners.csv, row 2, column 'nsclc_resection_adj': '12O' is not a number" in message
    assert "joiners.csv, row 3, column 'trust_code': 'R0A' takes part already" in message
    assert "joiners.csv, row 4, column 'trust_code': the id is blank" in message
    assert "joiners.csv, row 5, column 'latitude'" in message
    assert "joiners.csv, row 6, column 'trust_code': 'NEW2' is already used on row 5" in message
    assert not Path(f"{result}-repaired").exists()


def test_joiners_need_the_programmes_columns(demo: Path, result: Path, capsys: Capture) -> None:
    """A renamed column is told with the name that was probably meant."""
    row = joiner(demo, 9, trust_code="NEW1")
    row["trust_cod"] = row.pop("trust_code")
    table = write_rows(demo / "joiners.csv", [row])
    assert run(["repair", str(result), "--add", str(table)]) == 3
    assert "joiners.csv, column 'trust_code': there is no such column" in (message := told(capsys))
    assert "Did you mean 'trust_cod'?" in message


def test_a_team_that_left_comes_back_by_its_id_only(demo: Path, result: Path, capsys: Capture) -> None:
    """The profiles were fitted to its row, which therefore stays as it is."""
    assert run(["repair", str(result), "--without", "R0A", "--quiet"]) == 0
    table = write_rows(demo / "joiners.csv", [joiner(demo, 9, trust_code="R0A")])
    assert run(["repair", f"{result}-repaired", "--add", str(table)]) == 3
    assert "give its id in place of the table" in told(capsys)


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ([], 3, "there is nothing to repair"),
        (["--without", "R0Z"], 3, "'R0Z' is no team of the pairing, so it cannot leave. Did you mean 'R0D'?"),
        (["--without", "RBV"], 3, "'RBV' is no team of the pairing"),
        (["--keep", "R0A", "RM3"], 3, "'R0A, RM3' cannot be kept"),
        (["--keep", "R0A", "RJ2", "--keep", "RJ2", "R0D"], 3, "'RJ2' is kept in more than one pair"),
        (["--keep", "R0A", "RJ2", "--without", "R0A"], 3, "'R0A' has left, so its pair R0A and RJ2 cannot"),
        (["--keep", "R0A", "RJ2", "--forbid", "RJ2", "R0A"], 3, "'R0A and RJ2' are kept and also forbidden"),
        (["--add", "R0A"], 3, "'R0A' takes part already"),
        (["--add", "RBX"], 3, "'RBX' is neither a table nor a team of the table. Did you mean 'RBV'?"),
        (["--add", "nothing.csv"], 5, "nothing.csv: there is no such file"),
        (["--made", "nothing.csv"], 5, "nothing.csv: there is no such file"),
        (["--standby", "--without", "R0A"], 2, "--standby is about drop-outs to come"),
        (["--without", "R0A", "-o", "-"], 2, "cannot go to stdout"),
    ],
)
def test_refusals(result: Path, asked: list[str], code: int, message: str, capsys: Capture) -> None:
    """Exit code and sentence; nothing is written."""
    assert run(["repair", str(result), *asked]) == code
    assert message in " ".join(told(capsys).split())
    assert not Path(f"{result}-repaired").exists()


def test_a_repair_that_is_impossible(result: Path, capsys: Capture) -> None:
    """The teams that would be left over are named, exit code 1; --allow-unpaired accepts them, later too."""
    others = [team for team in partners_in(result) if team != "R1K"]
    asked = ["repair", str(result), *(word for team in others for word in ("--forbid", "R1K", team))]
    assert run(asked) == 1
    message = told(capsys)
    assert "The pairing cannot be repaired without leaving out R1K" in message
    assert "  R1K: no permitted partner: of the 119 other teams forbid bans 119" in message
    assert run([*asked, "--allow-unpaired", "--quiet"]) == 0
    folder = Path(f"{result}-repaired")
    assert partners_in(folder)["R1K"] == ""
    assert run(["verify", str(folder), "--quiet"]) == 0
    assert run(["repair", str(folder), "--without", "R0A", "--quiet"]) == 0


def test_nothing_that_exists_is_lost(demo: Path, result: Path, capsys: Capture) -> None:
    """The result to be repaired stays, an earlier repair needs --force, and inputs are never replaced."""
    assert run(["repair", str(result), "--without", "R0A", "-o", str(result), "--force"]) == 2
    assert "stays as it is" in told(capsys)
    assert run(["repair", str(result), "--without", "R0A", "--quiet"]) == 0
    assert run(["repair", str(result), "--without", "R0D", "--quiet"]) == 2
    assert run(["repair", str(result), "--without", "R0D", "--quiet", "--force"]) == 0
    (demo / "nlca_2022.csv").rename(demo / "teams.csv")
    text = (demo / "programme.toml").read_text(encoding="utf-8").replace("nlca_2022.csv", "teams.csv")
    (demo / "programme.toml").write_text(text, encoding="utf-8")
    assert run(["pair", str(demo / "programme.toml"), "--quiet", "--force"]) == 0
    table = (demo / "teams.csv").read_bytes()
    assert run(["repair", str(result), "--without", "R0A", "-o", str(demo), "--force"]) == 2
    assert (demo / "teams.csv").read_bytes() == table


def test_a_drawn_lottery_stands(demo: Path, capsys: Capture) -> None:
    """Nothing of the lottery changes; the warning says what the repair means for it, and names reserves."""
    result = demo / "ilcop-size-result"
    before = {path.name: path.read_bytes() for path in result.iterdir()}
    pairs = rows_of(result / "pairs.csv")
    asked = ["--without", pairs[0]["team_a"], "--without", pairs[1]["team_b"], "--allow-unpaired"]
    assert run(["repair", str(result), *asked]) == 0
    warnings = told(capsys)
    assert "every team is analysed in the arm that was drawn for it" in warnings
    assert "Do not draw again" in warnings
    assert f"pairing allocate {result} --dropped P01 --dropped P02" in warnings
    assert {path.name: path.read_bytes() for path in result.iterdir()} == before
    assert run(["verify", f"{result}-repaired", "--quiet"]) == 0


def test_a_lottery_can_be_declared_on_the_repaired_pairs(demo: Path) -> None:
    """Where nothing was drawn yet the new folder is as good as any, and its lottery verifies."""
    result = demo / "ilcop-size-result"
    pairs = rows_of(result / "pairs.csv")
    assert run(["repair", str(result), "--without", pairs[0]["team_a"], "--quiet"]) == 0
    folder = f"{result}-repaired"
    assert run(["allocate", folder, "--seed", "3", "--quiet"]) == 0
    assert run(["verify", folder, "--quiet"]) == 0


def test_drawn_teams_keep_their_draw(demo: Path, capsys: Capture) -> None:
    """Where teams were drawn first, only drawn teams are paired again, and nobody can join."""
    text = (demo / "ilcop-size.toml").read_text(encoding="utf-8")
    programme = demo / "drawn.toml"
    section = '[lottery]\ndesign = "draw-then-pair"\nintervention_pairs = 15\n'
    programme.write_text(text[: text.index("[lottery]")] + section, encoding="utf-8")
    assert run(["allocate", str(programme), "--seed", "5", "--quiet"]) == 0
    result = demo / "drawn-result"
    drawn = {team for row in rows_of(result / "pairs.csv") for team in (row["team_a"], row["team_b"])}
    gone = sorted(drawn)[:2]
    capsys.readouterr()
    assert run(["repair", str(result), "--without", gone[0], "--without", gone[1], "--allow-unpaired"]) == 0
    assert "--dropped" not in (warnings := told(capsys))
    assert "Do not draw again" in warnings
    folder = Path(f"{result}-repaired")
    now = {team for row in rows_of(folder / "pairs.csv") for team in (row["team_a"], row["team_b"])}
    assert now <= drawn - set(gone)
    assert run(["verify", str(folder), "--quiet"]) == 0


def test_standby_as_a_table(result: Path, tmp_path: Path, capsys: Capture) -> None:
    """For an odd number of teams the team in reserve steps in; the file has one row a paired team."""
    assert run(["repair", str(result), "--without", "R0A", "--quiet"]) == 0
    folder, file = f"{result}-repaired", tmp_path / "standby.csv"
    assert run(["repair", folder, "--standby", "-o", str(file)]) == 0
    assert "If its partner dropped out, " in capsys.readouterr().out
    rows = rows_of(file)
    assert len(rows) == 118
    assert list(rows[0]) == [
        "team",
        "partner_lost",
        "new_partner",
        "n_pairs_changed",
        "value_change",
        "left_out",
    ]
    row = next(row for row in rows if row["new_partner"])
    gone = row["partner_lost"]
    assert run(["repair", folder, "--without", gone, "-o", str(tmp_path / "after"), "--quiet"]) == 0
    assert partners_in(tmp_path / "after")[row["team"]] == row["new_partner"]


def test_standby_in_json(result: Path, tmp_path: Path, capsys: Capture) -> None:
    """One entry a paired team; an existing file is not overwritten."""
    facts = facts_of(["repair", str(result), "--standby"], capsys)
    assert [row["left_out"] for row in facts["standby"]] == [[row["team"]] for row in facts["standby"]]
    (tmp_path / "standby.csv").touch()
    assert run(["repair", str(result), "--standby", "-o", str(tmp_path / "standby.csv")]) == 2


def test_an_edited_plan_is_not_repaired(result: Path, capsys: Capture) -> None:
    """What is repaired is what was proven."""
    pairs = result / "pairs.csv"
    pairs.write_text(pairs.read_text(encoding="utf-8").replace("RJ2", "RJX"), encoding="utf-8")
    assert run(["repair", str(result), "--without", "R0A"]) == 3
    assert "pairs.csv" in told(capsys)
