"""Reading a result for display: whole, or refused with everything that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.errors import FileAccessError, InputDataError
from pairing.files.result_folder import read_result_folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's two results."""
    folder = tmp_path_factory.mktemp("results") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def drawn(demo: Path, tmp_path: Path) -> Path:
    """A copy of the result with a lottery, to be spoilt."""
    copy = tmp_path / "result"
    shutil.copytree(demo / "ilcop-size-result", copy)
    return copy


def test_everything_is_read_as_text(drawn: Path) -> None:
    """Tables by their file name, blanks as blanks, and the records."""
    result = read_result_folder(drawn)
    assert len(result.table("pairs.csv")) == 40
    assert set(result.table("pairs.csv")["travel_minutes"]) == {""}
    assert result.table("pairs.csv")["value"].map(type).eq(str).all()
    assert result.draw is not None
    assert result.draw["randomness"] == "seed 2024"
    assert result.missing == ()
    assert result.table("effects.csv").empty


def test_every_problem_is_told_at_once(drawn: Path) -> None:
    """Edited pairs with what to do, a missing table, an edited pool, a broken record of the draw."""
    pairs = drawn / "pairs.csv"
    pairs.write_text(pairs.read_text(encoding="utf-8").replace("P01", "P99"), encoding="utf-8")
    (drawn / "teams.csv").unlink()
    with (drawn / "lottery.csv").open("a", encoding="utf-8") as pool:
        pool.write("1001,1,P01\n")
    (drawn / "draw.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputDataError) as caught:
        read_result_folder(drawn)
    told = [(problem.value or problem.file, problem.message) for problem in caught.value.problems]
    assert [name for name, _ in told] == ["pairs.csv", "teams.csv", "lottery.csv", "draw.json"]
    advice = caught.value.problems[0].advice or ""
    assert "pairing verify" in advice
    assert "--locked" in advice


def test_an_edited_record_is_refused(drawn: Path) -> None:
    """By its seal."""
    record = drawn / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"optimal"', '"perfect"'), encoding="utf-8")
    with pytest.raises(InputDataError, match=r"run\.json.*it was edited"):
        read_result_folder(drawn)


def test_a_lottery_of_other_pairs_is_refused(demo: Path, drawn: Path) -> None:
    """The lottery names the pairs that it was published for."""
    for name in ("lottery.json", "lottery.csv", "draw.json", "allocation.csv", "balance.csv", "same_arm.csv"):
        shutil.copy(drawn / name, drawn / f"kept-{name}")
    other = demo / "programme-result"
    for path in other.iterdir():
        shutil.copy(path, drawn / path.name)
    with pytest.raises(InputDataError, match="for other pairs than those in the folder"):
        read_result_folder(drawn)


def test_an_allocation_without_its_record_is_refused(drawn: Path) -> None:
    """Who was drawn must follow from something."""
    (drawn / "draw.json").unlink()
    with pytest.raises(InputDataError) as caught:
        read_result_folder(drawn)
    assert {problem.value for problem in caught.value.problems} == {
        "allocation.csv",
        "balance.csv",
        "same_arm.csv",
    }


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "there is no such folder"),
        (lambda place: place.write_text("x"), "is a file; give the folder"),
        (lambda place: place.mkdir(), "holds no run.json: it is not a finished result"),
    ],
)
def test_what_is_no_result_is_said_to_be_none(tmp_path: Path, make: object, words: str) -> None:
    """With what was expected."""
    place = tmp_path / "place"
    make(place)  # type: ignore[operator]
    with pytest.raises(FileAccessError, match=words):
        read_result_folder(place)


def test_a_lottery_before_its_pairs_has_no_report_yet(drawn: Path) -> None:
    """The folder of a draw-then-pair lottery that was only published."""
    (drawn / "run.json").unlink()
    with pytest.raises(FileAccessError, match="it is not a finished result"):
        read_result_folder(drawn)
    (drawn / "pairs.csv").unlink()
    with pytest.raises(FileAccessError, match="it is a lottery without pairs"):
        read_result_folder(drawn)
