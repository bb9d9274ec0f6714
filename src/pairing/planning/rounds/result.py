"""Several rounds together: how good they are, and the proof that nothing is better."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pairing.matching import check_certificate
from pairing.matching.several import RoundsCertificate, RoundsProof, check_rounds
from pairing.pairs import VALUE_DIGITS, VALUE_SCALE
from pairing.planning.rounds.round import Round
from pairing.shown import show_result, show_table
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching import Certificate
    from pairing.pairs import PairTable
    from pairing.planning.rounds.wishes import Wishes

    Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class GreedyRounds:
    """What comes of planning one round after the other, each as well as possible.

    Parameters
    ----------
    n_pairs : int
        Pairs of all rounds.
    most_rests : int
        In how many rounds the team that rests most often has no partner.
    total : float
        Sum of all pairs' values, in between-team SD.
    """

    n_pairs: int
    most_rests: int
    total: float


@dataclass(frozen=True, eq=False)
class Rounds:
    """Rounds in which nobody meets the same team twice but those who keep their partner.

    Parameters
    ----------
    wishes : Wishes
        The permitted pairs, and who keeps one partner.
    new : tuple of ndarray of int64, each of shape (k, 2)
        The pairs of each round among the teams that meet new ones, by positions in the cohort.
    kept : ndarray of int64, shape (k, 2)
        The pairs that meet in every round.
    certificate : RoundsCertificate
        Proof for the teams that meet new ones, numbered among themselves.
    kept_certificate : Certificate
        Proof for the teams that keep one partner, numbered among themselves.
    greedy : GreedyRounds
        What planning one round after the other gives.
    stopped : str, optional
        "time limit" or "interrupted" if that ended the search before the proof.
    """

    wishes: Wishes = field(repr=False)
    new: tuple[Pairs, ...] = field(repr=False)
    kept: Pairs = field(repr=False)
    certificate: RoundsCertificate = field(repr=False)
    kept_certificate: Certificate = field(repr=False)
    greedy: GreedyRounds = field(repr=False)
    stopped: str | None = None

    def __repr__(self) -> str:
        return f"<Rounds: {self.summary().splitlines()[0]}>"

    @property
    def table(self) -> PairTable:
        """The permitted pairs."""
        return self.wishes.table

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds; the one with most pairs first, among equals the one of greatest value."""
        return tuple(
            Round(number, self.table, _sorted(np.concatenate([self.kept, pairs])))
            for number, pairs in enumerate(self.new, start=1)
        )

    @cached_property
    def proof(self) -> RoundsProof:
        """What is proven of all rounds together, in units of ``1 / VALUE_SCALE``; see :meth:`prove`."""
        return self.prove()

    def prove(self, *, tolerance: int = 0) -> RoundsProof:
        """Prove again, without any solver, how good the rounds are.

        Parameters
        ----------
        tolerance : int
            Units by which a value may differ from the one that was proven.

        Returns
        -------
        RoundsProof
            Over both groups of teams: pairs, rests and total value, each with its bound.

        Raises
        ------
        CertificateError
            If a round breaks a rule or repeats a pair, or a certificate does not prove what it should.
        """
        others, keepers = self.wishes.others, self.wishes.keepers
        new = check_rounds(
            self.certificate,
            others.size,
            [np.searchsorted(others, pairs) for pairs in self.new],
            self.wishes.edges_among(others),
            tolerance=tolerance,
        )
        edges = self.wishes.edges_among(keepers)
        kept = check_certificate(
            self.kept_certificate, np.searchsorted(keepers, self.kept), [edges], tolerance=tolerance
        )
        times = len(self.new)
        return RoundsProof(
            new.n_pairs + times * kept.n_pairs,
            new.n_pairs_bound + times * (keepers.size // 2),
            new.most_rests,
            new.most_rests_bound,
            new.total + times * kept.total,
            new.bound + times * kept.bound,
            new.n_edges_checked + kept.n_edges_checked,
        )

    @property
    def status(self) -> str:
        """``optimal``, or ``feasible`` where a limit came before the proof."""
        return "optimal" if self.proof.is_optimal else "feasible"

    @property
    def total(self) -> float:
        """Sum of all pairs' values over all rounds, in between-team SD."""
        return self.proof.total / VALUE_SCALE

    @property
    def bound(self) -> float:
        """No rounds with as many pairs, and nobody resting more often, are worth more, in between-team SD."""
        return self.proof.bound / VALUE_SCALE

    @property
    def gap(self) -> float:
        """``bound - total``, in between-team SD; 0 where the rounds are proven to be the best."""
        return self.proof.gap / VALUE_SCALE

    @property
    def greedy_total(self) -> float | None:
        """What planning one round after the other is worth; None if it has fewer pairs or more rests."""
        as_full = (self.greedy.n_pairs, self.greedy.most_rests) == (self.proof.n_pairs, self.proof.most_rests)
        return self.greedy.total if as_full else None

    @cached_property
    def rests(self) -> tuple[int, ...]:
        """In how many rounds each team has no partner, in the order of the cohort."""
        partners = np.stack([one.partner for one in self.rounds])
        return tuple(int(count) for count in (partners < 0).sum(axis=0))

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs of all rounds.

        Returns
        -------
        pandas.DataFrame
            One row a round and pair: ``round``, the columns of ``pairs.csv``, and ``kept``, whether the pair
            meets in every round.
        """
        keepers = {self.table.model.cohort.ids[at] for at in self.kept.ravel()}
        frames = []
        for one in self.rounds:
            frame = one.to_frame()
            frame.insert(0, "round", one.number)
            frames.append(frame.assign(kept=frame["team_a"].isin(keepers)))
        return pd.concat(frames, ignore_index=True)

    def teams_frame(self) -> pd.DataFrame:
        """Tabulate the teams.

        Returns
        -------
        pandas.DataFrame
            One row a team: ``team, name, keeps``, the partner in each round (``round_1``, ...; blank where
            it rests), ``rests``, and ``gain``, what it can expect to learn over all rounds in between-team
            SD.
        """
        cohort = self.table.model.cohort
        keeps = np.isin(np.arange(len(cohort)), self.wishes.keepers)
        columns: dict[str, Any] = {"team": cohort.ids, "name": cohort.names, "keeps": keeps}
        for one in self.rounds:
            columns[f"round_{one.number}"] = [cohort.ids[at] if at >= 0 else None for at in one.partner]
        gain = np.sum([one.gains() for one in self.rounds], axis=0)
        return pd.DataFrame(columns | {"rests": self.rests, "gain": gain.round(VALUE_DIGITS)})

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        ids, proof = self.table.model.cohort.ids, self.proof
        return {
            "status": self.status,
            "stopped": self.stopped,
            "n_teams": len(ids),
            "n_rounds": len(self.rounds),
            "n_pairs": proof.n_pairs,
            "n_pairs_bound": proof.n_pairs_bound,
            "most_rests": proof.most_rests,
            "most_rests_bound": proof.most_rests_bound,
            "n_permitted_pairs": len(self.table),
            "total_value": self.total,
            "bound": self.bound,
            "gap": self.gap,
            "greedy": {
                "n_pairs": self.greedy.n_pairs,
                "most_rests": self.greedy.most_rests,
                "total_value": self.greedy.total,
            },
            "keep": [ids[at] for at in self.wishes.keepers],
            "rests": {team: count for team, count in zip(ids, self.rests, strict=True) if count},
            "rounds": [[[ids[a], ids[b]] for a, b in one.pairs.tolist()] for one in self.rounds],
        }

    def summary(self) -> str:
        """Say in a few sentences what was achieved."""
        lines = [self._coverage(), self._resting(), self._keeping(), self._value(), self._proven()]
        return "\n".join(line for line in lines if line)

    def _coverage(self) -> str:
        teams, rounds = counted(len(self.table.model.cohort), "team"), counted(len(self.rounds), "round")
        sizes = " + ".join(str(len(one.pairs)) for one in self.rounds)
        return f"{teams}, {rounds}: {sizes} = {counted(self.proof.n_pairs, 'pair')}."

    def _resting(self) -> str:
        resting = [team for team, count in zip(self.table.model.cohort.ids, self.rests, strict=True) if count]
        if not resting:
            return "Every team has a partner in every round."
        most = counted(max(self.rests), "round")
        return f"{counted(len(resting), 'team')} rest, none in more than {most}: {shortened(resting)}."

    def _keeping(self) -> str:
        if not len(self.kept):
            return ""
        ids = self.table.model.cohort.ids
        pairs = shortened([f"{ids[a]}–{ids[b]}" for a, b in self.kept.tolist()])
        return f"{counted(len(self.kept), 'pair')} kept through all rounds: {pairs}."

    def _value(self) -> str:
        value = f"Expected reciprocal gain: {self.total:.3f} SD over all rounds"
        greedy = self.greedy_total
        one_by_one = "one round after the other, each as good as possible, would give"
        if greedy is None:
            pairs, rests = counted(self.greedy.n_pairs, "pair"), counted(self.greedy.most_rests, "rest")
            return f"{value}; {one_by_one} {pairs}, with up to {rests} a team."
        gained = f"Planning together gains {self.total - greedy:.3f} SD."
        return f"{value}; {one_by_one} {greedy:.3f}. {gained}"

    def _proven(self) -> str:
        proof = self.proof
        if proof.is_optimal:
            return (
                f"Proven optimal over all {proof.n_edges_checked:,} permitted pairs: no rounds have more "
                "pairs, or as many and fewer rests for the team that rests most, or the same and a greater "
                "total."
            )
        pairs, rests = counted(proof.n_pairs_bound, "pair"), counted(proof.most_rests_bound, "round")
        return (
            f"Not proven optimal: at most {pairs} are possible, somebody rests in at least {rests}, and with "
            f"these pairs and rests the total is at most {self.bound:.3f} SD (gap {self.gap:.3f})."
        )

    def _repr_html_(self) -> str:
        table = show_table(self.teams_frame(), "Who meets whom", whole=".teams_frame()")
        return show_result("Rounds", self.summary(), table)


def _sorted(pairs: Pairs) -> Pairs:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
