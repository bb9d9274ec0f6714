"""``run.json``: what was decided, from what, and everything needed to prove it again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning import Ordered
from pairing.rules import Locked
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.planning import Pairing

RECORD_NAME = "run.json"
UNSEALED = ("inputs", "timings", "sha256")
"""Sections that may differ between runs with the same answer; the seal covers all others."""


def sha256(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def run_record(
    pairing: Pairing,
    settings: Mapping[str, Any],
    *,
    files: Mapping[str, bytes],
    inputs: Sequence[Mapping[str, str]],
    timings: Mapping[str, float],
    subset: Sequence[str] | None = None,
    repaired: Mapping[str, Any] | None = None,
    further: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Put together the record of a pairing.

    Parameters
    ----------
    pairing : Pairing
        The pairing.
    settings : mapping
        The programme as a JSON-safe dictionary.
    files : mapping of str to bytes
        The other result files, by name.
    inputs : sequence of mapping
        Relative path and SHA-256 of every input.
    timings : mapping of str to float
        Seconds of each stage.
    subset : sequence of str, optional
        The teams that a lottery drew, if only they were to be paired.
    repaired : mapping, optional
        For a repaired pairing: what :func:`pairing.files.repaired.provenance` gives.
    further : mapping, optional
        How the further tables were made, and who was recruited.

    Returns
    -------
    dict
        JSON-safe. Everything but ``inputs`` and ``timings`` is the same for the same teams and settings,
        and ``sha256`` seals it.
    """
    pairing.prove()
    record: dict[str, Any] = {
        "version": __version__,
        **proven_facts(pairing),
        "objective": settings["objective"]["order"],
        "weights": pairing.objective.to_dict(),
        "pairs": named_pairs(pairing),
        "subset": None if subset is None else list(subset),
        "locked": locked_pairs(pairing),
        **({} if repaired is None else {"repaired": dict(repaired)}),
        "rules": rules_in_words(pairing),
        **(further or {}),
        "settings": settings,
        "profiles": pairing.profiles.model.to_dict(),
        "certificate": pairing.certificate.to_dict(),
        "files": {name: sha256(content) for name, content in sorted(files.items())},
        "inputs": list(inputs),
        "timings": timings,
    }
    return record | {"sha256": seal(record)}


def named_pairs(pairing: Pairing) -> list[list[str]]:
    """The pairs by the ids of their teams, as they are recorded."""
    ids = pairing.cohort.ids
    return [[ids[first], ids[second]] for first, second in pairing.pairs.tolist()]


def named_triad(pairing: Pairing) -> list[str] | None:
    """The teams of the group of three, if there is one."""
    return None if pairing.triad is None else [pairing.cohort.ids[at] for at in pairing.triad]


def locked_pairs(pairing: Pairing) -> list[list[str]]:
    """The pairs that a person had settled beforehand."""
    rules = pairing.table.model.rules.rules
    return [list(pair) for rule in rules if isinstance(rule, Locked) for pair in rule.pairs]


def rules_in_words(pairing: Pairing) -> list[dict[str, Any]]:
    """Every rule with its sentence, and how many of all pairs it bans, in order."""
    table = pairing.table
    return [
        {"key": rule.key, "sentence": rule.statement, "bans": table.n_banned_by[rule.key]}
        for rule in table.model.rules.rules
    ]


def proven_facts(pairing: Pairing) -> dict[str, Any]:
    """What a record says of a pairing that anyone can compute again."""
    total = pairing.total_units
    return {
        "status": pairing.status,
        "mode": "max-cardinality",
        "seed": None,
        "n_teams": len(pairing.cohort),
        "n_pairs": len(pairing.pairs),
        "triad": named_triad(pairing),
        "n_permitted_pairs": len(pairing.table),
        "total_value": total / VALUE_SCALE,
        **_bound_and_gap(pairing, total / VALUE_SCALE),
        "scale": {
            "decimals": VALUE_DIGITS,
            "error_per_pair": 0.5 / VALUE_SCALE,
            "error_bound": pairing.error_bound,
        },
        "notes": list(pairing.profiles.notes),
    }


def _bound_and_gap(pairing: Pairing, total: float) -> dict[str, Any]:
    """What the plan could be at most; for a plan by levels, of the level at which the search ended."""
    objective = pairing.objective
    if not isinstance(objective, Ordered):
        return {"bound": total + objective.gap(), "gap": objective.gap()}
    level = objective.last
    return {
        "bound": level.shown(level.bound),
        "gap": objective.gap(),
        "levels": objective.levels_frame(pairing).to_dict("records"),
        "side_constraints": objective.side_frame(pairing).to_dict("records"),
    }


def seal(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record without the sections that may differ between equal runs.

    Parameters
    ----------
    record : mapping
        A record, sealed or not.

    Returns
    -------
    str
        Of the canonical JSON: keys sorted, no white space, ASCII.
    """
    content = {key: value for key, value in record.items() if key not in UNSEALED}
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii"))


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """The record as it is written: UTF-8, LF."""
    return (json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
