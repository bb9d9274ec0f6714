"""A finished result read back: its programme, its pairing and its record, all unchanged since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import FileAccessError
from pairing.files.earlier_pairing import PAIRS_NAME, refuse_edited_pairs
from pairing.files.lottery import LOTTERY_FILES
from pairing.files.recorded_inputs import read_sealed, read_unchanged_programme
from pairing.files.run_record import RECORD_NAME
from pairing.matching import Certificate
from pairing.pairs import PairTable
from pairing.planning import Pairing
from pairing.planning.recorded_objective import objective_from_dict
from pairing.profiles import ProfileModel, profiles_from_model
from pairing.programme.model import pair_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.files.loaded_programme import LoadedProgramme

_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "files": dict,
    "profiles": dict,
    "inputs": list,
    "pairs": list,
    "locked": list,
    "weights": dict,
    "certificate": dict,
    "status": str,
}


@dataclass(frozen=True, eq=False)
class Finished:
    """A result of ``pairing pair``, ready for questions.

    Parameters
    ----------
    pairing : Pairing
        The pairing, put together again without solving anything.
    loaded : LoadedProgramme
        The programme, unchanged since.
    record : dict
        ``run.json``.
    folder : pathlib.Path
        Where it was read from.
    """

    pairing: Pairing
    loaded: LoadedProgramme
    record: dict[str, Any]
    folder: Path

    @property
    def keep(self) -> tuple[Path, ...]:
        """What no answer may overwrite: the inputs, and the files of the plan and its lottery."""
        names = dict.fromkeys([RECORD_NAME, *self.record["files"], *LOTTERY_FILES])
        return (*self.loaded.inputs, *(self.folder / name for name in names))


def read_finished(folder: Path) -> Finished:
    """Read a result back, and refuse one of which anything was changed since.

    Parameters
    ----------
    folder : pathlib.Path
        What ``pairing pair`` wrote.

    Returns
    -------
    Finished

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If the record, the pairs or an input was changed.
    CertificateError
        If the recorded certificate is no certificate.
    """
    record = _read_record(folder)
    refuse_edited_pairs(folder, record["files"].get(PAIRS_NAME))
    loaded = read_unchanged_programme(folder, record)
    model = pair_model(
        loaded.programme,
        loaded.cohort,
        profiles_from_model(loaded.cohort, ProfileModel.from_dict(record["profiles"])),
        previous=loaded.previous,
        travel=loaded.travel,
        drawn=record.get("subset"),
        locked=[(a, b) for a, b in record["locked"]],
    )
    pairing = Pairing(
        PairTable.build(model),
        _partners(record["pairs"], loaded.cohort),
        Certificate.from_dict(record["certificate"]),
        status=record["status"],
        objective=objective_from_dict(record["weights"]),
    )
    return Finished(pairing, loaded, record, folder)


def _read_record(folder: Path) -> dict[str, Any]:
    try:
        return read_sealed(folder / RECORD_NAME, _SECTIONS)
    except FileAccessError as error:
        raise FileAccessError(
            f"{error} Give the folder that pairing pair or pairing repair wrote."
        ) from error


def _partners(pairs: list[list[str]], cohort: Cohort) -> NDArray[np.int64]:
    position = {team: index for index, team in enumerate(cohort.ids)}
    partner = np.full(len(cohort), -1)
    for team, other in pairs:
        partner[position[team]], partner[position[other]] = position[other], position[team]
    return partner
