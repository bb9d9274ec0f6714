"""The objective of a plan by levels and side constraints: what is claimed of it, and how that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from pairing.errors import CertificateError, InputDataError, Problem
from pairing.matching import Certificate, Proof
from pairing.planning.by_levels.levels import Level, Room, level_weights, prove_level, travel_column
from pairing.planning.objective import Objective
from pairing.planning.side.side_constraints import SideConstraint, side_constraint_from_dict, side_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from pairing.pairs import PairTable
    from pairing.planning.pairing import Pairing

_STOPPED = {
    "time limit": "The time limit stopped the search",
    "interrupted": "The search was interrupted",
    "precision": "The search ended at the precision of the solver",
}
_TITLES = {"pairs": "Pairs", "worst": "Worst-off pair", "total": "Total", "travel": "Travel"}
_RELATIVE = 1e-9  # by which sums of figures that are recomputed elsewhere may differ


@dataclass(frozen=True, eq=False)
class Ordered(Objective):
    """Levels of objectives in order, under constraints on the whole plan.

    Parameters
    ----------
    levels : tuple of Level
        What was made as great as possible, in order, with its bound and its proof; the first is the number
        of pairs.
    constraints : tuple of SideConstraint
        The side constraints.
    stopped : str, optional
        What ended the search before all was proven.
    """

    levels: tuple[Level, ...]
    constraints: tuple[SideConstraint, ...] = ()
    stopped: str | None = None
    kind: ClassVar[str] = "ordered"
    tolerance: ClassVar[int] = 1

    @property
    def last(self) -> Level:
        """The level at which the search ended."""
        return self.levels[-1]

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:  # noqa: ARG002
        """The weights of the last level; those of a level "worst" are the values."""
        return level_weights(table, self.last.name)

    def claim(self) -> str:
        """What was asked for, level by level; of an unproven plan, what it keeps to."""
        if self.stopped is not None:
            return "the plan keeps to the side constraints and to its bounds; it is NOT proven to be the best"
        asked = ", then ".join(
            level.in_words
            + (f" (giving up at most {100 * level.tolerance:.4g}% of it)" if level.tolerance else "")
            for level in self.levels
        )
        under = " under the side constraints" if self.constraints else ""
        return f"{asked}{under}"

    def gap(self) -> float:
        """How far the last level may be from its best, in its unit (SD, pairs, km or minutes)."""
        return abs(self.last.shown(self.last.bound - self.last.best))

    def prove(
        self,
        certificate: Certificate,  # noqa: ARG002 - every level has its own
        table: PairTable,
        pairs: NDArray[np.int64],
        *,
        tolerance: int = 0,
    ) -> Proof:
        """Prove what can be proven without a solver: pairs, side constraints, levels, and their bounds.

        Parameters
        ----------
        certificate : Certificate
            Not used: every level has its own.
        table : PairTable
            The permitted pairs.
        pairs : ndarray of int, shape (k, 2)
            The plan.
        tolerance : int
            Units by which recomputed values may differ.

        Returns
        -------
        Proof
            Of the last level: what the plan attains and the bound that the certificate proves. The gap
            between the two is what is left to the solver's word.

        Raises
        ------
        CertificateError
            With every clause that fails.
        """
        chosen = _chosen(table, pairs)
        failures = [] if chosen.sum() == len(pairs) else ["the plan has pairs that are not permitted"]
        lines = side_lines(table, self.constraints)
        for line in lines:
            allowed = _RELATIVE * max(1.0, abs(line.limit)) if tolerance else 0.0
            over = (line.attained(chosen) - line.limit) * (1 if line.at_most else -1)
            if over > allowed or (not tolerance and not line.is_kept(chosen)):
                attained = line.written(line.attained(chosen))
                failures.append(f"the plan breaks a side constraint: {line.sentence}; it has {attained}")
        rows = tuple(line.row() for line in lines)
        room = Room(table, np.ones(len(table), dtype=bool), rows, None)
        bound = self.last.bound
        for level in self.levels:
            proven, wrong = self._check_level(level, room, chosen, tolerance)
            failures += wrong
            bound = level.bound if proven is None else proven
            room = room.after(level)
        if failures:
            raise CertificateError(failures)
        total = attained_units(table, self.last.name, chosen)
        return Proof(total, bound, bound - total, len(pairs), len(table))

    def _check_level(
        self, level: Level, room: Room, chosen: NDArray[np.bool_], tolerance: int
    ) -> tuple[int | None, list[str]]:
        reach = tolerance * (len(room.table.model.cohort) // 2)
        failures = []
        attained = attained_units(room.table, level.name, chosen)
        least = level.best if level is self.last else level.floor
        if chosen.any() and attained < least - reach:
            failures.append(f"the plan has less of a level than it must have: {level.in_words}")
        if level is self.last and attained > level.bound + reach:
            failures.append(f"the plan has more than its bound: {level.in_words}")
        proven = prove_level(level, room, tolerance=0 if level.name == "pairs" else tolerance)
        if proven is not None and proven > level.certified_bound + 2 * reach:
            failures.append(f"the duals prove less than is recorded: {level.in_words}")
        if proven is not None and level.best > proven:
            failures.append(f"the duals prove a bound below the best that is recorded: {level.in_words}")
        return proven, failures

    def levels_frame(self, pairing: Pairing) -> pd.DataFrame:
        """Tabulate the levels: ``level, best, bound, gap, certified_bound, tolerance, attained, unit``."""
        chosen = _chosen(pairing.table, pairing.pairs)
        rows = [
            (
                level.name,
                level.shown(level.best),
                level.shown(level.bound),
                abs(level.shown(level.bound - level.best)),
                level.shown(level.certified_bound),
                level.tolerance,
                level.shown(attained_units(pairing.table, level.name, chosen)),
                level_unit(pairing.table, level.name),
            )
            for level in self.levels
        ]
        columns = ["level", "best", "bound", "gap", "certified_bound", "tolerance", "attained", "unit"]
        return pd.DataFrame(rows, columns=columns)

    def side_frame(self, pairing: Pairing) -> pd.DataFrame:
        """Tabulate the side constraints: ``constraint, sentence, limit, attained, slack, unit``."""
        chosen = _chosen(pairing.table, pairing.pairs)
        rows = []
        for line in side_lines(pairing.table, self.constraints):
            attained = line.attained(chosen)
            rows.append((line.key, line.sentence, line.limit, attained, line.slack(chosen), line.unit))
        return pd.DataFrame(rows, columns=["constraint", "sentence", "limit", "attained", "slack", "unit"])

    def remarks(self, pairing: Pairing) -> tuple[str, ...]:
        """What each level and each side constraint came to."""
        return (*self._levels_in_words(pairing), *self._side_in_words(pairing))

    def _levels_in_words(self, pairing: Pairing) -> Iterator[str]:
        chosen = _chosen(pairing.table, pairing.pairs)
        for level in self.levels[1:]:
            unit = level_unit(pairing.table, level.name)
            attained = level.shown(attained_units(pairing.table, level.name, chosen))
            words = f"{_TITLES[level.name]}: {_amount(attained, unit)}"
            if level.tolerance:
                possible = _amount(level.shown(level.best), unit)
                words += f"; {possible} is possible, of which {100 * level.tolerance:.4g}% may be given up"
            if level.bound != level.best:
                words += f"; not proven: no plan is better than {_amount(level.shown(level.bound), unit)}"
            yield words + "."

    def _side_in_words(self, pairing: Pairing) -> Iterator[str]:
        chosen = _chosen(pairing.table, pairing.pairs)
        for constraint in self.constraints:
            lines = constraint.lines(pairing.table)
            tightest = min(lines, key=lambda line: line.slack(chosen), default=None)
            if tightest is None:
                continue
            of_many = f" (the tightest of {len(lines)} such limits)" if len(lines) > 1 else ""
            attained = tightest.written(tightest.attained(chosen))
            yield f"Side constraint: {tightest.sentence}; the plan has {attained}{of_many}."

    def proof_in_words(self, pairing: Pairing) -> str:
        """Say what is proven, and by what."""
        if pairing.status != "optimal":
            stopped = _STOPPED.get(self.stopped or "", "The search ended early")
            gap = _amount(self.gap(), level_unit(pairing.table, self.last.name))
            return (
                f"NOT PROVEN to be the best plan. {stopped} at: {self.last.in_words}. The best plan may be "
                f"better there by up to {gap}; objectives after it were not looked at."
            )
        proven = f"Proven optimal over all {len(pairing.table):,} permitted pairs: {self.claim()}."
        return f"{proven} {self._share_of_the_solver(pairing.table)}"

    def _share_of_the_solver(self, table: PairTable) -> str:
        """Say how much of the proof stands without a solver, level by level."""
        open_levels = [level for level in self.levels if level.certified_bound != level.best]
        gaps = [abs(level.shown(level.certified_bound - level.best)) for level in open_levels]
        left = [
            f"{_amount(gap, level_unit(table, level.name), 3)} of {_TITLES[level.name].lower()}"
            for level, gap in zip(open_levels, gaps, strict=True)
        ]
        if not left:
            return "The certificates prove it without any solver."
        return (
            f"Without any solver the certificates prove it to within {' and '.join(left)}; that nothing lies "
            "in between is the word of HiGHS."
        )

    def finding(self, proof: Proof, table: PairTable) -> str:
        """What a verification adds to the claim."""
        share = self._share_of_the_solver(table).removesuffix(".")
        return f"over all {proof.n_edges_checked:,} permitted pairs. {share}"

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {
            "kind": self.kind,
            "levels": [level.to_dict() for level in self.levels],
            "side_constraints": [constraint.to_dict() for constraint in self.constraints],
            "stopped": self.stopped,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Ordered:
        """Read the objective back; nothing is checked yet.

        Raises
        ------
        InputDataError
            If an entry is missing or of the wrong kind.
        """
        try:
            levels = tuple(Level.from_dict(level) for level in data["levels"])
            constraints = tuple(side_constraint_from_dict(entry) for entry in data["side_constraints"])
            stopped = data["stopped"]
        except (KeyError, TypeError, AttributeError, CertificateError) as error:
            raise InputDataError([Problem(f"cannot be read: {error}", column="weights")]) from error
        if not levels:
            raise InputDataError([Problem("has no levels", column="weights")])
        return Ordered(levels, constraints, stopped)


def attained_units(table: PairTable, name: str, chosen: NDArray[np.bool_]) -> int:
    """What a plan attains on a level, in the level's whole units."""
    if name == "worst":
        return int(table.integers[chosen].min(initial=int(table.integers.max(initial=0))))
    return sum(level_weights(table, name)[chosen].tolist())


def level_unit(table: PairTable, name: str) -> str:
    """The unit in which a level is told."""
    if name == "travel":
        return "km" if travel_column(table) == "distance_km" else "minutes"
    return "pairs" if name == "pairs" else "SD"


def _amount(value: float, unit: str, more_digits: int = 0) -> str:
    digits = {"SD": 3, "pairs": 0}.get(unit, 1) + more_digits
    return f"{value:,.{digits}f} {unit}"


def _chosen(table: PairTable, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    n_teams = len(table.model.cohort)
    ends = np.sort(np.asarray(pairs, dtype=np.int64).reshape(-1, 2), axis=1)
    chosen: NDArray[np.bool_] = np.isin(
        table.first * n_teams + table.second, ends[:, 0] * n_teams + ends[:, 1]
    )
    return chosen
