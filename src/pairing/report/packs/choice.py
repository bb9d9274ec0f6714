"""Which pairs get a pack: all of them, or, once a lottery was drawn, those that make their visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem, SettingsError
from pairing.plots.svg import svg_id
from pairing.report.facts import Facts, Pair, records
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.files.result_folder import ResultFolder


@dataclass(frozen=True, eq=False)
class PackChoice:
    """The pairs that get a pack, and why the others get none.

    Parameters
    ----------
    facts : Facts
        The result.
    pairs : tuple of Pair
        Who gets a pack, in the order of `pairs.csv`.
    left_out : tuple of Pair
        Who would get one, had the lottery not decided otherwise.
    """

    facts: Facts
    pairs: tuple[Pair, ...]
    left_out: tuple[Pair, ...]

    @property
    def reason(self) -> str:
        """Why some pairs get no pack; "" where none was left out."""
        return why_left_out(self.left_out, self.facts)

    @property
    def is_to_be_drawn(self) -> bool:
        """Whether a lottery is still to come."""
        return is_to_be_drawn(self.facts)


def why_left_out(left_out: Sequence[Pair], facts: Facts) -> str:
    """Say why pairs get no pack; "" where there is none."""
    if not left_out:
        return ""
    # Where the two teams of a pair are compared with each other, no pair has the intervention as a whole.
    return (
        f"There is no pack for {len(left_out):,} of {counted(len(facts.pairs), 'pair')}: the lottery did not "
        "draw them for the intervention, and a visit would spoil the comparison that it was drawn for."
    )


def is_to_be_drawn(facts: Facts) -> bool:
    """Whether the programme has a lottery that was not drawn yet."""
    declared = facts.result.lottery is not None or bool(facts.record["settings"].get("lottery"))
    return declared and not facts.is_drawn


def choose_packs(
    result: ResultFolder, *, only: Sequence[str] = (), whoever_was_drawn: bool = False
) -> PackChoice:
    """Choose the pairs that get a pack.

    Parameters
    ----------
    result : ResultFolder
        A result read back with :func:`pairing.read_result_folder`.
    only : sequence of str
        Ids of the pairs that are wanted; none for all.
    whoever_was_drawn : bool
        Also choose pairs that were drawn into the control arm, or wait as reserves.

    Returns
    -------
    PackChoice

    Raises
    ------
    SettingsError
        With every pair of `only` that does not exist, or must not make its visit.
    """
    facts = Facts(result)
    problems = [_unknown(pair_id, facts) for pair_id in only if pair_id not in facts.pairs]
    wanted = [pair for pair in facts.pairs.values() if not only or pair.id in only]
    left_out = [] if whoever_was_drawn else [pair for pair in wanted if not makes_its_visit(pair, facts)]
    if only:
        problems += [_not_drawn(pair, facts) for pair in left_out]
    if problems:
        raise SettingsError(problems)
    return PackChoice(facts, tuple(pair for pair in wanted if pair not in left_out), tuple(left_out))


def file_stem(pair: Pair) -> str:
    """The name of a pair's files without their ending: safe whatever the id holds."""
    return svg_id("", pair.id).removeprefix("-")


def makes_its_visit(pair: Pair, facts: Facts) -> bool:
    """Whether a pair makes its visit, as far as a lottery has decided that."""
    if not facts.is_drawn:
        return True
    called, dropped = _replaced(facts)
    return all(
        _is_invited(units, team.arm, called, dropped) for team in pair.teams for units in [(pair.id, team.id)]
    )


def was_called(pair: Pair, facts: Facts) -> bool:
    """Whether a pair makes its visit in place of one that dropped out."""
    return makes_its_visit(pair, facts) and any(team.arm != "intervention" for team in pair.teams)


def _is_invited(units: tuple[str, str], arm: str, called: set[str], dropped: set[str]) -> bool:
    """A pair's or a team's place in the lottery: drawn, or called for another, and still there."""
    return (arm == "intervention" or not called.isdisjoint(units)) and dropped.isdisjoint(units)


def _replaced(facts: Facts) -> tuple[set[str], set[str]]:
    rows = records(facts.result.table("replacements.csv"))
    return {row["reserve"] for row in rows} - {""}, {row["dropped"] for row in rows}


def _unknown(pair_id: str, facts: Facts) -> Problem:
    advice = did_you_mean(pair_id, list(facts.pairs)) or f"The pairs are: {shortened(list(facts.pairs))}."
    return Problem("is no pair of this plan", value=pair_id, advice=advice)


def _not_drawn(pair: Pair, facts: Facts) -> Problem:
    dropped = _replaced(facts)[1]
    gone = not dropped.isdisjoint((pair.id, *(team.id for team in pair.teams)))
    message = "dropped out after the draw" if gone else "was not drawn for the intervention"
    advice = "A visit would spoil the comparison that the lottery was drawn for; --all makes it all the same."
    return Problem(f"{message}, and gets no pack", value=pair.id, advice=advice)
