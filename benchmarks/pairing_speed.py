"""How long a proven pairing takes, beside networkx and rustworkx on the same graph in the same run.

Every measurement runs in a process of its own, so that its peak memory is its own. Times are the best of a
few repeats; ratios are what to compare between machines.

``python benchmarks/pairing_speed.py`` prints the tables of ``docs/benchmarks.md``; ``--sizes 30`` is quick.
"""

from __future__ import annotations

import argparse
import io
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.cohort import Cohort

SIZES = (30, 80, 120, 500, 1000, 2000)
REAL = 120
SEED = 1
PEERS = ("rustworkx", "networkx")
PEER_LIMIT_S = 180.0
LARGEST_FOR_NETWORKX = 500
REPEATS_WITHIN_S = 2.0


def rules() -> list[Any]:
    """The rules of the demo."""
    from pairing.rules import Different, MaxDistance, MaxLevelGap, MaxSizeRatio, MinDistance

    return [
        MinDistance(50),
        MaxDistance(300),
        MaxSizeRatio(2),
        MaxLevelGap(0.5),
        Different("cancer_alliance"),
    ]


def cohort_of(n: int) -> Cohort:
    """The real audit for 120 teams, else a simulated cohort."""
    from simulated_cohort import simulated_cohort

    from pairing.data import load_audit

    return load_audit() if n == REAL else simulated_cohort(n, SEED)


def best_of(work: Callable[[], object]) -> float:
    """Shortest of several runs, in seconds."""
    times: list[float] = []
    while sum(times) < REPEATS_WITHIN_S and len(times) < 5:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_pairing(n: int, graph: Path) -> dict[str, float]:
    """Time each stage from a loaded cohort to a certified pairing, and save the graph for the others."""
    from pairing.matching import check_certificate, solve
    from pairing.pairs import PairModel, PairTable, Preferences
    from pairing.profiles import estimate_profiles
    from pairing.rules import RuleSet

    cohort = cohort_of(n)
    before = peak_mb()
    profiles = estimate_profiles(cohort)
    model = PairModel(cohort, profiles, RuleSet(tuple(rules())), Preferences())
    table = PairTable.build(model)
    problem = table.problem()
    solution = solve(problem)
    block = (table.first, table.second, table.integers)
    proof = check_certificate(solution.certificate, solution.pairs(), [block])
    memory = peak_mb() - before
    np.savez(graph, first=table.first, second=table.second, weights=table.integers, n=n)
    return {
        "edges": len(table),
        "pairs": proof.n_pairs,
        "total": proof.total,
        "fit": best_of(lambda: estimate_profiles(cohort)),
        "score": best_of(lambda: PairTable.build(model)),
        "solve": best_of(lambda: solve(problem)),
        "certify": best_of(lambda: check_certificate(solution.certificate, solution.pairs(), [block])),
        "memory_mb": memory,
    }


def measure_rustworkx(n: int, graph: Path) -> dict[str, float]:
    """Time rustworkx on the saved graph."""
    import rustworkx

    data = np.load(graph)
    first, second, weights = (data[name].tolist() for name in ("first", "second", "weights"))
    before = peak_mb()

    def work() -> set[tuple[int, int]]:
        peer = rustworkx.PyGraph()
        peer.add_nodes_from(range(n))
        peer.add_edges_from(list(zip(first, second, weights, strict=True)))
        return rustworkx.max_weight_matching(peer, max_cardinality=True, weight_fn=int)

    return _peer_result(work, first, second, weights, before)


def measure_networkx(n: int, graph: Path) -> dict[str, float]:
    """Time networkx on the saved graph."""
    import networkx

    data = np.load(graph)
    first, second, weights = (data[name].tolist() for name in ("first", "second", "weights"))
    before = peak_mb()

    def work() -> set[tuple[int, int]]:
        peer = networkx.Graph()
        peer.add_nodes_from(range(n))
        peer.add_weighted_edges_from(zip(first, second, weights, strict=True))
        return networkx.max_weight_matching(peer, maxcardinality=True)

    return _peer_result(work, first, second, weights, before)


def _peer_result(
    work: Callable[[], set[tuple[int, int]]],
    first: list[int],
    second: list[int],
    weights: list[int],
    before: float,
) -> dict[str, float]:
    value = {frozenset(pair): weight for *pair, weight in zip(first, second, weights, strict=True)}
    matching = work()
    memory = peak_mb() - before
    return {
        "pairs": len(matching),
        "total": sum(value[frozenset(pair)] for pair in matching),
        "solve": best_of(work),
        "memory_mb": memory,
    }


def measure_whole(n: int, graph: Path) -> dict[str, float]:  # noqa: ARG001 - the same face as the others
    """Time the real audit from a data frame to a certified pairing, and the whole command."""
    import pairing
    from pairing.data import audit_files

    audit = pairing.load_audit()
    frame = pd.read_csv(io.BytesIO(audit_files()["nlca_2022.csv"]))

    def library() -> object:
        cohort = pairing.cohort_from_frame(
            frame,
            id="trust_code",
            name="trust_name",
            size="patients",
            latitude="latitude",
            longitude="longitude",
            attributes=["cancer_alliance"],
            indicators=audit.indicators,
            exclude=["RBV", "REN", "RGM", "RPY"],
        )
        return pairing.pair(cohort, rules()).prove()

    with tempfile.TemporaryDirectory() as folder:
        for name, content in audit_files().items():
            (Path(folder) / name).write_bytes(content)
        command = [sys.executable, "-m", "pairing", "pair", f"{folder}/programme.toml", "--force"]
        library_s, command_s = best_of(library), best_of(lambda: subprocess.run(command, capture_output=True))
    return {"library": library_s, "command": command_s}


MEASURES = {
    "whole": measure_whole,
    "pairing": measure_pairing,
    "rustworkx": measure_rustworkx,
    "networkx": measure_networkx,
}


def in_a_process(engine: str, n: int, graph: Path) -> dict[str, float] | None:
    """Measure in a process of its own; None if it took too long."""
    command = [sys.executable, __file__, "--measure", engine, "--sizes", str(n), "--graph", str(graph)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PEER_LIMIT_S)
    except subprocess.TimeoutExpired:
        return None
    result: dict[str, float] = json.loads(done.stdout)
    return result


def milliseconds(seconds: float) -> str:
    """A time with three significant digits."""
    return f"{1000 * seconds:,.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def run_suite(sizes: list[int]) -> str:
    """Measure every size and write the tables in Markdown."""
    stages, peers = [], []
    whole = in_a_process("whole", REAL, Path())
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            graph = Path(folder) / "graph.npz"
            own = in_a_process("pairing", n, graph)
            if own is None:
                continue
            stages.append(_stage_row(n, own))
            for peer in PEERS:
                if peer == "networkx" and n > LARGEST_FOR_NETWORKX:
                    continue
                peers.append(_peer_row(n, peer, own, in_a_process(peer, n, graph)))
            print(stages[-1], file=sys.stderr)
    lines = [*_STAGE_HEAD, *stages, "", *_PEER_HEAD, *peers, ""]
    if whole is not None:
        library, command = milliseconds(whole["library"]), milliseconds(whole["command"])
        lines.append(f"The 120 trusts of the audit, from a data frame to a certified pairing: {library}.")
        lines.append(f"`pairing pair` on them, a whole process with the price of every rule: {command}.")
        lines.append("")
    return "\n".join(lines)


_STAGE_HEAD = (
    "| teams | permitted pairs | profiles | values and rules | matching | certificate | all | memory |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|",
)
_PEER_HEAD = (
    "| teams | peer | peer's time | ours, with certificate | peer / ours | same optimum | peer's memory |",
    "|---:|---|---:|---:|---:|---|---:|",
)


def _stage_row(n: int, own: dict[str, float]) -> str:
    times = [own[stage] for stage in ("fit", "score", "solve", "certify")]
    shown = map(milliseconds, [*times, sum(times)])
    cells = [f"{n:,}", f"{own['edges']:,}", *shown, f"{own['memory_mb']:.0f} MB"]
    return f"| {' | '.join(cells)} |"


def _peer_row(n: int, peer: str, own: dict[str, float], found: dict[str, float] | None) -> str:
    ours = own["solve"] + own["certify"]
    if found is None:
        limit = f"> {PEER_LIMIT_S:.0f} s"
        return f"| {n:,} | {peer} | {limit} | {milliseconds(ours)} | > {PEER_LIMIT_S / ours:,.0f} | | |"
    same = (found["pairs"], found["total"]) == (own["pairs"], own["total"])
    ratio = found["solve"] / ours
    shown = f"{ratio:,.2g}" if ratio < 10 else f"{ratio:,.0f}"
    memory = f"{found['memory_mb']:.0f} MB"
    cells = [f"{n:,}", peer, milliseconds(found["solve"]), milliseconds(ours), shown, "yes" if same else "NO"]
    return f"| {' | '.join([*cells, memory])} |"


PAGE = """\
# How fast it is

Written by `make bench` (`benchmarks/pairing_speed.py`). 120 teams are the bundled audit; the other cohorts
are synthetic, drawn from the model fitted to it. The rules are those of the demo, as many pairs as possible
come first, and values are integers in units of 10^-9. Each line is measured in a process of its own, best of
up to five runs. Memory is what the process grew by. Times depend on the machine; the ratios much less.

Measured with Python {python} on {machine}, one core.

{tables}"""


def other_sections(page: Path) -> str:
    """What other benchmarks have written below the tables of this one; it stays."""
    _, heading, below = page.read_text(encoding="utf-8").partition("\n## ") if page.exists() else ("", "", "")
    return heading + below


def main() -> None:
    """Measure, print, and perhaps write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--write", type=Path, help="write the page here")
    parser.add_argument("--measure", choices=list(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--graph", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(MEASURES[chosen.measure](chosen.sizes[0], chosen.graph)))
        return
    tables = run_suite(chosen.sizes)
    print(tables)
    if chosen.write:
        page = PAGE.format(python=platform.python_version(), machine=platform.machine(), tables=tables)
        chosen.write.write_text(page + other_sections(chosen.write), encoding="utf-8")


if __name__ == "__main__":
    main()
