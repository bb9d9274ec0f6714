"""Each change as something to do: what, to what effect, and how to write it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from pairing.planning.diagnosis.exemptions import Exemption
from pairing.planning.diagnosis.flexible import FlexChange
from pairing.planning.diagnosis.limits import LimitChange, outcome_facts
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.planning.diagnosis.leave_out import LeftOutInstead
    from pairing.planning.diagnosis.limits import MovedLimit
    from pairing.planning.diagnosis.relaxable import Outcome

ALLOW_UNPAIRED = "allow_unpaired = true"


@dataclass(frozen=True)
class Advice:
    """One thing that can be done.

    Parameters
    ----------
    action : str
        What, as an instruction without a full stop.
    effect : str
        What it achieves, as a phrase.
    how : tuple of str
        Further lines: what to write, and what else to know.
    facts : dict
        The same as JSON-safe facts.
    rows : list of dict
        The same as rows of a table, one a rule.
    """

    action: str
    effect: str
    how: tuple[str, ...]
    facts: dict[str, Any]
    rows: list[dict[str, Any]]


@singledispatch
def advice_of(change: object) -> Advice:
    """Turn a change into something to do."""
    raise TypeError(f"no advice for {type(change).__name__}")


@advice_of.register
def _limit_advice(change: LimitChange) -> Advice:
    move = change.moved
    row = {"kind": "limit", "rule": change.key, **_results(change.outcome)}
    row |= {"n_pairs_added": change.n_pairs_added} | (_move_row(move) if move else {})
    if move is None:
        return Advice(f"Leave {change.key} out", _worth(change.outcome), (), change.to_dict(), [row])
    return Advice(
        move.in_words(),
        f"{_worth(change.outcome)}; {_added(change.n_pairs_added)}",
        (_write(move.setting), f"Without {change.key} altogether: {_worth(change.without)}."),
        change.to_dict(),
        [row],
    )


@advice_of.register
def _exemption_advice(change: Exemption) -> Advice:
    named = [f"{one}–{other}" for one, other in change.pairs]
    row = {"kind": "exemption", "rule": change.key, "pairs_exempted": ";".join(named)}
    return Advice(
        _exempting(change, named),
        _worth(change.outcome),
        (
            f"{counted(len(named), 'pair')} is the fewest that will do.",
            f"Without {change.key} altogether: {_worth(change.without)}.",
        ),
        change.to_dict(),
        [row | _results(change.outcome)],
    )


@advice_of.register
def _flex_advice(change: FlexChange) -> Advice:
    moved = change.moved or ()
    results = _results(change.outcome) | {"kind": "flex", "n_pairs_added": change.n_pairs_added}
    rows = [{"rule": move.key} | results | _move_row(move) for move in moved] or [results]
    words = [move.in_words() for move in moved]
    words[1:] = [word[0].lower() + word[1:] for word in words[1:]]
    return Advice(
        " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words),
        f"{_worth(change.outcome)}; {_added(change.n_pairs_added)}",
        (*(_write(move.setting) for move in moved), f"Of all ways within [flex]: {change.aim}."),
        change.to_dict(),
        rows,
    )


def leave_out_advice(teams: Sequence[str], outcome: Outcome, instead: Sequence[LeftOutInstead]) -> Advice:
    """Leave out the best choice of teams."""
    others = ", ".join(f"{one.team} {one.loss:.3f} SD" for one in instead)
    return Advice(
        f"Leave out {shortened(teams, 20)}",
        _pairs_worth(outcome),
        (
            _write(ALLOW_UNPAIRED),
            *((f"Leaving out another team instead costs, at least: {others}.",) if instead else ()),
        ),
        {
            "kind": "leave-out",
            "teams": list(teams),
            **outcome_facts(outcome),
            "setting": ALLOW_UNPAIRED,
            "instead": [one.to_dict() for one in instead],
        },
        [
            {"kind": "leave-out", "teams_left_out": ";".join(teams), "setting": ALLOW_UNPAIRED}
            | _results(outcome)
        ],
    )


@singledispatch
def too_little(change: object) -> str:
    """Say of a change that is not enough how far it gets, as a sentence without a full stop."""
    raise TypeError(f"nothing to say of {type(change).__name__}")


@too_little.register
def _too_little_by_itself(change: LimitChange | Exemption) -> str:
    found = change.without
    return f"{change.key}: even without it {_remaining(found)}"


@too_little.register
def _too_little_flex(change: FlexChange) -> str:
    return f"[flex]: even at its furthest limits {_remaining(change.outcome)}"


def _remaining(found: Outcome) -> str:
    return f"{counted(found.n_unpaired, 'team')} would stay without a partner"


def _exempting(change: Exemption, named: Sequence[str]) -> str:
    listed = shortened(named, 20)
    sentences = {
        "take out of the list": f"Take {listed} out of {change.key}",
        "meet again": f"Let {listed} meet again, in spite of {change.key}",
        "give up": f"Give up {listed}, in spite of {change.key}",
        "exempt": f"Accept {listed} in spite of {change.key}",
    }
    return sentences[change.kind]


def _worth(found: Outcome) -> str:
    short = f", {_remaining(found)}" if found.n_unpaired else ""
    return _pairs_worth(found) + short


def _pairs_worth(found: Outcome) -> str:
    return f"{counted(found.n_pairs, 'pair')}, worth {found.total_value:.3f} SD in total"


def _added(count: int) -> str:
    return f"{counted(count, 'more pair')} permitted"


def _write(setting: str) -> str:
    return f"In [rules]: {setting}"


def _results(found: Outcome) -> dict[str, Any]:
    return {
        "n_pairs": found.n_pairs,
        "n_unpaired": found.n_unpaired,
        "total_value": found.total_value,
    }


def _move_row(move: MovedLimit) -> dict[str, Any]:
    return {
        "limit": move.old,
        "new_limit": move.new,
        "exact_limit": move.exact,
        "unit": move.unit,
        "setting": move.setting,
    }
