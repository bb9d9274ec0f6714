"""The tables that reports are made of, and the contacts, as files of a result."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pairing import MaxSizeRatio, MinDistance, load_audit, pair, read_programme
from pairing.cli import run
from pairing.cli.commands.pair import MOST_TEAMS_WITH_PARTNERS
from pairing.data import audit_files
from pairing.files.further_tables import FURTHER_TABLE_NAMES, further_tables
from pairing.planning.frames.partner_table import COLUMNS, MOST_TEAMS
from pairing.verification import verify


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record_of(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return record


def replace_text(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The bundled programme with fifty teams, some of which never got to the last stage; with contacts."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    table = tmp_path / "nlca_2022.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    stages = ["invited", "interested", *["eligible"] * 8]
    kept = [f"{lines[0]},reached,lead_email"]
    for at, line in enumerate(lines[1:51]):
        contact = "" if at == 3 else f"lead{at}@example.org"
        kept.append(f"{line},{stages[at % 10]},{contact}")
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    path = tmp_path / "programme.toml"
    replace_text(path, ("[rules]", "[rules]\nallow_unpaired = true"))
    text = path.read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(text) if line.startswith("exclude"))
    text[first] = 'exclude = ["R0D"]\nstatus = "reached"\ncontact = "lead_email"'
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def result(programme: Path) -> Path:
    """Its result."""
    assert run(["pair", str(programme), "--quiet", "--no-prices"]) == 0
    return programme.parent / "programme-result"


def test_all_tables_are_written_sealed_and_proven(result: Path) -> None:
    """Teams by id, indicators in the order of the programme."""
    record = record_of(result)
    assert set(FURTHER_TABLE_NAMES) <= set(record["files"])
    assert verify(result).passed
    teams = [row["team"] for row in rows_of(result, "teams.csv")]
    indicators = [row["indicator"] for row in rows_of(result, "indicators.csv")]
    profiles = rows_of(result, "profiles.csv")
    assert [row["team"] for row in profiles] == [team for team in teams for _ in indicators]
    assert len(rows_of(result, "random_pairings.csv")) == 1_000
    assert record["random_pairings"]["n_drawn"] == 1_000
    assert record["partners"] == {"n": 5, "priced": True, "why_not": None, "how_to_ask": None}


def test_the_rules_are_told_in_words(result: Path) -> None:
    """In order, each with the pairs that it bans."""
    rules = record_of(result)["rules"]
    assert [rule["key"] for rule in rules][:2] == ["min_distance_km", "max_distance_km"]
    assert rules[0]["sentence"] == "the teams are at least 50 km apart"
    assert all(isinstance(rule["bans"], int) for rule in rules)


def test_recruitment_adds_up(result: Path) -> None:
    """Every team that was listed is counted once on its way to a pair."""
    counts = record_of(result)["recruitment"]
    assert [(each["stage"], each["n_teams"]) for each in counts["stages"]] == [
        ("invited", 50),
        ("interested", 45),
        ("eligible", 40),
    ]
    assert [each["n_teams"] for each in counts["excluded"]] == [5, 5, 1]
    assert counts["excluded"][0]["reason"] == "did not get from 'invited' to 'interested'"
    assert counts["excluded"][2]["teams"] == ["R0D"]
    assert counts["taking_part"] == 39 == counts["paired"] + counts["unpaired"]
    assert counts["pairs"] == len(rows_of(result, "pairs.csv")) == counts["paired"] // 2
    assert counts["unpaired"] == len(rows_of(result, "unpaired.csv"))


def test_contacts_come_last(result: Path) -> None:
    """A blank stays blank; a programme without contacts has no such column."""
    rows = rows_of(result, "teams.csv")
    assert list(rows[0])[-1] == "contact"
    contacts = [row["contact"] for row in rows]
    assert sum(contact.endswith("@example.org") for contact in contacts) >= len(rows) - 1
    replace_text(result.parent / "programme.toml", ('contact = "lead_email"\n', ""))
    assert run(["pair", str(result.parent / "programme.toml"), "--quiet", "--no-prices", "--force"]) == 0
    assert "contact" not in rows_of(result, "teams.csv")[0]


def test_an_unknown_column_of_contacts_is_a_problem(
    programme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the nearest name."""
    replace_text(programme, ('contact = "lead_email"', 'contact = "leed_email"'))
    assert run(["check", str(programme)]) == 3
    told = capsys.readouterr()
    assert "'leed_email'" in told.out + told.err
    assert "lead_email" in told.out + told.err


def test_contacts_are_guessed_by_their_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column "contact", or one whose name ends with "email", is whom to write to and nothing else."""
    table = tmp_path / "teams.csv"
    lines = audit_files()["nlca_2022.csv"].decode("utf-8").splitlines()
    extended = [
        f"{lines[0]},Lead e-mail",
        *(f"{line},x{at}@example.org" for at, line in enumerate(lines[1:])),
    ]
    table.write_text("\n".join(extended) + "\n", encoding="utf-8")
    assert run(["init", str(tmp_path / "new"), "--from", str(table)]) == 0 or run(["init", str(table)]) == 0
    found = next(tmp_path.rglob("programme.toml"))
    assert 'contact = "Lead e-mail"' in found.read_text(encoding="utf-8")
    assert read_programme(found).cohort.contact == "Lead e-mail"
    assert "contacts: column 'Lead e-mail'" in "".join(capsys.readouterr())


def test_partners_that_are_not_wanted_leave_a_header(programme: Path) -> None:
    """The record says why, and how to ask; the result is proven all the same."""
    folder = programme.parent / "bare"
    assert run(["pair", str(programme), "-o", str(folder), "--quiet", "--no-prices", "--no-partners"]) == 0
    assert (folder / "partners.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"
    said = record_of(folder)["partners"]
    assert (said["priced"], said["why_not"]) == (False, "they were not asked for")
    assert "--partners" in said["how_to_ask"]
    verification = verify(folder)
    assert verification.passed
    assert "other partners are not priced" in verification.summary()
    assert MOST_TEAMS_WITH_PARTNERS == MOST_TEAMS


def test_plans_without_prices_say_so(programme: Path) -> None:
    """By levels of objectives: no way to ask for what has no meaning."""
    replace_text(programme, ("[rules]", '[objective]\norder = ["worst", "total"]\n\n[rules]'))
    assert run(["pair", str(programme), "--quiet"]) == 0
    folder = programme.parent / "programme-result"
    said = record_of(folder)["partners"]
    assert "by levels of objectives" in said["why_not"]
    assert said["how_to_ask"] is None
    assert verify(folder).passed


def test_the_same_bytes_whatever_the_order_of_rows(programme: Path, result: Path, tmp_path: Path) -> None:
    """Shuffled rows give the same tables."""
    other = tmp_path / "other"
    other.mkdir()
    for name in ("programme.toml", "nlca_2022.csv"):
        shutil.copy(programme.parent / name, other / name)
    lines = (other / "nlca_2022.csv").read_text(encoding="utf-8").splitlines()
    (other / "nlca_2022.csv").write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n", encoding="utf-8")
    assert run(["pair", str(other / "programme.toml"), "--quiet", "--no-prices"]) == 0
    for name in (*FURTHER_TABLE_NAMES, "teams.csv", "pairs.csv"):
        assert (other / "programme-result" / name).read_bytes() == (result / name).read_bytes()


def test_every_stage_tells_how_far_it_is() -> None:
    """Random pairings have a bar of their own, and so have the next-best partners."""
    pairing = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    heard: list[tuple[str, int, int]] = []
    further_tables(pairing, partners=True, n_random=3, progress=lambda *told: heard.append(told))
    assert [told for told in heard if told[0] == "Drawing random pairings"] == [
        ("Drawing random pairings", done, 3) for done in (1, 2, 3)
    ]
    assert ("Pricing the next-best partners", 120, 120) in heard
