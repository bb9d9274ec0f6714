"""That no plan is better: the certificate, checked over every permitted pair of the recomputed values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching import Certificate, EdgeSlack, Proof, check_certificate
from pairing.pairs import VALUE_SCALE
from pairing.verification.check import Check

if TYPE_CHECKING:
    from pairing.pairs import PairTable
    from pairing.verification.plan import Plan
    from pairing.verification.record import Record

CLAUSE = "no pairing has more pairs, or as many and a greater total"
TOLERANCE = 1
"""Units by which a recomputed value may differ from the proven one: maths libraries round differently."""


def check_optimality(record: Record, table: PairTable, plan: Plan) -> tuple[Proof | None, Check]:
    """Prove from the recorded duals that the plan is the best one.

    Parameters
    ----------
    record : dict
        The record with its certificate.
    table : PairTable
        Permitted pairs and values, recomputed from the inputs and the stored parameters.
    plan : Plan
        The plan, all of whose pairs are permitted.

    Returns
    -------
    tuple of (Proof or None, Check)
        What is proven; for a plan that is not the best, by how much and through which pairs.
    """
    try:
        certificate = Certificate.from_dict(record["certificate"])
        block = (table.first, table.second, table.integers)
        proof = check_certificate(certificate, plan.pairs, [block], tolerance=TOLERANCE)
    except CertificateError as error:
        differences = (*error.failures, *_cost_of_edits(record, table, plan))
        return None, Check(CLAUSE, tuple(differences))
    exact = proof.gap / VALUE_SCALE
    finding = f"over all {proof.n_edges_checked:,} permitted pairs, to within {exact:.1e} of the total"
    return proof, Check(CLAUSE, finding=finding)


def _cost_of_edits(record: Record, table: PairTable, plan: Plan) -> list[str]:
    """Say by how much a plan misses the recorded total, and which of its pairs cannot be in a better one."""
    model = table.model
    scored = model.score(plan.pairs[:, 0], plan.pairs[:, 1])
    total = int(scored.integers.sum())
    recorded = round(float(record["total_value"]) * VALUE_SCALE)
    missing_pairs = int(record["n_pairs"]) - len(plan.pairs)
    lines = []
    if missing_pairs > 0:
        lines.append(f"the plan has {len(plan.pairs)} pairs; the recorded one has {record['n_pairs']}")
    if total < recorded - TOLERANCE * len(plan.pairs):
        lost = (recorded - total) / VALUE_SCALE
        lines.append(f"the plan is worth {total / VALUE_SCALE:.6f}, which is {lost:.6f} less than recorded")
    return lines + _costly_pairs(record, table, plan, scored.integers)


def _costly_pairs(record: Record, table: PairTable, plan: Plan, integers: Any) -> list[str]:  # noqa: ANN401
    try:
        certificate = Certificate.from_dict(record["certificate"])
        slack = EdgeSlack(certificate).of(plan.pairs[:, 0], plan.pairs[:, 1], integers)
    except (CertificateError, IndexError):
        return []
    ids = table.model.cohort.ids
    return [
        f"no plan with {ids[first]} and {ids[second]} together comes within "
        f"{int(slack[at]) / 2 / VALUE_SCALE:.6f} of the best"
        for at, (first, second) in enumerate(plan.pairs.tolist())
        if slack[at] > 2 * TOLERANCE
    ]


def check_figures(record: Record, table: PairTable, proof: Proof, plan: Plan) -> Check:
    """Hold the figures of the record against the recomputed ones."""
    reach = TOLERANCE * (plan.n_teams // 2) / VALUE_SCALE
    expected: dict[str, tuple[float, float]] = {
        "n_teams": (plan.n_teams, 0),
        "n_pairs": (len(plan.pairs), 0),
        "n_permitted_pairs": (len(table), 0),
        "total_value": (proof.total / VALUE_SCALE, reach),
        "bound": (proof.total / VALUE_SCALE, reach),
        "gap": (0, 0),
    }
    differences = [
        f"{name} is recorded as {record[name]}; {right:g} is right"
        for name, (right, allowed) in expected.items()
        if not np.isfinite(record[name]) or abs(record[name] - right) > allowed + 1e-12
    ]
    if record["status"] != "optimal":
        differences.append(f"the status is recorded as '{record['status']}'; 'optimal' is proven")
    return Check(
        "the recorded figures are right",
        tuple(differences),
        finding=f"total {proof.total / VALUE_SCALE:.6f} of {len(plan.pairs)} pairs",
    )
