"""Analysing outcomes with the lottery of a folder, read back from its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from pairing.allocation import named_covariates
from pairing.cli.allocating import lottery_settings
from pairing.files.draw import redo_draw
from pairing.files.lottery import files_to_keep, read_publication
from pairing.files.outcomes import read_outcomes
from pairing.files.recorded_inputs import read_unchanged_programme
from pairing.inference import analyse
from pairing.profiles import ProfileModel, profiles_from_model

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import ArrayLike

    from pairing.files.lottery import Published
    from pairing.files.outcomes import Outcomes
    from pairing.inference import Analysis
    from pairing.lottery.expansion import MissingCovariates


_SEED_DIGITS = 12  # 48 bits: a whole number that spreadsheets and JavaScript do not round


@dataclass(frozen=True, eq=False)
class FoundEffects:
    """An analysis, how it was made, and what a person should know about its input.

    Parameters
    ----------
    analysis : Analysis
        The effects.
    seed : int or None
        Seed of the sample of draws; None where every possible draw was used.
    seed_is_given : bool
        Whether somebody chose the seed, rather than the published lottery.
    keep : tuple of pathlib.Path
        Files that the effects must not overwrite.
    warnings : tuple of str
        About the input, as sentences.
    """

    analysis: Analysis
    seed: int | None
    seed_is_given: bool
    keep: tuple[Path, ...]
    warnings: tuple[str, ...]

    @property
    def n_sampled(self) -> int | None:
        """Draws that were sampled, the observed one not among them; None where none were."""
        return None if self.seed is None else self.analysis.effects[0].n_draws - 1

    def details(self) -> pd.DataFrame:
        """Tabulate the effects with the columns of `effects_details.csv`."""
        return self.analysis.details().assign(sampled_draws=self.n_sampled, seed=self.seed)


def analyse_folder(folder: Path, outcomes: Path, *, seed: int | None = None) -> FoundEffects:
    """Analyse outcomes by the lottery that was drawn in a folder, as its published plan says.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published and drawn.
    outcomes : pathlib.Path
        The table of outcomes.
    seed : int, optional
        Seed of the sample of draws, where one is needed; by default it follows from the published lottery.

    Returns
    -------
    FoundEffects

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If the publication, the allocation or the outcomes cannot be used, with every problem.
    """
    published = read_publication(folder)
    lottery = published.lottery
    drawn = redo_draw(folder, published)
    read = read_outcomes(
        outcomes, set(lottery.teams), outcomes=published.plan.outcomes, outside=published.record["left_out"]
    )
    analysis = analyse(
        lottery,
        drawn.intervention,
        read.frame,
        published.plan,
        reserves=drawn.reserves,
        seed=default_seed(published) if seed is None else seed,
        **_baseline(folder, published),
    )
    return _found(analysis, published, seed, keep=(outcomes, *files_to_keep(folder, published)), read=read)


def default_seed(published: Published) -> int:
    """Give the seed that follows from the published lottery, so that nobody can choose among samples.

    It is the first 12 hexadecimal digits of the SHA-256 that seals `lottery.json`, read as a number.
    """
    return int(published.sha256[:_SEED_DIGITS], 16)


def _found(
    analysis: Analysis, published: Published, seed: int | None, *, keep: tuple[Path, ...], read: Outcomes
) -> FoundEffects:
    exact = analysis.effects[0].exact
    warnings = read.warnings
    if exact and seed is not None:
        warnings = (*warnings, "--seed was not needed: every draw that could have happened is used.")
    used = default_seed(published) if seed is None else seed
    return FoundEffects(analysis, None if exact else used, seed is not None, keep, warnings)


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
