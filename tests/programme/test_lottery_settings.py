"""The settings of the lottery and its analysis: what they accept, and what contradicts itself."""

from __future__ import annotations

import tomllib

import pytest

from pairing.programme import ProgrammeDraft, parse_programme, programme_to_dict

BASE = """
[teams]
file = "teams.csv"
id = "team"
[[indicators]]
column = "k"
denominator = "n"
"""


def draft(text: str) -> ProgrammeDraft:
    """Parse a programme with these sections added."""
    return parse_programme(tomllib.loads(BASE + text))


def test_defaults_of_a_lottery() -> None:
    """Pairs are drawn, every draw equally likely, refusing missing covariates."""
    programme = draft("[lottery]\nintervention_pairs = 15\n").programme
    assert programme is not None
    lottery, analysis = programme.lottery, programme.analysis
    assert lottery is not None
    assert (lottery.design, lottery.balance_on, lottery.missing) == ("pair-then-draw", (), "refuse")
    assert (lottery.candidates, lottery.keep, lottery.pool_seed, lottery.reserves) == (1_000_000, None, 0, 0)
    assert (analysis.alpha, analysis.alternative, analysis.missing_outcomes) == (
        0.05,
        "two-sided",
        "all-members",
    )


def test_a_lottery_survives_the_record() -> None:
    """What run.json records is read back as the same settings, with and without a lottery."""
    for text in (
        "",
        "[lottery]\nintervention_pairs = 3\nbalance_on = ['size']\nbalance_weights = { size = 2.0 }\n",
    ):
        programme = draft(text).programme
        assert programme is not None
        assert parse_programme(programme_to_dict(programme)).programme == programme


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[lottery]\n", "lottery.intervention_pairs", "needs this key"),
        ('[lottery]\ndesign = "simple"\n', "lottery.intervention_teams", "needs this key"),
        ('[lottery]\ndesign = "draw-then-pair"\n', "lottery.intervention_pairs", "needs this key"),
        ('[lottery]\ndesign = "stratified"\nintervention_pairs = 2\n', "lottery.strata", "needs this key"),
        ('[lottery]\ndesign = "stratified"\nstrata = "x"\n', "lottery", "needs either"),
        (
            '[lottery]\ndesign="stratified"\nstrata="x"\nintervention_pairs=1\nintervention_per_stratum={a=1}\n',
            "lottery",
            "needs either",
        ),
        (
            "[lottery]\nintervention_pairs = 2\nintervention_teams = 4\n",
            "lottery.intervention_teams",
            "has no meaning for the design 'pair-then-draw'",
        ),
        ('[lottery]\ndesign = "matched-pair"\nreserves = 1\n', "lottery.reserves", "has no meaning"),
        ('[lottery]\ndesign = "pairs-then-draw"\n', "lottery.design", "Did you mean 'pair-then-draw'?"),
        ("[lottery]\nintervention_pairs = 0\n", "lottery.intervention_pairs", "expected at least 1"),
        ("[lottery]\nintervention_pairs = 2.5\n", "lottery.intervention_pairs", "whole number"),
        ("[lottery]\nintervention_pairs = 2\nkeep = 0\n", "lottery.keep", "a number above 0"),
        ("[lottery]\nintervention_pairs = 2\nkeep = 1.5\n", "lottery.keep", "at most 1"),
        ("[lottery]\nintervention_pairs = 2\ncandidates = 0\n", "lottery.candidates", "at least 1"),
        ("[lottery]\nintervention_pairs = 2\npool_seed = -1\n", "lottery.pool_seed", "at least 0"),
        (
            "[lottery]\nintervention_pairs = 2\nbalance_on = ['size']\nbalance_weights = { size = -1.0 }\n",
            "lottery.balance_weights.size",
            "at least 0",
        ),
        (
            "[lottery]\nintervention_pairs = 2\nbalance_weights = { size = 1.0 }\n",
            "lottery.balance_weights",
            "nothing to weigh",
        ),
        ("[lottery]\nintervention_pairs = 2\nkeep = 0.1\n", "lottery.keep", "no effect without balance_on"),
        (
            '[lottery]\ndesign = "matched-pair"\ncandidates = 1000\n',
            "lottery.candidates",
            "no effect without balance_on",
        ),
        ('[analysis]\noutcomes = ["team"]\n', "analysis.outcomes", "the ids of the teams"),
        ('[analysis]\nprimary = "team"\n', "analysis.primary", "the ids of the teams"),
        ('[analysis]\noutcomes = ["rate", "rate"]\n', "analysis.outcomes", "'rate' is named twice"),
        (
            "[lottery]\nintervention_pair = 2\n",
            "lottery.intervention_pair",
            "Did you mean 'intervention_pairs'?",
        ),
        ("[analysis]\nalpha = 1\n", "analysis.alpha", "a number below 1"),
        ("[analysis]\nalpha = 0\n", "analysis.alpha", "a number above 0"),
        ('[analysis]\nalternative = "both"\n', "analysis.alternative", "is not one of the choices"),
        (
            '[analysis]\noutcomes = ["rate"]\nprimary = "rte"\n',
            "analysis.primary",
            "Did you mean 'rate'?",
        ),
        ("[analysis]\noutcome_sd = 0\n", "analysis.outcome_sd", "a number above 0"),
        ("[analysis]\npair_correlation = 0.3\n", "analysis.pair_correlation", "only with outcome_sd"),
        ("[teams.x]\n", "teams.x", "no such key"),
    ],
)
def test_what_a_lottery_cannot_be(text: str, key: str, said: str) -> None:
    """Every fault names its key and says what would be right."""
    found = {problem.column: str(problem) for problem in draft(text).problems}
    assert key in found
    assert said in found[key]


def test_drawing_first_makes_a_pool_without_any_balance() -> None:
    """There the candidates and the share to keep have their meaning anyway."""
    settings = 'design = "draw-then-pair"\nintervention_pairs = 2\ncandidates = 5_000\nkeep = 0.5\n'
    assert draft(f"[lottery]\n{settings}").problems == ()
