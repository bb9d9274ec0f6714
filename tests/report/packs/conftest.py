"""A programme with a group of three, contacts, targets, questions of its own, and a lottery to come."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.data import audit_files

SETTINGS = """
[rules]
min_distance_km = 20
odd = "triad"

[lottery]
intervention_pairs = 4
balance_on = ["size"]

[analysis]
alpha = 0.5
"""

CONTACTS = {
    "R0A": "peer.review@mft.example.org",
    "R0B": "Dr <b>Bee</b>, 0191 000000",
    "R0D": "a@b.uk?bcc=c@d.uk",
}

OWN_QUESTION = "Who reads the <slides> & when?"


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of that programme."""
    folder = tmp_path_factory.mktemp("rich")
    files = audit_files()
    (folder / "nlca_2022.csv").write_bytes(_with_contacts(files["nlca_2022.csv"]))
    settings, _, _ = files["programme.toml"].decode("utf-8").partition("[rules]")
    settings = (
        settings.replace('"RBV", "REN", "RGM", "RPY"', '"RBV"')
        .replace('size = "patients"', 'size = "patients"\ncontact = "contact"')
        .replace(
            'label = "Pathological confirmation"',
            f'label = "Pathological confirmation"\ntarget = 0.9\nquestions = ["{OWN_QUESTION}"]',
        )
        .replace('label = "Chemotherapy, SCLC"', 'label = "No chemotherapy, SCLC"\nhigher_is_better = false')
    )
    (folder / "programme.toml").write_text(f"{settings}{SETTINGS}", encoding="utf-8")
    assert run(["pair", str(folder / "programme.toml"), "--quiet"]) == 0
    return folder / "programme-result"


def _with_contacts(table: bytes) -> bytes:
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8"))))[:28]
    for row in rows:
        row["contact"] = CONTACTS.get(row["trust_code"], "")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
