"""That no plan is better: the certificate, checked over every permitted pair of the recomputed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import CertificateError, InputDataError
from pairing.files.run_record import proven_facts
from pairing.matching import Certificate, Proof
from pairing.pairs import VALUE_SCALE
from pairing.planning import Ordered, WithTriad
from pairing.planning.recorded_objective import objective_from_dict
from pairing.verification.check import Check, differences_of
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.pairs import PairTable
    from pairing.planning import Objective, Pairing
    from pairing.verification.plan import Plan
    from pairing.verification.record import Record

_ALONE = ("total", "fairest")
"""Objectives of the settings that are also kinds of weights."""

_APPROXIMATE = ("total_value", "bound", "levels", "side_constraints")
_RELATIVE = 1e-9

TOLERANCE = 1
"""Units by which a recomputed value may differ from the proven one: maths libraries round differently."""


def read_objective(record: Record) -> tuple[Objective | None, Check]:
    """Read what the recorded plan is claimed to be the best of."""
    clause = "the record says what the plan is the best of"
    try:
        objective = objective_from_dict(record["weights"])
    except InputDataError as error:
        return None, Check(clause, differences_of(error))
    asked = next((name for name in record["objective"] if name in _ALONE), None)
    if objective.kind in _ALONE and asked not in (None, objective.kind):
        differs = f"the plan is recorded as the best by '{objective.kind}'; the settings ask for '{asked}'"
        return None, Check(clause, (differs,))
    if objective.kind == WithTriad.kind and record["settings"]["rules"].get("odd") != "triad":
        return None, Check(clause, ("the plan has a group of three, and the settings ask for none",))
    return objective, Check(clause, finding=objective.kind)


def check_optimality(
    record: Record, objective: Objective, table: PairTable, plan: Plan
) -> tuple[Proof | None, Check]:
    """Prove from the recorded duals that the recorded plan is the best one.

    Parameters
    ----------
    record : dict
        The record with its certificate.
    objective : Objective
        What it is claimed to be the best of.
    table : PairTable
        Permitted pairs and values, recomputed from the inputs and the stored parameters.
    plan : Plan
        The recorded plan.

    Returns
    -------
    tuple of (Proof or None, Check)
        What is proven, and the check.
    """
    clause = objective.claim()
    try:
        certificate = Certificate.from_dict(record["certificate"])
        proof = objective.prove(certificate, table, plan.pairs, tolerance=objective.tolerance)
    except (CertificateError, InputDataError) as error:
        return None, Check(clause, differences_of(error))
    if isinstance(objective, Ordered):
        return proof, Check(clause, finding=objective.finding(proof, table))
    finding = f"over all {proof.n_edges_checked:,} permitted pairs"
    if objective.tolerance:
        finding += f", to within {proof.gap / VALUE_SCALE:.1e} of the total"
    if objective.stopped is not None:
        finding += "; it is NOT proven to be the best plan"
    return proof, Check(clause, finding=finding)


def check_figures(record: Record, pairing: Pairing) -> Check:
    """Hold the figures of the record against the recomputed ones.

    Parameters
    ----------
    record : dict
        The record.
    pairing : Pairing
        The recorded plan, with recomputed values.
    """
    reach = TOLERANCE * (len(pairing.cohort) // 2) / VALUE_SCALE
    expected = proven_facts(pairing)
    differences = [
        f"{name} is recorded as {record.get(name)!r}; {right!r} is right"
        for name, right in expected.items()
        if not _agree(record.get(name), right, reach if name in _APPROXIMATE else 0.0)
    ]
    total = f"total {pairing.total_value:.6f} SD of {counted(len(pairing.pairs), 'pair')}"
    return Check("the recorded figures are right", tuple(differences), finding=total)


def _agree(recorded: object, right: object, allowed: float) -> bool:
    if isinstance(right, list) and isinstance(recorded, list):
        return len(right) == len(recorded) and all(
            _agree(one, other, allowed) for one, other in zip(recorded, right, strict=True)
        )
    if isinstance(right, dict) and isinstance(recorded, dict):
        return right.keys() == recorded.keys() and all(
            _agree(recorded[name], value, allowed) for name, value in right.items()
        )
    if isinstance(right, float) and isinstance(recorded, (int, float)):
        return bool(abs(recorded - right) <= max(allowed, abs(right) * _RELATIVE if allowed else 0.0) + 1e-12)
    return recorded == right
