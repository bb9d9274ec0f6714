"""From settings and entrants to the declared lottery, with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pairing.allocation.adjustment import adjusted_columns
from pairing.allocation.covariates import named_covariates
from pairing.allocation.pairable import PairableSets
from pairing.allocation.plan import analysis_plan, detectable
from pairing.allocation.strata import numbers_to_draw, strata_of_pairs
from pairing.errors import InputDataError, Problem, SettingsError
from pairing.lottery import (
    constrained_lottery,
    covariates_of_units,
    draw_then_pair,
    draw_then_pair_lottery,
    matched_pair,
    pair_then_draw,
    simple,
    stratified,
    uniform_lottery,
)

if TYPE_CHECKING:
    from pairing.allocation.entrants import Entrants
    from pairing.inference import AnalysisPlan, Detectable
    from pairing.lottery import Covariates, Design, Lottery
    from pairing.lottery.telling import Tell
    from pairing.programme import AnalysisSettings, LotterySettings


@dataclass(frozen=True, eq=False)
class Declaration:
    """A lottery as a programme declares it.

    Parameters
    ----------
    settings : LotterySettings
        What was asked for.
    analysis : AnalysisSettings
        How outcomes are to be compared.
    entrants : Entrants
        Who takes part.
    lottery : Lottery
        The draws that can happen.
    covariates : Covariates or None
        What is balanced, for the lottery's units.
    plan : AnalysisPlan
        How outcomes will be compared.
    detectable : Detectable or None
        The smallest effect that will be detected, if the outcome's standard deviation is declared.
    """

    settings: LotterySettings
    analysis: AnalysisSettings
    entrants: Entrants
    lottery: Lottery
    covariates: Covariates | None
    plan: AnalysisPlan
    detectable: Detectable | None


@dataclass(frozen=True)
class Units:
    """The units of a lottery: their design, ids and teams."""

    design: Design
    ids: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]


def declare(
    settings: LotterySettings,
    analysis: AnalysisSettings,
    entrants: Entrants,
    progress: Tell | None = None,
) -> Declaration:
    """Declare the lottery of a programme.

    Parameters
    ----------
    settings : LotterySettings
        `[lottery]`.
    analysis : AnalysisSettings
        `[analysis]`.
    entrants : Entrants
        Who takes part; with pairs, or permitted pairs, as the design needs them.
    progress : callable, optional
        Told what is being done, and how many of how many steps of it are done.

    Returns
    -------
    Declaration

    Raises
    ------
    InputDataError
        If a setting does not fit the teams, covariates are unknown, missing, or the same everywhere, or the
        planned adjustment leaves nothing to compare.
    ImpossibleLotteryError
        If no lottery gives every team its chance, or inference would be impossible.
    """
    try:
        units = declared_units(settings, entrants)
        covariates = balanced_covariates(settings, entrants, units.members)
        lottery = _lottery(settings, entrants, units, covariates, analysis.alpha, progress)
        plan = analysis_plan(analysis, adjusted_columns(analysis, entrants, lottery, settings.missing))
        smallest = detectable(analysis, lottery, settings.pool_seed)
    except SettingsError as error:
        raise InputDataError(
            replace(problem, column=problem.column or "lottery") for problem in error.problems
        ) from error
    return Declaration(settings, analysis, entrants, lottery, covariates, plan, smallest)


def declared_units(settings: LotterySettings, entrants: Entrants) -> Units:
    """Say what is drawn: the design, and the units with their teams."""
    teams, pairs = entrants.teams, entrants.pairs or ()
    if settings.design == "simple":
        number = _number_within(settings.intervention_teams, len(teams), "teams")
        return Units(simple(len(teams), number), teams, tuple((team,) for team in teams))
    if settings.design == "draw-then-pair":
        number = _number_within(settings.intervention_pairs, len(teams) // 2, "pairs of teams")
        return Units(draw_then_pair(len(teams), number), teams, tuple((team,) for team in teams))
    if settings.design == "matched-pair":
        place = {team: at for at, team in enumerate(teams)}
        numbered = [(place[one], place[other]) for one, other in (pair.teams for pair in pairs)]
        return Units(matched_pair(numbered), teams, tuple((team,) for team in teams))
    members = tuple(pair.teams for pair in pairs)
    return Units(_design_of_pairs(settings, entrants), tuple(pair.pair_id for pair in pairs), members)


def balanced_covariates(
    settings: LotterySettings, entrants: Entrants, members: tuple[tuple[str, ...], ...]
) -> Covariates | None:
    """Prepare what is balanced for the units, or None if every draw is to be equally likely."""
    if not settings.balance_on:
        return None
    named = named_covariates(settings.balance_on, entrants.cohort, entrants.profiles)
    return covariates_of_units(
        named.rows(entrants.positions),
        entrants.teams,
        members,
        weights=named.weights(settings.balance_weights, "lottery.balance_weights"),
        missing=settings.missing,
    )


def _design_of_pairs(settings: LotterySettings, entrants: Entrants) -> Design:
    pairs = entrants.pairs or ()
    if settings.design == "stratified":
        labels = strata_of_pairs(entrants, settings.strata or "")
        return stratified(
            labels,
            numbers_to_draw(
                labels, in_all=settings.intervention_pairs, per_stratum=settings.intervention_per_stratum
            ),
        )
    return pair_then_draw(len(pairs), _number_within(settings.intervention_pairs, len(pairs), "pairs"))


def _number_within(number: int | None, available: int, what: str) -> int:
    """Check a number to draw; a design without its number is refused when the settings are read."""
    if number is None or number >= available:
        raise InputDataError(
            [
                Problem(
                    f"cannot be drawn of {available} {what}",
                    column="lottery.intervention_teams" if what == "teams" else "lottery.intervention_pairs",
                    value=str(number),
                    expected=f"fewer than {available}, so that there are controls",
                )
            ]
        )
    return number


def _lottery(
    settings: LotterySettings,
    entrants: Entrants,
    units: Units,
    covariates: Covariates | None,
    alpha: float,
    progress: Tell | None,
) -> Lottery:
    if settings.design == "draw-then-pair":
        if entrants.permitted is None:
            raise SettingsError([Problem("drawing before pairing needs the permitted pairs")])
        can_be_paired = PairableSets(len(entrants.teams), *entrants.permitted)
        return draw_then_pair_lottery(
            units.design,
            units.ids,
            entrants.permitted,
            can_be_paired,
            covariates,
            seed=settings.pool_seed,
            candidates=settings.candidates,
            keep=settings.keep,
            alpha=alpha,
            progress=progress,
        )
    if covariates is None:
        return uniform_lottery(units.design, units.ids, units.members, n_reserves=settings.reserves)
    return constrained_lottery(
        units.design,
        units.ids,
        units.members,
        covariates,
        seed=settings.pool_seed,
        candidates=settings.candidates,
        keep=settings.keep,
        alpha=alpha,
        n_reserves=settings.reserves,
        progress=progress,
    )
