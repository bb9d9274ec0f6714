"""Odd sets that grew from odd cycles (blossoms), nested to any depth, and the matching inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Link = tuple[int, int]


class Blossoms:
    """A laminar family of blossoms over n vertices, together with the partners that it keeps consistent.

    A blossom is an odd cycle of members, each a vertex or a smaller blossom. Its base is the one vertex
    whose partner, if any, is outside. Vertices are numbered from 0, blossoms from n. A set that no blossom
    holds is an outermost one.

    Parameters
    ----------
    partner : list of int, length n
        Partner of each vertex, -1 for none. Changed in place.

    Attributes
    ----------
    partner : list of int, length n
        The matching.
    group : list of int, length n
        The same number for all vertices of an outermost set: one of its vertices.
    holder : list of int, length n
        The outermost set that a group stands for.
    parent : list of int
        The blossom just around each vertex or blossom, -1 for none.
    members : list of list of int
        The cycle of each blossom, the member with the base first; empty for vertices.
    links : list of list of (int, int)
        ``links[b][i]`` is the edge from member i to the next, as a vertex of each.
    base : list of int
        Base of each blossom; a vertex is its own.
    dual : list of int
        Dual of each blossom; unused for vertices.

    Notes
    -----
    A blossom takes over the group of its largest member, so that joining and dissolving renumber only
    the vertices of the others. Blossoms that nest hundreds deep would take quadratic time otherwise.
    """

    def __init__(self, partner: list[int]) -> None:
        n_vertices = len(partner)
        self.n_vertices = n_vertices
        n_sets = n_vertices + n_vertices // 2
        self.partner = partner
        self.group = list(range(n_vertices))
        self.holder = list(range(n_vertices))
        self.parent = [-1] * n_sets
        none: list[Any] = []  # one for all, which is never changed: lists replace it
        self.members: list[list[int]] = [none] * n_sets
        self.links: list[list[Link]] = [none] * n_sets
        self.base = list(range(n_sets))
        self.dual = [0] * n_sets
        self._group_of = list(range(n_sets))
        self._size = [1] * n_sets
        self._unused = list(range(n_sets - 1, n_vertices - 1, -1))

    def copy(self) -> Blossoms:
        """Give the same blossoms with the same matching, to be changed on their own."""
        other = object.__new__(Blossoms)
        # Cycles and links are replaced and never changed, so that the lists of them are all there is to copy.
        other.__dict__.update(
            {name: value.copy() if isinstance(value, list) else value for name, value in vars(self).items()}
        )
        return other

    def outermost(self, vertex: int) -> int:
        """Give the outermost blossom that holds a vertex, or the vertex itself."""
        return self.holder[self.group[vertex]]

    def vertices(self, blossom: int) -> Iterator[int]:
        """Go through the vertices of a blossom, those of the blossoms inside it included."""
        if blossom < self.n_vertices:
            yield blossom
            return
        waiting = self.members[blossom][::-1]
        while waiting:
            member = waiting.pop()
            if member < self.n_vertices:
                yield member
            else:
                waiting.extend(reversed(self.members[member]))

    def outermost_blossoms(self) -> list[int]:
        """List the blossoms that no other blossom holds."""
        return [
            blossom
            for blossom in range(self.n_vertices, len(self.parent))
            if self.members[blossom] and self.parent[blossom] < 0
        ]

    def join(self, members: list[int], links: list[Link]) -> int:
        """Make a blossom with dual 0 of an odd cycle of outermost sets, the first of which holds the base.

        Parameters
        ----------
        members : list of int
            The cycle.
        links : list of (int, int)
            The edge from each member to the next, the last one's to the first.

        Returns
        -------
        int
            Number of the new blossom.
        """
        blossom = self._unused.pop()
        self.members[blossom], self.links[blossom] = members, links
        self.base[blossom] = self.base[members[0]]
        self.parent[blossom] = -1
        self.dual[blossom] = 0
        largest = max(members, key=self._size.__getitem__)
        group = self._group_of[blossom] = self._group_of[largest]
        for member in members:
            self.parent[member] = blossom
            if member != largest:
                self._regroup(member, group)
        self._size[blossom] = sum(self._size[member] for member in members)
        self.holder[group] = blossom
        return blossom

    def dissolve(self, blossom: int) -> tuple[list[int], list[Link]]:
        """Set the members of an outermost blossom free, and give them with their links."""
        members, links = self.members[blossom], self.links[blossom]
        self.members[blossom], self.links[blossom] = [], []
        for member in members:
            self.parent[member] = -1
            group = self._group_of[member]
            if group != self._group_of[blossom]:
                self._regroup(member, group)
            self.holder[group] = member
        self._unused.append(blossom)
        return members, links

    def _regroup(self, member: int, group: int) -> None:
        for vertex in self.vertices(member):
            self.group[vertex] = group

    def rebase(self, blossom: int, vertex: int) -> None:
        """Change the matching inside a blossom so that another of its vertices becomes the base."""
        waiting = [(blossom, vertex)]
        while waiting:
            outer, base = waiting.pop()
            member = base
            while member != outer:
                around = self.parent[member]
                waiting.extend(self._rotate(around, member))
                self.base[around] = base
                member = around

    def _rotate(self, blossom: int, first: int) -> list[tuple[int, int]]:
        """Put another member first and pair up the rest; list the members whose base has moved."""
        place = self.members[blossom].index(first)
        if place == 0:
            return []
        members = self.members[blossom] = self.members[blossom][place:] + self.members[blossom][:place]
        links = self.links[blossom] = self.links[blossom][place:] + self.links[blossom][:place]
        moved = []
        for index in range(1, len(members), 2):
            one, other = links[index]
            if self.partner[one] != other:
                self.partner[one], self.partner[other] = other, one
                moved += [(members[index], one), (members[index + 1], other)]
        return moved
