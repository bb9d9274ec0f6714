"""The witness in words: which teams compete for which partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pairing.matching import MatchingProblem, Witness
    from pairing.planning.diagnosis.relaxable import RelaxablePairs

Names = tuple[str, ...]
Vertices = tuple[int, ...]

_NAMED_OF_A_LARGE_SET = 3


@dataclass(frozen=True)
class Shortage:
    """Teams that compete for too few partners.

    Parameters
    ----------
    alone : tuple of str
        Ids of teams that can only be paired with the partners.
    sets : tuple of tuple of str
        Sets of an odd number of teams, three or more, which can only be paired among themselves and with
        the partners.
    partners : tuple of str
        Ids of the teams for which all of these compete.
    """

    alone: Names
    sets: tuple[Names, ...]
    partners: Names

    @property
    def n_unpaired(self) -> int:
        """At least so many of these teams stay without a partner, whatever the pairing."""
        return len(self.alone) + len(self.sets) - len(self.partners)

    def sentence(self, most_named: int = 10) -> str:
        """Say who competes for whom, and what follows."""
        claims = [self._of_those_alone(most_named)] if self.alone else []
        claims += [self._of_a_set(names, most_named) for names in self.sets]
        text = "; ".join(claims) + self._conclusion() + "."
        return text if self.alone else "T" + text.removeprefix("t")  # an id keeps its letters

    def to_dict(self) -> dict[str, Any]:
        """Give every team by id as a JSON-safe dictionary."""
        return {
            "teams": list(self.alone),
            "odd_sets": [list(names) for names in self.sets],
            "only_partners": list(self.partners),
            "n_unpaired": self.n_unpaired,
        }

    def _of_those_alone(self, most_named: int) -> str:
        names = _listed(self.alone, most_named)
        if not self.partners:
            return f"{names} {'has' if len(self.alone) == 1 else 'have'} no permitted partner at all"
        count = len(self.partners)
        these = "one team" if count == 1 else f"these {count:,}"
        return f"{names} can only be paired with {these}: {shortened(self.partners, most_named)}"

    def _of_a_set(self, names: Names, most_named: int) -> str:
        outside = ""
        if self.partners:
            told = self.alone or names != self.sets[0]
            them = "those" if told else shortened(self.partners, most_named)
            outside = f" or with {them}"
        few = most_named if len(names) <= most_named else _NAMED_OF_A_LARGE_SET
        return (
            f"the {len(names):,} teams {_listed(names, few)} can only be paired among themselves"
            f"{outside}, and {len(names):,} is odd"
        )

    def _conclusion(self) -> str:
        short = self.n_unpaired
        if not self.partners:
            one = "; one of them stays" if len(self.sets) == 1 else f"; at least {short:,} of them stay"
            return f"{one} without a partner" if self.sets else ""
        if not self.sets:
            return f"; at least {short:,} of them {'stays' if short == 1 else 'stay'} without a partner"
        claims = [counted(len(self.alone), "team")] if self.alone else []
        claims.append(counted(len(self.sets), "odd set"))
        wanting = " and ".join(claims)
        return (
            f"; so {wanting} compete for {counted(len(self.partners), 'partner')}, and at least "
            f"{counted(short, 'team')} {'stays' if short == 1 else 'stay'} without"
        )


def shortages(pairs: RelaxablePairs, problem: MatchingProblem, witness: Witness) -> tuple[Shortage, ...]:
    """Split a witness into the statements that stand on their own.

    Parameters
    ----------
    pairs : RelaxablePairs
        The teams.
    problem : MatchingProblem
        The graph.
    witness : Witness
        Its barrier and odd parts.

    Returns
    -------
    tuple of Shortage
        Odd parts that share no partner, even by way of others, are in different statements; the unpaired
        of all statements add up to those of the witness. The worst comes first.
    """
    groups = _groups(problem, witness)
    found = []
    lonely = [parts for parts, barrier in groups if not barrier and all(len(part) == 1 for part in parts)]
    if lonely:
        found.append(_shortage(pairs, [part for parts in lonely for part in parts], ()))
    found += [
        _shortage(pairs, parts, barrier)
        for parts, barrier in groups
        if barrier or any(len(part) > 1 for part in parts)
    ]
    return tuple(sorted(found, key=lambda one: -one.n_unpaired))


def _groups(problem: MatchingProblem, witness: Witness) -> list[tuple[list[Vertices], Vertices]]:
    """Odd parts and barrier vertices that hang together, each group by its first part."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_parts = len(witness.odd_parts)
    node = [-1] * witness.n_vertices
    for number, part in enumerate(witness.odd_parts):
        for vertex in part:
            node[vertex] = number
    for number, vertex in enumerate(witness.barrier):
        node[vertex] = n_parts + number
    ends = [
        (node[one], node[other])
        for one, other in zip(problem.first.tolist(), problem.second.tolist(), strict=True)
        if min(node[one], node[other]) in range(n_parts) and max(node[one], node[other]) >= n_parts
    ]
    size = n_parts + len(witness.barrier)
    rows, columns = zip(*ends, strict=True) if ends else ((), ())
    graph = coo_array(([1] * len(ends), (rows, columns)), shape=(size, size))
    label = connected_components(graph, directed=False)[1].tolist() if size else []
    return [
        (
            [part for number, part in enumerate(witness.odd_parts) if label[number] == group],
            tuple(
                vertex for number, vertex in enumerate(witness.barrier) if label[n_parts + number] == group
            ),
        )
        for group in dict.fromkeys(label[:n_parts])
    ]


def _shortage(pairs: RelaxablePairs, parts: Sequence[Iterable[int]], barrier: Sequence[int]) -> Shortage:
    named = [tuple(pairs.ids(sorted(part))) for part in parts]
    return Shortage(
        alone=tuple(names[0] for names in named if len(names) == 1),
        sets=tuple(sorted((names for names in named if len(names) > 1), key=len)),
        partners=tuple(pairs.ids(barrier)),
    )


def _listed(names: Names, most_named: int) -> str:
    shown = shortened(names, most_named)
    if len(names) == 1 or len(names) > most_named:
        return shown
    return f"{', '.join(names[:-1])} and {names[-1]}"
