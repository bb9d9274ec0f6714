"""All checks of a result, in order: files, inputs, settings, profiles, rules, proof, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import CertificateError, FileAccessError, InputDataError, ProblemsError
from pairing.files.programme import read_programme
from pairing.files.result import table_files
from pairing.files.tables import read_table
from pairing.matching import Certificate
from pairing.pairs import PairTable
from pairing.planning import Pairing
from pairing.profiles import ProfileModel, check_model, profiles_from_model
from pairing.programme import programme_to_dict
from pairing.programme.model import pair_model
from pairing.verification.check import Check, Verification
from pairing.verification.compare import differences_between
from pairing.verification.optimality import check_figures, check_optimality
from pairing.verification.plan import Plan, check_rules, read_plan
from pairing.verification.record import Record, check_files, check_inputs, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pairing.cohort import Cohort
    from pairing.files.programme import LoadedProgramme


def verify(folder: Path, *, inputs: Path | None = None) -> Verification:
    """Prove a result again from its files and the original inputs, without any solver.

    Parameters
    ----------
    folder : pathlib.Path
        What ``pairing pair`` wrote.
    inputs : pathlib.Path, optional
        Folder that holds the programme and its tables, if they are no longer where they were.

    Returns
    -------
    Verification
        Every check with its differences. It passes only if everything is proven as recorded.

    Raises
    ------
    FileAccessError
        If the record or an input cannot be read at all.

    Notes
    -----
    Rules and values are recomputed from the inputs and the recorded parameters of the profiles, which are in
    turn shown to solve the model's equations. The recorded duals then prove the optimum over every permitted
    pair; the proof allows each value to differ by one unit of the integer scale, as between maths libraries.
    """
    record, whole = read_record(folder)
    checks = [whole]
    if record is not None:
        checks.append(check_files(folder, record))
        checks += _check_content(folder, record, inputs)
    return Verification(str(folder), tuple(checks))


def _check_content(folder: Path, record: Record, inputs: Path | None) -> Iterator[Check]:
    path = _programme_path(folder, record, inputs)
    try:
        loaded = read_programme(path)
    except ProblemsError as error:
        problems = tuple(str(problem).rstrip(".") for problem in error.problems)
        yield Check("the inputs are valid", problems)
        return
    yield check_inputs(record["inputs"], loaded.inputs)
    yield _check_settings(record, loaded)
    model, check = _stored_model(record, loaded.cohort)
    yield check
    if model is not None:
        yield from _check_plan(folder, record, loaded, model)


def _programme_path(folder: Path, record: Record, inputs: Path | None) -> Path:
    """Where the programme is now: it is the first of the recorded inputs."""
    first = record["inputs"][0] if record["inputs"] else None
    if not (isinstance(first, dict) and isinstance(first.get("path"), str)):
        raise FileAccessError(f"{folder}: run.json names no programme among its inputs.")
    recorded = folder / str(first["path"])
    return recorded if inputs is None else inputs / recorded.name


def _check_settings(record: Record, loaded: LoadedProgramme) -> Check:
    differences = tuple(_setting_differences("", record["settings"], programme_to_dict(loaded.programme)))
    return Check("the recorded settings are those of the programme", differences)


def _setting_differences(key: str, recorded: Any, right: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(recorded, dict) and isinstance(right, dict):
        for name in sorted({*recorded, *right}):
            yield from _setting_differences(f"{key}.{name}".lstrip("."), recorded.get(name), right.get(name))
    elif recorded != right:
        yield f"{key} is recorded as {recorded!r}; the programme says {right!r}"


def _stored_model(record: Record, cohort: Cohort) -> tuple[ProfileModel | None, Check]:
    clause = "the recorded parameters of the profiles solve the model's equations"
    try:
        model = ProfileModel.from_dict(record["profiles"])
    except InputDataError as error:
        return None, Check(clause, tuple(str(problem).rstrip(".") for problem in error.problems))
    found = check_model(cohort, model)
    check = Check(
        clause,
        tuple(failure.rstrip(".") for failure in found.failures),
        finding=f"largest remaining slope {found.score_residual:.1e}",
    )
    return (model if model.indicators == tuple(k.column for k in cohort.indicators) else None), check


def _check_plan(
    folder: Path, record: Record, loaded: LoadedProgramme, model: ProfileModel
) -> Iterator[Check]:
    profiles = profiles_from_model(loaded.cohort, model)
    pairs = pair_model(
        loaded.programme, loaded.cohort, profiles, previous=loaded.previous, travel=loaded.travel
    )
    try:
        table = PairTable.build(pairs)
    except InputDataError as error:
        yield Check("the rules can be applied", tuple(str(each).rstrip(".") for each in error.problems))
        return
    plan, check = read_plan(folder, loaded.cohort.ids)
    yield check
    if plan is None:
        return
    yield check_rules(table, plan)
    proof, check = check_optimality(record, table, plan)
    yield check
    if proof is not None:
        yield check_figures(record, table, proof, plan)
    yield _check_tables(folder, record, table, plan)


def _check_tables(folder: Path, record: Record, table: PairTable, plan: Plan) -> Check:
    """Write the tables anew for the plan as it stands, and hold the files against them."""
    clause = "the tables say what follows from the inputs and the pairs"
    try:
        certificate = Certificate.from_dict(record["certificate"])
    except CertificateError as error:
        return Check(clause, error.failures)
    expected = table_files(Pairing(table, plan.partner, certificate))
    differences: list[str] = []
    for name, content in expected.items():
        path = folder / name
        if path.is_file() and path.read_bytes() != content:
            differences += _table_differences(path, content)
    return Check(clause, tuple(differences))


def _table_differences(path: Path, content: bytes) -> list[str]:
    from io import BytesIO

    import pandas as pd

    right = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
    try:
        found = read_table(path).frame
    except ProblemsError as error:
        return [str(problem).rstrip(".") for problem in error.problems]
    return differences_between(path.name, found, right)
