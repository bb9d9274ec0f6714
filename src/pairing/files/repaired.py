"""A repair written down: the new result, what it came from, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.errors import OverwriteError, Problem
from pairing.files.delimited import csv_bytes
from pairing.files.joiners import read_joiners
from pairing.files.repaired_inputs import CHANGES_NAME, repaired_inputs
from pairing.files.result import relative_to, write_result
from pairing.planning import Alteration, Repair, repair_within, table_from_now_on
from pairing.profiles import profiles_from_model
from pairing.programme.model import pair_model
from pairing.rules import Drawn, Locked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pairing.files.finished import Finished
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.pairs import PairModel

NamedPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class RepairedResult:
    """A repair, not yet written.

    Parameters
    ----------
    repair : Repair
        The new pairing, and what changes.
    loaded : LoadedProgramme
        The programme from now on, as it will stand in the result's folder.
    files : dict of str to bytes
        That programme, its table, and the changes.
    provenance : dict
        What the record says of where the pairing comes from.
    warnings : tuple of str
        What a person should know, as sentences.
    """

    repair: Repair
    loaded: LoadedProgramme
    files: dict[str, bytes]
    provenance: dict[str, Any]
    warnings: tuple[str, ...] = ()


def repair_finished(
    finished: Finished,
    source: Path,
    folder: Path,
    *,
    without: Sequence[str] = (),
    add: Sequence[str] = (),
    forbid: NamedPairs = (),
    keep: NamedPairs = (),
    allow_unpaired: bool = False,
) -> RepairedResult:
    """Repair a finished result, with files that stand on their own.

    Parameters
    ----------
    finished : Finished
        The result, read back.
    source, folder : pathlib.Path
        Where it stands, and where the new one goes.
    without : sequence of str
        Ids of the teams that have left.
    add : sequence of str
        Tables of joiners, or ids of teams that were excluded.
    forbid, keep : tuple of (str, str)
        Pairs that may not meet from now on, and pairs that stay or come about in any case.
    allow_unpaired : bool
        Accept that teams stay without a partner, now and in later repairs.

    Returns
    -------
    RepairedResult

    Raises
    ------
    SettingsError
        If what is asked for contradicts the pairing or itself.
    InputDataError
        If something that is added cannot be used, or a kept pair breaks a rule.
    InfeasibleMatchingError
        If more teams would stay without a partner than is accepted.
    FileAccessError
        If a file cannot be read.
    """
    fitted = fitted_to(finished.record) or finished.loaded.cohort.ids
    joiners = read_joiners(finished.loaded, add, fitted)
    alteration = Alteration(tuple(without), joiners.cohort, forbid, keep)
    alteration.require_sound(finished.pairing)
    loaded, files = repaired_inputs(
        finished.loaded,
        folder,
        without=alteration.without,
        joiners=joiners,
        forbid=forbid,
        allow_unpaired=allow_unpaired,
    )
    table = table_from_now_on(_model_from_now_on(finished, loaded, alteration))
    accepted = True if loaded.programme.rules.allow_unpaired else None
    constraints = loaded.programme.side_constraints.constraints(loaded.cohort.ids)
    repair = repair_within(finished.pairing, table, allow_unpaired=accepted, constraints=constraints)
    return RepairedResult(
        repair,
        loaded,
        files | {CHANGES_NAME: csv_bytes(repair.to_frame())},
        provenance(source, folder, finished.record, fitted),
        (*joiners.warnings, *_forgotten_requirements(finished.loaded, alteration)),
    )


def write_repaired(
    repaired: RepairedResult,
    folder: Path,
    *,
    timings: Mapping[str, float],
    force: bool,
    protect: Sequence[Path] = (),
) -> dict[str, object]:
    """Write a repaired result into its folder: whole or not at all, the record last.

    Parameters
    ----------
    repaired : RepairedResult
        The repair.
    folder : pathlib.Path
        Where to; the one that it was made for.
    timings : mapping of str to float
        Seconds of each stage.
    force : bool
        Replace an existing result.
    protect : sequence of pathlib.Path
        The inputs of the earlier result and the tables of joiners, which are never replaced.

    Returns
    -------
    dict
        The record that was written.

    Raises
    ------
    OverwriteError
        If there is a result already and `force` is false, or an input would be overwritten.
    FileAccessError
        If a file cannot be written.
    """
    rules = repaired.repair.pairing.table.model.rules.rules
    drawn = next((sorted(rule.teams) for rule in rules if isinstance(rule, Drawn)), None)
    return write_result(
        repaired.repair.pairing,
        repaired.loaded,
        folder,
        timings=timings,
        extra=repaired.files,
        subset=drawn,
        repaired=repaired.provenance,
        protect=protect,
        force=force,
    )


def provenance(
    source: Path, folder: Path, record: Mapping[str, Any], fitted: Sequence[str]
) -> dict[str, Any]:
    """What a record says of where a repaired pairing comes from.

    Parameters
    ----------
    source, folder : pathlib.Path
        The result that was repaired, and the new one.
    record : mapping
        The record of the result that was repaired.
    fitted : sequence of str
        The teams that the parameters of the profiles were fitted to.

    Returns
    -------
    dict
        ``path`` from the new folder to the earlier one, ``sha256``, the earlier record's seal, and
        ``fitted_to``.
    """
    return {"path": relative_to(folder, source), "sha256": record["sha256"], "fitted_to": list(fitted)}


def fitted_to(record: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The teams that the recorded parameters were fitted to; None for the teams that take part."""
    repaired = record.get("repaired")
    return None if repaired is None else tuple(repaired["fitted_to"])


def _model_from_now_on(finished: Finished, loaded: LoadedProgramme, alteration: Alteration) -> PairModel:
    """The model of pairs that the programme declares from now on, as anyone can build it from the files."""
    rules = finished.pairing.table.model.rules.without_teams(alteration.without).rules
    drawn = next((rule.teams for rule in rules if isinstance(rule, Drawn)), None)
    locked = [pair for rule in rules if isinstance(rule, Locked) for pair in rule.pairs]
    return pair_model(
        loaded.programme,
        loaded.cohort,
        profiles_from_model(loaded.cohort, finished.pairing.profiles.model),
        previous=loaded.previous,
        travel=loaded.travel,
        drawn=drawn,
        locked=[*locked, *alteration.keep],
    )


def _forgotten_requirements(loaded: LoadedProgramme, alteration: Alteration) -> tuple[str, ...]:
    gone = set(alteration.without)
    lost = [pair for pair in loaded.programme.rules.require if gone.intersection(pair)]
    return tuple(f"{a} and {b} were required to be a pair; that is void now." for a, b in lost)


def refuse_same_folder(source: Path, folder: Path) -> None:
    """Refuse to write a repair over what it repairs.

    Raises
    ------
    OverwriteError
        If the two folders are one.
    """
    if source.resolve() == folder.resolve():
        problem = Problem(
            "is the result to be repaired, and stays as it is",
            value=str(folder),
            advice="Choose another folder with -o.",
        )
        raise OverwriteError([problem])
