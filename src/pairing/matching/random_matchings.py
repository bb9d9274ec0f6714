"""Random matchings of a graph, all equally likely: a walk that opens a pair and closes one again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from pairing.matching.problem import MatchingProblem

    Indices = NDArray[np.int64]

MOST_STEPS = 3_000_000
"""Steps after which a walk ends, however many matchings it has drawn: one or two seconds."""

EXCURSIONS_A_DRAW = 5
"""Times that a pair is opened, and one is closed again, between two matchings that are drawn."""

EXCURSIONS_BEFORE = 30
"""The same before the first one is drawn."""

_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class RandomMatchings:
    """Matchings drawn by a random walk.

    Parameters
    ----------
    partner : ndarray of int32, shape (number of draws, n)
        Partner of each vertex, -1 for none.
    n_steps : int
        Steps of the walk.
    stopped : bool
        Whether the walk ended before it had drawn as many as were wanted.
    """

    partner: NDArray[np.int32] = field(repr=False)
    n_steps: int
    stopped: bool


def random_matchings(
    problem: MatchingProblem,
    start: ArrayLike,
    n_draws: int,
    rng: np.random.Generator,
    *,
    fixed: Sequence[int] = (),
    triangle: bool = False,
    most_steps: int = MOST_STEPS,
    progress: Callable[[int], None] | None = None,
) -> RandomMatchings:
    """Draw matchings with as many edges as a given one, each such matching as likely as any other.

    Parameters
    ----------
    problem : MatchingProblem
        The graph; weights do not matter.
    start : array_like of int, shape (n,)
        Partner of each vertex in the matching that the walk starts from, -1 for none.
    n_draws : int
        How many matchings.
    rng : numpy.random.Generator
        Where chance comes from.
    fixed : sequence of int
        Vertices that stay as they are, together with their partners.
    triangle : bool
        Draw only matchings whose vertices without a partner are three, each joined to the other two.
    most_steps : int
        The walk ends after so many steps.
    progress : callable, optional
        Called with the number of matchings drawn, after each.

    Returns
    -------
    RandomMatchings

    Notes
    -----
    The walk of Jerrum and Sinclair [1]_, without the times at which it stands still. Its states are the
    matchings with k edges and those with k - 1. It takes an edge out; joins a vertex without a partner to
    another one, whose partner is set free; and at some time joins two vertices without one. Every move is as
    frequent as its reverse, so that in the long run all matchings with k edges are equally likely at the
    times when an edge is closed; and every one can be reached, for two of them differ by alternating paths
    and cycles along which the walk can go. It draws every fifth closing.
    What is drawn is uniform up to how far the walk has forgotten its start; successive draws are nearly, not
    perfectly, independent.

    References
    ----------
    .. [1] Jerrum and Sinclair (1989), "Approximating the permanent", SIAM Journal on Computing 18(6).

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> square = MatchingProblem(4, [0, 1, 2, 0], [1, 2, 3, 3], [0, 0, 0, 0])
    >>> drawn = random_matchings(square, [1, 0, 3, 2], 1_000, np.random.default_rng(0))
    >>> sorted({tuple(row) for row in drawn.partner.tolist()})
    [(1, 0, 3, 2), (3, 2, 1, 0)]
    """
    partner = np.array(start, dtype=np.int64)
    walk = _Walk(problem, partner, fixed, triangle, rng, most_steps)
    drawn: list[list[int]] = []
    while len(drawn) < n_draws:
        if walk.can_move and not walk.go(EXCURSIONS_A_DRAW if drawn else EXCURSIONS_BEFORE):
            break
        drawn.append(walk.partner.copy())
        if progress is not None:
            progress(len(drawn))
    rows = np.array(drawn, dtype=np.int32).reshape(-1, problem.n_vertices)
    rows.setflags(write=False)
    return RandomMatchings(rows, walk.n_steps, len(drawn) < n_draws)


class _Walk:
    """Where the walk stands: partners, and the vertices without one that may get one."""

    def __init__(
        self,
        problem: MatchingProblem,
        start: Indices,
        fixed: Sequence[int],
        triangle: bool,  # noqa: FBT001 - of this module only
        rng: np.random.Generator,
        most_steps: int,
    ) -> None:
        movable = _movable(problem, start, fixed)
        self._first_arc, self._heads = _arcs(problem, movable)
        self._vertices = np.flatnonzero(movable).tolist()
        self.partner: list[int] = start.tolist()
        self._holes = [vertex for vertex in self._vertices if self.partner[vertex] < 0]
        self._triangle = triangle
        self._chance = _uniform(rng)
        self._most_steps = most_steps
        self.n_steps = 0

    @property
    def can_move(self) -> bool:
        """Whether there is any edge that can be opened."""
        return len(self._holes) < len(self._vertices)

    def go(self, n_excursions: int) -> bool:
        """Open and close so many edges; false if the steps do not suffice."""
        while n_excursions:
            self._open()
            if not self._close():
                return False
            n_excursions -= not self._triangle or self._holes_are_joined()
        return True

    def _open(self) -> None:
        """Take one of the edges out."""
        vertices, partner, chance = self._vertices, self.partner, self._chance
        one = vertices[int(chance() * len(vertices))]
        while partner[one] < 0:
            one = vertices[int(chance() * len(vertices))]
        self._holes += [one, partner[one]]
        partner[partner[one]] = partner[one] = -1

    def _n_arcs(self) -> int:
        first = self._first_arc
        return sum(first[hole + 1] - first[hole] for hole in self._holes)

    def _arc(self) -> tuple[int, int]:
        """Choose an edge of any hole: the place of the hole, and the other end."""
        first, at = self._first_arc, int(self._chance() * self._n_arcs())
        for place, hole in enumerate(self._holes):
            degree = first[hole + 1] - first[hole]
            if at < degree:
                return place, self._heads[first[hole] + at]
            at -= degree
        raise AssertionError  # the degrees add up to the number of arcs

    def _move(self, arc: tuple[int, int]) -> None:
        """Let a hole take the place of the other end's partner; nothing between two holes."""
        place, other = arc
        partner, hole = self.partner, self._holes[place]
        left = partner[other]
        if left >= 0:
            partner[hole], partner[other], partner[left] = other, hole, -1
            self._holes[place] = left

    def _close(self) -> bool:
        """Move holes until two of them are joined by the edge that chance takes; false if that never ends."""
        if len(self._holes) == 2:
            return self._close_two()
        while self.n_steps < self._most_steps:
            self.n_steps += 1
            place, other = self._arc()
            if self.partner[other] < 0:
                self._join(self._holes[place], other)
                return True
            self._move((place, other))
        return False

    def _close_two(self) -> bool:
        """The same where there are only two holes, which is most of the work, and therefore in one loop."""
        first, heads, partner, chance = self._first_arc, self._heads, self.partner, self._chance
        one, two = self._holes
        left_at, left_of = first[one], first[one + 1] - first[one]
        right_at, right_of = first[two], first[two + 1] - first[two]
        for step in range(self._most_steps - self.n_steps):
            at = int(chance() * (left_of + right_of))
            if at >= left_of:  # the hole that moves is always the one on the left
                at -= left_of
                one, two = two, one
                left_at, left_of, right_at, right_of = right_at, right_of, left_at, left_of
            other = heads[left_at + at]
            if other == two:
                self.n_steps += step + 1
                self._holes = [one, two]
                self._join(one, two)
                return True
            left = partner[other]
            partner[one], partner[other], partner[left] = other, one, -1
            one, left_at = left, first[left]
            left_of = first[left + 1] - left_at
        self.n_steps = self._most_steps
        return False

    def _join(self, one: int, other: int) -> None:
        self.partner[one], self.partner[other] = other, one
        self._holes = [hole for hole in self._holes if hole not in (one, other)]

    def _holes_are_joined(self) -> bool:
        """Whether the holes are three, and every two of them have an edge."""
        return len(self._holes) == 3 and all(
            other in self._heads[self._first_arc[hole] : self._first_arc[hole + 1]]
            for hole in self._holes
            for other in self._holes
            if other != hole
        )


def _movable(problem: MatchingProblem, partner: Indices, fixed: Sequence[int]) -> NDArray[np.bool_]:
    """Which vertices have edges to choose from: a pair of vertices that have only each other stays."""
    n = problem.n_vertices
    degree = np.bincount(problem.first, minlength=n) + np.bincount(problem.second, minlength=n)
    forced = (partner >= 0) & (degree == 1) & (degree[partner] == 1)
    movable: NDArray[np.bool_] = (degree > 0) & ~forced
    movable[list(fixed)] = False
    return movable


def _arcs(problem: MatchingProblem, movable: NDArray[np.bool_]) -> tuple[list[int], memoryview]:
    """Where each vertex's arcs begin in the list of their heads, and that list."""
    from scipy.sparse import coo_array

    rows = movable[problem.first] & movable[problem.second]
    first, second = problem.first[rows], problem.second[rows]
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    n = problem.n_vertices
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(n, n)).tocsr()
    graph.sort_indices()
    return graph.indptr.tolist(), np.ascontiguousarray(graph.indices).data


def _uniform(rng: np.random.Generator) -> Callable[[], float]:
    """Uniform numbers from 0 to below 1, one at a time."""

    def numbers() -> Iterator[float]:
        while True:
            yield from rng.random(_BLOCK).tolist()

    return numbers().__next__
