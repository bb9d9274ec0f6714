"""Measure one engine on one graph, in this process, and print the figures as JSON."""

from __future__ import annotations

import argparse
import json
import resource
import time

from engines import ENGINES, Matching
from graphs import FAMILIES, Graph

REPEAT_WITHIN_S = 1.0
MOST_REPEATS = 5


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def checked(graph: Graph, matching: Matching) -> dict[str, int | bool]:
    """What a matching is worth, and whether it is one."""
    rows = zip(graph.first.tolist(), graph.second.tolist(), graph.weights.tolist(), strict=True)
    weight = {frozenset(ends): value for *ends, value in rows}
    met = [vertex for pair in matching for vertex in pair]
    is_matching = len(set(met)) == len(met) and all(frozenset(pair) in weight for pair in matching)
    total = sum(weight.get(frozenset(pair), 0) for pair in matching)
    return {"is_matching": is_matching, "pairs": len(matching), "total": total}


def measure(engine: str, graph: Graph) -> dict[str, float]:
    """Time the best of a few runs, after one on a small graph, which imports the engine."""
    ENGINES[engine](FAMILIES["every pair"](10, 0))
    before = peak_mb()
    times: list[float] = []
    while not times or (sum(times) < REPEAT_WITHIN_S and len(times) < MOST_REPEATS):
        start = time.perf_counter()
        matching = ENGINES[engine](graph)
        times.append(time.perf_counter() - start)
    grown = peak_mb() - before
    return {"seconds": min(times), "memory_mb": grown, "edges": len(graph.first), **checked(graph, matching)}


def main() -> None:
    """Measure what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=list(ENGINES))
    parser.add_argument("family", choices=list(FAMILIES))
    parser.add_argument("n", type=int)
    parser.add_argument("seed", type=int)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.engine, FAMILIES[chosen.family](chosen.n, chosen.seed))))


if __name__ == "__main__":
    main()
