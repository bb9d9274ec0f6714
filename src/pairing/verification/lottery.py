"""That the published lottery is the declared one: its files, its pool, its chances, and what it says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairing.allocation import declare
from pairing.allocation.entrants import Entrants, entrants_of
from pairing.allocation.plan import detectable
from pairing.allocation.publication import publication
from pairing.errors import FileAccessError, PairingError, ProblemsError
from pairing.files.draw import was_drawn
from pairing.files.earlier_pairing import read_pairs
from pairing.files.lottery import LOTTERY_NAME, read_publication
from pairing.files.programme import read_programme
from pairing.files.recorded_inputs import read_sealed, recorded_programme
from pairing.files.run_record import RECORD_NAME
from pairing.lottery import lottery_differences
from pairing.lottery.facts import count_in_words
from pairing.profiles import ProfileModel, check_model, profiles_from_model
from pairing.verification.check import Check, differences_of
from pairing.verification.compare import MOST_LISTED
from pairing.verification.draw import check_draw
from pairing.verification.record import check_inputs
from pairing.verification.repaired import fitted_cohort

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pairing.allocation import Declaration
    from pairing.cohort import Cohort
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.files.lottery import Published

TOLERANCE = 1e-6
"""Largest relative difference of a published figure that another maths library may explain."""


def check_lottery(folder: Path, inputs: Path | None = None) -> Iterator[Check]:
    """Prove a published lottery, and what was drawn from it, from the files and the original inputs.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published.
    inputs : pathlib.Path, optional
        Folder that holds the programme and its tables, if they are no longer where they were.

    Yields
    ------
    Check
        In order; a check that needs something that failed is not made.

    Raises
    ------
    FileAccessError
        If an input cannot be read at all.
    """
    published, check = _read(folder)
    yield check
    if published is None:
        return
    loaded, check = _read_inputs(folder, published, inputs)
    yield check
    if loaded is None:
        return
    yield check_inputs(published.record["inputs"], loaded.inputs)
    entrants, check = _entrants(folder, published, loaded)
    yield check
    if entrants is None:
        return
    yield from _check_declaration(published, loaded, entrants)
    if was_drawn(folder):
        yield from check_draw(folder, published, loaded, entrants)


def record_differences(recorded: Any, right: Any, key: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Describe every entry in which two JSON values differ; numbers may differ by rounding.

    Examples
    --------
    >>> list(record_differences({"a": [1, 0.5]}, {"a": [1, 0.25]}))
    ['a[2] is recorded as 0.5; 0.25 is right']
    """
    if isinstance(recorded, dict) and isinstance(right, dict):
        for name in dict.fromkeys([*right, *recorded]):
            yield from record_differences(recorded.get(name), right.get(name), f"{key}.{name}".lstrip("."))
    elif isinstance(recorded, list) and isinstance(right, list) and len(recorded) == len(right):
        for place, (there, here) in enumerate(zip(recorded, right, strict=True), start=1):
            yield from record_differences(there, here, f"{key}[{place}]")
    elif not _same(recorded, right):
        yield f"{key} is recorded as {_shown(recorded)}; {_shown(right)} is right"


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return numbers and _close(one, other)  # type: ignore[arg-type] # both are numbers
    return one == other


def _close(one: float, other: float) -> bool:
    try:
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-9)
    except OverflowError:  # one of them is a count of draws beyond every floating-point number
        return False


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


def _read(folder: Path) -> tuple[Published | None, Check]:
    clause = f"{LOTTERY_NAME} is whole, and the pool is the published one"
    try:
        published = read_publication(folder)
    except FileAccessError as error:
        return None, Check(clause, differences_of(error))
    except PairingError as error:
        return None, Check(clause, differences_of(error))
    return published, Check(clause, finding=f"SHA-256 of {LOTTERY_NAME}: {published.sha256}")


def _read_inputs(
    folder: Path, published: Published, inputs: Path | None
) -> tuple[LoadedProgramme | None, Check]:
    clause = "the lottery's inputs are valid, and declare a lottery"
    recorded = recorded_programme(folder, published.record)
    try:
        loaded = read_programme(recorded if inputs is None else inputs / recorded.name)
    except ProblemsError as error:
        return None, Check(clause, differences_of(error))
    if loaded.programme.lottery is None:
        return None, Check(clause, (f"{loaded.path.name} declares no [lottery]",))
    return loaded, Check(clause)


def _entrants(folder: Path, published: Published, loaded: LoadedProgramme) -> tuple[Entrants | None, Check]:
    clause = "the lottery's profiles solve the model's equations, and its pairs are those of the pairing"
    record = published.record
    try:
        model = ProfileModel.from_dict(record["profiles"])
        found = check_model(_fitted_cohort(folder, loaded), model)
        differences = [failure.rstrip(".") for failure in found.failures]
        pairs = None if record["pairs_sha256"] is None else read_pairs(folder, record["pairs_sha256"])
        differences += _other_profiles(folder, record)
        entrants = entrants_of(
            loaded.programme,
            loaded.cohort,
            profiles_from_model(loaded.cohort, model),
            pairs,
            previous=loaded.previous,
            travel=loaded.travel,
        )
    except PairingError as error:
        return None, Check(clause, differences_of(error))
    return entrants, Check(clause, tuple(differences))


def _fitted_cohort(folder: Path, loaded: LoadedProgramme) -> Cohort:
    """The teams that the profiles were fitted to: for a repaired pairing, those of before."""
    path = folder / RECORD_NAME
    return fitted_cohort(read_sealed(path), loaded) if path.is_file() else loaded.cohort


def _other_profiles(folder: Path, record: dict[str, Any]) -> list[str]:
    """Hold the profiles against those of the pairing, where there is one."""
    path = folder / RECORD_NAME
    if path.is_file() and read_sealed(path).get("profiles") != record["profiles"]:
        return [f"the profiles in {LOTTERY_NAME} are not those in {RECORD_NAME}"]
    return []


def _check_declaration(published: Published, loaded: LoadedProgramme, entrants: Entrants) -> Iterator[Check]:
    clause = "the pool and its tickets are what the settings and the inputs give"
    settings = loaded.programme.lottery
    if settings is None:
        return
    try:
        declaration = declare(settings, loaded.programme.analysis, entrants)
    except PairingError as error:
        yield Check(clause, differences_of(error))
        return
    n_draws, n_tickets = published.lottery.n_draws, published.lottery.n_tickets
    counts = f"{count_in_words(n_draws)} draws, {count_in_words(n_tickets)} tickets"
    yield Check(clause, lottery_differences(published.lottery, declaration.lottery), finding=counts)
    yield _check_statements(published, loaded, declaration)


def _check_statements(published: Published, loaded: LoadedProgramme, declaration: Declaration) -> Check:
    """Say anew what the publication says of the published pool, and hold it against that."""
    rebuilt = declaration.lottery
    lottery = replace(published.lottery, origin=rebuilt.origin)
    if rebuilt.units == lottery.units:
        lottery = replace(lottery, members=rebuilt.members)
    smallest = declaration.detectable
    if lottery.sha256 != declaration.lottery.sha256:
        smallest = detectable(declaration.analysis, lottery, declaration.settings.pool_seed)
    right = publication(
        replace(declaration, lottery=lottery, detectable=smallest),
        flow=loaded.flow,
        pairs_sha256=published.record["pairs_sha256"],
    )
    unchecked = ("version", "profiles", "inputs", "sha256")
    recorded = {key: value for key, value in published.record.items() if key not in unchecked}
    wanted = {key: value for key, value in right.items() if key not in unchecked}
    differences = list(record_differences(recorded, wanted))
    rest = len(differences) - MOST_LISTED
    shown = differences[:MOST_LISTED] + ([f"{rest} more entries differ"] if rest > 0 else [])
    error = lottery.largest_chance_error()
    return Check(
        f"{LOTTERY_NAME} says what follows from the pool, every team's chance among it",
        tuple(shown),
        finding=f"no chance is off by more than {error:.1e}",
    )
