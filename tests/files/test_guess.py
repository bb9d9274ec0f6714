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


@pytest.mark.parametrize("header", ["Klinik", "team", "site_code"])
def test_ids_of_a_long_table_repeat(tmp_path: Path, header: str) -> None:
    """They are found under any name, though a region stands before them."""
    rows = [f"{region},{team},{name},0.{place}{number},50" for place, name in enumerate(["res", "chemo"], 1)
            for number, (team, region) in enumerate(zip("ABCD", "NNSS", strict=True))]  # fmt: skip
    text = "\n".join([f"region,{header},indicator,value,denominator", *rows])
    teams = tomllib.loads(guess(tmp_path, text).toml_text)["teams"]
    assert (teams["id"], teams["layout"], teams["attributes"]) == (header, "long", ["region"])


def test_column_without_patients_is_no_indicator_beside_others_that_have_them(tmp_path: Path) -> None:
    """It may be anything: a budget share, a year, a rank."""
    text = "id,patients,x,x_n,share\nA,90,0.1,10,0.3\nB,80,0.2,20,0.2\nC,70,0.3,10,0.1\n"
    guessed = guess(tmp_path, text)
    assert [each["column"] for each in tomllib.loads(guessed.toml_text)["indicators"]] == ["x"]
    assert any("'share' is not used" in note for note in guessed.notes)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("Breite", "Länge"),
        ("Breitengrad", "Längengrad"),
        ("Latitud", "Longitud"),
        ("lat", "lng"),
        ("geo_lat", "geo_lon"),
    ],
)
def test_coordinates_are_found_in_several_languages(tmp_path: Path, latitude: str, longitude: str) -> None:
    """They are no indicators then, nor without each other."""
    rows = "A,48.1,11.6,0.1,10\nB,52.5,13.4,0.2,20\nC,53.6,10.0,0.3,30\n"
    settings = tomllib.loads(guess(tmp_path, f"id,{latitude},{longitude},x,x_n\n{rows}").toml_text)
    assert (settings["teams"]["latitude"], settings["teams"]["longitude"]) == (latitude, longitude)
    assert len(settings["indicators"]) == 1
    text = f"id,{latitude},{longitude},size,rate\nA,48.1,11.6,10,0.2\nB,52.5,13.4,20,0.3\n"
    assert [each["column"] for each in tomllib.loads(guess(tmp_path, text).toml_text)["indicators"]] == [
        "rate"
    ]
    text = "id,lat,size,rate\nA,48.1,10,0.2\nB,52.5,20,0.3\n"
    assert [each["column"] for each in tomllib.loads(guess(tmp_path, text).toml_text)["indicators"]] == [
        "rate"
    ]


@pytest.mark.parametrize("names", [("x", "y"), ("width", "Länge")])
def test_columns_that_may_be_anything_are_no_coordinates(tmp_path: Path, names: tuple[str, str]) -> None:
    """Metres on a grid are often called x and y, and "Länge" may be a length of stay."""
    text = f"id,{names[0]},{names[1]},r,r_n\nA,48.1,11.6,0.1,10\nB,52.5,13.4,0.2,20\nC,53.6,10.0,0.3,30\n"
    assert "latitude" not in tomllib.loads(guess(tmp_path, text).toml_text)["teams"]


def test_numbers_that_are_no_degrees_are_no_coordinates(tmp_path: Path) -> None:
    """Metres under a hopeful name would be a problem at the first check."""
    text = "id,lat,lon,x,x_n\nA,403000,512000,0.1,10\nB,413000,502000,0.2,20\n"
    assert "latitude" not in tomllib.loads(guess(tmp_path, text).toml_text)["teams"]


def test_results_of_an_earlier_pairing_are_no_data(tmp_path: Path) -> None:
    """The teams.csv that pairing writes has gains and partners, which are not to be paired on."""
    header = (
        "team,name,pair_id,partner,partner_name,value,gain,level,size,latitude,longitude,indicators_observed"
    )
    rows = [f"{team},N{team},P{i // 2},{partner},N{partner},0.{i}1,0.{i}2,0.{i},9{i},5{i}.1,{i}.2,7"
            for i, (team, partner) in enumerate(zip("ABCD", "BADC", strict=True))]  # fmt: skip
    with pytest.raises(InputDataError, match="no column looks like an indicator"):
        guess(tmp_path, "\n".join([header, *rows]))
    more = [f"{row},0.{i}5,40" for i, row in enumerate(rows)]
    guessed = guess(tmp_path, "\n".join([header + ",x,x_n", *more]))
    settings = tomllib.loads(guessed.toml_text)
    assert [each["column"] for each in settings["indicators"]] == ["x"]
    assert settings["teams"]["attributes"] == []
    assert any("an earlier pairing wrote them" in note and "'gain'" in note for note in guessed.notes)


def test_limits_of_the_rules_are_said_to_be_chosen(tmp_path: Path) -> None:
    """Nobody should take 50 km for something that the table says; limits that are not set are not named."""
    text = "id,lat,lon,patients,x,x_n\nA,48.1,11.6,90,0.1,10\nB,52.5,13.4,80,0.2,20\n"
    (note,) = [note for note in guess(tmp_path, text).notes if "usual defaults" in note]
    assert "50 to 300 km apart, size ratio at most 2, level gap at most 0.5" in note
    (note,) = [
        note for note in guess(tmp_path, "id,x,x_n\nA,0.1,9\nB,0.2,9\n").notes if "usual defaults" in note
    ]
    assert "km" not in note


def test_values_with_standard_errors_are_plain_numbers(tmp_path: Path) -> None:
    """Days of waiting lie between 0 and 100 too, and are no percentages."""
    text = "id,wait,wait_se\nA,12.5,1\nB,20,2\nC,30,1\n"
    assert tomllib.loads(guess(tmp_path, text).toml_text)["indicators"][0]["unit"] == "number"


def test_refusal_names_the_table_as_people_did(tmp_path: Path) -> None:
    """The settings would name it from another folder."""
    path = tmp_path / "t.csv"
    path.write_text("id,words\nA,good\nB,bad\n", encoding="utf-8")
    with pytest.raises(InputDataError) as raised:
        guess_programme(read_table(path), "../t.csv")
    assert raised.value.problems[0].file == str(path)


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


@pytest.mark.parametrize(
    "header",
    [
        "Patients per year",
        "annual patients",
        "patients a year",
        "Cases per year",
        "list size",
        "population",
        "Number of patients per year",
    ],
)
def test_usual_names_of_sizes_are_known(tmp_path: Path, header: str) -> None:
    """A count of a year is a size, and no indicator."""
    text = f"id,{header},x,x_n\nA,90,0.1,10\nB,80,0.2,20\nC,70,0.3,30\nD,60,0.3,30\n"
    settings = tomllib.loads(guess(tmp_path, text).toml_text)
    assert settings["teams"]["size"] == header
    assert [each["column"] for each in settings["indicators"]] == ["x"]


@pytest.mark.parametrize("header", ["patients_seen_within_a_year", "annual_mortality", "year"])
def test_what_only_sounds_like_a_size_is_none(tmp_path: Path, header: str) -> None:
    """A rate of a year is a rate."""
    text = f"id,{header},x,x_n\nA,90,0.1,10\nB,80,0.2,20\nC,70,0.3,30\nD,60,0.3,30\n"
    assert "size" not in tomllib.loads(guess(tmp_path, text).toml_text)["teams"]


@pytest.mark.parametrize("n", [4, 5])
def test_an_odd_number_of_teams_may_leave_one_out(tmp_path: Path, n: int) -> None:
    """Else the guess could never be paired; and it is said, and how three could form a group."""
    rows = [f"{team},0.{number},10" for number, team in enumerate("ABCDE"[:n], 1)]
    guessed = guess(tmp_path, "\n".join(["id,x,x_n", *rows]))
    settings = tomllib.loads(guessed.toml_text)
    assert settings["rules"].get("allow_unpaired", False) is bool(n % 2)
    assert any("5 teams is an odd number" in note for note in guessed.notes) is bool(n % 2)
    assert ('odd = "triad"' in guessed.toml_text) is bool(n % 2)
    assert inspect_programme_text(guessed.toml_text, tmp_path / "programme.toml").loaded is not None
