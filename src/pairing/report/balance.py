"""How alike the two arms are, beside what the lottery promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.allocation.covariates import covariate_label
from pairing.report.facts import Row, records
from pairing.report.texts import number, plain, signed, yes

if TYPE_CHECKING:
    from pairing.report.facts import Facts


@dataclass(frozen=True)
class Covariate:
    """One row of the table of balance, ready to be shown."""

    key: str
    label: str
    is_balanced: bool
    mean_intervention: str
    mean_control: str
    smd: str
    expected: str
    simple: str


@dataclass(frozen=True)
class Balance:
    """The balance of the arms.

    Parameters
    ----------
    covariates : tuple of Covariate
        In the order of `balance.csv`.
    sentence : str
        The largest difference, in words.
    expectation : str
        What was to be expected, of this lottery and of a simple one.
    """

    covariates: tuple[Covariate, ...]
    sentence: str
    expectation: str


def balance(facts: Facts) -> Balance | None:
    """Put the table of balance together; None where nothing was drawn."""
    rows = records(facts.result.table("balance.csv"))
    if not rows:
        return None
    return Balance(tuple(_covariate(row, facts) for row in rows), _sentence(rows, facts), _expectation(rows))


def label_of(covariate: str, facts: Facts) -> str:
    """The name of a covariate for people."""
    return covariate_label(covariate, {name: measure.label for name, measure in facts.measures.items()})


def _covariate(row: Row, facts: Facts) -> Covariate:
    return Covariate(
        key=row["covariate"],
        label=label_of(row["covariate"], facts),
        is_balanced=yes(row["balanced"]),
        mean_intervention=plain(number(row["mean_intervention"])),
        mean_control=plain(number(row["mean_control"])),
        smd=signed(number(row["smd"])),
        expected=plain(number(row["smd_lottery"])),
        simple=plain(number(row["smd_unconstrained"])),
    )


def _sentence(rows: list[Row], facts: Facts) -> str:
    known = [(abs(value), row) for row in rows if (value := number(row["smd"])) is not None]
    if not known:
        return "No difference of the arms is known."
    largest, row = max(known, key=lambda each: each[0])
    return (
        f"The largest difference between the arms is {plain(largest)} of a standard deviation "
        f"({label_of(row['covariate'], facts)})."
    )


def _expectation(rows: list[Row]) -> str:
    spreads = []
    for column in ("smd_lottery", "smd_unconstrained"):
        known = [value for row in rows if (value := number(row[column])) is not None]
        if not known:
            return ""
        spreads.append(f"{plain(min(known))} to {plain(max(known))}")
    return f"Of this lottery {spreads[0]} was to be expected, of one without balancing {spreads[1]}."
