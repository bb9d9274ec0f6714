"""The declared designs: how many of which units are drawn, and what chance that gives to each.

Every design here is the same thing: the units fall into strata, and from each stratum a declared number is
drawn, every choice as likely as any other and the strata independent. Pair-then-draw, draw-then-pair and
simple lotteries have one stratum; in a matched-pair lottery each pair is a stratum of two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.lottery.facts import count_in_words, in_words
from pairing.lottery.selection import select_at_random, select_by_rank
from pairing.shown import show_facts, show_result
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

Kind = Literal["pair-then-draw", "draw-then-pair", "matched-pair", "stratified", "simple"]
KINDS: tuple[Kind, ...] = ("pair-then-draw", "draw-then-pair", "matched-pair", "stratified", "simple")


@dataclass(frozen=True)
class Design:
    """A declared design: strata of units, and how many of each are drawn for the intervention.

    Make one with :func:`pair_then_draw`, :func:`draw_then_pair`, :func:`matched_pair`, :func:`stratified`
    or :func:`simple`.

    Parameters
    ----------
    kind : str
        What people call the design.
    strata : tuple of tuple of int
        Unit numbers; every unit from 0 to m - 1 in exactly one stratum.
    drawn : tuple of int
        Units drawn from each stratum, at least one and fewer than the stratum has.

    Raises
    ------
    SettingsError
        If the kind is unknown, the strata are no partition, or a number to draw is out of range.

    Examples
    --------
    >>> design = pair_then_draw(40, 15)
    >>> design.n_draws
    40225345056
    >>> float(design.chances()[0])
    0.375
    """

    kind: Kind
    strata: tuple[tuple[int, ...], ...]
    drawn: tuple[int, ...]

    def __post_init__(self) -> None:
        problems = [*_partition_problems(self.strata), *self._number_problems()]
        if self.kind not in KINDS:
            problems.append(Problem("is not a design", value=str(self.kind), expected=", ".join(KINDS)))
        if problems:
            raise SettingsError(problems)

    def _number_problems(self) -> Iterator[Problem]:
        if len(self.drawn) != len(self.strata):
            yield Problem(f"{len(self.drawn)} numbers to draw for {len(self.strata)} strata")
        for number, (stratum, drawn) in enumerate(zip(self.strata, self.drawn, strict=False), start=1):
            if not 0 < drawn < len(stratum):
                yield Problem(
                    f"cannot be drawn of the {len(stratum)} units in stratum {number}",
                    value=str(drawn),
                    expected=f"a whole number from 1 to {len(stratum) - 1}, so that both arms have a unit"
                    if len(stratum) > 1
                    else "strata of at least two units",
                )

    @property
    def n_units(self) -> int:
        """Number of units, drawn or not."""
        return sum(len(stratum) for stratum in self.strata)

    @property
    def n_drawn(self) -> int:
        """Number of units that get the intervention."""
        return sum(self.drawn)

    @property
    def n_draws(self) -> int:
        """Exact number of possible draws."""
        return math.prod(math.comb(len(s), k) for s, k in zip(self.strata, self.drawn, strict=True))

    def stratum_of(self) -> NDArray[np.intp]:
        """Give the stratum number of every unit, shape (m,)."""
        labels = np.empty(self.n_units, dtype=np.intp)
        for number, stratum in enumerate(self.strata):
            labels[list(stratum)] = number
        return labels

    def exact_chances(self) -> tuple[Fraction, ...]:
        """Give every unit's declared chance of the intervention as a fraction."""
        by_stratum = [Fraction(k, len(s)) for s, k in zip(self.strata, self.drawn, strict=True)]
        return tuple(by_stratum[number] for number in self.stratum_of())

    def chances(self) -> NDArray[np.float64]:
        """Give every unit's declared chance of the intervention, shape (m,)."""
        return np.array([float(chance) for chance in self.exact_chances()])

    def joint_chances(self) -> NDArray[np.float64]:
        """Give the chance that two units are both drawn, shape (m, m), single chances on the diagonal."""
        chances = self.chances()
        joint = np.outer(chances, chances)
        for stratum, drawn in zip(self.strata, self.drawn, strict=True):
            size = len(stratum)
            joint[np.ix_(stratum, stratum)] = drawn * (drawn - 1) / (size * (size - 1))
        np.fill_diagonal(joint, chances)
        return joint

    def same_arm(self) -> NDArray[np.float64]:
        """Give the chance that two units share an arm, shape (m, m)."""
        return same_arm_from_joint(self.joint_chances())

    def enumerate(self, start: int = 0, stop: int | None = None) -> NDArray[np.bool_]:
        """List possible draws in alphabetical order of their units, from number `start` to before `stop`.

        Returns
        -------
        ndarray of bool, shape (stop - start, m)
            One row a draw, true for the intervention.
        """
        ranks = np.arange(start, self.n_draws if stop is None else stop, dtype=np.int64)
        taken = np.empty((self.n_units, len(ranks)), dtype=np.bool_)
        for stratum, drawn in zip(reversed(self.strata), reversed(self.drawn), strict=True):
            ranks, rank = np.divmod(ranks, math.comb(len(stratum), drawn))
            taken[list(stratum)] = select_by_rank(rank, len(stratum), drawn)
        return np.ascontiguousarray(taken.T)

    def sample(self, rng: np.random.Generator, n: int) -> NDArray[np.bool_]:
        """Draw `n` times, independently and uniformly.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness.
        n : int
            Number of draws.

        Returns
        -------
        ndarray of bool, shape (n, m)
            One row a draw.
        """
        numbers = rng.integers(0, 2**32, size=(self.n_units, n), dtype=np.uint32)
        return np.ascontiguousarray(self.select(numbers).T)

    def select(self, numbers: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Turn random numbers, shape (m, n), into draws, shape (m, n): one column a draw."""
        if len(self.strata) == 1:
            return select_at_random(numbers, self.drawn[0])
        taken = np.empty(numbers.shape, dtype=np.bool_)
        for stratum, drawn in zip(self.strata, self.drawn, strict=True):
            units = list(stratum)
            taken[units] = select_at_random(numbers[units], drawn)
        return taken

    def allows(self, draws: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which draws, shape (n, m), take the declared number from every stratum."""
        allowed = np.ones(len(draws), dtype=np.bool_)
        for stratum, drawn in zip(self.strata, self.drawn, strict=True):
            taken = draws if len(stratum) == draws.shape[1] else draws[:, list(stratum)]
            allowed &= np.count_nonzero(taken, axis=1) == drawn
        return allowed

    def without(self, units: Sequence[int]) -> Design:
        """Give the design of the other units, renumbered, once `units` are known not to be drawn."""
        gone = set(units)
        kept = [unit for unit in range(self.n_units) if unit not in gone]
        number = {unit: position for position, unit in enumerate(kept)}
        strata = tuple(tuple(number[u] for u in stratum if u not in gone) for stratum in self.strata)
        return Design(self.kind, strata, self.drawn)

    def sentence(self, noun: str = "unit") -> str:
        """Say what is drawn, in words; `noun` is what a unit is called where the design does not say it."""
        if self.kind == "pair-then-draw":
            return f"{self.n_drawn} of {self.n_units} pairs are drawn"
        if self.kind == "draw-then-pair":
            return f"{self.n_drawn} of {self.n_units} teams are drawn, and then paired with each other"
        if self.kind == "matched-pair":
            return f"one team of each of {len(self.strata)} pairs is drawn"
        if self.kind == "stratified":
            parts = [f"{k} of {len(s)}" for s, k in zip(self.strata, self.drawn, strict=True)]
            return (
                f"{', '.join(parts)} {noun}s are drawn from {counted(len(self.strata), 'stratum', 'strata')}"
            )
        return f"{self.n_drawn} of {counted(self.n_units, noun)} are drawn"

    def summary(self) -> str:
        """Say what is drawn, in a sentence."""
        text = self.sentence()
        return f"{text[:1].upper()}{text[1:]}."

    def _repr_html_(self) -> str:
        facts = {
            "kind": self.kind,
            "units": f"{self.n_units:,}",
            "strata": f"{len(self.strata):,}",
            "draws that can happen": count_in_words(self.n_draws),
            "chance of each unit": in_words(self.chances()),
        }
        return show_result("Design", self.summary(), show_facts(facts, "What is declared"))


def same_arm_from_joint(joint: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn chances of both being drawn, shape (m, m), into chances of sharing an arm, either one."""
    single = np.diag(joint)
    shared = 1.0 - single[:, None] - single[None, :]
    shared += 2.0 * joint
    # Rounding may leave a hair less than 0 or more than 1.
    return np.asarray(np.clip(shared, 0.0, 1.0, out=shared))


def pair_then_draw(n_pairs: int, intervention_pairs: int) -> Design:
    """Draw `intervention_pairs` of the pairs; the other pairs are controls."""
    return Design("pair-then-draw", (tuple(range(n_pairs)),), (intervention_pairs,))


def draw_then_pair(n_teams: int, intervention_pairs: int) -> Design:
    """Draw twice `intervention_pairs` of the teams, who are paired with each other afterwards."""
    return Design("draw-then-pair", (tuple(range(n_teams)),), (2 * intervention_pairs,))


def simple(n_units: int, n_intervention: int) -> Design:
    """Draw `n_intervention` of the units."""
    return Design("simple", (tuple(range(n_units)),), (n_intervention,))


def matched_pair(pairs: Sequence[tuple[int, int]]) -> Design:
    """Draw one unit of each pair; `pairs` holds the numbers of its two units.

    Examples
    --------
    >>> matched_pair([(0, 1), (2, 3), (4, 5)]).n_draws
    8
    """
    return Design("matched-pair", tuple(tuple(pair) for pair in pairs), (1,) * len(pairs))


def stratified(labels: Sequence[str], n_intervention: Mapping[str, int]) -> Design:
    """Draw a declared number from each stratum.

    Parameters
    ----------
    labels : sequence of str, length m
        Stratum of every unit.
    n_intervention : mapping of str to int
        Number to draw from each stratum.

    Raises
    ------
    SettingsError
        If a stratum has no number or a number has no stratum.

    Examples
    --------
    >>> stratified(["north", "north", "south", "south", "south"], {"north": 1, "south": 2}).n_draws
    6
    """
    present = sorted(set(labels))
    problems = [
        Problem("has no number to draw", value=name) for name in present if name not in n_intervention
    ]
    problems += [Problem("is no stratum", value=name) for name in n_intervention if name not in set(labels)]
    if problems:
        raise SettingsError(problems)
    strata = tuple(tuple(u for u, label in enumerate(labels) if label == name) for name in present)
    return Design("stratified", strata, tuple(n_intervention[name] for name in present))


def _partition_problems(strata: tuple[tuple[int, ...], ...]) -> Iterator[Problem]:
    units = sorted(unit for stratum in strata for unit in stratum)
    if units != list(range(len(units))):
        yield Problem("every unit has to be in exactly one stratum, numbered from 0 without gaps")
    if not units:
        yield Problem("there is nothing to draw from", expected="at least two units")
