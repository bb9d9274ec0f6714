"""What the sections say, worked out by hand from small tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pairing.files.result_folder import ResultFolder
from pairing.report.audit import audit
from pairing.report.balance import balance
from pairing.report.cards import MOST_LINES, cards
from pairing.report.effects import effects
from pairing.report.facts import Facts
from pairing.report.quality import quality
from pairing.report.settings import settings
from pairing.report.strips import Scale
from pairing.report.teams import pair_rows, team_rows
from pairing.report.unpaired import unpaired

RECORD = {
    "version": "0",
    "status": "optimal",
    "n_teams": 3,
    "n_permitted_pairs": 2,
    "total_value": 0.5,
    "bound": 0.5,
    "gap": 0.0,
    "objective": ["total"],
    "settings": {"rules": {"max_level_gap": 0.5, "max_distance_km": None, "forbid": [["A", "B"]]}},
    "rules": [{"key": "max_level_gap", "sentence": "overall levels at most 0.5 SD apart", "bans": 1}],
    "random_pairings": {"n": 3, "seed": 7, "how": "by chance", "notes": ["few of them"]},
    "files": {},
    "inputs": [],
    "sha256": "f",
}


def table(text: str) -> pd.DataFrame:
    """A table from lines of cells with blanks between them; "." is an empty cell."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame([["" if cell == "." else cell for cell in row] for row in rows], columns=header)


TABLES = {
    "pairs.csv": table(
        """
        pair_id team_a team_b value gain_a gain_b level_gap size_a size_b size_ratio distance_km travel_minutes probability_gap_over_cap probability_neither_dominates
        P01 A B 0.5 0.6 0.7 0.1 100 50 2.0 123.4 . 0.25 0.9996
        """  # noqa: E501 - a row a line
    ),
    "teams.csv": table(
        """
        team name pair_id partner value gain level size latitude longitude indicators_observed
        A Alpha P01 B 0.5 0.6 -0.25 100 . . 2
        B Beta P01 A 0.5 0.7 0.15 50 . . 2
        C Gamma . . . . 0.4 . . . 1
        """
    ),
    "unpaired.csv": pd.DataFrame(
        {"team": ["C"], "name": ["Gamma"], "reason": ["the number of teams is odd (3)"]}
    ),
    "indicators.csv": table(
        """
        indicator label unit higher_is_better weight usable p_heterogeneity average between_team_sd target n_teams
        high Cured percent true 0.5 true 0.001 40 5 45 3
        low Died proportion false 0.5 true 0.001 0.10 0.04 . 3
        none Same number true 0 false 0.7 2.5 0 . 3
        """  # noqa: E501
    ),
    "profiles.csv": table(
        """
        team indicator value unadjusted patients low high estimate estimate_low estimate_high
        A high 30 28 200 24 36 -1.0 -1.5 -0.5
        B high 50 . 100 40 60 1.0 0.5 1.5
        A low 0.08 . 200 0.05 0.11 0.4 0 0.8
        B low 0.07 . 10 0 0.2 0.1 -2.5 2.5
        A none 2.5 . . 2 3 0 0 0
        B none . . . . . 0 0 0
        """
    ),
    "exchange.csv": table(
        """
        pair_id team_a team_b indicator teacher difference difference_low difference_high probability_real gain_a gain_b
        P01 A B high B 2.0 1.3 2.7 0.99999 0.6 0
        P01 A B low A -0.3 -2.9 2.3 0.7 0 0.7
        P01 A B none . . . . . . .
        """  # noqa: E501
    ),
    "partners.csv": table(
        """
        team rank partner pair_id_of_partner value gain distance_km size_ratio level_gap value_lost pairs_lost
        A 1 C . 0.2 0.3 . . 0.65 0.3 0
        B 1 C . 0.1 0.3 88.8 . 0.25 0.4 1
        """
    ),
    "random_pairings.csv": table("draw n_pairs total_value\n1 1 0.1\n2 1 0.2\n3 1 0.5"),
}


def facts(**changes: object) -> Facts:
    """The result of three teams, with other tables where they are given."""
    return Facts(ResultFolder(Path("nowhere"), RECORD, TABLES | changes))  # type: ignore[arg-type]


def test_a_card_says_who_can_show_whom_what() -> None:
    """The teacher by the profile, with both rates in their own units; a worse rate is remarked on."""
    (card,) = cards(facts()).cards
    (meeting,) = card.meetings
    b_teaches, a_teaches = meeting.teachings
    assert (b_teaches.teacher.id, b_teaches.gain) == ("B", "0.60")
    (lesson,) = b_teaches.lessons
    assert (lesson.label, lesson.rates) == ("Cured", "50% of 100 against 30% of 200")
    assert lesson.chance == "more than 99.9%"
    assert not lesson.against_appearances
    (lesson,) = a_teaches.lessons
    assert (lesson.label, lesson.rates, lesson.chance) == ("Died", "8% of 200 against 7% of 10", "70%")
    assert lesson.against_appearances


def test_a_card_shows_rates_beside_the_average_and_the_target() -> None:
    """Intervals, patients, unadjusted rates; an indicator without real differences has no teacher."""
    lines = cards(facts()).cards[0].meetings[0].lines
    cured, died, same = lines
    assert (cured.rate_a.value, cured.rate_a.interval, cured.rate_a.patients) == ("30%", "24% to 36%", "200")
    assert (cured.rate_a.unadjusted, cured.average, cured.target) == ("28%", "40%", "45%")
    assert cured.ahead is not None
    assert (cured.ahead.id, cured.by, cured.sure) == ("B", "2.00 SD", ">99.9%")
    assert died.ahead is not None
    assert died.ahead.id == "A"
    assert (same.ahead, same.is_usable, same.rate_b.value, same.rate_b.interval) == (None, False, "–", "")


def test_a_card_tells_what_lies_between_the_two() -> None:
    """Whatever is known of sizes, distance and levels, and nothing else."""
    (card,) = cards(facts()).cards
    found = {fact.label: fact.value for fact in card.meetings[0].facts}
    assert found == {
        "Sizes": "100 and 50 (ratio 2.00)",
        "Distance": "123 km",
        "Overall levels": "−0.25 and +0.15 SD (0.10 apart)",
        "Neither is better at everything": "more than 99.9% sure",
    }
    assert card.meetings[0].remarks == (
        "The true gap of their levels is above the 0.5 SD allowed with a probability of 25%.",
    )
    (of_a, of_b) = card.partners
    assert [(each.team.id, each.cost, each.distance) for each in of_a.partners] == [("C", "0.300 SD", "–")]
    assert [(each.cost, each.distance) for each in of_b.partners] == [("1 pair, 0.400 SD", "89 km")]


def test_a_group_of_three_has_one_card_with_three_meetings() -> None:
    """All rows of one pair_id."""
    one = TABLES["pairs.csv"].iloc[0]
    rows = [one, one.replace({"B": "C"}), one.replace({"A": "B", "B": "C"})]
    three = facts(**{"pairs.csv": pd.DataFrame(rows)})
    (card,) = cards(three).cards
    assert [team.id for team in card.pair.teams] == ["A", "B", "C"]
    assert [(each.team_a.id, each.team_b.id) for each in card.meetings] == [
        ("A", "B"),
        ("A", "C"),
        ("B", "C"),
    ]
    assert [len(row.partners) for row in team_rows(three)] == [2, 2, 2]


def test_many_lines_make_short_cards() -> None:
    """Above the limit the tables of the cards are left out; the lessons stay."""
    of_one = TABLES["exchange.csv"]
    n = MOST_LINES // len(of_one) + 1
    pairs = pd.concat([TABLES["pairs.csv"].assign(pair_id=f"P{number}") for number in range(n)])
    exchange = pd.concat([of_one.assign(pair_id=f"P{number}") for number in range(n)])
    fewer = exchange.iloc[:MOST_LINES]
    assert not cards(facts(**{"pairs.csv": pairs, "exchange.csv": fewer})).is_compact
    found = cards(facts(**{"pairs.csv": pairs, "exchange.csv": exchange}))
    assert found.is_compact
    assert found.cards[0].meetings[0].lines == ()
    assert found.cards[0].meetings[0].teachings[0].lessons != ()
    assert found.cards[0].partners == ()


def test_profiles_beyond_the_scale_stand_at_its_edge() -> None:
    """The middle is the average; a whole interval never leaves the picture."""
    scale = Scale(2.0)
    assert (scale.place(0.0), scale.place(2.0), scale.place(9.0), scale.place(-9.0)) == (
        90.0,
        174.0,
        174.0,
        6.0,
    )
    assert [text for _, text in scale.ticks] == ["−2", "−1", "0", "+1", "+2"]


def test_quality_counts_the_random_pairings_that_reach_the_plan() -> None:
    """One of three is as good as the plan."""
    found = quality(facts())
    assert found is not None
    assert found.sentence.endswith(
        "0.27 SD on average, and the best of them 0.50 SD. 1 of them reaches the plan."
    )
    assert (found.recipe, found.notes) == ("by chance; seed 7", ("few of them",))


def test_tables_sort_by_numbers_that_are_not_rounded() -> None:
    """What is shown is short, what is compared is exact; what is not known is blank."""
    (pair,) = pair_rows(facts())
    assert (pair.distance.shown, pair.distance.sort) == ("123", "123.4")
    alpha, _, gamma = team_rows(facts())
    assert (alpha.level.shown, alpha.level.sort, gamma.gain.shown, gamma.gain.sort) == (
        "−0.25",
        "-0.25",
        "–",
        "",
    )
    assert gamma.pair is None


def test_teams_without_a_partner_have_their_reason_as_a_sentence() -> None:
    """With a capital and a full stop."""
    (row,) = unpaired(facts())
    assert (row.team.id, row.reason) == ("C", "The number of teams is odd (3).")


def test_settings_are_told_in_words_and_keys() -> None:
    """Rules with what each bans; only keys that are set; points rather than per cent for a spread."""
    found = settings(facts())
    assert [(rule.sentence, rule.bans) for rule in found.rules] == [
        ("Overall levels at most 0.5 SD apart", "1")
    ]
    assert found.permitted == "2 of 3 pairs are permitted (67%)."
    assert [(each.key, each.value) for each in found.sections[0].settings] == [
        ("max_level_gap", "0.5"),
        ("forbid", "A, B"),
    ]
    cured, died, same = found.indicators
    assert (cured.average, cured.spread, died.better) == ("40%", "5 points", "lower")
    assert same.verdict == "no: worth nothing to a pairing"


def test_effects_keep_unbounded_limits_and_small_p_values() -> None:
    """An interval can be open, and no p-value is 0."""
    frame = table(
        """
        outcome n estimate low high p_value adjusted_for design
        rate 30 -0.0123 -inf 0.2 0.0004 . pair-then-draw
        """
    )
    (row,) = effects(facts(**{"effects.csv": frame}))
    assert (row.estimate, row.interval, row.p_value) == ("−0.012", "−∞ to 0.200", "below 0.001")


def test_without_a_lottery_there_is_neither_balance_nor_audit() -> None:
    """The sections are left out."""
    assert balance(facts()) is None
    assert audit(facts()) is None
    assert effects(facts()) == ()


LOTTERY = {
    "design": {"kind": "pair-then-draw", "sentence": "5 of 12 pairs are drawn", "left_out": "One stays out."},
    "left_out": [],
    "chances": {"A": 0.416667, "B": 0.416667},
    "counts": {},
    "recipe": "",
    "sha256": "f",
    "pool": {},
}


def test_the_audit_says_whose_chance_it_is() -> None:
    """A team without a partner has none, so that not every team's is 5 in 12."""
    for left_out, who in (([], "Every team's chance"), (["C"], "Every paired team's chance")):
        lottery = LOTTERY | {"left_out": left_out}
        found = audit(Facts(ResultFolder(Path("nowhere"), RECORD, TABLES, lottery=lottery)))  # type: ignore[arg-type]
        assert found is not None
        assert found.chances == f"{who} of the intervention is 0.416667."
        assert found.design == "Design: pair-then-draw. 5 of 12 pairs are drawn. One stays out."
