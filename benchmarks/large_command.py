"""What ``pairing pair`` and ``pairing verify`` take as whole processes, from reading to the last file.

Of simulated teams (``simulated_cohort.py``) a CSV file and a programme are written to a folder; ``--practices
FILE`` does the same with the general practices of a table that is not part of this repository (see
``practices.py``). Both commands then run on them, each in a process of its own: what the clock says, the
processor seconds of all threads, and the largest resident memory.

``python benchmarks/large_command.py`` takes some minutes; ``--sizes 1500`` is quick.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.cohort import Cohort

SIZES = (1500, 6000, 20_000)
SEED = 1

SIMULATED_RULES = """
[rules]
min_distance_km = 50
max_distance_km = 300
max_size_ratio = 2
max_level_gap = 0.5
different = ["cancer_alliance"]
allow_unpaired = true
"""

PRACTICES_RULES = """
[rules]
min_distance_km = 10
max_distance_km = 80
max_size_ratio = 1.5
max_level_gap = 0.5
different = ["sub_icb"]
allow_unpaired = true
"""


@dataclass(frozen=True)
class Measured:
    """What a process took."""

    code: int
    clock_s: float
    processor_s: float
    peak_mb: float

    def cells(self) -> str:
        """As cells of the table."""
        return f"{self.clock_s:.1f} s | {self.processor_s:.1f} s | {self.peak_mb:.0f} MB"


def measured(command: Sequence[str]) -> Measured:
    """Run a command in a process of its own, its words unseen."""
    start = time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        running.returncode,
        time.perf_counter() - start,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


def written(cohort: Cohort, rules: str, folder: Path) -> Path:
    """Write a cohort as a programme with its table."""
    seen, attributes = cohort.observations, list(cohort.table.columns)
    columns: dict[str, object] = {"team": cohort.ids, "size": cohort.size}
    columns |= {"latitude": cohort.latitude, "longitude": cohort.longitude}
    columns |= {name: cohort.table[name].to_numpy() for name in attributes}
    indicators = []
    for at, indicator in enumerate(cohort.indicators):
        per_unit, name = indicator.per_unit, f"k{at}"
        columns[name] = seen.values[:, at] * per_unit  # noqa: PD011 - no data frame
        rest = {"denominator": seen.denominators[:, at]}
        if indicator.standard_error is not None:
            rest = {"standard_error": seen.standard_errors[:, at] * per_unit}
        ((what, numbers),) = rest.items()
        columns[f"{name}_{what}"] = numbers
        better = str(indicator.higher_is_better).lower()
        indicators.append(
            f'[[indicators]]\ncolumn = "{name}"\n{what} = "{name}_{what}"\nunit = "{indicator.unit}"\n'
            f"higher_is_better = {better}\nweight = {indicator.weight}\n"
        )
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(columns).to_csv(folder / "teams.csv", index=False)
    head = '[teams]\nfile = "teams.csv"\nid = "team"\nsize = "size"\n'
    head += f'latitude = "latitude"\nlongitude = "longitude"\nattributes = {attributes!r}\n'
    programme = folder / "programme.toml"
    programme.write_text("\n".join([head, *indicators, rules]), encoding="utf-8")
    return programme


def simulated(n: int, folder: Path) -> Path:
    """A programme of simulated teams."""
    from simulated_cohort import simulated_cohort

    return written(simulated_cohort(n, SEED), SIMULATED_RULES, folder)


def practices(table: Path, folder: Path) -> Path:
    """A programme of the practices of a table."""
    from practices import practices_cohort

    cohort = practices_cohort(table)
    return written(cohort, PRACTICES_RULES, folder)


def row(name: str, programme: Path, options: Sequence[str]) -> str:
    """Plan and verify a programme; one line of the table."""
    result = programme.parent / "result"
    command = [sys.executable, "-m", "pairing"]
    pair = measured([*command, "pair", str(programme), "-o", str(result), "--force", *options])
    verify = measured([*command, "verify", str(result)])
    if pair.code or verify.code:
        sys.exit(f"{name}: pair ended with {pair.code}, verify with {verify.code}")
    return f"| {name} | {pair.cells()} | {verify.cells()} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--practices", type=Path, help="a table of practices")
    parser.add_argument("--folder", type=Path, help="keep the programmes and results here")
    parser.add_argument("--memory-limit", help="for pairing pair, such as 800MB")
    chosen = parser.parse_args()
    options = ["--memory-limit", chosen.memory_limit] if chosen.memory_limit else []
    columns = " | ".join(
        f"{verb}: {what}" for verb in ("pair", "verify") for what in ("clock", "CPU", "peak")
    )
    print(f"| teams | {columns} |\n|{'---:|' * 7}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.folder or Path(place)
        if chosen.practices:
            programme = practices(chosen.practices, folder / "practices")
            print(row("practices", programme, options), flush=True)
        for n in chosen.sizes:
            print(row(f"{n:,}", simulated(n, folder / f"simulated-{n}"), options), flush=True)


if __name__ == "__main__":
    main()
