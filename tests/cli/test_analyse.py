"""Analysing outcomes by the lottery that was drawn, and the outcomes that are refused."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import permutation_test

from pairing.cli import run
from pairing.data import audit_files
from pairing.files.run_record import seal

LOTTERY = """
[lottery]
intervention_pairs = 15
{balance}

[analysis]
{analysis}
"""
BALANCED = 'balance_on = ["profile.nsclc_resection_adj", "size"]\ncandidates = 10_000'


def drawn_audit(folder: Path, balance: str, analysis: str, rules: str = "") -> Path:
    """Pair the audit and draw from its lottery; give the result."""
    folder.mkdir()
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    programme = folder / "programme.toml"
    text = programme.read_text(encoding="utf-8").replace("[rules]", f"[rules]\n{rules}")
    programme.write_text(text + LOTTERY.format(balance=balance, analysis=analysis), encoding="utf-8")
    assert run(["pair", str(programme), "-q"]) == 0
    assert run(["allocate", str(folder / "programme-result"), "--seed", "7", "-q"]) == 0
    return folder / "programme-result"


@pytest.fixture(scope="module")
def analysed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn lottery with a plan: two outcomes, adjusted for a profile and size."""
    plan = (
        'outcomes = ["rate", "days"]\nprimary = "rate"\nadjust_for = ["profile.nsclc_resection_adj", "size"]'
    )
    return drawn_audit(tmp_path_factory.mktemp("analyse") / "audit", BALANCED, plan)


@pytest.fixture
def result(analysed_once: Path, tmp_path: Path) -> Path:
    """A drawn lottery of one's own."""
    return Path(shutil.copytree(analysed_once.parent, tmp_path / "audit")) / "programme-result"


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def simulated(result: Path, effect: float) -> dict[str, tuple[float, float]]:
    """Outcomes of every team: noise, and an effect on the first for those who were drawn."""
    rng = np.random.default_rng(11)
    return {
        row["team"]: (effect * (row["arm"] == "intervention") + rng.normal(), rng.normal())
        for row in rows_of(result / "allocation.csv")
    }


def write_outcomes(path: Path, outcomes: dict[str, tuple[float, float]]) -> Path:
    """Write outcomes as a table."""
    lines = [f"{team},{rate:.6f},{days:.6f}" for team, (rate, days) in outcomes.items()]
    path.write_text("\n".join(["team,rate,days", *lines]) + "\n", encoding="utf-8")
    return path


def test_effects_have_the_columns_of_the_contract(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row an outcome, then adjusted ones; a strong effect is found, its interval holds it."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 2.0))
    assert run(["analyse", str(result), str(file)]) == 0
    said = capsys.readouterr().out
    assert "What is estimated: The average, over 120 teams in 60 pairs" in said
    assert "Primary outcome: rate." in said
    header = (result / "effects.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "outcome,n,estimate,low,high,p_value,adjusted_for,design"
    rows = rows_of(result / "effects.csv")
    assert [row["outcome"] for row in rows] == ["rate", "days", "rate", "days"]
    assert [row["adjusted_for"] for row in rows] == ["", "", *["profile.nsclc_resection_adj; size"] * 2]
    assert {row["n"] for row in rows} == {"120"}
    assert float(rows[0]["low"]) < 2.0 < float(rows[0]["high"])
    assert float(rows[0]["p_value"]) < 0.01 < float(rows[1]["p_value"])
    assert rows_of(result / "effects_details.csv")[0]["p_family"] != ""
    assert run(["verify", str(result), "-q"]) == 0


def test_the_estimate_is_that_of_the_pairs_drawn(result: Path) -> None:
    """By hand: the difference between the arms' means of pair means, and the share of tickets as extreme."""
    outcomes = simulated(result, 0.5)
    file = write_outcomes(result.parent / "outcomes.csv", outcomes)
    assert run(["analyse", str(result), str(file), "-q"]) == 0
    pairs = {row["pair_id"]: (row["team_a"], row["team_b"]) for row in rows_of(result / "pairs.csv")}
    rate = {team: round(value[0], 6) for team, value in outcomes.items()}
    mean = {pair: (rate[a] + rate[b]) / 2 for pair, (a, b) in pairs.items()}

    def difference(chosen: set[str]) -> float:
        arms = [[mean[pair] for pair in pairs if (pair in chosen) == inside] for inside in (True, False)]
        return float(np.mean(arms[0]) - np.mean(arms[1]))

    draws = [
        (int(row["tickets"]), set(row["intervention"].split())) for row in rows_of(result / "lottery.csv")
    ]
    rows = rows_of(result / "allocation.csv")
    observed = difference({row["pair_id"] for row in rows if row["arm"] == "intervention"})
    as_extreme = sum(n for n, chosen in draws if abs(difference(chosen)) >= abs(observed) - 1e-9)
    found = rows_of(result / "effects.csv")[0]
    assert float(found["estimate"]) == pytest.approx(observed)
    assert float(found["p_value"]) == pytest.approx(as_extreme / sum(n for n, _ in draws))


def test_an_unlisted_lottery_is_sampled_and_agrees_with_scipy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a pool the seed follows from what was published; the p-value is that of a permutation."""
    result = drawn_audit(tmp_path / "audit", "", 'alternative = "greater"')
    outcomes = simulated(result, 0.4)
    file = write_outcomes(tmp_path / "outcomes.csv", outcomes)
    assert run(["analyse", str(result), str(file)]) == 0
    seed = int(json.loads((result / "lottery.json").read_bytes())["sha256"][:12], 16)
    assert f"a sample of 19,999 draws by seed {seed}, which follows from" in capsys.readouterr().out
    first = [(row["sampled_draws"], row["seed"]) for row in rows_of(result / "effects_details.csv")]
    assert first == [("19999", str(seed))] * 2
    before = (result / "effects.csv").read_bytes()
    again = ["analyse", str(result), str(file), "--force"]
    assert run([*again, "--seed", "0"]) == 0
    assert "by seed 0, given with --seed" in capsys.readouterr().out
    assert {row["seed"] for row in rows_of(result / "effects_details.csv")} == {"0"}
    assert (result / "effects.csv").read_bytes() != before
    assert run([*again, "-q"]) == 0
    assert (result / "effects.csv").read_bytes() == before
    by_pair: dict[str, list[float]] = {}
    arm_of = {}
    for row in rows_of(result / "allocation.csv"):
        by_pair.setdefault(row["pair_id"], []).append(outcomes[row["team"]][0])
        arm_of[row["pair_id"]] = row["arm"]
    arms = [[np.mean(by_pair[p]) for p in by_pair if arm_of[p] == arm] for arm in ("intervention", "control")]
    other = permutation_test(
        arms,
        lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis),
        alternative="greater",
        n_resamples=19_999,
        rng=np.random.default_rng(3),
        vectorized=True,
    )
    assert float(rows_of(result / "effects.csv")[0]["p_value"]) == pytest.approx(other.pvalue, abs=0.012)


def test_json_and_stdout(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table may go to stdout; --json prints one object that holds everything."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 1.0))
    assert run(["analyse", str(result), str(file), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["alpha"] == 0.05
    assert facts["effects"][0]["outcome"] == "rate"
    assert facts["effects"][2]["p_studentised"] is None
    assert (facts["sampled_draws"], facts["seed"]) == (None, None)
    assert {row["seed"] for row in rows_of(result / "effects_details.csv")} == {""}
    assert run(["analyse", str(result), str(file), "-q"]) == 2
    assert run(["analyse", str(result), str(file), "-q", "--force"]) == 0
    assert run(["analyse", str(result), str(file), "-o", "-"]) == 0


KEPT = [
    *("outcomes.csv", "programme.toml", "nlca_2022.csv"),
    *(
        f"programme-result/{name}"
        for name in (
            *("pairs.csv", "teams.csv", "unpaired.csv", "run.json", "lottery.json", "lottery.csv"),
            *("allocation.csv", "balance.csv", "draw.json", "replacements.csv"),
        )
    ),
]


def test_inputs_and_results_are_never_overwritten(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not as the effects and not as their details, whatever --force says; and no folder is replaced."""
    audit = result.parent
    file = write_outcomes(audit / "outcomes.csv", simulated(result, 0.0))
    drawn = json.loads((result / "draw.json").read_bytes())["intervention"]
    assert run(["allocate", str(result), "--dropped", drawn[0], "-q"]) == 0
    before = {path: path.read_bytes() for path in audit.rglob("*") if path.is_file()}
    for name in KEPT:
        assert run(["analyse", str(result), str(file), "-o", str(audit / name), "--force", "-q"]) == 2, name
        assert "would be overwritten" in capsys.readouterr().err
    aside = audit / "x_details.csv"
    file.rename(aside)
    assert run(["analyse", str(result), str(aside), "-o", str(audit / "x.csv"), "--force", "-q"]) == 2
    aside.rename(file)
    assert run(["analyse", str(result), str(file), "-o", str(result), "--force", "-q"]) == 5
    other = Path(shutil.copytree(result, audit / "other"))
    before |= {path: path.read_bytes() for path in other.iterdir()}
    assert run(["analyse", str(result), str(file), "-o", str(other / "run.json"), "--force", "-q"]) == 2
    assert {path: path.read_bytes() for path in audit.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("there", ["effects.csv", "effects_details.csv"])
def test_effects_are_written_together_or_not_at_all(result: Path, there: str) -> None:
    """A file that is there already keeps both from being written."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 0.0))
    (result / there).write_text("mine", encoding="utf-8")
    assert run(["analyse", str(result), str(file), "-q"]) == 2
    assert [path.name for path in result.glob("effects*")] == [there]
    assert (result / there).read_text(encoding="utf-8") == "mine"
    assert run(["analyse", str(result), str(file), "-q", "--force"]) == 0
    assert len(list(result.glob("effects*"))) == 2


def test_a_seed_that_has_no_use_is_told(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where every draw is listed there is no sample, and nobody should think that there was."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 0.0))
    assert run(["analyse", str(result), str(file), "--seed", "5"]) == 0
    said = capsys.readouterr()
    assert "--seed was not needed" in said.err
    draws = len(rows_of(result / "lottery.csv"))
    assert f"Compared with all {draws:,} draws that could have happened." in said.out


def test_teams_outside_the_lottery_are_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A team of the programme without a partner may have outcomes; it is told that they are not used."""
    result = drawn_audit(tmp_path / "audit", "", "", rules='allow_unpaired = true\nforbid = [["R0A", "R0B"]]')
    programme = result.parent / "programme.toml"
    text = programme.read_text(encoding="utf-8").replace("max_size_ratio = 2 ", "max_size_ratio = 1.3 ")
    programme.write_text(text, encoding="utf-8")
    again = result.parent / "again"
    assert run(["pair", str(programme), "-o", str(again), "-q"]) == 0
    assert run(["allocate", str(again), "--seed", "1", "-q"]) == 0
    left_out = [row["team"] for row in rows_of(again / "unpaired.csv")]
    assert left_out
    outcomes = simulated(again, 0.0) | {left_out[0]: (99.0, 99.0)}
    file = write_outcomes(tmp_path / "outcomes.csv", outcomes)
    capsys.readouterr()
    assert run(["analyse", str(again), str(file), "--seed", "1"]) == 0
    assert f"not in the lottery and passed over: {left_out[0]}" in capsys.readouterr().err
    assert rows_of(again / "effects.csv")[0]["n"] == str(120 - len(left_out))


Change = Callable[[Path, Path], None]


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def exchange_two_pairs(result: Path) -> None:
    """Exchange the arms of one drawn and one other pair."""
    rows = rows_of(result / "allocation.csv")
    pair = {
        arm: next(row["pair_id"] for row in rows if row["arm"] == arm) for arm in ("intervention", "control")
    }
    swap = {pair["intervention"]: "control", pair["control"]: "intervention"}
    lines = [f"{row['team']},{row['pair_id']},{swap.get(row['pair_id'], row['arm'])}" for row in rows]
    (result / "allocation.csv").write_text("team,pair_id,arm\n" + "\n".join(lines) + "\n", encoding="utf-8")


def another_draw(result: Path) -> None:
    """Put another draw of the same pool in place of the one that was drawn."""
    rows, record = rows_of(result / "allocation.csv"), json.loads((result / "draw.json").read_bytes())
    chosen = rows_of(result / "lottery.csv")[record["draw"] % 5]["intervention"].split()
    arms = ["intervention" if row["pair_id"] in chosen else "control" for row in rows]
    lines = [f"{row['team']},{row['pair_id']},{arm}" for row, arm in zip(rows, arms, strict=True)]
    (result / "allocation.csv").write_text("team,pair_id,arm\n" + "\n".join(lines) + "\n", encoding="utf-8")


def sealed_anew(name: str, **changed: object) -> Change:
    """Change a record, and seal it anew."""

    def change(result: Path, _: Path) -> None:
        record = json.loads((result / name).read_bytes()) | changed
        record["sha256"] = seal(record)
        (result / name).write_text(json.dumps(record), encoding="utf-8")

    return change


def other_plan(result: Path) -> None:
    """Change the published plan, and seal the publication anew."""
    record = json.loads((result / "lottery.json").read_bytes())
    record["analysis"]["plan"] = record["analysis"]["plan"].replace("two-sided", "greater")
    record["sha256"] = seal(record)
    (result / "lottery.json").write_text(json.dumps(record), encoding="utf-8")


def set_file(text: str) -> Change:
    """Replace the outcomes."""
    return lambda _, outcomes: outcomes.write_text(text, encoding="utf-8") and None


def in_outcomes(old: str, new: str) -> Change:
    """Edit the outcomes."""
    return lambda _, outcomes: edit(outcomes, old, new)


def in_file(name: str, old: str, new: str) -> Change:
    """Edit a file of the result, or beside it."""
    return lambda result, _: edit(result / name, old, new)


def without(name: str) -> Change:
    """Remove a file of the result."""
    return lambda result, _: (result / name).unlink()


REFUSED: list[tuple[str, Change, int, str]] = [
    ("an unknown team", in_outcomes("R0A,", "R0X,"), 3, "row 2, column 'team': 'R0X' is no team"),
    ("a team twice", in_outcomes("R0B,", "R0A,"), 3, "row 3, column 'team': 'R0A' is already on row 2"),
    ("a blank team", in_outcomes("R0A,", ","), 3, "row 2, column 'team': the team is blank"),
    ("no number", in_outcomes("R0A,", "R0A,x"), 3, "row 2, column 'rate': 'x"),
    ("infinite", set_file("team,rate,days\nR0A,inf,1\n"), 3, "row 2, column 'rate': 'inf'"),
    ("an outcome missing", in_outcomes("days", "nights"), 3, "named as an outcome of the plan"),
    ("no team column", in_outcomes("team", "trust"), 3, "there is no such column"),
    ("an empty file", set_file(""), 3, "the file is empty"),
    ("nothing but names", set_file("team,rate,days\nR0A,,\n"), 3, "has no outcome in both arms"),
    ("no file", lambda _, file: file.unlink(), 5, "there is no such file"),
    ("no allocation", without("allocation.csv"), 5, "nothing was drawn there yet"),
    ("no lottery", without("lottery.json"), 5, "no lottery was published there"),
    ("an impossible draw", lambda result, _: exchange_two_pairs(result), 3, "this is not what was drawn: P"),
    ("another draw", lambda result, _: another_draw(result), 3, "allocation.csv: this is not what was drawn"),
    ("other line ends", in_file("allocation.csv", "\n", "\n\n"), 3, "this was changed since it was drawn"),
    ("no record of the draw", without("draw.json"), 5, "which says how allocation.csv was drawn"),
    ("an edited record", in_file("draw.json", '"seed 7"', '"seed 8"'), 3, "it was edited"),
    ("another seed", sealed_anew("draw.json", randomness="seed 8"), 3, "this is not what was drawn: P"),
    ("another lottery", sealed_anew("lottery.json", warnings=["!"]), 3, "a draw from another lottery"),
    (
        "half a pair",
        in_file("allocation.csv", "R0A,P01,control", "R0A,P01,intervention"),
        3,
        "is in two arms",
    ),
    ("no such arm", in_file("allocation.csv", "control", "kontrol"), 3, "'kontrol' is no arm"),
    ("an unknown drawn team", in_file("allocation.csv", "R0A", "R0X"), 3, "'R0A' is missing from"),
    ("edited tickets", in_file("lottery.csv", "\n1,", "\n1,9"), 3, "the pool was changed"),
    ("another plan", lambda result, _: other_plan(result), 3, "SHA-256 of the analysis plan"),
    ("changed inputs", in_file("../nlca_2022.csv", "0.82133,83", "0.9,83"), 3, "was changed since"),
]


@pytest.mark.parametrize(
    ("change", "code", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_cannot_be_analysed_is_refused(
    result: Path, capsys: pytest.CaptureFixture[str], change: Change, code: int, said: str
) -> None:
    """Each fault with its place, its exit code, and no effects.csv."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 0.0))
    change(result, file)
    assert run(["analyse", str(result), str(file)]) == code
    assert said in capsys.readouterr().err
    assert not (result / "effects.csv").exists()


def test_every_problem_of_the_outcomes_is_told_at_once(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown team, a repeated one and a bad number in one go."""
    file = write_outcomes(result.parent / "outcomes.csv", simulated(result, 0.0))
    edit(file, "R0A,", "R0X,")
    edit(file, "R0D,", "R0B,")
    edit(file, "R1F,", "R1F,?")
    assert run(["analyse", str(result), str(file), "--json"]) == 3
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["row"] for problem in problems] == [2, 4, 5]
