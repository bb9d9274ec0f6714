"""A repaired pairing: whom its profiles were fitted to, and which earlier pairs it keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import InputDataError, PairingError
from pairing.files.programme import read_programme
from pairing.files.recorded_inputs import read_sealed
from pairing.files.repaired import fitted_to
from pairing.files.repaired_inputs import CHANGES_NAME
from pairing.files.run_record import RECORD_NAME
from pairing.files.tables import read_table
from pairing.verification.check import Check

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.cohort import Cohort
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.verification.record import Record


def fitted_cohort(record: Record, loaded: LoadedProgramme) -> Cohort:
    """The teams that the recorded parameters of the profiles were fitted to.

    Parameters
    ----------
    record : mapping
        The record.
    loaded : LoadedProgramme
        Its programme. The table of a repaired one still has the rows of the teams that have left.

    Raises
    ------
    InputDataError
        If one of them is not in the table.
    """
    teams = fitted_to(record)
    if teams is None or teams == loaded.cohort.ids:
        return loaded.cohort
    return read_programme(loaded.path, teams=teams).cohort


def check_repaired(folder: Path, record: Record) -> Check:
    """Hold the earlier pairs and the parameters of a repaired result against the result that was repaired.

    Parameters
    ----------
    folder : pathlib.Path
        The repaired result.
    record : mapping
        Its record.

    Returns
    -------
    Check
        Where the earlier result is gone, or is another by now, the finding says that its pairs are taken as
        they are recorded.
    """
    source = record["repaired"]
    differences = _changes(folder / CHANGES_NAME, record)
    earlier = _earlier_record(folder / source["path"], source["sha256"])
    if earlier is None:
        finding = f"{source['path']} is not there, or is another result by now"
        clause = "the changes are those from the earlier pairs, which are taken as they are recorded"
        return Check(clause, tuple(differences), finding=finding)
    clause = "the earlier pairs are those of the result that was repaired, and the changes follow"
    if _pairs(earlier["pairs"]) != _pairs(record["weights"].get("earlier")):
        differences.append(f"the recorded earlier pairs are not those of {source['path']}")
    if earlier["profiles"] != record["profiles"]:
        differences.append(f"the parameters of the profiles are not those of {source['path']}")
    return Check(clause, tuple(differences), finding=source["path"])


def _changes(path: Path, record: Record) -> list[str]:
    """Hold every team's partners in the table of changes against the recorded pairs."""
    if not path.is_file():
        return []  # that it is missing has been said
    before, now = _partners(record["weights"].get("earlier")), _partners(record["pairs"])
    right = {team: (before.get(team, ""), now.get(team, "")) for team in sorted({*before, *now})}
    try:
        frame = read_table(path).frame
        told = {
            team: (earlier, new)
            for team, earlier, new in zip(
                frame["team"], frame["earlier_partner"], frame["new_partner"], strict=True
            )
        }
    except (InputDataError, KeyError) as error:
        return [f"{path.name} cannot be read ({error})"]
    changed = {team for team, (earlier, new) in right.items() if earlier != new}
    return [
        f"{path.name}: '{team}' is not told as it is recorded"
        for team in sorted({*changed, *told})
        if told.get(team) != right.get(team, ("", ""))
    ]


def _partners(listed: object) -> dict[str, str]:
    pairs = _pairs(listed)
    return {team: other for pair in pairs for team, other in (pair, pair[::-1])}


def _earlier_record(folder: Path, seal: str) -> dict[str, Any] | None:
    try:
        record = read_sealed(folder / RECORD_NAME, {"pairs": list, "profiles": dict})
    except PairingError:
        return None
    return record if record["sha256"] == seal else None


def _pairs(listed: object) -> set[tuple[str, str]]:
    """Pairs as they are recorded; none if it is no list of pairs, which another check says."""
    pairs = listed if isinstance(listed, list) else []
    return {(min(pair), max(pair)) for pair in pairs if isinstance(pair, list) and len(pair) == 2}
