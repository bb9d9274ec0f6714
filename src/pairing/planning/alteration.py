"""What has happened since a pairing was made, and the model of pairs that holds from now on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pairing.cohort import with_joiners
from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem, SettingsError
from pairing.pairs import PairModel, PairTable
from pairing.profiles import profiles_from_model
from pairing.rules import Drawn, Locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pairing.cohort import Cohort
    from pairing.planning.pairing import Pairing
    from pairing.rules import TravelTable

NamedPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Alteration:
    """What is different from when a pairing was made.

    Parameters
    ----------
    without : tuple of str
        Teams that have left.
    joining : Cohort, optional
        Teams that join.
    forbid : tuple of (str, str)
        Pairs that may not meet from now on.
    keep : tuple of (str, str)
        Pairs that stay or come about in any case, such as those whose visit was already made.
    """

    without: tuple[str, ...] = ()
    joining: Cohort | None = None
    forbid: NamedPairs = ()
    keep: NamedPairs = ()

    def require_sound(self, pairing: Pairing) -> None:
        """Refuse what contradicts the pairing or itself.

        Raises
        ------
        SettingsError
            With every problem: unknown teams, kept pairs that overlap, are forbidden, or have lost a team,
            and an alteration that alters nothing.
        """
        refuse_group_of_three(pairing, "repaired")
        problems = [*self._of_names(pairing), *self._of_kept_pairs(), *self._of_joiners(pairing)]
        if not problems and not self._alters(pairing):
            problems = [
                Problem(
                    "there is nothing to repair",
                    expected="teams that left or join, pairs that are forbidden, or kept pairs that are new",
                )
            ]
        if problems:
            raise SettingsError(problems)

    def model(self, pairing: Pairing, *, travel: TravelTable | None = None) -> PairModel:
        """Make the model of pairs that holds from now on.

        Profiles keep the parameters that were fitted before: nobody's value changes because another team
        left or joined. Rules that look at all teams, such as `not_nearest`, look at those that are there now.

        Parameters
        ----------
        pairing : Pairing
            The pairing so far.
        travel : TravelTable, optional
            Journeys between the teams that are there now; those of the pairing if not given.
        """
        before = pairing.table.model
        cohort = cohort_after(before.cohort, self)
        if travel is None and before.travel is not None:
            travel = before.travel.for_teams(before.cohort.ids, cohort.ids)
        rules = before.rules.without_teams(self.without).with_pairs(forbid=self.forbid, locked=self.keep)
        profiles = profiles_from_model(cohort, before.profiles.model)
        return PairModel(cohort, profiles, rules, before.preferences, travel)

    def _of_names(self, pairing: Pairing) -> Iterator[Problem]:
        known = pairing.cohort.ids
        joining = () if self.joining is None else self.joining.ids
        for team in sorted(set(self.without).difference(known)):
            yield _unknown(team, "so it cannot leave", known)
        for what, pairs in (("forbidden", self.forbid), ("kept", self.keep)):
            for team in sorted({team for pair in pairs for team in pair}.difference(known, joining)):
                yield _unknown(team, f"so no pair with it can be {what}", (*known, *joining))
            for pair in pairs:
                if len(set(pair)) != 2:
                    message = f"is no pair of two teams, so it cannot be {what}"
                    yield Problem(message, value=", ".join(pair))

    def _of_kept_pairs(self) -> Iterator[Problem]:
        kept = {frozenset(pair) for pair in self.keep}
        partners = Counter(team for pair in kept for team in pair)
        for team in sorted(team for team, count in partners.items() if count > 1):
            yield Problem("is kept in more than one pair", value=team, advice="A team has one partner.")
        for what, pairs in (("kept", self.keep), ("forbidden", self.forbid)):
            for pair in pairs:
                for team in sorted(set(pair).intersection(self.without)):
                    yield Problem(
                        f"has left, so its pair {' and '.join(pair)} cannot be {what}",
                        value=team,
                        advice="Take the pair out, or the team out of those that left.",
                    )
        for first, second in sorted(tuple(sorted(pair)) for pair in kept & {*map(frozenset, self.forbid)}):
            message, advice = "are kept and also forbidden", "Decide on one."
            yield Problem(message, value=f"{first} and {second}", advice=advice)

    def _of_joiners(self, pairing: Pairing) -> Iterator[Problem]:
        if self.joining is None:
            return
        for team in sorted(set(self.joining.ids) & set(pairing.cohort.ids)):
            yield Problem(
                "joins, and the pairing has a team with this id already",
                value=team,
                advice="Give the joiner another id.",
            )
        if drawn_teams(pairing) is not None:
            yield Problem(
                "these teams were drawn by lottery before they were paired, and nobody can join afterwards",
                value=", ".join(self.joining.ids),
            )

    def _alters(self, pairing: Pairing) -> bool:
        if self.without or self.joining is not None or self.forbid:
            return True
        return not {frozenset(pair) for pair in self.keep} <= {*map(frozenset, named_pairs(pairing))}


def refuse_group_of_three(pairing: Pairing, what: str) -> None:
    """Refuse a plan with a group of three, of which a plan of pairs cannot keep more than one pair.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    what : str
        What is done with plans of pairs alone ("repaired").

    Raises
    ------
    SettingsError
        If it has one.
    """
    if pairing.triad is not None:
        teams = ", ".join(pairing.cohort.ids[position] for position in pairing.triad)
        advice = 'Plan anew with odd = "leave-out"; pairs that have to stay can be locked.'
        message = f"are a group of three, and only plans of pairs alone are {what}"
        raise SettingsError([Problem(message, value=teams, advice=advice)])


def table_from_now_on(model: PairModel) -> PairTable:
    """Score every pair of an altered model and keep the permitted ones.

    Raises
    ------
    InputDataError
        If a kept pair breaks a rule or has lost a team, or data that a rule needs are missing.
    """
    try:
        return PairTable.build(model)
    except InputDataError as error:
        raise InputDataError(map(_as_kept, error.problems)) from error


def _as_kept(problem: Problem) -> Problem:
    """Name locked pairs as what they are in a repair."""
    if problem.column != f"rules.{Locked.key}":
        return problem
    advice = "Relax the other rule, or do not keep the pair." if problem.advice else None
    return replace(problem, message=f"cannot be kept: {problem.message}", column=None, advice=advice)


def cohort_after(cohort: Cohort, alteration: Alteration) -> Cohort:
    """The teams that are there from now on."""
    gone = set(alteration.without)
    stays = cohort.subset(team for team in cohort.ids if team not in gone) if gone else cohort
    return stays if alteration.joining is None else with_joiners(stays, alteration.joining)


def named_pairs(pairing: Pairing) -> NamedPairs:
    """The pairs of a pairing by the ids of their teams, the smaller id first."""
    ids = pairing.cohort.ids
    return tuple((ids[first], ids[second]) for first, second in pairing.pairs.tolist())


def drawn_teams(pairing: Pairing) -> frozenset[str] | None:
    """The teams that a lottery drew, if only they are paired; None where everybody is."""
    rules = pairing.table.model.rules.rules
    return next((rule.teams for rule in rules if isinstance(rule, Drawn)), None)


def _unknown(team: str, consequence: str, known: tuple[str, ...]) -> Problem:
    message = f"is no team of the pairing, {consequence}"
    return Problem(message, value=team, advice=did_you_mean(team, known))
