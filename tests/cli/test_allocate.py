"""The lottery as a user runs it: publishing, drawing, analysing, and everything that is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pairing.cli import run
from pairing.data import audit_files

PROGRAMME = "programme.toml"
LOTTERY = """
[lottery]
intervention_pairs = 15
balance_on = ["profile.nsclc_resection_adj", "size", "location"]
candidates = 20_000
reserves = 2

[analysis]
outcomes = ["rate"]
outcome_sd = 1.0
"""
BALLS = "3 17 22 31 40 45 bonus 9"


def write_audit(folder: Path, lottery: str) -> Path:
    """Write the bundled audit with a lottery in its programme; give the programme's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    with (folder / PROGRAMME).open("a", encoding="utf-8") as file:
        file.write(lottery)
    return folder / PROGRAMME


@pytest.fixture(scope="module")
def paired_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit with a lottery, paired."""
    folder = tmp_path_factory.mktemp("allocate") / "audit"
    assert run(["pair", str(write_audit(folder, LOTTERY)), "-q"]) == 0
    return folder


@pytest.fixture(scope="module")
def published_once(paired_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the lottery published and nothing drawn."""
    folder = tmp_path_factory.mktemp("published") / "audit"
    shutil.copytree(paired_once, folder)
    assert run(["allocate", str(folder / "programme-result"), "--publish", "-q"]) == 0
    return folder


@pytest.fixture
def paired(paired_once: Path, tmp_path: Path) -> Path:
    """A paired result of one's own."""
    return Path(shutil.copytree(paired_once, tmp_path / "audit")) / "programme-result"


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> Path:
    """A published lottery of one's own."""
    return Path(shutil.copytree(published_once, tmp_path / "audit")) / "programme-result"


@pytest.fixture
def drawn(published: Path) -> Path:
    """An allocation of one's own."""
    assert run(["allocate", str(published), "--randomness", BALLS, "-q"]) == 0
    return published


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts_of(path: Path) -> dict[str, object]:
    """A JSON file."""
    return dict(json.loads(path.read_bytes()))


def contents(folder: Path, *names: str) -> list[bytes]:
    """Bytes of some files."""
    return [(folder / name).read_bytes() for name in names]


DRAWN = ("allocation.csv", "balance.csv", "draw.json")


def test_publishing_and_drawing_are_two_acts(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is published is not touched by the draw, and the announced SHA-256 is checked."""
    assert not (published / "allocation.csv").exists()
    before = contents(published, "lottery.json", "lottery.csv")
    announced = str(facts_of(published / "lottery.json")["sha256"])
    assert run(["allocate", str(published), "--randomness", BALLS, "--expect", announced]) == 0
    assert "Balance of the arms" in capsys.readouterr().out
    assert contents(published, "lottery.json", "lottery.csv") == before
    assert run(["verify", str(published), "-q"]) == 0


def test_what_is_published_holds_all_that_is_needed(published: Path) -> None:
    """Chances are equal, the pool's hash is the file's, and the plan is hashed with it."""
    facts = json.loads((published / "lottery.json").read_bytes())
    assert len(facts["chances"]) == 120
    assert all(abs(chance - 0.25) < 1e-6 for chance in facts["chances"].values())
    assert facts["largest_chance_error"] < 1e-6
    pool = (published / "lottery.csv").read_bytes()
    assert facts["pool"] == {"file": "lottery.csv", "text": None, "sha256": hashlib.sha256(pool).hexdigest()}
    assert facts["counts"]["draws"] == len(rows_of(published / "lottery.csv"))
    assert hashlib.sha256(facts["analysis"]["plan"].encode()).hexdigest() == facts["analysis"]["sha256"]
    assert [entry["path"] for entry in facts["inputs"]] == ["../programme.toml", "../nlca_2022.csv"]
    assert facts["flow"] == {
        "listed": 124,
        "excluded": 4,
        "taking part": 120,
        "paired": 120,
        "without a partner": 0,
    }
    assert facts["minimum_detectable_effect"]["effect"] > 0
    assert facts["design"]["unit"] == "pair"
    assert facts["same_arm"]["lowest"] < facts["same_arm"]["lowest_unconstrained"]
    assert "<randomness>|<SHA-256 of the pool>|<purpose>|1" in facts["recipe"]


def test_the_allocation_has_the_columns_of_the_contract(drawn: Path) -> None:
    """Every team once, sorted, pairs whole; reserves in their order; the draw is one of the pool."""
    rows = rows_of(drawn / "allocation.csv")
    assert list(rows[0]) == ["team", "pair_id", "arm", "reserve_order"]
    assert [row["team"] for row in rows] == sorted(row["team"] for row in rows)
    arms = {row["pair_id"]: row["arm"] for row in rows}
    assert all(arms[row["pair_id"]] == row["arm"] for row in rows)
    chosen = sorted(pair for pair, arm in arms.items() if arm == "intervention")
    record = json.loads((drawn / "draw.json").read_bytes())
    assert rows_of(drawn / "lottery.csv")[record["draw"] - 1]["intervention"] == " ".join(chosen)
    assert sorted(row["reserve_order"] for row in rows if row["arm"] == "reserve") == ["1", "1", "2", "2"]
    assert record["flow"]["intervention"] == 30
    assert record["flow"]["reserve"] == 4
    assert record["flow"]["control"] == 86


def test_a_stranger_can_redo_the_draw(drawn: Path) -> None:
    """By the published recipe: SHA-256 of a text, a remainder, and a running sum of tickets."""
    pool = rows_of(drawn / "lottery.csv")
    sha256 = hashlib.sha256((drawn / "lottery.csv").read_bytes()).hexdigest()
    number = int(hashlib.sha256(f"{BALLS}|{sha256}|ticket|1".encode()).hexdigest(), 16)
    ticket = number % sum(int(row["tickets"]) for row in pool) + 1
    for row in pool:
        ticket -= int(row["tickets"])
        if ticket <= 0:
            break
    chosen = {row["pair_id"] for row in rows_of(drawn / "allocation.csv") if row["arm"] == "intervention"}
    assert chosen == set(row["intervention"].split())


def test_the_same_randomness_gives_the_same_files(published: Path, tmp_path: Path) -> None:
    """Elsewhere, and again with --force; blanks in the randomness do not matter."""
    other = Path(shutil.copytree(published.parent, tmp_path / "other")) / "programme-result"
    assert run(["allocate", str(published), "--randomness", BALLS, "-q"]) == 0
    assert run(["allocate", str(other), "--randomness", f"  {BALLS.replace(' ', '  ')}", "-q"]) == 0
    assert contents(published, *DRAWN) == contents(other, *DRAWN)
    assert run(["allocate", str(other), "--randomness", BALLS, "-q", "--force"]) == 0
    assert contents(published, *DRAWN) == contents(other, *DRAWN)


def test_row_order_changes_nothing(paired_once: Path, published: Path, tmp_path: Path) -> None:
    """Any order of the rows gives the same pool and the same allocation."""
    other = Path(shutil.copytree(paired_once, tmp_path / "shuffled"))
    shutil.rmtree(other / "programme-result")
    lines = (other / "nlca_2022.csv").read_text(encoding="utf-8").splitlines()
    body = lines[1:]
    np.random.default_rng(5).shuffle(body)
    (other / "nlca_2022.csv").write_text("\n".join([lines[0], *body]) + "\n", encoding="utf-8")
    assert run(["pair", str(other / PROGRAMME), "-q"]) == 0
    for folder in (published, other / "programme-result"):
        assert run(["allocate", str(folder), "--seed", "0", "-q"]) == 0
    names = ("lottery.csv", "allocation.csv", "balance.csv", "draw.json")
    assert contents(published, *names) == contents(other / "programme-result", *names)


def test_one_does_not_draw_twice(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --force a second draw is refused; with it, it is recorded, and verify says so."""
    before = contents(drawn, *DRAWN)
    assert run(["allocate", str(drawn), "--seed", "1"]) == 2
    assert "one does not draw twice" in capsys.readouterr().err
    assert contents(drawn, *DRAWN) == before
    assert run(["allocate", str(drawn), "--seed", "1", "--force"]) == 0
    assert "drawn before (1 time)" in capsys.readouterr().err
    earlier = json.loads((drawn / "draw.json").read_bytes())["earlier_draws"]
    assert [draw["randomness"] for draw in earlier] == [BALLS]
    assert earlier[0]["allocation_sha256"] == hashlib.sha256(before[0]).hexdigest()
    assert run(["allocate", str(drawn), "--randomness", BALLS, "--force", "-q"]) == 0
    earlier = json.loads((drawn / "draw.json").read_bytes())["earlier_draws"]
    assert [draw["randomness"] for draw in earlier] == [BALLS, "seed 1"]
    assert run(["verify", str(drawn)]) == 0
    assert f"drawn 2 times before, with {BALLS}, seed 1" in capsys.readouterr().out


def test_nobody_can_shop_for_a_lottery(drawn: Path, published_once: Path, tmp_path: Path) -> None:
    """A lottery is published once, never again after a draw, and its pairing stays."""
    folder = Path(shutil.copytree(published_once, tmp_path / "again")) / "programme-result"
    assert run(["allocate", str(folder), "--publish", "-q"]) == 2
    assert run(["allocate", str(folder), "--publish", "--force", "-q"]) == 0
    assert run(["allocate", str(drawn), "--publish", "--force", "-q"]) == 2
    assert run(["pair", str(drawn.parent / PROGRAMME), "--force", "-q"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "A draw needs randomness"),
        (["--publish", "--seed", "1"], "cannot go together"),
        (["--seed", "1", "--randomness", "x"], "cannot go together"),
        (["--seed", "-1"], "is not in the range"),
        (["--seed", "1", "-o", "x"], "-o goes with a programme"),
        (["--randomness", "  "], "--randomness is blank"),
        (["--publish", "--expect", "0" * 64], "--expect goes with a draw"),
        (["--dropped", "P01", "--expect", "0" * 64], "--expect goes with a draw"),
        (["--dropped", "P01", "--force"], "--force does not go with --dropped"),
        (["--seed", "1", "--expect", "0" * 64], "--expect needs a lottery that was published before"),
    ],
)
def test_wrong_usage(
    paired: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """Exit code 2, and nothing is written."""
    assert run(["allocate", str(paired), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (paired / "lottery.json").exists()


Change = Callable[[Path], None]


def change_rate(result: Path) -> None:
    """Change an input."""
    edit(result.parent / "nlca_2022.csv", "0.82133,83", "0.72133,83")


REFUSED: list[tuple[str, Change, str]] = [
    ("an input changed", change_rate, "nlca_2022.csv: was changed since the result was made"),
    (
        "the settings changed",
        lambda result: edit(result.parent / PROGRAMME, "intervention_pairs = 15", "intervention_pairs = 16"),
        "programme.toml: was changed since the result was made",
    ),
    (
        "the pairs edited",
        lambda result: edit(result / "pairs.csv", "P01,", "P1,"),
        "'pairs.csv' was changed after it was written",
    ),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_changed_pairing_is_not_published(
    paired: Path, capsys: pytest.CaptureFixture[str], change: Change, said: str
) -> None:
    """What was paired has to be what is drawn from."""
    change(paired)
    assert run(["allocate", str(paired), "--publish"]) == 3
    assert said in capsys.readouterr().err
    assert not (paired / "lottery.json").exists()


TOUCHED: list[tuple[str, Change, str]] = [
    *REFUSED,
    (
        "the pool edited",
        lambda result: edit(result / "lottery.csv", "\n1,", "\n1,1"),
        "lottery.csv: the pool was changed since it was published",
    ),
    (
        "the publication edited",
        lambda result: edit(result / "lottery.json", '"reserves": 2', '"reserves": 3'),
        "'lottery.json' does not have the SHA-256 that it states of itself",
    ),
    (
        "no JSON",
        lambda result: (result / "lottery.json").write_text("{", encoding="utf-8") and None,
        "lottery.json: this is not valid JSON",
    ),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in TOUCHED], ids=[row[0] for row in TOUCHED])
def test_a_changed_publication_is_not_drawn_from(
    published: Path, capsys: pytest.CaptureFixture[str], change: Change, said: str
) -> None:
    """Between the two acts nothing may change."""
    change(published)
    assert run(["allocate", str(published), "--randomness", BALLS]) == 3
    assert said in capsys.readouterr().err
    assert not (published / "allocation.csv").exists()


def test_another_lottery_than_the_announced_is_not_drawn_from(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sealed anew, a changed lottery has another SHA-256 than was announced."""
    assert run(["allocate", str(published), "--randomness", BALLS, "--expect", "0" * 64]) == 3
    assert "which is not the announced one" in capsys.readouterr().err
    record = json.loads((published / "lottery.json").read_bytes())
    pool, announced = record["pool"]["sha256"], record["sha256"]
    assert run(["allocate", str(published), "--randomness", BALLS, "--expect", pool]) == 3
    assert run(["allocate", str(published), "--randomness", BALLS, "--expect", announced.upper(), "-q"]) == 0


def test_drop_outs_call_reserves_in_order(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Reserves come in the order drawn, the record grows, the allocation stays, and no draw follows."""
    record = json.loads((drawn / "draw.json").read_bytes())
    first, second, third = record["intervention"][:3]
    before = contents(drawn, *DRAWN)
    assert run(["allocate", str(drawn), "--dropped", first, "-q"]) == 0
    assert run(["allocate", str(drawn), "--dropped", second, "--dropped", third]) == 0
    assert f"{third} dropped out; no reserve is left." in capsys.readouterr().out
    assert [(row["dropped"], row["reserve"]) for row in rows_of(drawn / "replacements.csv")] == [
        (first, record["reserves"][0]),
        (second, record["reserves"][1]),
        (third, ""),
    ]
    assert contents(drawn, *DRAWN) == before
    assert run(["allocate", str(drawn), "--dropped", first]) == 3
    assert "is named twice" in capsys.readouterr().err
    assert run(["allocate", str(drawn), "--dropped", "P99"]) == 3
    assert run(["allocate", str(drawn), "--seed", "1", "--force"]) == 2
    assert run(["verify", str(drawn), "-q"]) == 0
    edit(drawn / "replacements.csv", f",{record['reserves'][0]}", ",P99")
    assert run(["verify", str(drawn), "-q"]) == 6


def test_a_called_reserve_can_drop_out(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The next reserve is called for it; one that nobody called cannot drop out; verify agrees."""
    record = json.loads((drawn / "draw.json").read_bytes())
    first, (one, two) = record["intervention"][0], record["reserves"]
    assert run(["allocate", str(drawn), "--dropped", one]) == 3
    assert f"'{one}' is a reserve that has not been called" in capsys.readouterr().err
    assert run(["allocate", str(drawn), "--dropped", first, "-q"]) == 0
    assert run(["allocate", str(drawn), "--dropped", one, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replacements"] == [{"dropped": one, "reserve": two}]
    assert [(row["dropped"], row["reserve"]) for row in rows_of(drawn / "replacements.csv")] == [
        (first, one),
        (one, two),
    ]
    assert run(["verify", str(drawn), "-q"]) == 0
    assert run(["allocate", str(drawn), "--dropped", one, "-q"]) == 3


def test_a_team_is_answered_with_its_pair(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where pairs were drawn a pair drops out; every wrong name is told at once."""
    row = next(row for row in rows_of(drawn / "allocation.csv") if row["arm"] == "intervention")
    assert run(["allocate", str(drawn), "--dropped", row["team"], "--dropped", "P99"]) == 3
    said = capsys.readouterr().err
    assert f"'{row['team']}' is one team of a pair. Give the pair: {row['pair_id']}." in said
    assert "'P99' is not in the intervention arm" in said
    assert not (drawn / "replacements.csv").exists()


def test_drop_outs_need_the_allocation_that_was_drawn(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is called while the allocation on disk is another than the draw gave."""
    text = (drawn / "allocation.csv").read_text(encoding="utf-8")
    turned = text.replace("reserve,1", "reserve,?").replace("reserve,2", "reserve,1").replace(",?", ",2")
    (drawn / "allocation.csv").write_text(turned, encoding="utf-8")
    assert run(["allocate", str(drawn), "--dropped", "P01"]) == 3
    assert "the reserves are in another order" in capsys.readouterr().err
    (drawn / "allocation.csv").write_text(text, encoding="utf-8")
    edit(drawn / "allocation.csv", "team,pair_id", "team,pair")
    assert run(["allocate", str(drawn), "--dropped", "P01"]) == 3
    assert "allocation.csv: this was changed since it was drawn" in capsys.readouterr().err


def test_a_leftover_pool_is_replaced_with_force(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pool whose lottery.json is gone is not passed over, and --force cures it, also before a draw."""
    (published / "lottery.json").unlink()
    edit(published / "lottery.csv", "\n1,", "\n1,9")
    assert run(["allocate", str(published), "--seed", "1"]) == 2
    assert "is left over from a lottery whose lottery.json is gone" in capsys.readouterr().err
    assert not (published / "lottery.json").exists()
    assert run(["allocate", str(published), "--seed", "1", "--force", "-q"]) == 0
    assert run(["verify", str(published), "-q"]) == 0


def test_no_pool_stays_beside_a_lottery_without_one(tmp_path: Path) -> None:
    """Where draws are not listed, an earlier pool is refused or, with --force, removed."""
    programme = write_audit(tmp_path, '\n[lottery]\ndesign = "simple"\nintervention_teams = 40\n')
    result = tmp_path / "programme-result"
    result.mkdir()
    (result / "lottery.csv").write_text("draw,tickets,intervention\n1,1,R0A\n", encoding="utf-8")
    assert run(["allocate", str(programme), "--publish", "-q"]) == 2
    assert run(["allocate", str(programme), "--publish", "--force", "-q"]) == 0
    assert sorted(path.name for path in result.iterdir()) == ["lottery.json"]


def test_another_programme_does_not_draw_from_a_publication(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder's lottery is drawn with its own programme, unchanged, or with none named."""
    simple = '\n[lottery]\ndesign = "simple"\nintervention_teams = 40\n'
    programme = write_audit(tmp_path / "one", simple)
    other = write_audit(tmp_path / "two", simple)
    result = tmp_path / "one" / "programme-result"
    assert run(["allocate", str(programme), "--publish", "-q"]) == 0
    for wrong in (other, tmp_path / "nowhere.toml"):
        assert run(["allocate", str(wrong), "-o", str(result), "--seed", "1"]) == 3
        assert "is not the programme whose lottery is published in" in capsys.readouterr().err
    original = programme.read_bytes()
    edit(programme, "intervention_teams = 40", "intervention_teams = 41")
    assert run(["allocate", str(programme), "-o", str(result), "--seed", "1"]) == 3
    assert "programme.toml: was changed since" in capsys.readouterr().err
    assert not (result / "allocation.csv").exists()
    programme.write_bytes(original)
    assert run(["allocate", str(programme), "-o", str(result), "--seed", "1", "-q"]) == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            "intervention_pairs = 15\nreserves = 45",
            "programme.toml, key 'lottery.reserves': '45' is no number",
        ),
        ("intervention_pairs = 60", "programme.toml, key 'lottery.intervention_pairs': '60' cannot be drawn"),
    ],
)
def test_settings_that_the_pairs_do_not_allow_are_told_with_their_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, said: str
) -> None:
    """The file and the key that have to be changed."""
    programme = write_audit(tmp_path, f"\n[lottery]\n{settings}\n")
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(tmp_path / "programme-result"), "--publish"]) == 3
    assert said in capsys.readouterr().err


def test_nothing_to_draw_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder, and a programme without a lottery."""
    assert run(["allocate", str(tmp_path), "--seed", "1"]) == 5
    assert "holds neither run.json nor lottery.json" in capsys.readouterr().err
    programme = write_audit(tmp_path / "bare", "")
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(tmp_path / "bare" / "programme-result"), "--seed", "1"]) == 3
    assert "'lottery': the section is missing" in capsys.readouterr().err


DESIGNS = {
    "matched-pair": ('design = "matched-pair"', 60, "pair"),
    "stratified": ('design = "stratified"\nstrata = "half"\nintervention_pairs = 15', 30, "pair"),
    "simple": ('design = "simple"\nintervention_teams = 40\nreserves = 1', 40, "programme"),
    "draw-then-pair": (
        'design = "draw-then-pair"\nintervention_pairs = 15\ncandidates = 3_000',
        30,
        "programme",
    ),
}


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_goes_all_the_way(tmp_path: Path, design: str) -> None:
    """Published, drawn, verified and analysed, each design by its own command."""
    settings, n_drawn, start = DESIGNS[design]
    programme = write_audit(tmp_path / "audit", f"\n[lottery]\n{settings}\n")
    add_half(tmp_path / "audit" / "nlca_2022.csv")
    result = tmp_path / "audit" / "programme-result"
    other = ["allocate", str(programme)] if start == "pair" else ["allocate", str(result)]
    if start == "pair":
        assert run(["pair", str(programme), "-q"]) == 0
        assert run(["allocate", str(result), "--seed", "3", "-q"]) == 0
    else:
        assert run(["allocate", str(programme), "--publish", "-q"]) == 0
        assert run(["verify", str(result), "-q"]) == 0
        assert run(["allocate", str(result), "--seed", "3", "-q"]) == 0
    assert run([*other, "--seed", "4", "-q"]) == 2
    rows = rows_of(result / "allocation.csv")
    drawn = [row["team"] for row in rows if row["arm"] == "intervention"]
    assert len(drawn) == n_drawn
    assert run(["verify", str(result), "-q"]) == 0
    outcomes = "".join(f"{row['team']},{number % 7},{number % 5}\n" for number, row in enumerate(rows))
    (tmp_path / "outcomes.csv").write_text("team,a,b\n" + outcomes, encoding="utf-8")
    assert run(["analyse", str(result), str(tmp_path / "outcomes.csv"), "--seed", "1", "-q"]) == 0
    assert {row["design"] for row in rows_of(result / "effects.csv")} == {design}


def add_half(table: Path) -> None:
    """Add a column that says in which half of the country a team is."""
    rows = rows_of(table)
    for row in rows:
        row["half"] = "north" if float(row["latitude"] or 0) > 52.5 else "south"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_drawn_teams_are_paired_among_themselves(tmp_path: Path) -> None:
    """Draw-then-pair proves a pairing of exactly the drawn teams; the others were not drawn."""
    programme = write_audit(tmp_path, f"\n[lottery]\n{DESIGNS['draw-then-pair'][0]}\n")
    assert run(["allocate", str(programme), "--seed", "5", "-q"]) == 0
    result = tmp_path / "programme-result"
    drawn = {
        row["team"]: row["pair_id"]
        for row in rows_of(result / "allocation.csv")
        if row["arm"] == "intervention"
    }
    pairs = {row["pair_id"]: {row["team_a"], row["team_b"]} for row in rows_of(result / "pairs.csv")}
    assert set().union(*pairs.values()) == set(drawn)
    assert all(team in pairs[pair] for team, pair in drawn.items())
    assert {row["reason"] for row in rows_of(result / "unpaired.csv")} == {"it was not drawn"}
    assert set(json.loads((result / "run.json").read_bytes())["subset"]) == set(drawn)
    assert run(["allocate", str(result), "--seed", "6", "--force", "-q"]) == 0
    assert run(["verify", str(result), "-q"]) == 0


def test_designs_are_sent_to_their_own_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lottery of pairs needs a pairing first, one of teams a programme."""
    programme = write_audit(tmp_path, LOTTERY)
    assert run(["allocate", str(programme), "--seed", "1"]) == 2
    assert "First run" in capsys.readouterr().err
    edit(programme, LOTTERY, '\n[lottery]\ndesign = "simple"\nintervention_teams = 40\n')
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(tmp_path / "programme-result"), "--seed", "1"]) == 2
    assert "draws teams and not pairs" in capsys.readouterr().err
    assert run(["allocate", str(programme), "--publish"]) == 2
    assert "holds a pairing that has nothing to do with this lottery" in capsys.readouterr().err
    assert run(["allocate", str(programme), "-o", str(tmp_path / "other"), "--publish", "-q"]) == 0


def test_an_impossible_lottery_is_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few draws are kept for equal chances: nothing is written, and the advice says what to change."""
    lottery = LOTTERY.replace("candidates = 20_000", "candidates = 20_000\nkeep = 0.001")
    programme = write_audit(tmp_path, lottery)
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(tmp_path / "programme-result"), "--publish"]) == 1
    assert "Keep a larger share" in capsys.readouterr().err
    assert not (tmp_path / "programme-result" / "lottery.json").exists()


def test_stages_of_recruitment_are_counted(tmp_path: Path) -> None:
    """Only teams at the last stage take part; the others are counted in the flow."""
    programme = write_audit(tmp_path, "\n[lottery]\nintervention_pairs = 5\n")
    edit(programme, "[teams]", '[teams]\nstatus = "reached"')
    edit(programme, "max_size_ratio = 2 ", "max_size_ratio = 3 ")
    table = tmp_path / "nlca_2022.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    stages = [
        "invited" if n % 7 == 0 else "interested" if n % 5 == 0 else "eligible" for n in range(len(lines))
    ]
    text = "\n".join(
        [f"{lines[0]},reached", *(f"{a},{b}" for a, b in zip(lines[1:], stages[1:], strict=True))]
    )
    table.write_text(text + "\n", encoding="utf-8")
    edit(programme, "[rules]", "[rules]\nallow_unpaired = true")
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(tmp_path / "programme-result"), "--seed", "1", "-q"]) == 0
    flow = json.loads((tmp_path / "programme-result" / "draw.json").read_bytes())["flow"]
    assert flow["invited"] == len(lines) - 1
    assert flow["interested"] == sum(stage != "invited" for stage in stages[1:])
    assert flow["eligible"] == sum(stage == "eligible" for stage in stages[1:])
    assert (
        flow["taking part"]
        == flow["eligible"] - flow["excluded"]
        == flow["paired"] + flow["without a partner"]
    )
    assert flow["intervention"] == 10
    edit(table, ",eligible\n", ",eligble\n")
    assert run(["check", str(programme)]) == 3


def test_check_knows_the_names_of_the_lottery(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Covariates, weights, adjustments and strata that stand for nothing are told together."""
    lottery = LOTTERY.replace('"size"', '"sise"').replace(
        "reserves = 2", "balance_weights = { latitud = 1.0 }"
    )
    programme = write_audit(tmp_path, lottery + 'adjust_for = ["levle"]\n')
    assert run(["check", str(programme)]) == 3
    said = capsys.readouterr().err
    assert "'sise' is no covariate" in said
    assert "'levle' is no covariate" in said
    edit(programme, '"sise"', '"size"')
    edit(programme, '"levle"', '"level"')
    assert run(["check", str(programme)]) == 3
    assert "'latitud' is not balanced on. Did you mean 'latitude'?" in capsys.readouterr().err
    edit(programme, "latitud =", "latitude =")
    assert run(["check", str(programme), "-q"]) == 0


def test_the_demo_draws_15_of_40_pairs_of_the_80_largest(tmp_path: Path) -> None:
    """Nine covariates balanced at least tenfold, chances equal to 1e-6, and the stated choice of trusts."""
    assert run(["demo", "--out", str(tmp_path), "--force", "-q"]) == 0
    result = tmp_path / "ilcop-size-result"
    facts = json.loads((result / "lottery.json").read_bytes())
    assert facts["largest_chance_error"] <= 1e-6
    assert all(abs(chance - 15 / 40) <= 1e-6 for chance in facts["chances"].values())
    assert len(facts["covariates"]["columns"]) == 9
    assert facts["origin"]["mean_score"] * 10 < facts["origin"]["mean_score_unconstrained"]
    assert facts["warnings"] == []
    drawn = [row for row in rows_of(result / "allocation.csv") if row["arm"] == "intervention"]
    assert len(drawn) == 30
    specialists = {"RBV", "REN", "RGM", "RPY"}
    trusts = [row for row in rows_of(tmp_path / "nlca_2022.csv") if row["trust_code"] not in specialists]
    largest = sorted(trusts, key=lambda row: -int(row["patients"]))
    assert int(largest[79]["patients"]) > int(largest[80]["patients"])
    assert set(facts["chances"]) == {row["trust_code"] for row in largest[:80]}


def test_the_same_arm_table_agrees_with_the_pool(drawn: Path) -> None:
    """Each probability is the share of tickets with which the two units are on the same side."""
    with (drawn / "lottery.csv").open(encoding="utf-8", newline="") as file:
        pool = [(int(row["tickets"]), set(row["intervention"].split())) for row in csv.DictReader(file)]
    total = sum(tickets for tickets, _ in pool)
    with (drawn / "same_arm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    units = {row["unit_a"] for row in rows} | {row["unit_b"] for row in rows}
    assert len(rows) == len(units) * (len(units) - 1) // 2
    for row in rows[:: max(1, len(rows) // 50)]:
        same = sum(n for n, taken in pool if (row["unit_a"] in taken) == (row["unit_b"] in taken))
        assert float(row["same_arm"]) == pytest.approx(same / total, abs=2e-9)
