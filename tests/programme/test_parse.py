"""Settings are read strictly, told about completely, and written back as they are."""

from __future__ import annotations

import json
import tomllib

import pytest

from pairing.programme import Programme, ProgrammeDraft, parse_programme, programme_to_dict

MINIMAL = """
[teams]
file = "teams.csv"
id = "team"
[[indicators]]
column = "x"
denominator = "n"
"""
FULL = """
[teams]
file = "teams.xlsx"
id = "team"
name = "name"
size = "beds"
latitude = "lat"
longitude = "lon"
attributes = ["region"]
exclude = ["007"]
layout = "wide"
sheet = "Teams"
[[indicators]]
column = "x"
denominator = "n"
unadjusted = "raw"
label = "An indicator"
weight = 2
target = 20
unit = "percent"
capped = "missing"
[[indicators]]
column = "y"
standard_error = "y_se"
unit = "number"
higher_is_better = false
[rules]
min_distance_km = 10
max_distance_km = 300.5
max_travel_minutes = 90
travel_table = "travel.csv"
not_nearest = 2
max_size_ratio = 1.5
max_level_gap = 0.5
different = ["region"]
same = ["country"]
calipers = { age = 3, beds = 0.5 }
forbid = [["A", "B"]]
require = [["C", " D "]]
previous = "round1/pairs.csv"
allow_unpaired = true
missing = "permit"
[objective]
order = ["total"]
preferences = { travel_per_100_km = 0.05, size_difference = 0.1, level_gap = 0.2 }
[profiles]
dispersion = 1.2
[lottery]
design = "pair-then-draw"
intervention_pairs = 15
balance_on = ["beds"]
candidates = 1000
keep = 0.1
"""


def parse(text: str) -> ProgrammeDraft:
    """Read the text of settings."""
    return parse_programme(tomllib.loads(text))


def programme(text: str) -> Programme:
    """Read the text of settings that have no problem."""
    draft = parse(text)
    assert draft.problems == ()
    assert draft.programme is not None
    return draft.programme


def test_defaults_are_those_of_the_design() -> None:
    """Nothing is banned, nobody stays unpaired, the total is maximised."""
    settings = programme(MINIMAL)
    assert (settings.rules.allow_unpaired, settings.rules.missing) == (False, "error")
    assert settings.rules.min_distance_km is None
    assert settings.objective.order == ("total",)
    assert settings.profiles.dispersion == 1.0
    assert settings.lottery is None


def test_every_key_is_read() -> None:
    """Every key of the contract arrives, with ids as text and without blanks around them."""
    settings = programme(FULL)
    assert settings.teams.exclude == ("007",)
    assert settings.rules.require == (("C", "D"),)
    assert settings.rules.previous == ("round1/pairs.csv",)
    assert settings.rules.calipers == {"age": 3.0, "beds": 0.5}
    assert settings.objective.preferences.level_gap == 0.2
    assert settings.lottery is not None
    assert settings.lottery.intervention_pairs == 15
    assert parse(FULL).indicators[0].scaled_target == 0.2


@pytest.mark.parametrize("text", [MINIMAL, FULL], ids=["minimal", "full"])
def test_dictionary_reads_back_as_the_same_programme(text: str) -> None:
    """What run.json holds is the programme, through JSON and back."""
    settings = programme(text)
    stored = json.loads(json.dumps(programme_to_dict(settings), allow_nan=False))
    assert parse_programme(stored).programme == settings


def test_settings_cannot_be_changed() -> None:
    """A programme is decided once."""
    with pytest.raises(ValueError, match="frozen"):
        programme(MINIMAL).rules.max_size_ratio = 3.0


def test_usable_sections_survive_a_bad_one() -> None:
    """The table can be checked even if the rules are wrong."""
    draft = parse(MINIMAL + '[[indicators]]\ncolumn = "y"\n[rules]\nmissing = 3\n')
    assert draft.programme is None
    assert draft.rules is not None
    assert draft.rules.missing == "error"
    assert draft.teams is not None
    assert [indicator.column for indicator in draft.indicators] == ["x"]
    assert len(draft.problems) == 2


@pytest.mark.parametrize(
    ("added", "column", "part"),
    [
        ("[rules]\nallow_unpaired = 1\n", "rules.allow_unpaired", "expected true or false"),
        ("[rules]\nnot_nearest = 0\n", "rules.not_nearest", "expected at least 1"),
        ("[rules]\nnot_nearest = 2.0\n", "rules.not_nearest", "a whole number"),
        ("[rules]\nmin_distance_km = -1\n", "rules.min_distance_km", "expected at least 0"),
        ("[rules]\nmax_level_gap = true\n", "rules.max_level_gap", "'true' is not a number"),
        ('[rules]\ndifferent = "region"\n', "rules.different", "a list in square brackets"),
        ('[rules]\ndifferent = [""]\n', "rules.different[1]", "is empty"),
        ('[rules]\ncalipers = { age = "3" }\n', "rules.calipers.age", "Write it without quotes"),
        ("[rules]\nforbid = [[7, 8]]\n", "rules.forbid[1][1]", 'Put it in quotes: "7"'),
        ("[profiles]\ndispersion = 0\n", "profiles.dispersion", "a number above 0"),
        ("[objective]\norder = []\n", "objective.order", "is an empty list"),
        (
            '[objective]\norder = ["total", "fairest"]\n',
            "objective.order",
            'write order = ["worst", "total"]',
        ),
        ('[objective]\norder = ["wurst"]\n', "objective.order[1]", "Did you mean 'worst'?"),
        (
            "[objective]\npreferences = { travel = 1 }\n",
            "objective.preferences.travel",
            "'travel_per_100_km'",
        ),
        ("lottery = 3\n", "lottery", "is not a table"),
        ("rules = 3\n", "rules", "is not a table"),
    ],
)
def test_each_kind_of_fault_has_its_sentence(added: str, column: str, part: str) -> None:
    """No fault is told in the words of the library that found it."""
    text = added + MINIMAL if added.startswith(("lottery", "rules")) else MINIMAL + added
    found = [str(problem) for problem in parse(text).problems if problem.column == column]
    assert found, [str(problem) for problem in parse(text).problems]
    assert part in found[0]


def test_single_brackets_around_indicators_are_explained() -> None:
    """The usual slip in TOML."""
    text = MINIMAL.replace("[[indicators]]", "[indicators]")
    assert "two brackets" in str(parse(text).problems[0])


def test_the_fairest_plan_may_be_asked_for() -> None:
    """Alone, as text or as a list."""
    for order in ('"fairest"', '["fairest"]'):
        draft = parse(MINIMAL + f"[objective]\norder = {order}\n")
        assert draft.problems == ()
        assert draft.programme is not None
        assert draft.programme.objective.order == ("fairest",)


def test_required_pair_may_be_named_twice() -> None:
    """The same pair the other way round is no contradiction."""
    assert parse(MINIMAL + '[rules]\nrequire = [["A", "B"], ["B", "A"]]\n').problems == ()


def test_questions_are_a_list_of_texts() -> None:
    """They arrive as they are written; every fault of theirs is told by its place."""
    asked = MINIMAL + 'questions = ["Who?", " How <b>? "]\n'
    assert programme(asked).indicators[0].questions == ("Who?", "How <b>?")
    assert programme(MINIMAL).indicators[0].questions == ()
    faults = parse(MINIMAL + 'questions = ["", 3]\n').problems
    assert [problem.column for problem in faults] == [
        "indicators[1].questions[1]",
        "indicators[1].questions[2]",
    ]
    assert "expected a list in square brackets" in str(parse(MINIMAL + 'questions = "Who?"\n').problems[0])
