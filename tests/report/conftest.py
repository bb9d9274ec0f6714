"""The demo's results and their reports, a programme whose names are hostile, and a browser."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pairing.cli import run
from pairing.data import audit_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
WITHOUT_NETWORK = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NAMES = {
    "R0A": "<script>window.ran = 1; alert(1)</script>",
    "R0B": "\"quoted\" 'twice' & <b>bold</b>",
    "R0D": '</script><img src=x onerror="window.ran = 1">',
    "R1H": '=HYPERLINK("https://example.org";"click")',
    "R1K": "Long " + "name-without-a-blank" * 14 + " end",
    "RA7": "\u202egnitset \u05d0\u05d1\u05d2 hospital",
    "RA9": "Hospital \U0001f3e5 Žižkov École",
    "RAE": "]]> --> */ {{ 7 * 7 }} {% if %}",
    "RAJ": "javascript:alert(1)",
    "RAL": "style=position:fixed onclick=alert(1)",
}
"""Names that try to be something else than text, by the id of the trust that gets them."""

IDS = {
    "RBL": "<i>RBL</i>",
    "RBN": "RB\"N' x",
    "RBQ": "=1+1",
    "RC9": "RC9; team-R0A",
    "RCB": "table",
    "RBK": "R0A-inset",
    "RBD": "id" * 150,
}
"""Ids that do, by the id of the trust that gets them."""

RANDOMNESS = "</code><script>window.ran = 1</script> 3 17 22"


SMALL = """
[rules]
min_distance_km = 20
allow_unpaired = true

[lottery]
intervention_pairs = 4
balance_on = ["size"]

[analysis]
alpha = 0.5
"""
"""Rules and a lottery that 27 teams can keep; one stays without a partner."""


@dataclass(frozen=True)
class Hostile:
    """A result whose texts try to break out.

    Parameters
    ----------
    folder : Path
        The result.
    names : dict of str to str
        Hostile names by id.
    ids : list of str
        Hostile ids.
    randomness : str
        What it was drawn with.
    """

    folder: Path
    names: dict[str, str]
    ids: list[str]
    randomness: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo, with both results and both reports."""
    folder = tmp_path_factory.mktemp("report") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="session")
def plan_folder(demo: Path) -> Path:
    """The plan of 120 trusts, without a lottery."""
    return demo / "programme-result"


@pytest.fixture(scope="session")
def drawn_folder(demo: Path) -> Path:
    """The plan of 80 trusts, with a lottery that was drawn."""
    return demo / "ilcop-size-result"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """A result whose names, ids and randomness try to break out, with its report."""
    folder = tmp_path_factory.mktemp("hostile")
    files = audit_files()
    (folder / "nlca_2022.csv").write_bytes(_renamed(files["nlca_2022.csv"]))
    settings, _, _ = files["programme.toml"].decode("utf-8").partition("[rules]")
    settings = settings.replace('"RBV", "REN", "RGM", "RPY"', '"RBV"')
    (folder / "programme.toml").write_text(f"{settings}{SMALL}", encoding="utf-8")
    result = folder / "programme-result"
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    assert run(["allocate", str(result), "--randomness", RANDOMNESS, "--quiet"]) == 0
    assert run(["report", str(result), "--quiet"]) == 0
    return Hostile(result, NAMES, list(IDS.values()), RANDOMNESS)


@pytest.fixture(scope="session")
def hostile_folder(hostile: Hostile) -> Path:
    """The folder of the hostile result."""
    return hostile.folder


def _renamed(table: bytes) -> bytes:
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8"))))[:28]
    for row in rows:
        row["trust_name"] = NAMES.get(row["trust_code"], row["trust_name"])
        row["trust_code"] = IDS.get(row["trust_code"], row["trust_code"])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """An installed Chromium or Edge, which reaches no network."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        reason = f"no browser is installed (looked for {', '.join(BROWSERS)})"
        if os.environ.get("PAIRING_BROWSER_TESTS") == "required":
            pytest.fail(f"{reason}, and PAIRING_BROWSER_TESTS=required")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(WITHOUT_NETWORK))
        yield started
        started.close()
