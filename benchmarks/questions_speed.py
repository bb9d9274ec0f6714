"""How long the answers to questions about a plan take, on simulated cohorts.

Every question is asked in a process of its own, and a time is the best of a few repeats. Questions that take
long are asked once.

``python benchmarks/questions_speed.py`` prints the table; ``--write docs/benchmarks.md`` puts it below the
tables of ``pairing_speed.py``; ``--sizes 80`` is quick.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pairing_speed import SEED, best_of, milliseconds, rules
from simulated_cohort import simulated_cohort

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing import Pairing

    Question = Callable[[Pairing], object]

SIZES = (80, 156, 300)
LIMIT_S = 300.0
DRAWS = 500
HEADING = "## Questions to a plan"


def explain_one_team(plan: Pairing) -> object:
    """Why its partner, and the exact prices of its five next-best ones."""
    return plan.explain(plan.cohort.ids[int(plan.pairs[0, 0])])


def ten_best(plan: Pairing) -> object:
    """The ten best plans in order."""
    return plan.alternatives(10)


def fairest(plan: Pairing) -> object:
    """The leximin plan, proven."""
    from pairing.planning import fairest_pairing

    return fairest_pairing(plan.table, allow_unpaired=True)


def side_constraints(plan: Pairing) -> object:
    """The best plan with at most three pairs over 250 km and nine tenths of the kilometres."""
    from pairing.planning import MaxPairsOver, MaxTotal, ordered_pairing

    travel = float(plan.scored.pairs.distance_km.sum())
    limits = [MaxPairsOver(250, 3), MaxTotal("distance_km", 0.9 * travel)]
    return ordered_pairing(plan.table, constraints=limits, allow_unpaired=True)


def robustness(plan: Pairing) -> object:
    """Five hundred draws, each solved and proven, in one process."""
    return plan.robustness(DRAWS, seed=SEED)


def robustness_by_two(plan: Pairing) -> object:
    """The same by two worker processes, with the time that they take to start."""
    from pairing.cli.workers import worker_processes

    with worker_processes(2) as executor:
        return plan.robustness(DRAWS, seed=SEED, executor=executor)


def diagnosis(plan: Pairing) -> object:
    """Why not everyone can be paired when sizes may differ by a fifth, and the smallest changes."""
    from pairing import MaxSizeRatio, pair

    strict = [MaxSizeRatio(1.2) if isinstance(rule, MaxSizeRatio) else rule for rule in rules()]
    return pair(plan.cohort, strict, profiles=plan.profiles, allow_unpaired=True).diagnose()


def repair(plan: Pairing) -> object:
    """Fewest changes after one team has left."""
    return plan.repair(without=[plan.cohort.ids[int(plan.pairs[0, 0])]], allow_unpaired=True)


def three_rounds(plan: Pairing) -> object:
    """Three rounds planned together."""
    return plan.rounds(3, allow_unpaired=True)


def trade_off(plan: Pairing) -> object:
    """The best plan at each of eight greatest distances."""
    return plan.tradeoff("max_distance_km", [125, 150, 175, 200, 225, 250, 275, 300])


QUESTIONS: dict[str, Question] = {
    "explain one team": explain_one_team,
    "10 best plans": ten_best,
    "fairest (leximin)": fairest,
    "side constraints": side_constraints,
    f"robustness, {DRAWS} draws": robustness,
    f"robustness, {DRAWS} draws, 2 workers": robustness_by_two,
    "diagnosis": diagnosis,
    "repair": repair,
    "three rounds": three_rounds,
    "trade-off, 8 values": trade_off,
}


def measure(question: str, n: int) -> float:
    """Seconds from a plan to its answer."""
    from pairing import pair

    plan = pair(simulated_cohort(n, SEED), rules(), allow_unpaired=True)
    return best_of(lambda: QUESTIONS[question](plan))


def in_a_process(question: str, n: int) -> str:
    """Measure in a process of its own, and write the time as it stands in the table."""
    command = [sys.executable, __file__, "--measure", question, "--sizes", str(n)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"> {LIMIT_S:.0f} s"
    except subprocess.CalledProcessError as error:
        print(f"{question}, {n} teams: {error.stderr.splitlines()[-1]}", file=sys.stderr)
        return "failed"
    return milliseconds(json.loads(done.stdout))


def run_suite(sizes: list[int]) -> str:
    """Ask every question at every size and write the table in Markdown."""
    rows = []
    for question in QUESTIONS:
        cells = [in_a_process(question, n) for n in sizes]
        rows.append(f"| {question} | {' | '.join(cells)} |")
        print(rows[-1], file=sys.stderr)
    head = f"| question | {' | '.join(f'{n:,} teams' for n in sizes)} |"
    return "\n".join([head, f"|---|{'---:|' * len(sizes)}", *rows])


SECTION = f"""\
{HEADING}

Written by `benchmarks/questions_speed.py`: from a finished plan to the answer, on synthetic cohorts under
the rules of the demo. Each question is asked in a process of its own, best of up to five runs; with 2 workers
the time includes that of starting them.

{{table}}
"""


def with_section(page: str, table: str) -> str:
    """The page with the table below everything else, in the place of an earlier one."""
    above = page.partition(HEADING)[0].rstrip()
    return f"{above}\n\n{SECTION.format(table=table)}"


def main() -> None:
    """Measure, print, and perhaps write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--write", type=Path, help="page to put the section into")
    parser.add_argument("--measure", choices=list(QUESTIONS), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure, chosen.sizes[0])))
        return
    table = run_suite(chosen.sizes)
    print(table)
    if chosen.write:
        page = chosen.write.read_text(encoding="utf-8") if chosen.write.exists() else ""
        chosen.write.write_text(with_section(page, table), encoding="utf-8")


if __name__ == "__main__":
    main()
