"""That no plan is better: the certificate, checked over every permitted pair of the recomputed values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pairing.errors import CertificateError
from pairing.files.run_record import proven_facts
from pairing.matching import Certificate, EdgeSlack, Proof, check_certificate, prove_bound
from pairing.pairs import VALUE_SCALE
from pairing.verification.check import Check
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.pairs import PairTable
    from pairing.planning import Pairing
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
    block = (table.first, table.second, table.integers)
    try:
        certificate = Certificate.from_dict(record["certificate"])
        bound = prove_bound(certificate, record["n_pairs"], [block], tolerance=TOLERANCE)
    except CertificateError as error:
        return None, Check(CLAUSE, error.failures)
    if bound > round(record["bound"] * VALUE_SCALE) + TOLERANCE * plan.n_teams:
        proven = f"{Decimal(bound) / VALUE_SCALE:.6f}"
        return None, Check(CLAUSE, (f"the duals prove a bound of {proven} SD, not {record['bound']}",))
    try:
        proof = check_certificate(certificate, plan.pairs, [block], tolerance=TOLERANCE)
    except CertificateError as error:
        lost = _what_the_plan_loses(record, table, plan) + _costly_pairs(certificate, table, plan)
        return None, Check(CLAUSE, tuple(lost) or error.failures)
    finding = f"over all {proof.n_edges_checked:,} permitted pairs, to within {proof.gap / VALUE_SCALE:.1e}"
    return proof, Check(CLAUSE, finding=f"{finding} of the total")


def _what_the_plan_loses(record: Record, table: PairTable, plan: Plan) -> list[str]:
    """Say by how much a plan misses the recorded one; the duals are sound, so that one is the best."""
    model = table.model
    total = int(model.score(plan.pairs[:, 0], plan.pairs[:, 1]).integers.sum()) / VALUE_SCALE
    n_pairs, recorded = record["n_pairs"], record["total_value"]
    lines = []
    if len(plan.pairs) < n_pairs:
        lines.append(f"the plan has {counted(len(plan.pairs), 'pair')}; the recorded one has {n_pairs}")
    if total < recorded - TOLERANCE * len(plan.pairs) / VALUE_SCALE:
        lost = f"{recorded - total:.6f} SD less than the recorded one"
        lines.append(f"the plan is worth {total:.6f} SD in total, which is {lost}")
    return lines


def _costly_pairs(certificate: Certificate, table: PairTable, plan: Plan) -> list[str]:
    """Pairs that keep any plan with them away from the optimum: half their slack under the duals."""
    integers = table.model.score(plan.pairs[:, 0], plan.pairs[:, 1]).integers
    slack = EdgeSlack(certificate).of(plan.pairs[:, 0], plan.pairs[:, 1], integers)
    ids = table.model.cohort.ids
    return [
        f"no plan with {ids[first]} and {ids[second]} together comes within "
        f"{int(slack[at]) / 2 / VALUE_SCALE:.6f} SD of the best"
        for at, (first, second) in enumerate(plan.pairs.tolist())
        if slack[at] > 2 * TOLERANCE
    ]


def check_figures(record: Record, pairing: Pairing, proof: Proof) -> Check:
    """Hold the figures of the record against the recomputed ones.

    Parameters
    ----------
    record : dict
        The record.
    pairing : Pairing
        The plan as it stands, with recomputed values.
    proof : Proof
        What is proven of it.
    """
    reach = TOLERANCE * (len(pairing.cohort) // 2) / VALUE_SCALE
    expected = proven_facts(pairing, proof.total, proof.total)
    differences = [
        f"{name} is recorded as {record.get(name)!r}; {right!r} is right"
        for name, right in expected.items()
        if not _agree(record.get(name), right, reach if name in ("total_value", "bound") else 0.0)
    ]
    total = f"total {proof.total / VALUE_SCALE:.6f} SD of {counted(proof.n_pairs, 'pair')}"
    return Check("the recorded figures are right", tuple(differences), finding=total)


def _agree(recorded: object, right: object, allowed: float) -> bool:
    if isinstance(right, float) and isinstance(recorded, (int, float)):
        return bool(abs(recorded - right) <= allowed + 1e-12)
    return recorded == right
