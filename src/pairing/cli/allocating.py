"""Publishing a lottery and drawing from it, on disk: two acts that may be days apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pairing.allocation import declare
from pairing.allocation.declare import balanced_covariates
from pairing.allocation.drawn import allocation_frame, balance_frame, draw_record, same_arm_frame
from pairing.allocation.entrants import Entrants, entrants_of
from pairing.allocation.publication import publication
from pairing.cli.progress import unseen
from pairing.cli.refusals import (
    holds_another_pairing,
    pairs_come_first,
    pairs_come_later,
    refuse_to_draw_again,
)
from pairing.errors import FileAccessError, InputDataError, OverwriteError, Problem
from pairing.files import draw as draw_files, lottery as lottery_files
from pairing.files.earlier_pairing import read_earlier_pairing, read_pairs
from pairing.files.programme import read_programme
from pairing.files.recorded_inputs import read_sealed, read_unchanged_programme, recorded_programme
from pairing.files.result import input_record, write_result
from pairing.files.run_record import RECORD_NAME
from pairing.lottery import draw_lottery
from pairing.lottery.draw import normalised
from pairing.pairs import PairTable
from pairing.profiles import ProfileModel, estimate_profiles, profiles_from_model
from pairing.programme.model import pair_model
from pairing.programme.planned import planned_pairing

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pairing.allocation import Declaration
    from pairing.cli.progress import Stage
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.files.lottery import Published
    from pairing.lottery import Draw, Lottery
    from pairing.lottery.telling import Tell
    from pairing.planning import Pairing
    from pairing.programme import LotterySettings

_KEY_OF = {"n_reserves": "lottery.reserves"}
"""Keys of the programme for arguments of the library."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a draw on disk came to.

    Parameters
    ----------
    published : Published
        What was drawn from.
    drawn : Draw
        The draw.
    record : dict
        `draw.json`.
    balance : pandas.DataFrame
        `balance.csv`.
    labels : dict of str to str
        Labels of the indicators, by column.
    pairing : Pairing or None
        The pairing of the drawn teams, where teams are drawn first.
    """

    published: Published
    drawn: Draw
    record: dict[str, Any]
    balance: pd.DataFrame
    labels: dict[str, str]
    pairing: Pairing | None = None


def publish(
    folder: Path, programme: Path | None = None, *, force: bool = False, stage: Stage = unseen
) -> Declaration:
    """Declare the lottery of a programme and publish it in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        The result of `pairing pair`, or, where teams are drawn first, any folder.
    programme : pathlib.Path, optional
        The programme, where teams are drawn first; if not given, the one that the folder's lottery names.
    force : bool
        Replace an earlier publication from which nothing was drawn.
    stage : callable
        Told what is being done.

    Returns
    -------
    Declaration

    Raises
    ------
    click.UsageError
        If the design asks for the other kind of place.
    OverwriteError
        If there is a publication already, or an allocation.
    InputDataError
        If the settings or the data do not allow the lottery, or anything was changed since the pairing.
    ImpossibleLotteryError
        If no lottery gives every team its chance.
    FileAccessError
        If a file cannot be read or written.
    """
    if programme is None and (folder / RECORD_NAME).is_file():
        earlier = read_earlier_pairing(folder)
        loaded = earlier.loaded
        settings = lottery_settings(loaded)
        if settings.draws_teams_first:
            raise pairs_come_later(settings, loaded.path)
        profiles = profiles_from_model(loaded.cohort, ProfileModel.from_dict(earlier.profiles))
        entrants = _entrants(loaded, profiles=profiles, pairs=earlier.pairs)
        return _publish(folder, loaded, entrants, earlier.pairs_sha256, stage, force=force)
    loaded = read_programme(programme or _published_programme(folder))
    settings = lottery_settings(loaded)
    if not settings.draws_teams_first:
        raise pairs_come_first(settings, loaded.path)
    if (folder / RECORD_NAME).is_file():
        raise holds_another_pairing(folder)
    profiles = estimate_profiles(loaded.cohort, dispersion=loaded.programme.profiles.dispersion)
    return _publish(folder, loaded, _entrants(loaded, profiles=profiles), None, stage, force=force)


def lottery_settings(loaded: LoadedProgramme) -> LotterySettings:
    """Give `[lottery]`, or say that it is missing."""
    settings = loaded.programme.lottery
    if settings is None:
        raise InputDataError(
            [
                Problem(
                    "the section is missing",
                    loaded.path.name,
                    column="lottery",
                    advice="Declare at least [lottery] intervention_pairs = ..., and pair again.",
                )
            ]
        )
    return settings


def draw(
    folder: Path, randomness: str, *, expect: str | None = None, xlsx: bool = False, force: bool = False
) -> Drawing:
    """Draw from the published lottery of a folder, read back from its files.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published.
    randomness : str
        Public randomness, or a seed as text.
    expect : str, optional
        The SHA-256 that was announced.
    xlsx : bool
        Also write the tables as one workbook.
    force : bool
        Draw again over an allocation; that is recorded.

    Returns
    -------
    Drawing

    Raises
    ------
    OverwriteError
        If something was drawn already and `force` is false, or replacements were recorded since.
    InputDataError
        If the publication or an input was changed.
    FileAccessError
        If a file cannot be read or written.
    """
    refuse_to_draw_again(folder, force=force)
    published = lottery_files.read_publication(folder, expect)
    loaded = read_unchanged_programme(folder, published.record)
    entrants = _published_entrants(folder, published, loaded)
    drawn = draw_lottery(published.lottery, randomness)
    earlier = draw_files.earlier_draws(folder, normalised(randomness))
    pairing = None
    pair_of = entrants.pair_of
    if published.lottery.design.kind == "draw-then-pair":
        pairing = _pair_the_drawn(loaded, entrants, drawn)
        write_result(pairing, loaded, folder, timings={}, subset=drawn.intervention, force=force)
        pair_of = _pair_of(pairing)
    balanced = balanced_covariates(lottery_settings(loaded), entrants, published.lottery.members)
    balance = balance_frame(entrants, balanced, drawn)
    record = draw_files.write_draw(
        folder,
        draw_record(drawn, lottery_sha256=published.sha256, flow=published.record["flow"]),
        {
            draw_files.ALLOCATION_NAME: allocation_frame(drawn, pair_of),
            draw_files.BALANCE_NAME: balance,
            draw_files.SAME_ARM_NAME: same_arm_frame(published.lottery),
        },
        earlier=earlier,
        xlsx=xlsx,
        force=force,
    )
    labels = {indicator.column: indicator.title for indicator in loaded.cohort.indicators}
    return Drawing(published, drawn, record, balance, labels, pairing)


def _publish(
    folder: Path,
    loaded: LoadedProgramme,
    entrants: Entrants,
    pairs_sha256: str | None,
    stage: Stage,
    *,
    force: bool,
) -> Declaration:
    if lottery_files.is_published(folder) and not force:
        raise OverwriteError(
            [
                Problem(
                    "holds a published lottery already",
                    value=str(folder),
                    advice="Draw from it with --randomness or --seed, or else --publish --force.",
                )
            ]
        )
    declaration = _declared(loaded, entrants, stage)
    lottery = declaration.lottery
    lottery_files.write_publication(
        folder,
        publication(declaration, flow=loaded.flow, pairs_sha256=pairs_sha256, progress=stage),
        lottery.canonical_pieces(_writing(lottery, stage)) if lottery.listed else (),
        input_record(folder, loaded.inputs, {}),
        force=force,
        protect=loaded.inputs,
    )
    return declaration


def _writing(lottery: Lottery, stage: Stage) -> Tell:
    """Tell how much of the pool is written, and how large it becomes."""
    writing = f"Writing a pool of about {max(1, round(lottery.canonical_size() / 1e6)):,} MB"

    def tell(words: str, done: int | None = None, total: int | None = None) -> None:  # noqa: ARG001 - other words
        stage(writing, done, total)

    return tell


def _declared(loaded: LoadedProgramme, entrants: Entrants, stage: Stage) -> Declaration:
    """Declare the lottery; what is wrong with its settings is a problem of the programme's file."""
    try:
        return declare(lottery_settings(loaded), loaded.programme.analysis, entrants, stage)
    except InputDataError as error:
        raise InputDataError(
            _in_programme(problem, loaded.path.name) for problem in error.problems
        ) from error


def _in_programme(problem: Problem, file: str) -> Problem:
    key = _KEY_OF.get(problem.column or "", problem.column or "")
    of_settings = problem.file is None and key.partition(".")[0] in ("lottery", "analysis")
    return replace(problem, file=file, column=key) if of_settings else problem


def _entrants(loaded: LoadedProgramme, **known: Any) -> Entrants:  # noqa: ANN401 - passed on as they are
    return entrants_of(
        loaded.programme, loaded.cohort, previous=loaded.previous, travel=loaded.travel, **known
    )


def _published_programme(folder: Path) -> Path:
    if not lottery_files.is_published(folder):
        raise FileAccessError(
            f"{folder} holds neither {RECORD_NAME} nor {lottery_files.LOTTERY_NAME}: first run pairing pair, "
            "or, to draw teams first, pairing allocate PROGRAMME -o DIR."
        )
    return recorded_programme(folder, read_sealed(folder / lottery_files.LOTTERY_NAME))


def _published_entrants(folder: Path, published: Published, loaded: LoadedProgramme) -> Entrants:
    """Put together who took part; permitted pairs are not needed once the pool is there."""
    profiles = profiles_from_model(loaded.cohort, ProfileModel.from_dict(published.record["profiles"]))
    recorded = published.record["pairs_sha256"]
    return Entrants(loaded.cohort, profiles, None if recorded is None else read_pairs(folder, recorded))


def _pair_the_drawn(loaded: LoadedProgramme, entrants: Entrants, drawn: Draw) -> Pairing:
    model = pair_model(
        loaded.programme,
        entrants.cohort,
        entrants.profiles,
        previous=loaded.previous,
        travel=loaded.travel,
        drawn=drawn.intervention,
    )
    return planned_pairing(loaded.programme, PairTable.build(model), allow_unpaired=True)


def _pair_of(pairing: Pairing) -> dict[str, str]:
    ids = pairing.cohort.ids
    return {
        ids[place]: pair_id
        for pair_id, places in zip(pairing.pair_ids, pairing.pairs.tolist(), strict=True)
        for place in places
    }
