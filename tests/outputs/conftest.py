"""Every command once, on a programme whose every text is hostile; the tests look at what came out."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pairing.cli import run
from pairing.files.delimited import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = {
    "=1+1": '=HYPERLINK("http://e.example","x")',
    "-2": "<script>alert(1)</script>",
    "+3": "\"quotes' & <b>bold</b>",
    "@SUM(A1)": "long " + "x" * 295,
    "|cmd": "=cmd|'/C calc'!A0",
    "'=4": "\u202emotiv\u202c \u2066isolated\u2069 \u05d1\u05d9\u05ea \u05d7\u05d5\u05dc\u05d9\u05dd",
    "<b>id</b>": "Nurses \N{WOMAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}\N{VARIATION SELECTOR-16}",
    "a,b;=c": "Cafe\N{COMBINING ACUTE ACCENT} Z\N{COMBINING DIAERESIS}\N{COMBINING TILDE}",
    "[bold]x": "[bold]markup[/bold] [link=http://e.example]here[/link]",
    "%s {x} 50%": "%s {x} {0} %(name)s",
    "$x$": "$x$ \\frac{1}{2} ${HOME} `id`",
    "007": "tab\there, comma; semicolon;=1+1",
    "\N{HOSPITAL}": "'-5",
    "E1": "\uff1d1+1",
}
"""Ids and names. An id may not hold letters that cannot be seen; a name may."""

INDICATORS = {
    "=one": "=1+1",
    "[red]two": "<img src=x onerror=alert(1)>",
    "three, four": "[bold]%s $three$[/bold] \u202eevil",
    "4": "@four",
}
REGIONS = ("=North", "[red]South[/red]", "<i>East</i>")
CONTACTS = ("+44 20 7946 0000", "a@b.example <script>", "@nurse\u202e")
OUTCOMES = ("=rate", "[bold]visits\u202e")


@dataclass
class Said:
    """What one command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that was printed."""
        return self.out + self.err


@dataclass
class Outputs:
    """Where all files stand, and what every command said."""

    folder: Path
    said: dict[str, Said] = field(default_factory=dict)

    def run(self, *arguments: object, codes: tuple[int, ...] = (0,)) -> Said:
        """Run a command, which has to end with one of the codes, and note what it says."""
        words = [str(argument) for argument in arguments]
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))
        said = Said(int(code), *texts)
        assert said.code in codes, (words, said)
        self.said[" ".join(words)] = said
        return said

    def csv_files(self) -> Iterator[Path]:
        """Every CSV file that stands anywhere in the folder."""
        return iter(sorted(self.folder.rglob("*.csv")))


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder = tmp_path_factory.mktemp("outputs")
    outputs = Outputs(folder)
    (folder / "in").mkdir()
    programme = write_programme(folder / "in", intervention_pairs=2)
    plan, drawn = folder / "plan", folder / "drawn"
    outputs.run("check", programme)
    outputs.run("pair", programme, "-o", plan, "--xlsx")
    outputs.run("values", programme, "-o", folder / "values.csv")
    outputs.run("match", folder / "values.csv", "-o", folder / "match.csv")
    outputs.run("explain", plan, "-o", folder / "explain-plan.csv")
    outputs.run("explain", "-o", folder / "explain-team.csv", "--", plan, "-2")
    outputs.run("explain", "-o", folder / "explain-pair.csv", "--", plan, "-2", "=1+1")
    outputs.run("alternatives", plan, "-o", folder / "alternatives.csv")
    outputs.run("tradeoff", plan, "max_size_ratio", "2", "3", "-o", folder / "tradeoff.csv")
    outputs.run("robustness", plan, "--draws", 20, "--seed", 1, "-o", folder / "robustness")
    outputs.run("repair", plan, "--without", "-2", "--without", "E1", "-o", folder / "repaired")
    outputs.run("repair", plan, "--standby", "-o", folder / "standby.csv")
    outputs.run("rounds", programme, "-n", 2, "-o", folder / "rounds")
    strict = write_programme(folder / "in", "strict.toml", intervention_pairs=2, min_distance_km=240)
    outputs.run("diagnose", strict, "-o", folder / "diagnose.csv", codes=(1,))
    outputs.run("pair", strict, "-o", folder / "strict", codes=(1,))
    outputs.run("pair", programme, "-o", drawn)
    outputs.run("allocate", drawn, "--publish")
    outputs.run("allocate", drawn, "--randomness", "\u202eballs [bold]7", "--xlsx")
    outcomes = write_outcomes(folder / "in" / "outcomes.csv")
    outputs.run("analyse", drawn, outcomes, "--xlsx")
    lost = json.loads((drawn / "draw.json").read_text(encoding="utf-8"))["intervention"][0]
    outputs.run("allocate", drawn, "--dropped", lost)
    first = write_programme(folder / "in", "first.toml", design="draw-then-pair")
    outputs.run("allocate", first, "--seed", 1, "--xlsx", "-o", folder / "drawn-first")
    for place in (plan, drawn, folder / "repaired", folder / "rounds", folder / "drawn-first"):
        outputs.run("verify", place)
    for place in (plan, drawn):
        outputs.run("report", place)
        outputs.run("report", place, "--packs", "--no-pdf", "-o", folder / f"packs-{place.name}")
    (folder / "in" / "guessed").mkdir()
    write_teams(folder / "in" / "guessed" / "teams.csv")
    outputs.run("init", folder / "in" / "guessed" / "teams.csv", codes=(0, 3))
    return outputs


def write_programme(
    folder: Path,
    name: str = "programme.toml",
    *,
    design: str = "pair-then-draw",
    intervention_pairs: int = 3,
    min_distance_km: float = 1,
) -> Path:
    """A programme of 14 teams in `folder`, with its table."""
    write_teams(folder / "teams.csv")
    indicators = "".join(
        f"[[indicators]]\ncolumn = {quoted(column)}\ndenominator = {quoted(column + ' n')}\n"
        f"label = {quoted(label)}\n"
        for column, label in INDICATORS.items()
    )
    reserves = "reserves = 1\n" if design == "pair-then-draw" else ""
    path = folder / name
    path.write_text(
        '[teams]\nfile = "teams.csv"\nid = "id"\nname = "=name"\ncontact = "@contact"\nsize = "size"\n'
        'latitude = "latitude"\nlongitude = "longitude"\nattributes = ["=region"]\n'
        f"{indicators}"
        f"[rules]\nmin_distance_km = {min_distance_km}\nmax_size_ratio = 3\n"
        f'[lottery]\ndesign = "{design}"\nintervention_pairs = {intervention_pairs}\n'
        f'balance_on = ["size", "=region"]\n{reserves}',
        encoding="utf-8",
    )
    return path


def write_teams(path: Path) -> None:
    """Fourteen teams with true differences between them, as a CSV of anyone's making: nothing is defused."""
    rng = np.random.default_rng(5)
    header = ["id", "=name", "@contact", "=region", "size", "latitude", "longitude"]
    for column in INDICATORS:
        header += [column, f"{column} n"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number, team in enumerate(NAMES):
            place = [round(50 + 0.3 * number, 3), round(-3 + 0.21 * (number % 5), 3)]
            rates = rng.uniform(0.2, 0.8, len(INDICATORS)).round(3).tolist()
            cells = [cell for rate in rates for cell in (rate, 200 + number)]
            # An apostrophe before a formula is a safeguard: one that belongs to the text needs another.
            named = [f"'{text}" if text.startswith("'") else text for text in (team, NAMES[team])]
            writer.writerow(
                [*named, CONTACTS[number % 3], REGIONS[number % 3], 100 + 13 * (number % 7), *place, *cells]
            )


def write_outcomes(path: Path) -> Path:
    rng = np.random.default_rng(6)
    rows = [(team, *rng.normal(0, 1, 2).round(3).tolist()) for team in NAMES]
    path.write_bytes(csv_bytes(pd.DataFrame(rows, columns=["team", *OUTCOMES])))
    return path


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
