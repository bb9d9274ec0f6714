"""The tree that a blossom search grows: outer and inner sets in turn, and the ways through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import SolverError

if TYPE_CHECKING:
    from pairing.matching.engine.blossoms import Blossoms, Link

FREE, OUTER, INNER = 0, 1, 2


class AlternatingTree:
    """Outermost sets, reached from a root over edges that are in turn outside and inside the matching.

    Parameters
    ----------
    blossoms : Blossoms
        The matching and its odd sets. :meth:`flip` changes the matching in place.

    Attributes
    ----------
    label : list of int, length n
        Whether the set that a group stands for is free, outer (at an even distance from the root, as the
        root itself) or inner.
    groups : list of int
        Every group that was ever in this tree.
    """

    def __init__(self, blossoms: Blossoms) -> None:
        self.label = [FREE] * blossoms.n_vertices
        self.groups: list[int] = []
        self._blossoms = blossoms
        self._entry: dict[int, Link] = {}

    def clear(self) -> None:
        """Forget the tree."""
        for group in self.groups:
            self.label[group] = FREE
        self.groups = []
        self._entry = {}

    def group(self, outermost: int) -> int:
        """Give the group of an outermost set."""
        return self._blossoms.group[self._blossoms.base[outermost]]

    def label_of(self, outermost: int) -> int:
        """Give the label of an outermost set."""
        return self.label[self.group(outermost)]

    def mark(self, outermost: int, label: int) -> None:
        """Label an outermost set."""
        group = self.group(outermost)
        self.label[group] = label
        self.groups.append(group)

    def mark_inner(self, outermost: int, entry: Link) -> None:
        """Label a set inner, and keep the edge by which the tree reached it, outer vertex first."""
        self.mark(outermost, INNER)
        self._entry[outermost] = entry

    def entry(self, inner: int) -> Link:
        """Give the edge by which the tree reached an inner set, outer vertex first."""
        return self._entry[inner]

    def odd_cycle(self, one: int, other: int) -> tuple[list[int], list[Link]]:
        """List the sets on the cycle that an edge between two outer sets closes, nearest the root first.

        Parameters
        ----------
        one, other : int
            The ends of the edge.

        Returns
        -------
        members : list of int
            The sets.
        links : list of (int, int)
            The edge from each to the next, the last one's to the first.
        """
        apex = self._common_ancestor(one, other)
        members, links = self._branch(one, apex)
        back_members, back_links = self._branch(other, apex)
        down = [(above, below) for below, above in reversed(links)]
        return [apex, *reversed(members), *back_members], [*down, (one, other), *back_links]

    def flip(self, vertex: int, partner: int) -> None:
        """Give an outer vertex a new partner, or none (-1), and shift the pairs from there to the root."""
        blossoms = self._blossoms
        while True:
            outer = blossoms.outermost(vertex)
            former = blossoms.partner[blossoms.base[outer]]
            blossoms.rebase(outer, vertex)
            blossoms.partner[vertex] = partner
            if former < 0:
                return
            inner = blossoms.outermost(former)
            above, below = self._entry[inner]
            blossoms.rebase(inner, below)
            blossoms.partner[below] = above
            vertex, partner = above, below

    def _outer_above(self, outer: int) -> int:
        """Give the next outer set towards the root, -1 for the root itself."""
        blossoms = self._blossoms
        partner = blossoms.partner[blossoms.base[outer]]
        if partner < 0:
            return -1
        return blossoms.outermost(self._entry[blossoms.outermost(partner)][0])

    def _common_ancestor(self, one: int, other: int) -> int:
        """Climb from both sets in turn, so that the time depends on the cycle and not on the tree."""
        seen: set[int] = set()
        current, waiting = self._blossoms.outermost(one), self._blossoms.outermost(other)
        while current >= 0:
            if current in seen:
                return current
            seen.add(current)
            current = self._outer_above(current)
            if waiting >= 0:
                current, waiting = waiting, current
        raise SolverError("two outer sets have no common ancestor in the tree")

    def _branch(self, vertex: int, apex: int) -> tuple[list[int], list[Link]]:
        """List the sets from a vertex's up to below the apex, and the edge from each to the next above."""
        blossoms = self._blossoms
        members: list[int] = []
        links: list[Link] = []
        outer = blossoms.outermost(vertex)
        while outer != apex:
            base = blossoms.base[outer]
            partner = blossoms.partner[base]
            inner = blossoms.outermost(partner)
            above, below = self._entry[inner]
            members += [outer, inner]
            links += [(base, partner), (below, above)]
            outer = blossoms.outermost(above)
        return members, links
