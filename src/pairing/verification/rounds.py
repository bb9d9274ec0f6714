"""All checks of several rounds: files, inputs, settings, profiles, rules, repeats, proof, figures, tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError, InputDataError, ProblemsError
from pairing.files.access import read_bytes
from pairing.files.programme import read_programme
from pairing.files.recorded_inputs import read_sealed, recorded_programme
from pairing.files.rounds import ROUNDS_RECORD, ROUNDS_TABLE, rounds_files
from pairing.files.run_record import sha256
from pairing.files.tables import read_table
from pairing.matching import Certificate
from pairing.matching.several import RoundsCertificate
from pairing.pairs import VALUE_SCALE, PairTable
from pairing.planning.rounds import Rounds, with_wishes
from pairing.planning.rounds.result import GreedyRounds
from pairing.profiles import ProfileModel, check_model, profiles_from_model
from pairing.programme import parse_programme, programme_to_dict
from pairing.programme.model import pair_model
from pairing.verification.check import Check, differences_of, sentences
from pairing.verification.further import LATER_COLUMNS
from pairing.verification.plan import Plan, check_rules
from pairing.verification.record import check_inputs
from pairing.verification.tables import table_differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.matching.several import RoundsProof
    from pairing.planning.rounds import Wishes

    Pairs = NDArray[np.int64]

TOLERANCE = 1
"""Units by which a recomputed value may differ from the proven one: maths libraries round differently."""

_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "status": str,
    "n_teams": int,
    "n_rounds": int,
    "n_pairs": int,
    "n_pairs_bound": int,
    "most_rests": int,
    "most_rests_bound": int,
    "n_permitted_pairs": int,
    "total_value": (int, float),
    "bound": (int, float),
    "gap": (int, float),
    "greedy": dict,
    "keep": list,
    "rests": dict,
    "rounds": list,
    "settings": dict,
    "profiles": dict,
    "certificate": dict,
    "kept_certificate": dict,
    "files": dict,
    "inputs": list,
}


def holds_rounds(folder: Path) -> bool:
    """Whether a folder is a result of ``pairing rounds``."""
    return (folder / ROUNDS_RECORD).is_file()


def check_rounds_result(folder: Path, inputs: Path | None = None) -> Iterator[Check]:
    """Prove several rounds again from their files and the original inputs, without any solver.

    Parameters
    ----------
    folder : pathlib.Path
        What ``pairing rounds`` wrote.
    inputs : pathlib.Path, optional
        Folder that holds the programme and its tables, if they are no longer where they were.

    Yields
    ------
    Check
        In order; a check that needs something that failed is not made. What planning one round after the
        other would give is recorded for comparison and is not proven.

    Raises
    ------
    FileAccessError
        If the record or an input cannot be read at all.
    """
    clause = f"{ROUNDS_RECORD} is whole"
    try:
        record = read_sealed(folder / ROUNDS_RECORD, _SECTIONS)
    except InputDataError as error:
        yield Check(clause, differences_of(error))
        return
    yield Check(clause)
    yield _check_files(folder, record)
    recorded = recorded_programme(folder, record)
    try:
        loaded = read_programme(recorded if inputs is None else inputs / recorded.name)
    except ProblemsError as error:
        yield Check("the inputs are valid", differences_of(error))
        return
    yield check_inputs(record["inputs"], loaded.inputs)
    yield _check_settings(record, loaded)
    yield from _check_plan(folder, record, loaded)


def _check_files(folder: Path, record: dict[str, Any]) -> Check:
    differences = [
        f"{name} is not among the recorded files"
        for name in (ROUNDS_TABLE, "teams.csv")
        if name not in record["files"]
    ]
    for name, digest in sorted(record["files"].items()):
        if not (folder / name).is_file():
            differences.append(f"{name} is missing")
        elif sha256(read_bytes(folder / name)) != digest:
            differences.append(f"{name} was changed after it was written (its SHA-256 differs)")
    return Check("the result files are those that were written", tuple(differences))


def _check_settings(record: dict[str, Any], loaded: LoadedProgramme) -> Check:
    clause = "the recorded settings are those of the programme"
    draft = parse_programme(record["settings"], ROUNDS_RECORD)
    if draft.programme is None:
        return Check(clause, sentences(draft.problems))
    there, here = programme_to_dict(draft.programme), programme_to_dict(loaded.programme)
    changed = [name for name in here if there[name] != here[name]]
    differences = [f"[{name}] is recorded otherwise than the programme says" for name in changed]
    wished = loaded.programme.rounds.keep if loaded.programme.rounds else ()
    differences += [f"'{team}' wants to keep its partner" for team in wished if team not in record["keep"]]
    return Check(clause, tuple(differences))


def _check_plan(folder: Path, record: dict[str, Any], loaded: LoadedProgramme) -> Iterator[Check]:
    clause = "the recorded parameters of the profiles solve the model's equations"
    try:
        model = ProfileModel.from_dict(record["profiles"])
    except InputDataError as error:
        yield Check(clause, differences_of(error))
        return
    found = check_model(loaded.cohort, model)
    yield Check(
        clause, sentences(found.failures), finding=f"largest remaining slope {found.score_residual:.1e}"
    )
    if model.indicators != tuple(indicator.column for indicator in loaded.cohort.indicators):
        return
    profiles = profiles_from_model(loaded.cohort, model)
    pairs = pair_model(
        loaded.programme, loaded.cohort, profiles, previous=loaded.previous, travel=loaded.travel
    )
    try:
        wishes = with_wishes(PairTable.build(pairs), record["keep"])
    except InputDataError as error:
        yield Check("the rules can be applied", differences_of(error))
        return
    rounds, check = _read_rounds(folder, record["n_rounds"], loaded.cohort.ids)
    yield check
    if check.passed:
        yield from _check_rounds(folder, record, wishes, rounds)


def _read_rounds(folder: Path, n_rounds: int, ids: tuple[str, ...]) -> tuple[list[Pairs], Check]:
    """The pairs of each round as they stand in the table, by positions in the cohort."""
    clause = f"{ROUNDS_TABLE} pairs every team at most once a round"
    try:
        frame = read_table(folder / ROUNDS_TABLE).frame
    except InputDataError as error:
        return [], Check(clause, differences_of(error))
    if not {"round", "team_a", "team_b"} <= set(frame.columns):
        return [], Check(clause, (f"{ROUNDS_TABLE} lacks the columns round, team_a and team_b",))
    rows = list(zip(frame["round"], frame["team_a"], frame["team_b"], strict=True))
    numbers = [str(number) for number in range(1, n_rounds + 1)]
    position = {team: at for at, team in enumerate(ids)}
    strange = sorted({number for number, _, _ in rows} - set(numbers))
    differences = [f"there is no round '{number}' among {n_rounds}" for number in strange]
    unknown = sorted({team for _, *pair in rows for team in pair} - set(ids))
    differences += [f"'{team}' is not a team of the cohort" for team in unknown]
    places = Counter((number, team) for number, *pair in rows for team in pair)
    differences += [
        f"'{team}' stands in {times} places of round {number}"
        for (number, team), times in places.items()
        if times > 1
    ]
    if differences:
        return [], Check(clause, tuple(differences))
    ends = {
        number: [sorted((position[a], position[b])) for n, a, b in rows if n == number] for number in numbers
    }
    return [np.array(sorted(ends[number]), np.int64).reshape(-1, 2) for number in numbers], Check(clause)


def _check_rounds(
    folder: Path, record: dict[str, Any], wishes: Wishes, rounds: list[Pairs]
) -> Iterator[Check]:
    every = np.unique(np.concatenate([np.zeros((0, 2), np.int64), *rounds]), axis=0)
    rules = check_rules(wishes.table, Plan(every, len(wishes.table.model.cohort)))
    yield rules
    new, kept, check = _split(wishes, rounds)
    yield check
    if not (rules.passed and check.passed):
        return
    try:
        plan = Rounds(
            wishes,
            tuple(new),
            kept,
            RoundsCertificate.from_dict(record["certificate"]),
            Certificate.from_dict(record["kept_certificate"]),
            _greedy(record["greedy"]),
        )
        proof = plan.prove(tolerance=TOLERANCE)
    except CertificateError as error:
        yield Check("no rounds are better", error.failures)
        return
    yield _check_optimality(record, proof)
    yield _check_figures(record, plan, proof)
    yield _check_tables(folder, plan)


def _greedy(recorded: dict[str, Any]) -> GreedyRounds:
    try:
        return GreedyRounds(
            int(recorded["n_pairs"]), int(recorded["most_rests"]), float(recorded["total_value"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CertificateError([f"'greedy' is not of the right form ({error})"]) from error


def _split(wishes: Wishes, rounds: list[Pairs]) -> tuple[list[Pairs], Pairs, Check]:
    """Part the pairs that are kept from those that are new, and look for repeats."""
    clause = "nobody meets a team twice but those who keep their partner"
    ids = wishes.table.model.cohort.ids
    keeps = np.zeros(len(ids), dtype=np.bool_)
    keeps[wishes.keepers] = True
    differences: list[str] = []
    met: dict[tuple[int, int], int] = {}
    kept = [pairs[keeps[pairs].all(axis=1)] for pairs in rounds]
    new = [pairs[~keeps[pairs].any(axis=1)] for pairs in rounds]
    for number, pairs in enumerate(rounds, start=1):
        for a, b in pairs[keeps[pairs].sum(axis=1) == 1].tolist():
            differences.append(f"round {number}: of {ids[a]} and {ids[b]} only one keeps its partner")
        for a, b in new[number - 1].tolist():
            if met.setdefault((a, b), number) != number:
                differences.append(f"round {number}: {ids[a]} and {ids[b]} have met in round {met[a, b]}")
        if kept[number - 1].tolist() != kept[0].tolist():
            differences.append(f"round {number} keeps other pairs than round 1")
    return new, kept[0], Check(clause, tuple(differences))


def _check_optimality(record: dict[str, Any], proof: RoundsProof) -> Check:
    reach = TOLERANCE * 2 * proof.n_pairs
    claimed = round(record["gap"] * VALUE_SCALE)
    differences = []
    if proof.n_pairs_bound > record["n_pairs_bound"]:
        differences.append(
            f"the duals prove at most {proof.n_pairs_bound} pairs, not {record['n_pairs_bound']}"
        )
    if proof.most_rests_bound < record["most_rests_bound"]:
        differences.append(
            f"the duals prove at least {proof.most_rests_bound} rests for somebody, not "
            f"{record['most_rests_bound']}"
        )
    if proof.gap > claimed + reach:
        differences.append(
            f"the rounds are worth {proof.total / VALUE_SCALE:.6f} SD and the duals prove a bound of "
            f"{proof.bound / VALUE_SCALE:.6f} SD; a gap of {record['gap']:.6f} is recorded"
        )
    finding = f"over all {proof.n_edges_checked:,} permitted pairs"
    if claimed:
        finding += f", but for a gap of {record['gap']:.6f} SD, as recorded"
    return Check("no rounds have more pairs, or as many and fewer rests, or the same and a greater total",
                 tuple(differences), finding=finding)  # fmt: skip


def _check_figures(record: dict[str, Any], plan: Rounds, proof: RoundsProof) -> Check:
    ids = plan.table.model.cohort.ids
    expected = {
        "n_teams": len(ids),
        "n_rounds": len(plan.rounds),
        "n_pairs": proof.n_pairs,
        "most_rests": proof.most_rests,
        "n_permitted_pairs": len(plan.table),
        "rests": {team: count for team, count in zip(ids, plan.rests, strict=True) if count},
        "rounds": [[[ids[a], ids[b]] for a, b in one.pairs.tolist()] for one in plan.rounds],
    }
    differences = [
        f"'{name}' is recorded otherwise than the rounds are"
        if isinstance(right, (list, dict))
        else f"{name} is recorded as {record[name]!r}; {right!r} is right"
        for name, right in expected.items()
        if record[name] != right
    ]
    reach = (TOLERANCE * proof.n_pairs + 0.5) / VALUE_SCALE
    if abs(record["total_value"] - proof.total / VALUE_SCALE) > reach:
        differences.append(
            f"total_value is recorded as {record['total_value']!r}; {proof.total / VALUE_SCALE!r} is right"
        )
    if abs(record["bound"] - record["total_value"] - record["gap"]) > 1e-9:
        differences.append("the recorded gap is not the bound minus the total")
    settled = proof.n_pairs == record["n_pairs_bound"] and proof.most_rests == record["most_rests_bound"]
    right = "optimal" if settled and record["gap"] == 0 else "feasible"
    if record["status"] != right:
        differences.append(f"status is recorded as {record['status']!r}; {right!r} is right")
    finding = f"total {proof.total / VALUE_SCALE:.6f} SD of {proof.n_pairs} pairs"
    return Check("the recorded figures are right", tuple(differences), finding=finding)


def _check_tables(folder: Path, plan: Rounds) -> Check:
    differences: list[str] = []
    for name, content in rounds_files(plan).items():
        path = folder / name
        if path.is_file() and path.read_bytes() != content:
            differences += table_differences(path, content, later=LATER_COLUMNS)
    return Check("the tables say what follows from the inputs and the rounds", tuple(differences))
