"""The engine, certificate included, beside the libraries that a user would pick instead.

Every engine matches the same graphs in the same run, each in a process of its own, so that its peak memory
is its own. The seconds depend on the machine; the ratios much less. ``python benchmarks/peers/suite.py``
prints the section of ``docs/benchmarks.md`` and, with ``--write``, puts it there with a plot;
``--sizes 120`` is quick.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines import ENGINES, OURS
from graphs import FAMILIES

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))

from page import replace_section  # noqa: E402 - a module of the folder above

SIZES = {"programme": (120, 250, 500, 1000, 2000), "": (120, 1000, 2000)}
LIMIT_S = 30.0
SEED = 1
HEADING = "## Beside other libraries"

Figures = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One graph, and what each engine made of it; None where it took too long.

    Parameters
    ----------
    family : str
        How the graph was made.
    n : int
        Vertices.
    found : dict
        Figures by engine; an engine that failed has ``{"failed": reason}``.
    """

    family: str
    n: int
    found: dict[str, Figures | None]

    @property
    def ours(self) -> Figures:
        """Figures of this package."""
        figures = self.found[OURS]
        if figures is None or "failed" in figures:
            message = f"no result for {self.family}, {self.n}: {figures}"
            raise RuntimeError(message)
        return figures

    def agrees(self, engine: str) -> bool:
        """Whether an engine found a matching with as many pairs and the same total."""
        figures = self.found[engine]
        if figures is None or "failed" in figures:
            return False
        same = all(figures[name] == self.ours[name] for name in ("pairs", "total"))
        return bool(figures["is_matching"]) and same


def in_a_process(engine: str, family: str, n: int) -> Figures | None:
    """Measure in a process of its own; None if that took too long."""
    command = [sys.executable, str(HERE / "measure.py"), engine, family, str(n), str(SEED)]
    places = os.pathsep.join([str(HERE), str(HERE.parent)])
    try:
        # Ours gets no limit: a suite without it would show nothing.
        limit = None if engine == OURS else LIMIT_S
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, env=os.environ | {"PYTHONPATH": places}
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["ended without a word"])[-1]}
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def run_cases(sizes: list[int] | None) -> list[Case]:
    """Measure every engine on every graph; one that ran out of time is not asked for larger ones."""
    cases = []
    for family in FAMILIES:
        late: set[str] = set()
        for n in sizes or SIZES.get(family, SIZES[""]):
            found: dict[str, Figures | None] = {}
            for engine in ENGINES:
                found[engine] = None if engine in late else in_a_process(engine, family, n)
                if found[engine] is None:
                    late.add(engine)
            cases.append(Case(family, n, found))
            print(row(cases[-1]), file=sys.stderr, flush=True)
    return cases


def seconds(value: float) -> str:
    """A time with two significant digits."""
    return f"{1000 * value:,.2g} ms" if value < 0.1 else f"{value:.2g} s" if value < 10 else f"{value:.0f} s"


def ratio(value: float) -> str:
    """A ratio with two significant digits."""
    return f"{value:,.2g}×" if value < 10 else f"{value:,.0f}×"


def cell(case: Case, engine: str) -> str:
    """What one engine did, as a multiple of our time."""
    figures = case.found[engine]
    if figures is None:
        return f"> {ratio(LIMIT_S / case.ours['seconds'])}"
    if "failed" in figures:
        return "none"
    wrong = "" if case.agrees(engine) else " **not the optimum**"
    return f"{ratio(figures['seconds'] / case.ours['seconds'])}, {figures['memory_mb']:,.0f} MB{wrong}"


def row(case: Case) -> str:
    """One line of the table."""
    own = case.ours
    shown = [case.family, f"{case.n:,}", f"{own['edges']:,}", seconds(own["seconds"])]
    shown += [f"{own['memory_mb']:,.0f} MB", *(cell(case, engine) for engine in ENGINES if engine != OURS)]
    return f"| {' | '.join(shown)} |"


def table(cases: list[Case]) -> str:
    """The table in Markdown."""
    peers = [engine for engine in ENGINES if engine != OURS]
    head = ["graph", "teams", "pairs", "pairing", "memory", *peers]
    rule = "|---|" + "---:|" * (len(head) - 1)
    return "\n".join([f"| {' | '.join(head)} |", rule, *map(row, cases)])


def plot(cases: list[Case], path: Path) -> None:
    """Times on the graphs of programmes, by size, on logarithmic axes."""
    from matplotlib.figure import Figure

    axes = Figure(figsize=(7, 4.5), layout="constrained").subplots()
    for engine, marker in zip(ENGINES, "os^vDX", strict=True):
        known = [
            (case.n, figures["seconds"])
            for case in cases
            if case.family == "programme" and (figures := case.found[engine]) and "seconds" in figures
        ]
        if known:
            width = 2.5 if engine == OURS else 1.2
            axes.loglog(*zip(*known, strict=True), marker=marker, linewidth=width, label=engine)
    axes.set_xlabel("teams")
    axes.set_ylabel("seconds")
    axes.set_title("Graphs of programmes: pairing with its certificate, others without")
    axes.grid(which="major", alpha=0.3)
    axes.legend(frameon=False)
    axes.figure.savefig(path, dpi=110)


def section(cases: list[Case]) -> str:
    """The section of the page."""
    wrong = [
        f"{engine} on {case.family}, {case.n:,}"
        for case in cases
        for engine in ENGINES
        if (figures := case.found[engine]) and "failed" not in figures and not case.agrees(engine)
    ]
    agreement = "All answers have the same number of pairs and the same total."
    if wrong:
        agreement = f"Other answers than the proven optimum: {'; '.join(wrong)}."
    return f"""{HEADING}

Written by `benchmarks/peers/suite.py`: as many pairs as possible, then the greatest sum of whole-number
weights. Each engine gets the same graph in a process of its own, in which it has been imported and used
once, at most {LIMIT_S:.0f} s. Column `pairing` is the time of this package *with* its certificate made and
checked; the others are multiples of it, without any proof. Memory is what the process grew by. PyMatching
solves a minimum T-join with a constant added, which is a matching only where everybody can be paired ("none"
where not); CP-SAT has two workers.

{agreement}

{table(cases)}

![Seconds by number of teams, on logarithmic axes: one line an engine](assets/benchmark-peers.png)
"""


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", help="these for every family of graphs")
    parser.add_argument("--write", type=Path, help="put the section into this page, and the plot beside it")
    chosen = parser.parse_args()
    cases = run_cases(chosen.sizes)
    print(section(cases))
    if chosen.write:
        replace_section(chosen.write, section(cases))
        (chosen.write.parent / "assets").mkdir(exist_ok=True)
        plot(cases, chosen.write.parent / "assets" / "benchmark-peers.png")


if __name__ == "__main__":
    main()
