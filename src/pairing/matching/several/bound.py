"""The proof that no rounds are worth more: duals of a linear programme, checked in exact integers.

The edges of several rounds together obey simple inequalities: a vertex has at most so many, an odd set of
vertices holds at most so many, and so on (:class:`~pairing.matching.several.union.Cut`). Any multiples of
them, added up, bound what edges can be worth: an edge that the multiples do not cover counts with what is
missing, for it is used at most once. Where this is not sharp, it is done for each branch of a tree of
decisions ("with this edge", "without it") that leaves no case out. No solver is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.several.union import Cut, UnionProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Decision = tuple[int, int, bool]
"""Both ends of an edge, and whether it is used."""

_SAFE = 2**62


@dataclass(frozen=True)
class Duals:
    """Multiples of the inequalities, in parts of a unit of weight.

    Parameters
    ----------
    vertices : tuple of int, length n
        Of the number of edges at each vertex; at least 0 multiplies the upper limit, below 0 the lower.
    count : int
        Of the number of edges, where it is fixed; any sign.
    cuts : tuple of (int, int)
        Index of a cut and its multiple, above 0.
    """

    vertices: tuple[int, ...]
    count: int = 0
    cuts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Branch:
    """One case, and the duals that bound it.

    Parameters
    ----------
    decisions : tuple of (int, int, bool)
        What the case supposes, in the order of the tree.
    duals : Duals
        The multiples.
    """

    decisions: tuple[Decision, ...]
    duals: Duals


@dataclass(frozen=True)
class BoundTree:
    """A proof that no choice of edges is worth more than its bound.

    Parameters
    ----------
    parts : int
        Parts of a unit of weight in which the duals are counted.
    cuts : tuple of Cut
        The inequalities that the duals refer to.
    branches : tuple of Branch
        Cases that together leave nothing out.
    """

    parts: int
    cuts: tuple[Cut, ...] = field(repr=False)
    branches: tuple[Branch, ...] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the proof as a JSON-safe dictionary."""
        return {
            "parts": self.parts,
            "cuts": [cut.to_dict() for cut in self.cuts],
            "branches": [
                {
                    "decisions": [list(decision) for decision in branch.decisions],
                    "vertex_duals": list(branch.duals.vertices),
                    "count_dual": branch.duals.count,
                    "cut_duals": [list(entry) for entry in branch.duals.cuts],
                }
                for branch in self.branches
            ],
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> BoundTree:
        """Read a proof back.

        Raises
        ------
        CertificateError
            If it is not of the right form.
        """
        try:
            cuts = tuple(Cut.from_dict(cut) for cut in data["cuts"])
            branches = tuple(_branch_of(branch) for branch in data["branches"])
            return BoundTree(_whole(data["parts"]), cuts, branches)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CertificateError([f"the proof of a bound is not of the right form ({error})"]) from error


class DualBound:
    """Bounds from duals, in exact integers, for one problem and a growing list of cuts.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    parts : int
        Parts of a unit of weight in which duals are counted.

    Attributes
    ----------
    counted : list of ndarray of int64
        Positions of the edges that each cut counts.
    """

    def __init__(self, problem: UnionProblem, parts: int) -> None:
        self.problem, self.parts = problem, parts
        self.counted: list[Integers] = []
        self._limits: list[int] = []
        self._heaviest = problem.heaviest

    def add(self, cut: Cut) -> None:
        """Take one more cut into account."""
        self.counted.append(cut.counted(self.problem))
        self._limits.append(cut.limit(self.problem.n_rounds))

    def of(self, duals: Duals, decisions: Sequence[Decision] = ()) -> int:
        """Bound the weight of any choice of edges that agrees with the decisions, in whole units."""
        problem = self.problem
        missing = self.uncovered(duals)
        total = sum(
            dual * (problem.n_rounds if dual > 0 else problem.least) for dual in duals.vertices if dual
        )
        total += duals.count * (problem.n_edges or 0)
        total += sum(dual * self._limits[index] for index, dual in duals.cuts)
        decided = [(problem.positions(((a, b),)), used) for a, b, used in decisions]
        for position, used in decided:
            total += int(missing[position].sum()) if used else 0
        missing = missing.copy()
        for position, _ in decided:
            missing[position] = 0
        total += int(missing[missing > 0].sum())
        return total // self.parts

    def uncovered(self, duals: Duals) -> NDArray[Any]:
        """What the duals leave uncovered of each edge; below 0 where they more than cover it."""
        problem = self.problem
        largest = max((abs(dual) for dual in duals.vertices), default=0)
        reach = self._heaviest * self.parts + 2 * largest + abs(duals.count)
        reach += sum(abs(dual) for _, dual in duals.cuts)
        exact = reach * max(1, problem.first.size) < _SAFE
        dtype: Any = np.int64 if exact else object
        vertices = np.array(duals.vertices, dtype=dtype)
        missing: NDArray[Any] = problem.weights.astype(dtype) * self.parts - duals.count
        missing = missing - vertices[problem.first] - vertices[problem.second]
        for index, dual in duals.cuts:
            missing[self.counted[index]] -= dual
        return missing


def prove_union_bound(problem: UnionProblem, tree: BoundTree) -> int:
    """Prove from duals alone what edges of several rounds can be worth together at most.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    tree : BoundTree
        The proof.

    Returns
    -------
    int
        No choice of edges is worth more, in units of the weights.

    Raises
    ------
    CertificateError
        If the proof has a fault; every clause that fails has its sentence.

    Examples
    --------
    Two rounds of a triangle: any one round has one edge.

    >>> edges = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> problem = UnionProblem(3, 2, *edges, np.array([5, 5, 5]))
    >>> tree = BoundTree(1, (Cut("odd set", (0, 1, 2)),), (Branch((), Duals((0, 0, 0), 0, ((0, 5),))),))
    >>> prove_union_bound(problem, tree)
    10
    """
    failures = _form_failures(problem, tree)
    if failures:
        raise CertificateError(failures)
    bounds = DualBound(problem, tree.parts)
    for cut in tree.cuts:
        bounds.add(cut)
    return max(bounds.of(branch.duals, branch.decisions) for branch in tree.branches)


def _form_failures(problem: UnionProblem, tree: BoundTree) -> list[str]:
    failures = [] if tree.parts > 0 else [f"the duals are counted in {tree.parts} parts of a unit"]
    for cut in tree.cuts:
        failures += cut.failures(problem.n_vertices, problem.n_rounds)
    for branch in tree.branches:
        failures += _dual_failures(problem, branch.duals, len(tree.cuts))
    if not _leave_nothing_out(problem, tree.branches):
        failures.append("the branches of the proof leave a case out")
    return failures


def _dual_failures(problem: UnionProblem, duals: Duals, n_cuts: int) -> list[str]:
    failures = []
    if len(duals.vertices) != problem.n_vertices:
        failures.append(f"there are {len(duals.vertices)} vertex duals for {problem.n_vertices} vertices")
    if duals.count and problem.n_edges is None:
        failures.append("there is a dual for the number of edges, which is not fixed")
    if any(not 0 <= index < n_cuts for index, _ in duals.cuts):
        failures.append(f"a dual belongs to an inequality that there is not; there are {n_cuts}")
    if any(dual < 0 for _, dual in duals.cuts):
        failures.append("the dual of an inequality is negative")
    return failures


def _leave_nothing_out(problem: UnionProblem, branches: Sequence[Branch]) -> bool:
    """Whether the branches are the leaves of a tree that asks at each fork for one edge, with and without."""
    waiting = [([branch.decisions for branch in branches], 0)]
    while waiting:
        paths, depth = waiting.pop()
        if len(paths) == 1 and len(paths[0]) == depth:
            continue
        if not paths or any(len(path) <= depth for path in paths):
            return False
        edge = paths[0][depth][:2]
        known = problem.positions((edge,)).size == 1
        if not known or any(path[depth][:2] != edge for path in paths):
            return False
        waiting += [([path for path in paths if path[depth][2] is used], depth + 1) for used in (True, False)]
    return True


def _branch_of(data: Mapping[str, Any]) -> Branch:
    decisions = tuple((_whole(a), _whole(b), _truth(used)) for a, b, used in data["decisions"])
    duals = Duals(
        tuple(map(_whole, data["vertex_duals"])),
        _whole(data["count_dual"]),
        tuple((_whole(index), _whole(dual)) for index, dual in data["cut_duals"]),
    )
    return Branch(decisions, duals)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
