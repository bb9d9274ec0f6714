"""From a programme on disk to a pairing, with the time of each stage.

The library is imported where it is used, so that help and mistakes in typing need not wait for it.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.cli.console import ctrl_c_was_pressed, forget_ctrl_c
from pairing.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.cli.console import Console
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.matching import ConstrainedProgress, Progress
    from pairing.pairs import PairModel
    from pairing.planning import Pairing

    LockedPairs = Sequence[tuple[str, str]]

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
PROGRAMME_NAME = "programme.toml"


@dataclass
class Stopwatch:
    """Seconds of each stage, in order."""

    seconds: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Book the time since the last lap on a stage."""
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._started, 6)
        self._started = now


@dataclass(frozen=True, eq=False)
class Source:
    """A programme that was read, or guessed from a table.

    Parameters
    ----------
    loaded : LoadedProgramme
        The programme with its teams.
    guessed : str, optional
        Text of the programme if it was guessed; it belongs in the result folder.
    notes : tuple of str
        What was guessed, and why.
    """

    loaded: LoadedProgramme
    guessed: str | None = None
    notes: tuple[str, ...] = ()

    def extra_files(self) -> dict[str, bytes]:
        """Files that the result folder needs beside the tables."""
        return {} if self.guessed is None else {PROGRAMME_NAME: self.guessed.encode("utf-8")}


def is_table(path: Path) -> bool:
    """Whether a path is a table of teams and not a programme, by its ending."""
    return path.suffix.lower() in TABLE_ENDINGS


def default_folder(path: Path) -> Path:
    """Where a result goes when nobody says: ``<programme>-result`` beside the programme."""
    return path.parent / f"{path.stem}-result"


def load(path: Path, folder: Path) -> Source:
    """Read a programme, or guess one from a table as if it stood in the result folder.

    Raises
    ------
    InputDataError
        With every problem of the settings and the tables.
    FileAccessError
        If a file cannot be read.
    """
    from pairing.files.guess import guess_programme
    from pairing.files.programme import inspect_programme_text, read_programme
    from pairing.files.tables import read_table

    if not is_table(path):
        return Source(read_programme(path))

    file = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    guess = guess_programme(read_table(path), file)
    inspection = inspect_programme_text(guess.toml_text, folder / PROGRAMME_NAME, table_shown_as=str(path))
    if inspection.loaded is None:
        raise InputDataError(inspection.problems)
    return Source(inspection.loaded, guess.toml_text, guess.notes)


def model_of(loaded: LoadedProgramme, watch: Stopwatch, locked: LockedPairs = ()) -> PairModel:
    """Estimate the profiles and put the model of pairs together, with pairs that are to stay."""
    from pairing.profiles import estimate_profiles
    from pairing.programme.model import pair_model

    profiles = estimate_profiles(loaded.cohort, dispersion=loaded.programme.profiles.dispersion)
    watch.lap("profiles")
    return pair_model(
        loaded.programme,
        loaded.cohort,
        profiles,
        previous=loaded.previous,
        travel=loaded.travel,
        locked=locked,
    )


def plan(
    loaded: LoadedProgramme,
    watch: Stopwatch,
    console: Console,
    locked: LockedPairs = (),
    *,
    time_limit_s: float | None = None,
    memory_limit: int | None = None,
) -> Pairing:
    """Value every pair and find the best pairing, with pairs that are to stay."""
    from pairing.pairs import PairTable
    from pairing.programme.planned import planned_pairing

    with console.working("Estimating profiles") as now:

        def tell(state: Progress) -> None:
            now(matching_in_words(state))

        model = model_of(loaded, watch, locked)
        now(f"Valuing {model.n_pairs:,} pairs")
        table = PairTable.build(model, memory_limit=memory_limit)
        watch.lap("values")
        now(f"Matching over {len(table):,} permitted pairs")
        pressed_before = ctrl_c_was_pressed()
        pairing = planned_pairing(
            loaded.programme,
            table,
            time_limit_s=time_limit_s,
            progress=tell,
            level_progress=lambda level, state: now(search_in_words(level, state)),
            keep_interrupted=True,
        )
        if not pressed_before:
            forget_ctrl_c()  # the search has come to an end, and the plan says what it is
        watch.lap("matching")
        now("Proving that nothing is better")
        pairing.prove()
        watch.lap("proof")
    return pairing


def matching_in_words(state: Progress) -> str:
    """Say where the search for the greatest total stands: the plan, its bound, and what is left to price."""
    from pairing.pairs import VALUE_SCALE

    plan = f"Matching: {state.n_pairs:,} pairs with {state.total / VALUE_SCALE:,.4f} SD"
    if state.bound is None:
        return f"{plan}, no bound yet"
    bound = f"at most {state.bound / VALUE_SCALE:,.4f}, gap {(state.bound - state.total) / VALUE_SCALE:,.4f}"
    return f"{plan}, {bound}; {state.n_violated:,} pairs left to consider"


def search_in_words(level: str, state: ConstrainedProgress) -> str:
    """Say where a search by levels stands: the best plan so far, the bound, and the gap between them."""
    from pairing.planning.by_levels.levels import shown_units

    bound = f"at most {shown_units(level, state.bound):,.4f}"
    if state.total is None:
        return f"Searching for the best {level}: no plan yet, {bound}"
    gap = abs(shown_units(level, state.bound - state.total))
    return f"Searching for the best {level}: {shown_units(level, state.total):,.4f}, {bound}, gap {gap:,.4f}"


def tell_source(source: Source, console: Console) -> None:
    """Say what was guessed, and pass warnings on."""
    for note in source.notes:
        console.note(f"Guessed: {note}")
    console.warn(source.loaded.warnings)
