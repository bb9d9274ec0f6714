"""All checks of a result, in order: files, inputs, settings, profiles, rules, proof, tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairing.errors import CertificateError, InputDataError, ProblemsError
from pairing.files.lottery import is_published
from pairing.files.programme import read_programme
from pairing.files.recorded_inputs import recorded_programme
from pairing.files.result import table_files
from pairing.files.run_record import RECORD_NAME
from pairing.matching import Certificate
from pairing.pairs import PairTable
from pairing.planning import Fairest, Ordered, Pairing
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.objective import TotalSoFar
from pairing.planning.recorded_objective import objective_from_dict
from pairing.profiles import ProfileModel, check_model, profiles_from_model
from pairing.programme import parse_programme, programme_to_dict
from pairing.programme.model import pair_model
from pairing.verification.check import Check, Verification, differences_of, sentences
from pairing.verification.edits import check_edits
from pairing.verification.further import LATER_COLUMNS, check_further, is_without_further_tables
from pairing.verification.levels import check_kept_constraints, check_levels
from pairing.verification.lottery import check_lottery
from pairing.verification.optimality import check_figures, check_optimality, read_objective
from pairing.verification.plan import check_rules, read_plan, recorded_plan
from pairing.verification.record import Record, check_files, check_inputs, read_record
from pairing.verification.repaired import check_repaired, fitted_cohort
from pairing.verification.rounds import check_rounds_result, holds_rounds
from pairing.verification.tables import table_differences
from pairing.verification.workbooks import check_pairing_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.planning import Objective
    from pairing.verification.plan import Plan


def verify(
    folder: str | Path,
    *,
    inputs: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Prove a result again from its files and the original inputs, without any solver.

    Parameters
    ----------
    folder : str or pathlib.Path
        What ``pairing pair``, ``pairing allocate`` or ``pairing rounds`` wrote.
    inputs : str or pathlib.Path, optional
        Folder that holds the programme and its tables, if they are no longer where they were.
    progress : callable, optional
        Called after each check with its clause.

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
    A published lottery is built again from the inputs, and its draw redone from the recorded randomness.
    """
    folder, inputs = Path(folder), None if inputs is None else Path(inputs)
    checks: list[Check] = []
    for check in _checks(folder, inputs):
        checks.append(check)
        if progress is not None:
            progress(check.clause)
    return Verification(str(folder), tuple(checks))


def _checks(folder: Path, inputs: Path | None) -> Iterator[Check]:
    if holds_rounds(folder):
        yield from check_rounds_result(folder, inputs)
        return
    published = is_published(folder)
    if not published or (folder / RECORD_NAME).is_file():
        record, whole = read_record(folder)
        yield whole
        if record is not None:
            yield check_files(folder, record)
            yield from check_pairing_workbook(folder, record)
            yield from _check_content(folder, record, inputs)
    if published:
        yield from check_lottery(folder, inputs)


def _check_content(folder: Path, record: Record, inputs: Path | None) -> Iterator[Check]:
    recorded = recorded_programme(folder, record)
    path = recorded if inputs is None else inputs / recorded.name
    try:
        loaded = read_programme(path)
    except ProblemsError as error:
        problems = differences_of(error)
        yield Check("the inputs are valid", problems)
        return
    yield check_inputs(record["inputs"], loaded.inputs)
    yield _check_settings(record, loaded)
    model, check = _stored_model(record, loaded)
    yield check
    if record.get("repaired") is not None:
        yield check_repaired(folder, record)
    if model is not None:
        yield from _check_plan(folder, record, loaded, model)


def _check_settings(record: Record, loaded: LoadedProgramme) -> Check:
    clause = "the recorded settings are those of the programme"
    # Read the recorded settings as settings, so that keys that came later have their defaults there too.
    draft = parse_programme(record["settings"], RECORD_NAME)
    if draft.programme is None:
        return Check(clause, sentences(draft.problems))
    right = programme_to_dict(loaded.programme)
    differences = list(_setting_differences("", programme_to_dict(draft.programme), right))
    order = right["objective"]["order"]
    differences += _setting_differences("objective", record.get("objective"), order)
    return Check(clause, tuple(differences))


def _setting_differences(key: str, recorded: Any, right: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(recorded, dict) and isinstance(right, dict):
        for name in sorted({*recorded, *right}):
            yield from _setting_differences(f"{key}.{name}".lstrip("."), recorded.get(name), right.get(name))
    elif recorded != right:
        yield f"{key} is recorded as {recorded!r}; the programme says {right!r}"


def _stored_model(record: Record, loaded: LoadedProgramme) -> tuple[ProfileModel | None, Check]:
    clause = "the recorded parameters of the profiles solve the model's equations"
    try:
        model = ProfileModel.from_dict(record["profiles"])
        cohort = fitted_cohort(record, loaded)
    except InputDataError as error:
        return None, Check(clause, differences_of(error))
    found = check_model(cohort, model)
    finding = f"largest remaining slope {found.score_residual:.1e}"
    if cohort is not loaded.cohort:
        finding += f", for the {len(cohort):,} teams that they were fitted to before the repair"
    check = Check(clause, sentences(found.failures), finding=finding)
    return (model if model.indicators == tuple(k.column for k in cohort.indicators) else None), check


def _check_plan(
    folder: Path, record: Record, loaded: LoadedProgramme, model: ProfileModel
) -> Iterator[Check]:
    profiles = profiles_from_model(loaded.cohort, model)
    pairs = pair_model(
        loaded.programme,
        loaded.cohort,
        profiles,
        previous=loaded.previous,
        travel=loaded.travel,
        drawn=record.get("subset"),
        locked=[(a, b) for a, b in record["locked"]],
    )
    try:
        table = PairTable.build(pairs)
    except InputDataError as error:
        yield Check("the rules can be applied", differences_of(error))
        return
    plan, check = read_plan(folder, loaded.cohort.ids)
    yield check
    if plan is not None:
        yield check_rules(table, plan)
    recorded, check = recorded_plan(record, loaded.cohort.ids)
    yield check
    if recorded is not None:
        yield from _check_proof(folder, record, table, recorded, loaded)
        if plan is not None:
            fairest = record["weights"].get("kind") == Fairest.kind
            yield check_edits(table, recorded, plan, worst_first=fairest)
    if plan is not None:
        yield _check_tables(folder, table, plan, record)


def _check_proof(
    folder: Path, record: Record, table: PairTable, recorded: Plan, loaded: LoadedProgramme
) -> Iterator[Check]:
    objective, check = read_objective(record)
    yield check
    if objective is None:
        return
    if isinstance(objective, Ordered):
        yield check_levels(record, objective, loaded.programme, loaded.cohort.ids)
    asked = loaded.programme.side_constraints
    if isinstance(objective, FewestChanges) and (objective.constraints or not asked.is_empty):
        yield check_kept_constraints(objective.constraints, loaded.programme, loaded.cohort.ids)
    proof, check = check_optimality(record, objective, table, recorded)
    yield check
    if proof is not None:
        certificate = Certificate.from_dict(record["certificate"])
        plan = Pairing(table, recorded.partner, certificate, _status(record, objective), objective)
        yield check_figures(record, plan)
        yield check_further(folder, record, plan, loaded)


def _status(record: Record, objective: Objective) -> str:
    """What the plan may be called; that of a plan by levels is checked with its levels."""
    if isinstance(objective, Ordered):
        return str(record["status"])
    return "feasible" if isinstance(objective, TotalSoFar) else "optimal"


def _check_tables(folder: Path, table: PairTable, plan: Plan, record: Record) -> Check:
    """Write the tables anew for the plan as it stands, and hold the files against them."""
    clause = "the tables say what follows from the inputs and the pairs"
    try:
        certificate = Certificate.from_dict(record["certificate"])
        objective = objective_from_dict(record["weights"])
    except (CertificateError, InputDataError):
        return Check(clause)  # what is wrong with it has been said
    if plan.triad != objective.triad:
        return Check(clause, ("they cannot be written anew: the group of three is not the proven one",))
    differences: list[str] = []
    later = LATER_COLUMNS if is_without_further_tables(record) else ()
    for name, content in table_files(Pairing(table, plan.partner, certificate, objective=objective)).items():
        path = folder / name
        if path.is_file() and path.read_bytes() != content:
            differences += table_differences(path, content, later=later)
    return Check(clause, tuple(differences))
