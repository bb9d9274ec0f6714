"""Random matchings: every one of them equally likely, by enumeration."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare

from pairing.matching import MatchingProblem
from pairing.matching.random_matchings import random_matchings

Matching = tuple[int, ...]


def graph(n: int, edges: list[tuple[int, int]]) -> MatchingProblem:
    """A graph without weights."""
    ends = np.array(edges)
    return MatchingProblem(n, ends[:, 0], ends[:, 1], np.zeros(len(edges), np.int64))


def matchings(n: int, edges: list[tuple[int, int]], n_pairs: int) -> list[Matching]:
    """Every matching with so many edges, as partners."""
    found = []
    for chosen in combinations(edges, n_pairs):
        if len({end for edge in chosen for end in edge}) == 2 * n_pairs:
            partner = [-1] * n
            for one, other in chosen:
                partner[one], partner[other] = other, one
            found.append(tuple(partner))
    return found


def sparse(n: int, seed: int) -> list[tuple[int, int]]:
    """A graph by chance around a cycle through all vertices."""
    rng = np.random.default_rng(seed)
    around = {(at, at + 1) for at in range(n - 1)} | {(0, n - 1)}
    return sorted(around | {edge for edge in combinations(range(n), 2) if rng.random() < 0.3})


@pytest.mark.parametrize(
    ("n", "n_pairs", "seed"),
    [(8, 4, 0), (8, 4, 3), (7, 3, 2), (9, 3, 3), (8, 2, 4)],
    ids=["perfect", "perfect again", "one left out", "three left out of nine", "half"],
)
def test_every_matching_is_equally_likely(n: int, n_pairs: int, seed: int) -> None:
    """6,000 draws over all matchings with as many edges: no sign of a preference (chi-square)."""
    edges = sparse(n, seed)
    every = matchings(n, edges, n_pairs)
    drawn = random_matchings(graph(n, edges), every[0], 6_000, np.random.default_rng(seed))
    count = Counter(tuple(row) for row in drawn.partner.tolist())
    assert set(count) == set(every)
    assert len(every) > 5
    # Neighbouring draws of a small graph are not quite independent; every third one is.
    thinned = Counter(tuple(row) for row in drawn.partner[::3].tolist())
    assert chisquare([thinned[each] for each in every]).pvalue > 0.01


def test_vertices_with_many_edges_are_not_preferred() -> None:
    """A hub that may be left out as well as vertices with one edge: degrees do not matter."""
    edges = [(0, other) for other in range(1, 9)] + [(1, 2), (2, 3), (3, 4), (4, 5), (6, 7), (7, 8)]
    every = matchings(9, edges, 3)
    drawn = random_matchings(graph(9, edges), every[0], 20_000, np.random.default_rng(7))
    count = Counter(tuple(row) for row in drawn.partner[::2].tolist())
    assert chisquare([count[each] for each in every]).pvalue > 0.01


def test_degrees_do_not_matter_where_all_have_partners() -> None:
    """A toss of a coin for the vertex to move, whatever its edges, would prefer some matchings."""
    edges = [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 7), (1, 2), (1, 4), (1, 5)]
    edges += [(2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]
    every = matchings(8, edges, 4)
    drawn = random_matchings(graph(8, edges), every[0], 30_000, np.random.default_rng(1))
    count = Counter(tuple(row) for row in drawn.partner.tolist())
    assert chisquare([count[each] for each in every]).pvalue > 0.01


def test_matchings_that_differ_by_a_long_cycle_only() -> None:
    """A ring of twelve has two perfect matchings; no exchange of two pairs leads from one to the other."""
    ring = [(at, (at + 1) % 12) for at in range(12)]
    every = matchings(12, [(min(e), max(e)) for e in ring], 6)
    assert len(every) == 2
    drawn = random_matchings(graph(12, ring), every[0], 600, np.random.default_rng(0))
    count = Counter(tuple(row) for row in drawn.partner.tolist())
    assert min(count[each] for each in every) > 200


def test_a_triangle_is_left_over() -> None:
    """Of the matchings that leave out three vertices only those are drawn whose three are joined."""
    edges = sparse(9, 5)
    there = set(edges)
    every = [
        each
        for each in matchings(9, edges, 3)
        if all(pair in there for pair in combinations([at for at in range(9) if each[at] < 0], 2))
    ]
    assert len(every) > 5
    drawn = random_matchings(graph(9, edges), every[0], 1_500, np.random.default_rng(1), triangle=True)
    count = Counter(tuple(row) for row in drawn.partner.tolist())
    assert set(count) == set(every)
    assert chisquare([count[each] for each in every]).pvalue > 0.01


def test_fixed_and_forced_vertices_stay() -> None:
    """A pair that is held, and one whose vertices have only each other, are in every matching."""
    edges = [*combinations(range(6), 2), (6, 7)]
    start = [1, 0, 3, 2, 5, 4, 7, 6]
    drawn = random_matchings(graph(8, edges), start, 300, np.random.default_rng(2), fixed=[0, 1])
    assert {tuple(row) for row in drawn.partner[:, [0, 1, 6, 7]].tolist()} == {(1, 0, 7, 6)}
    assert len({tuple(row) for row in drawn.partner.tolist()}) == 3


def test_nothing_to_choose() -> None:
    """With one possible matching all draws are that one, at once."""
    drawn = random_matchings(graph(4, [(0, 1), (2, 3)]), [1, 0, 3, 2], 5, np.random.default_rng(0))
    assert drawn.partner.tolist() == [[1, 0, 3, 2]] * 5
    assert (drawn.n_steps, drawn.stopped) == (0, False)


def test_the_work_is_bounded() -> None:
    """When the steps are used up there are fewer draws, each of them whole."""
    edges = list(combinations(range(10), 2))
    start = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
    drawn = random_matchings(graph(10, edges), start, 1_000, np.random.default_rng(0), most_steps=5_000)
    assert drawn.stopped
    assert 0 < len(drawn.partner) < 1_000
    assert (drawn.partner >= 0).all()
    assert drawn.n_steps <= 5_000


def test_the_seed_decides() -> None:
    """The same generator, the same matchings."""
    edges = list(combinations(range(8), 2))
    start = [1, 0, 3, 2, 5, 4, 7, 6]
    rows = [
        random_matchings(graph(8, edges), start, 20, np.random.default_rng(seed)).partner.tolist()
        for seed in (3, 3, 4)
    ]
    assert rows[0] == rows[1] != rows[2]
