"""A table without settings gets settings that read back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import pairing.data
from pairing.errors import InputDataError
from pairing.files.guess import GuessedProgramme, guess_programme, starter_files
from pairing.files.programme import inspect_programme_text, read_programme
from pairing.files.tables import read_table

AUDIT = Path(pairing.data.__path__[0]) / "nlca_2022.csv"


def guess(folder: Path, text: str) -> GuessedProgramme:
    """Guess the settings for the text of a table."""
    path = folder / "teams.csv"
    path.write_text(text, encoding="utf-8")
    return guess_programme(read_table(path), "teams.csv")


def test_bundled_audit_is_understood() -> None:
    """Every column has its role, and adjusted rates come with their raw ones."""
    guessed = guess_programme(read_table(AUDIT), AUDIT.name)
    settings = tomllib.loads(guessed.toml_text)
    teams = settings["teams"]
    assert (teams["id"], teams["name"], teams["size"]) == ("trust_code", "trust_name", "patients")
    assert (teams["latitude"], teams["longitude"]) == ("latitude", "longitude")
    assert teams["attributes"] == settings["rules"]["different"] == ["cancer_alliance"]
    found = [(each["column"], each["denominator"], each.get("unadjusted")) for each in settings["indicators"]]
    stems = [
        "nsclc_resection",
        "sclc_chemotherapy",
        "curative_stage_1_2",
        "curative_stage_3a",
        "sact_stage_3b_4",
    ]
    assert found == [
        ("pathological_confirmation", "pathological_confirmation_n", None),
        *[(f"{stem}_adj", f"{stem}_n", stem) for stem in stems],
        ("seen_by_nurse_specialist", "seen_by_nurse_specialist_n", None),
    ]
    loaded = inspect_programme_text(guessed.toml_text, AUDIT.with_name("programme.toml")).loaded
    assert loaded is not None
    assert len(loaded.cohort) == 124


@pytest.mark.parametrize("header", ["Procode", "Org_Code", "ODS Code", "AreaCode", "practice_code", "team"])
def test_usual_names_of_ids_are_known(tmp_path: Path, header: str) -> None:
    """They need not stand first."""
    text = f"rate,rate_n,{header}\n0.1,10,A\n0.2,20,B\n0.3,30,C\n"
    assert tomllib.loads(guess(tmp_path, text).toml_text)["teams"]["id"] == header


def test_postcode_is_no_id(tmp_path: Path) -> None:
    """It ends in "code" and is often unique, and is the place of several sites."""
    text = "postcode,site_id,x,x_n\nAA1,A,0.1,10\nAB1,B,0.2,20\nAC1,C,0.3,30\n"
    assert tomllib.loads(guess(tmp_path, text).toml_text)["teams"]["id"] == "site_id"


def test_percentages_standard_errors_and_direction_are_told(tmp_path: Path) -> None:
    """What was guessed is said, so that a person can correct it."""
    text = "id,mortality,mortality_n,days,days_se\nA,10,90,200,3\nB,20,80,300,4\nC,12,70,250,5\n"
    guessed = guess(tmp_path, text)
    mortality, days = tomllib.loads(guessed.toml_text)["indicators"]
    assert (mortality["unit"], mortality["higher_is_better"]) == ("percent", False)
    assert (days["unit"], days["standard_error"]) == ("number", "days_se")
    assert any("lower is better" in note for note in guessed.notes)


def test_size_stands_in_for_patients_and_says_so(tmp_path: Path) -> None:
    """Practices have list sizes and no denominators of their own."""
    guessed = guess(tmp_path, "practice_code,list_size,bp\nA,900,71\nB,800,80\nC,700,90\n")
    assert tomllib.loads(guessed.toml_text)["indicators"][0]["denominator"] == "list_size"
    assert any("understates the noise" in note for note in guessed.notes)


def test_rules_come_only_for_what_the_table_has(tmp_path: Path) -> None:
    """Without places there is no distance, and a region that most teams share is not to differ in."""
    text = "id,region,x,x_n\nA,N,0.1,10\nB,N,0.2,10\nC,N,0.3,10\nD,S,0.4,10\n"
    assert tomllib.loads(guess(tmp_path, text).toml_text)["rules"] == {"max_level_gap": 0.5}


def test_names_that_need_quotes_survive(tmp_path: Path) -> None:
    """Column names are data."""
    text = 'id,"rate ""a"" \\ é","n_rate ""a"" \\ é"\nA,0.1,10\nB,0.2,20\n'
    guessed = guess(tmp_path, text)
    assert tomllib.loads(guessed.toml_text)["indicators"][0]["column"] == 'rate "a" \\ é'


def test_long_table_is_recognised(tmp_path: Path) -> None:
    """Ids repeat there; the settings read back."""
    rows = [f"{t},{r},{k},0.{i + j},50" for i, (t, r) in enumerate(zip("ABCD", "NNSS", strict=True), 1)
            for j, k in enumerate(["res", "chemo"])]  # fmt: skip
    guessed = guess(tmp_path, "\n".join(["Team,region,indicator,value,denominator", *rows]))
    loaded = inspect_programme_text(guessed.toml_text, tmp_path / "programme.toml").loaded
    assert loaded is not None
    assert loaded.cohort.ids == ("A", "B", "C", "D")
    assert loaded.programme.rules.different == ("region",)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("region,x,x_n\nN,0.1,10\nN,0.2,10\nN,0.1,10\n", "no column looks like ids"),
        ("id,words\nA,good\nB,bad\n", "no column looks like an indicator"),
    ],
)
def test_what_cannot_be_guessed_is_refused(tmp_path: Path, text: str, part: str) -> None:
    """A guess without ids or indicators would be no help."""
    with pytest.raises(InputDataError, match=part):
        guess(tmp_path, text)


def test_starter_files_are_a_programme_of_made_up_teams(tmp_path: Path) -> None:
    """They load without problem or warning, and say that the teams are synthetic."""
    for name, content in starter_files().items():
        (tmp_path / name).write_bytes(content)
    loaded = read_programme(tmp_path / "programme.toml")
    assert len(loaded.cohort) == 16
    assert loaded.warnings == ()
    assert "synthetic" in (tmp_path / "programme.toml").read_text(encoding="utf-8")
