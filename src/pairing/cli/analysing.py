"""Analysing outcomes with the lottery of a folder, read back from its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from pairing.allocation import named_covariates
from pairing.allocation.drawn import units_by_arm
from pairing.cli.allocating import lottery_settings
from pairing.files.draw import read_allocation
from pairing.files.lottery import read_publication
from pairing.files.outcomes import read_outcomes
from pairing.files.recorded_inputs import read_unchanged_programme
from pairing.inference import analyse
from pairing.profiles import ProfileModel, profiles_from_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike

    from pairing.files.lottery import Published
    from pairing.inference import Analysis
    from pairing.lottery.expansion import MissingCovariates


@dataclass(frozen=True, eq=False)
class FoundEffects:
    """An analysis, and what a person should know about its input."""

    analysis: Analysis
    warnings: tuple[str, ...]


def analyse_folder(folder: Path, outcomes: Path, *, seed: int | None = None) -> FoundEffects:
    """Analyse outcomes by the lottery that was drawn in a folder, as its published plan says.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published and drawn.
    outcomes : pathlib.Path
        The table of outcomes.
    seed : int, optional
        Seed of the sample of draws, where one is needed.

    Returns
    -------
    FoundEffects

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If the publication, the allocation or the outcomes cannot be used, with every problem.
    SettingsError
        If a seed is needed and not given.
    """
    published = read_publication(folder)
    lottery = published.lottery
    arms = units_by_arm(read_allocation(folder), lottery)
    read = read_outcomes(
        outcomes, set(lottery.teams), outcomes=published.plan.outcomes, outside=published.record["left_out"]
    )
    analysis = analyse(
        lottery,
        arms["intervention"],
        read.frame,
        published.plan,
        reserves=arms["reserve"],
        seed=seed,
        **_baseline(folder, published),
    )
    return FoundEffects(analysis, read.warnings)


class _Baseline(TypedDict, total=False):
    """Arguments of :func:`pairing.inference.analyse`."""

    baseline: dict[str, ArrayLike]
    missing_baseline: MissingCovariates


def _baseline(folder: Path, published: Published) -> _Baseline:
    """Give the planned baseline covariates in the order of the lottery's teams, if there are any."""
    if not published.plan.adjust_for:
        return {}
    loaded = read_unchanged_programme(folder, published.record)
    profiles = profiles_from_model(loaded.cohort, ProfileModel.from_dict(published.record["profiles"]))
    named = named_covariates(published.plan.adjust_for, loaded.cohort, profiles, "analysis.adjust_for")
    position = {team: place for place, team in enumerate(loaded.cohort.ids)}
    rows = named.rows([position[team] for team in published.lottery.teams])
    return {"baseline": dict(rows), "missing_baseline": lottery_settings(loaded).missing}
