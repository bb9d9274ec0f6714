"""The questions to a plan as people use them: odd ids, narrow terminals, and outputs in the wrong place."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pairing.cli import run
from pairing.cli.console import table_text

ODD_IDS = ("0012", "A,B", "É-7", "x;y", "=1+1", "<b>", '"q"', "-9", "学校", "nan")
ODD_NAMES = ("School, The", "École", "<script>alert(1)</script>", '=HYPERLINK("http://x","y")', "N" * 300)
PROGRAMME = """
[teams]
file = "schools.csv"
id = "id"
name = "name"
size = "pupils"
latitude = "lat"
longitude = "lon"

[[indicators]]
column = "reading"
denominator = "pupils"
unit = "percent"

[[indicators]]
column = "maths"
denominator = "pupils"
unit = "percent"

[rules]
min_distance_km = 5

[lottery]
intervention_pairs = 4
"""


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme of 16 schools whose ids and names would break a careless table."""
    folder = tmp_path_factory.mktemp("schools")
    rng = np.random.default_rng(0)
    ids = [*ODD_IDS, *(f"S{number}" for number in range(16 - len(ODD_IDS)))]
    with (folder / "schools.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "pupils", "reading", "maths", "lat", "lon"])
        for number, team in enumerate(ids):
            name = ODD_NAMES[number] if number < len(ODD_NAMES) else f"School {number}"
            rates = [f"{rate:.1f}" for rate in rng.uniform(30, 80, 2)]
            place = [f"{51 + rng.uniform(0, 2):.4f}", f"{rng.uniform(-2, 1):.4f}"]
            writer.writerow([team, name, int(rng.integers(150, 300)), *rates, *place])
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme.toml"


@pytest.fixture(scope="module")
def result(programme: Path) -> Path:
    """Their plan."""
    return programme.parent / "programme-result"


@pytest.mark.parametrize("name", ["pairs.csv", "teams.csv", "run.json"])
@pytest.mark.parametrize(
    "question",
    [
        ["explain"],
        ["tradeoff", "max_size_ratio", "2"],
        ["alternatives", "-k", "2"],
        ["robustness", "--seed", "0", "--draws", "2"],
        ["repair", "--standby"],
    ],
    ids=lambda words: words[0],
)
def test_no_answer_overwrites_the_plan_that_is_asked(result: Path, question: list[str], name: str) -> None:
    """Even with --force: the files of the plan are what the answer is computed from."""
    before = {file.name: file.read_bytes() for file in result.iterdir()}
    command, *rest = question
    assert run([command, str(result), *rest, "-o", str(result / name), "--force", "--quiet"]) in (2, 5)
    assert {file.name: file.read_bytes() for file in result.iterdir()} == before


def test_a_lottery_beside_the_plan_is_not_overwritten_either(result: Path, tmp_path: Path) -> None:
    """What was drawn cannot be drawn again."""
    folder = tmp_path / "programme-result"
    folder.mkdir()
    for file in (*result.iterdir(), *result.parent.glob("*.*")):
        target = folder / file.name if file.parent == result else tmp_path / file.name
        target.write_bytes(file.read_bytes())
    assert run(["allocate", str(folder), "--seed", "0", "--quiet"]) == 0
    drawn = (folder / "allocation.csv").read_bytes()
    assert run(["explain", str(folder), "-o", str(folder / "allocation.csv"), "--force", "--quiet"]) == 2
    assert (folder / "allocation.csv").read_bytes() == drawn


def test_an_answer_may_stand_beside_the_plan(result: Path) -> None:
    """A new file in the folder hurts nobody."""
    beside = result / "options.csv"
    assert run(["tradeoff", str(result), "max_size_ratio", "2", "-o", str(beside), "--quiet"]) == 0
    assert run(["verify", str(result), "--quiet"]) == 0
    beside.unlink()


@pytest.mark.parametrize("command", ["rounds", "robustness"])
def test_what_is_no_single_table_cannot_go_to_stdout(
    programme: Path,
    result: Path,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Said at once, instead of making a folder with the name of a dash."""
    monkeypatch.chdir(tmp_path)
    source = (
        [str(programme), "-n", "2"] if command == "rounds" else [str(result), "--seed", "0", "--draws", "2"]
    )
    assert run([command, *source, "-o", "-", "--quiet"]) == 2
    assert "cannot go to stdout" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_numbers_are_never_cut_to_fit_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that does not fit gets wider than the terminal; only long texts are cut."""
    monkeypatch.setenv("COLUMNS", "40")
    frame = pd.DataFrame({f"a_long_figure_{n}": [123456 + n] for n in range(6)} | {"name": ["N" * 300]})
    shown = table_text(frame).splitlines()
    assert shown[1].split() == [*(str(123456 + n) for n in range(6)), "N" * 7 + "…"]


def test_a_long_text_is_not_cut_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a short column leaves of its share goes to the long ones, so that two names do not look alike."""
    monkeypatch.setenv("COLUMNS", "60")
    names = ["curative_treatment_of_stages_one", "curative_treatment_of_stages_two"]
    shown = table_text(pd.DataFrame({"name": names, "mean_control_arm": [1.0, 2.0]}))
    assert all(name in shown for name in names)
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, table_text(pd.DataFrame({"name": names, "other": names})).splitlines())) <= 40


def test_ids_of_wide_letters_are_shown_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese character takes two columns of a terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    assert "学校東京" in table_text(pd.DataFrame({"id": ["学校東京"], "value": [1.0]}))


@pytest.mark.parametrize("out", ["schools.csv/folder", "schools.csv"])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(
    result: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not by the hidden name under which the files are written first."""
    place = result.parent / out
    assert run(["repair", str(result), "--without", "0012", "-o", str(place), "--force", "--quiet"]) == 5
    assert capsys.readouterr().err == f"Error: {place} could not be written: Not a directory.\n"


def test_one_value_is_no_range(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A trade-off with a single value says so."""
    assert run(["tradeoff", str(result), "max_size_ratio", "3"]) == 0
    assert "max_size_ratio at 3 times: the best plan." in capsys.readouterr().out


def test_not_one_round(programme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where not even one round is possible, there is no talk of several."""
    far = programme.with_name("far.toml")
    far.write_text(PROGRAMME.replace("min_distance_km = 5", "min_distance_km = 240"), encoding="utf-8")
    assert run(["rounds", str(far), "-n", "2"]) == 1
    said = capsys.readouterr().err
    assert "Not one round is possible in full" in said
    assert "(in the best plan these rest: " in said


@pytest.mark.parametrize(
    "question",
    [
        ["explain", "DIR", "=1+1", "<b>"],
        ["explain", "DIR", "--", "-9", "nan"],
        ["explain", "DIR", "School, The"],
        ["repair", "DIR", "--without", "A,B", "--without", "-9", "-o", "OUT"],
        ["repair", "DIR", "--without", "学校", "--without", '"q"', "-o", "OUT"],
    ],
)
def test_odd_ids_and_names_are_understood(result: Path, question: list[str], tmp_path: Path) -> None:
    """Whatever stands in a table of teams can be asked about, and the answer can be proven."""
    words = {"DIR": str(result), "OUT": str(tmp_path / "repaired")}
    assert run([words.get(word, word) for word in question]) == 0
    if "OUT" in question:
        assert run(["verify", str(tmp_path / "repaired"), "--quiet"]) == 0


@pytest.mark.parametrize("place", ["nowhere", "programme.toml", ""])
def test_what_is_no_result_is_told_what_one_is(
    programme: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing folder, a programme instead of its result, the folder above."""
    assert run(["explain", str(programme.parent / place)]) == 5
    assert "Give the folder that pairing pair or pairing repair wrote." in capsys.readouterr().err
