"""The clauses of a certificate that need no look at the edges: indices, nesting, sizes, signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate


def format_failures(data: Mapping[str, Any], numbers: Sequence[str], lists: Sequence[str]) -> list[str]:
    """Say which entries of a stored certificate are missing or are not made of whole numbers."""
    failures = [f"the certificate has no '{name}'" for name in (*numbers, *lists) if name not in data]
    failures += [
        f"'{name}' is not a whole number" for name in numbers if name in data and not _is_whole(data[name])
    ]
    failures += [
        f"'{name}' is not a list of whole numbers"
        for name in lists
        if name in data and not (isinstance(data[name], list) and all(map(_is_whole, data[name])))
    ]
    if data.get("duals_for") != "doubled weights":
        failures.append("'duals_for' is not 'doubled weights'")
    return failures


def matching_failures(n_vertices: int, pairs: NDArray[Any]) -> list[str]:
    """Say where the pairs are no matching: of a wrong shape, out of range, or sharing a vertex."""
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
        return [f"the pairs have shape {pairs.shape} and type {pairs.dtype}, not (k, 2) of integers"]
    outside = np.unique(pairs[(pairs < 0) | (pairs >= n_vertices)])
    failures = [f"the matching has vertex {vertex}, outside 0..{n_vertices - 1}" for vertex in outside]
    vertices, counts = np.unique(pairs, return_counts=True)
    repeated = vertices[counts > 1]
    return failures + [f"vertex {vertex} is in more than one pair" for vertex in repeated]


def structure_failures(certificate: Certificate) -> list[str]:
    """Say where the arrays of a certificate do not fit together, or its odd sets are not nested sets."""
    n_vertices, n_sets = certificate.n_vertices, len(certificate.set_parent)
    lengths = {"vertex_duals": n_vertices, "innermost_set": n_vertices, "set_duals": n_sets}
    failures = [
        f"'{name}' has {len(getattr(certificate, name))} entries and needs {length}"
        for name, length in lengths.items()
        if len(getattr(certificate, name)) != length
    ]
    for name in ("innermost_set", "set_parent"):
        wrong = [index for index in getattr(certificate, name) if not -1 <= index < n_sets]
        if wrong:
            failures.append(f"'{name}' refers to odd set {wrong[0]}, and there are {n_sets}")
    if not failures and len(_inside_out(certificate.set_parent)) < n_sets:
        failures.append("the odd sets do not nest: some set is inside itself")
    return failures


def dual_failures(certificate: Certificate) -> list[str]:
    """Say which duals are negative and which sets are not odd with at least three vertices."""
    failures = [
        f"the dual of vertex {vertex} is negative: {dual}"
        for vertex, dual in enumerate(certificate.vertex_duals)
        if dual < 0
    ]
    failures += [
        f"the dual of odd set {index} is negative: {dual}"
        for index, dual in enumerate(certificate.set_duals)
        if dual < 0
    ]
    failures += [
        f"odd set {index} has {size} vertices, not an odd number of at least 3"
        for index, size in enumerate(set_sizes(certificate))
        if size % 2 == 0 or size < 3
    ]
    if certificate.cardinality_bonus < 0:
        failures.append(f"the bonus for a pair is negative: {certificate.cardinality_bonus}")
    return failures


def set_sizes(certificate: Certificate) -> list[int]:
    """Count the vertices in each odd set, those in the sets inside it included."""
    sizes = [0] * len(certificate.set_parent)
    for index in certificate.innermost_set:
        if index >= 0:
            sizes[index] += 1
    for index in _inside_out(certificate.set_parent):
        if certificate.set_parent[index] >= 0:
            sizes[certificate.set_parent[index]] += sizes[index]
    return sizes


def _inside_out(set_parent: Sequence[int]) -> list[int]:
    """List the sets so that each comes before the one around it; those on a cycle are left out."""
    n_inside = [0] * len(set_parent)
    for parent in set_parent:
        if parent >= 0:
            n_inside[parent] += 1
    order = [index for index, count in enumerate(n_inside) if count == 0]
    for index in order:  # grows while it is read
        parent = set_parent[index]
        if parent >= 0:
            n_inside[parent] -= 1
            if n_inside[parent] == 0:
                order.append(parent)
    return order


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
