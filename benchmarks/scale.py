"""How time and memory grow with the number of teams, and how much work is done, whatever the machine.

Every size is measured in a process of its own: reading of profiles, one survey of all pairs, the best plan,
and the check of its certificate over all permitted pairs. Times are processor seconds of all threads, beside
what the clock says; exponents are fitted on logarithms. Rounds, searches and edges priced do not depend on
the machine: ``--check`` compares them with the stored ones, ``--store`` stores them.

``python benchmarks/scale.py`` takes some minutes; ``--sizes 500 1000`` is quick. ``--practices FILE``
measures the general practices of a table that is not part of this repository (see ``practices.py``).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from page import replace_section

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.cohort import Cohort

SIZES = (500, 1000, 2000, 4000, 8000, 20_000)
SEED = 1
STORED = Path(__file__).with_name("scale_counts.json")
COUNTS = ("rounds", "searches", "edges_priced", "passes")
ALLOWED = 1.5
"""A count may grow by this factor, as between versions of SciPy, before the check fails."""

Row = dict[str, float]


def measure(cohort: Cohort, rules: list[Any]) -> Row:
    """Plan a cohort and prove the plan; seconds, megabytes and counts."""
    from pairing.matching import check_certificate, solve
    from pairing.matching.large.remembered import RememberedEdges
    from pairing.pairs import PairModel, Preferences
    from pairing.pairs.stream import PairStream
    from pairing.profiles import estimate_profiles
    from pairing.rules import RuleSet

    before = peak_mb()
    row: Row = {"teams": len(cohort)}
    begin = time.perf_counter()

    def timed(stage: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the stage gives
        start = time.process_time()
        result = work()
        row[stage] = time.process_time() - start
        return result

    profiles = timed("profiles", lambda: estimate_profiles(cohort))
    model = PairModel(cohort, profiles, RuleSet(tuple(rules)), Preferences())
    stream = PairStream(model)
    timed("survey", lambda: stream.survey)
    source = RememberedEdges(stream)
    solution = timed("solve", lambda: solve(source))
    fresh = PairStream(model)
    proof = timed("certify", lambda: check_certificate(solution.certificate, solution.pairs(), fresh))
    return row | {
        "processor": sum(row[stage] for stage in ("profiles", "survey", "solve", "certify")),
        "clock": time.perf_counter() - begin,
        "peak_mb": peak_mb(),
        "grown_mb": peak_mb() - before,
        "edges": proof.n_edges_checked,
        "pairs": proof.n_pairs,
        "gap": proof.gap,
        "rounds": solution.n_rounds,
        "searches": solution.n_searches,
        "edges_priced": source.n_priced,
        "passes": source.n_passes,
    }


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_simulated(n: int) -> Row:
    """A simulated cohort under the rules of the demo."""
    from pairing_speed import rules
    from simulated_cohort import simulated_cohort

    return measure(simulated_cohort(n, SEED), rules())


def measure_practices(path: Path) -> Row:
    """The practices under the rules of ``practices.py``."""
    from practices import practices_cohort, practices_rules

    return measure(practices_cohort(path), practices_rules())


def in_a_process(*arguments: str) -> Row:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    row: Row = json.loads(done.stdout)
    return row


TITLES = (
    *("teams", "permitted pairs", "plan", "profiles", "survey", "best plan", "certificate"),
    *("processor", "clock", "memory", "rounds", "searches", "edges priced"),
)
HEAD = (f"| {' | '.join(TITLES)} |", "|---:" * len(TITLES) + "|")


def table_row(row: Row) -> str:
    """One line of the table."""
    stages = [f"{row[stage]:.2f}" for stage in ("profiles", "survey", "solve", "certify")]
    times = [*stages, f"{row['processor']:.2f} s", f"{row['clock']:.1f} s", f"{row['peak_mb']:.0f} MB"]
    plan = f"{row['pairs']:,} pairs, gap {row['gap']}"
    counts = [f"{row[name]:,}" for name in ("rounds", "searches", "edges_priced")]
    return "| " + " | ".join([f"{row['teams']:,}", f"{row['edges']:,}", plan, *times, *counts]) + " |"


def exponent(rows: list[Row], what: str) -> float:
    """Slope of the logarithm of a figure over that of the number of teams."""
    sizes, figures = np.log([row["teams"] for row in rows]), np.log([row[what] for row in rows])
    return float(np.polyfit(sizes, figures, 1)[0])


def growth(rows: list[Row]) -> str:
    """Exponents of time and memory in words."""
    if len(rows) < 2:
        return ""
    fitted = [
        f"{what} n^{exponent(rows, what):.2f}" for what in ("processor", "clock", "grown_mb", "edges_priced")
    ]
    return f"Growth over these sizes: {', '.join(fitted)}."


def section(rows: list[Row]) -> str:
    """The section of the page."""
    table = "\n".join([*HEAD, *map(table_row, rows)])
    return f"""## From {rows[0]["teams"]:,} to {rows[-1]["teams"]:,} teams

Written by `benchmarks/scale.py`: synthetic cohorts under the rules of the demo, each in a process of its
own, on all cores. Stages and "processor" are processor seconds of all threads, "clock" is what a person
waits, memory is the peak of the whole process. The certificate is checked over all permitted pairs,
streaming; a gap of 0 is proven. Rounds, searches and edges priced do not depend on the machine, and
`make bench` compares them with those stored.

{table}

{growth(rows)}
"""


def compare(rows: list[Row]) -> list[str]:
    """Counts that have grown too much since they were stored."""
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    worse = []
    for row in rows:
        for name, before in stored.get(str(row["teams"]), {}).items():
            ratio = (row[name] + 1) / (before + 1)
            print(f"{row['teams']:,} teams: {name} {row[name]:,}, {ratio:.2f} times the stored count")
            if ratio > ALLOWED and row[name] > before + 3:
                worse.append(f"{row['teams']} teams: {name} {before} -> {row[name]}")
    return worse


def store(rows: list[Row]) -> None:
    """Keep the counts for later comparison."""
    counts = {str(row["teams"]): {name: row[name] for name in COUNTS} for row in rows}
    STORED.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and perhaps compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--practices", type=Path, help="a table of practices")
    parser.add_argument("--check", action="store_true", help="compare the counts with the stored ones")
    parser.add_argument("--store", action="store_true", help="store the counts")
    parser.add_argument("--write", type=Path, help="put the table into this page")
    parser.add_argument("--measure", choices=["simulated", "practices"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure == "simulated":
        print(json.dumps(measure_simulated(chosen.sizes[0])))
        return
    if chosen.measure == "practices":
        print(json.dumps(measure_practices(chosen.practices)))
        return
    print(*HEAD, sep="\n", flush=True)
    rows = []
    for n in chosen.sizes:
        rows.append(in_a_process("--measure", "simulated", "--sizes", str(n)))
        print(table_row(rows[-1]), flush=True)
    print(f"\n{growth(rows)}")
    if chosen.practices:
        row = in_a_process("--measure", "practices", "--practices", str(chosen.practices))
        print("\nPractices:", *HEAD, table_row(row), sep="\n")
    if chosen.write:
        replace_section(chosen.write, section(rows))
    worse = compare(rows) if chosen.check else []
    if chosen.store:
        store(rows)
    if worse:
        sys.exit("More work than stored: " + "; ".join(worse))


if __name__ == "__main__":
    main()
