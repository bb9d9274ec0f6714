"""One function an engine: as many pairs as possible, then the greatest sum of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphs import Graph

Matching = list[tuple[int, int]]


def pairing_certified(graph: Graph) -> Matching:
    """Solve by this package and check the certificate."""
    from pairing.matching import MatchingProblem, check_certificate, solve

    solution = solve(MatchingProblem(graph.n, graph.first, graph.second, graph.weights))
    check_certificate(solution.certificate, solution.pairs(), [(graph.first, graph.second, graph.weights)])
    return [(int(a), int(b)) for a, b in solution.pairs()]


def networkx(graph: Graph) -> Matching:
    """Solve by networkx, in pure Python."""
    import networkx

    peer = networkx.Graph()
    peer.add_nodes_from(range(graph.n))
    peer.add_weighted_edges_from(_rows(graph))
    return list(networkx.max_weight_matching(peer, maxcardinality=True))


def rustworkx(graph: Graph) -> Matching:
    """Solve by rustworkx, in Rust."""
    import rustworkx

    peer = rustworkx.PyGraph()
    peer.add_nodes_from(range(graph.n))
    peer.add_edges_from(_rows(graph))
    return list(rustworkx.max_weight_matching(peer, max_cardinality=True, weight_fn=int))


def pymatching(graph: Graph) -> Matching:
    """Solve by PyMatching as a minimum T-join of all vertices, a constant added to every edge.

    The constant makes any further edge costly, so that the join is a perfect matching where there is one. It
    has to stay below the 24 bits that PyMatching keeps of a weight: the answer has to be checked.
    """
    import pymatching

    constant = 4 * int(graph.weights.max(initial=1))
    peer = pymatching.Matching()
    for first, second, weight in _rows(graph):
        peer.add_edge(first, second, weight=constant - weight)
    joined = peer.decode_to_edges_array(np.ones(graph.n, dtype=np.uint8))
    return [(int(a), int(b)) for a, b in joined]


def scipy_milp(graph: Graph) -> Matching:
    """Solve by SciPy's interface to HiGHS as an integer programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    n_edges = len(graph.first)
    ends = np.concatenate([graph.first, graph.second])
    incidence = csr_array((np.ones(2 * n_edges), (ends, np.tile(np.arange(n_edges), 2))), (graph.n, n_edges))
    # One pair more counts for more than all that values can bring.
    bonus = (graph.n // 2) * int(graph.weights.max(initial=0)) + 1
    found = milp(
        -(graph.weights + bonus).astype(float),
        integrality=np.ones(n_edges),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(incidence, 0, 1),
        options={"mip_rel_gap": 0.0},
    )
    chosen = np.flatnonzero(np.round(found.x))
    return list(zip(graph.first[chosen].tolist(), graph.second[chosen].tolist(), strict=True))


def cp_sat(graph: Graph) -> Matching:
    """Solve by OR-tools' CP-SAT with two workers: first the number of pairs, then the sum."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in graph.first]
    at: list[list[cp_model.IntVar]] = [[] for _ in range(graph.n)]
    for first, second, edge in zip(graph.first.tolist(), graph.second.tolist(), taken, strict=True):
        at[first].append(edge)
        at[second].append(edge)
    for edges in at:
        model.add_at_most_one(edges)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    model.maximize(sum(taken))
    solver.solve(model)
    # The redundant row makes the second stage many times quicker.
    model.add(sum(taken) == round(solver.objective_value))
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, graph.weights.tolist()))
    solver.solve(model)
    chosen = [place for place, edge in enumerate(taken) if solver.value(edge)]
    return [(int(graph.first[place]), int(graph.second[place])) for place in chosen]


OURS = "pairing"
ENGINES: dict[str, Callable[[Graph], Matching]] = {
    OURS: pairing_certified,
    "rustworkx": rustworkx,
    "networkx": networkx,
    "PyMatching": pymatching,
    "SciPy MILP": scipy_milp,
    "CP-SAT": cp_sat,
}


def _rows(graph: Graph) -> list[tuple[int, int, int]]:
    return list(zip(graph.first.tolist(), graph.second.tolist(), graph.weights.tolist(), strict=True))
