"""Where the report comes from: version, hashes, inputs, and how to check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.report.facts import Facts


@dataclass(frozen=True)
class Input:
    """A file that the result was made from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where the report comes from."""

    version: str
    record_sha256: str
    inputs: tuple[Input, ...]
    files: tuple[Input, ...]


def provenance(facts: Facts) -> Provenance:
    """Say where the report comes from. Places of inputs are left out: they are nobody else's business."""
    record = facts.record
    return Provenance(
        str(record["version"]),
        str(record["sha256"]),
        tuple(
            Input(str(entry["path"]).rsplit("/", 1)[-1], str(entry["sha256"])) for entry in record["inputs"]
        ),
        tuple(Input(name, str(digest)) for name, digest in sorted(record["files"].items())),
    )
