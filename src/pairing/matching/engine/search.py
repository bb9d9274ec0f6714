"""One search of the primal-dual blossom method: from one vertex without a partner to a better matching."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Protocol

from pairing.matching.engine.alternating_tree import FREE, INNER, OUTER, AlternatingTree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pairing.matching.engine.blossoms import Blossoms, Link

    Event = tuple[int, int, int, int, int]

_BLOSSOM_EVENT = -1
_ENDS, _GROWS = 0, 1
"""At the same time an edge that ends the search comes first: among ties a tree could grow without need."""


class Arcs(Protocol):
    """What a search has to know of a graph."""

    def arcs(self, vertex: int) -> Iterable[tuple[int, int]]:
        """Give head and doubled weight of every arc that leaves a vertex."""


class BlossomSearch:
    """A matching with its duals, and the search that improves it by one tree at a time.

    Invariants before and after each search: no dual is negative, every edge is covered, every pair is
    covered exactly, and inside a blossom with a positive dual all vertices but the base are paired.

    Parameters
    ----------
    graph : Arcs
        The graph.
    blossoms : Blossoms
        The matching and its odd sets. Changed in place.
    duals : list of int, length n
        Dual of each vertex. Changed in place.

    Notes
    -----
    The tree alternates between outer sets, whose vertex duals fall as time goes by, and inner ones,
    whose duals rise as fast. So that time can pass without touching them, outer duals are stored
    as dual + time and inner ones as dual - time; blossom duals, which change twice as fast and the other
    way, as dual - 2 time and dual + 2 time. An edge from an outer vertex to a free one then becomes
    tight at the time stored(outer) + stored(free) - weight, one between outer vertices at half that.
    All vertices of a tree have duals of the same parity, since its edges are tight and weights even, so
    these halves are whole. An event that was overtaken by a later one is told by its time being wrong.

    A set that is labelled, or loses its label, has the stored duals of all its vertices changed alike. Only
    the change is noted, for the group (its lag), until the search is over or the group ends in another one:
    sets that nest hundreds deep are opened one by one.

    References
    ----------
    Edmonds (1965), "Maximum matching and a polyhedron with 0,1-vertices". Galil (1986), "Efficient
    algorithms for finding maximum matching in graphs", ACM Computing Surveys 18(1).
    """

    def __init__(self, graph: Arcs, blossoms: Blossoms, duals: list[int]) -> None:
        self._graph = graph
        self._blossoms = blossoms
        self._duals = duals
        self._tree = AlternatingTree(blossoms)
        self._lag = [0] * len(duals)
        self._lagging: list[int] = []
        self._begin(-1)

    def run(self, root: int) -> None:
        """Give a vertex without a partner one, or leave some vertex with dual 0 without.

        Parameters
        ----------
        root : int
            A vertex without a partner.
        """
        self._begin(root)
        self._enter_outer(self._blossoms.outermost(root))
        self._let_time_pass()
        self._settle()

    def _begin(self, root: int) -> None:
        self._now = 0
        self._events: list[Event] = []
        self._zero_time = self._duals[root] if root >= 0 else 0
        self._zero_vertex = root  # the outer vertex whose dual will be the first to reach 0

    def _let_time_pass(self) -> None:
        """Act on one event after the other until the search is over.

        An edge from an outer vertex matters if it is tight by now, to a free set or to another outer one.
        Most are not, as they were overtaken by others; that is found out here, for the sake of speed.
        """
        events, duals, lag = self._events, self._duals, self._lag
        group, label = self._blossoms.group, self._tree.label
        over = False
        while not over:
            if not events or events[0][0] >= self._zero_time:
                self._now = self._zero_time
                self._tree.flip(self._zero_vertex, -1)
                return
            now, _, one, other, weight = heappop(events)
            if one == _BLOSSOM_EVENT:
                self._now = now
                self._open_if_worthless(other)
                continue
            near, far = group[one], group[other]
            kind = label[far]
            if kind == INNER or near == far:
                continue
            stored = duals[one] + lag[near] + duals[other] + lag[far] - weight
            if kind == FREE and stored == now:
                self._now = now
                over = self._grow(one, other)
            elif kind == OUTER and stored == 2 * now:
                self._now = now
                self._shrink(one, other)

    def _grow(self, outer: int, free: int) -> bool:
        """Take in a free set and its partner, or, if it has none, change the matching along the tree."""
        blossoms = self._blossoms
        reached = blossoms.outermost(free)
        partner = blossoms.partner[blossoms.base[reached]]
        if partner < 0:
            blossoms.rebase(reached, free)
            blossoms.partner[free] = outer
            self._tree.flip(outer, free)
            return True
        self._enter_inner(reached, (outer, free))
        self._enter_outer(blossoms.outermost(partner))
        return False

    def _enter_inner(self, reached: int, entry: Link) -> None:
        self._tree.mark_inner(reached, entry)
        self._shift_duals(reached, -self._now)
        if reached >= self._blossoms.n_vertices:
            time = self._blossoms.dual[reached] // 2
            heappush(self._events, (time, _GROWS, _BLOSSOM_EVENT, self._tree.group(reached), 0))

    def _enter_outer(self, reached: int) -> None:
        self._tree.mark(reached, OUTER)
        self._shift_duals(reached, self._now)
        for vertex in self._blossoms.vertices(reached):
            self._scan(vertex)

    def _shift_duals(self, outermost: int, shift: int) -> None:
        """Change the stored duals of a set as it is labelled, or as it loses its label."""
        group = self._tree.group(outermost)
        self._lag[group] += shift
        self._lagging.append(group)
        self._blossoms.dual[outermost] -= 2 * shift

    def _scan(self, vertex: int) -> None:
        """Note when each edge from a new outer vertex becomes tight, and when its own dual reaches 0."""
        label, duals, group, events = self._tree.label, self._duals, self._blossoms.group, self._events
        holder, base, partner = self._blossoms.holder, self._blossoms.base, self._blossoms.partner
        own, lag = group[vertex], self._lag
        stored = duals[vertex] + lag[own]
        if stored < self._zero_time:
            self._zero_time, self._zero_vertex = stored, vertex
        latest = self._zero_time
        for head, weight in self._graph.arcs(vertex):
            reached = group[head]
            kind = label[reached]
            if kind == INNER or reached == own:
                continue
            time = stored + duals[head] + lag[reached] - weight
            if kind == OUTER:
                time //= 2
            if time < latest:
                ends = kind == FREE and partner[base[holder[reached]]] < 0
                heappush(events, (time, _ENDS if ends else _GROWS, vertex, head, weight))

    def _scan_back(self, vertex: int) -> None:
        """Note when each edge from an outer vertex to one that has become free again becomes tight."""
        group, label, duals, lag = self._blossoms.group, self._tree.label, self._duals, self._lag
        stored = duals[vertex] + lag[group[vertex]]
        for head, weight in self._graph.arcs(vertex):
            if label[group[head]] == OUTER:
                time = duals[head] + lag[group[head]] + stored - weight
                heappush(self._events, (time, _GROWS, head, vertex, weight))

    def _shrink(self, one: int, other: int) -> None:
        """Make a blossom of the odd cycle that an edge between two outer sets closes."""
        members, links = self._tree.odd_cycle(one, other)
        newly_outer = self._absorb(members)
        groups = [self._tree.group(member) for member in members]
        blossom = self._blossoms.join(members, links)
        self._catch_up(members, groups, self._tree.group(blossom))
        self._blossoms.dual[blossom] = -2 * self._now
        self._tree.mark(blossom, OUTER)
        for vertex in newly_outer:
            self._scan(vertex)

    def _absorb(self, members: list[int]) -> list[int]:
        """Settle the duals of sets that a blossom takes in; list the vertices that were not outer before."""
        newly_outer: list[int] = []
        for member in members:
            group = self._tree.group(member)
            if self._tree.label[group] == INNER:
                self._shift_duals(member, self._now)
                newly_outer.extend(self._blossoms.vertices(member))
                self._lag[group] += self._now
            else:  # its vertices remain outer, only its own dual comes to rest
                self._blossoms.dual[member] += 2 * self._now
            self._tree.label[group] = FREE
        return newly_outer

    def _catch_up(self, members: list[int], groups: list[int], joined: int) -> None:
        """Bring the stored duals of sets whose group has ended to the lag of the one that goes on."""
        for member, group in zip(members, groups, strict=True):
            if group != joined:
                change, self._lag[group] = self._lag[group] - self._lag[joined], 0
                if change:
                    for vertex in self._blossoms.vertices(member):
                        self._duals[vertex] += change

    def _open_if_worthless(self, group: int) -> None:
        """Open an inner blossom if its dual is 0 by now; it may have left the tree since that was noted."""
        blossom = self._blossoms.holder[group]
        if self._tree.label[group] == INNER and self._blossoms.dual[blossom] == 2 * self._now:
            self._open(blossom)

    def _open(self, blossom: int) -> None:
        """Dissolve an inner blossom; the path through it stays in the tree."""
        entry = self._tree.entry(blossom)
        self._tree.mark(blossom, FREE)
        self._shift_duals(blossom, self._now)
        lag = self._lag[self._tree.group(blossom)]
        members, links = self._blossoms.dissolve(blossom)
        for member in members:
            group = self._tree.group(member)
            self._lag[group] = lag
            self._lagging.append(group)
        self._thread(members, links, entry)
        for member in members:
            if self._tree.label_of(member) == FREE:
                for vertex in self._blossoms.vertices(member):
                    self._scan_back(vertex)

    def _thread(self, members: list[int], links: list[Link], entry: Link) -> None:
        """Label the members on the even path from where the tree enters to the base."""
        place = members.index(self._blossoms.outermost(entry[1]))
        forward = place % 2 == 1
        step = 1 if forward else -1
        newly_outer = []
        self._enter_inner(members[place], entry)
        while place % len(members) != 0:
            place += step
            newly_outer.append(members[place])
            link = links[place] if forward else links[place - 1][::-1]
            place += step
            self._enter_inner(members[place % len(members)], link)
        for member in newly_outer:
            self._enter_outer(member)

    def _settle(self) -> None:
        """Take the passed time out of the stored duals, and dissolve blossoms that are worth nothing."""
        label, worth_a_look = self._tree.label, []
        for group in self._tree.groups:
            if label[group] != FREE:
                outermost = self._blossoms.holder[group]
                self._shift_duals(outermost, self._now if label[group] == INNER else -self._now)
                worth_a_look.append(outermost)
            label[group] = FREE
        self._catch_up_all()
        for outermost in worth_a_look:
            self._dissolve_worthless(outermost)
        self._tree.clear()

    def _catch_up_all(self) -> None:
        """Bring all stored duals up to date."""
        for group in self._lagging:
            change, self._lag[group] = self._lag[group], 0
            if change:
                for vertex in self._blossoms.vertices(self._blossoms.holder[group]):
                    self._duals[vertex] += change
        self._lagging = []

    def _dissolve_worthless(self, blossom: int) -> None:
        waiting = [blossom]
        while waiting:
            candidate = waiting.pop()
            if candidate >= self._blossoms.n_vertices and self._blossoms.dual[candidate] == 0:
                waiting.extend(self._blossoms.dissolve(candidate)[0])
