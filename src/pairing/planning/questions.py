"""The questions that a pairing answers, as its methods; each is answered in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from pairing.cohort import Cohort
    from pairing.planning.alternative_plans import Alternatives
    from pairing.planning.diagnosis import Diagnosis, Flex
    from pairing.planning.explain import Overview, PairExplanation, TeamExplanation
    from pairing.planning.pairing import Pairing
    from pairing.planning.random_pairings import RandomPairings
    from pairing.planning.repair import Repair
    from pairing.planning.robustness import Robustness
    from pairing.planning.robustness.assess import Method
    from pairing.planning.rounds import Rounds
    from pairing.planning.side_constraints import SideConstraint
    from pairing.planning.standby import Standby
    from pairing.planning.tradeoff import TradeOff
    from pairing.rules import TravelTable


class Questions:
    """The verbs of a :class:`~pairing.planning.pairing.Pairing`."""

    @overload
    def explain(self) -> Overview: ...

    @overload
    def explain(self, team: str, *, partners: int | None = 5) -> TeamExplanation: ...

    @overload
    def explain(self, team: str, other: str) -> PairExplanation: ...

    def explain(
        self, team: str | None = None, other: str | None = None, *, partners: int | None = 5
    ) -> Overview | TeamExplanation | PairExplanation:
        """Say why the plan is as it is: in short, for one team, or for any two teams.

        Parameters
        ----------
        team : str, optional
            Id or name of a team. Without one, all pairs are explained in a line each.
        other : str, optional
            A second team: why the two are, or are not, a pair.
        partners : int, optional
            How many other partners of the team are priced; None for all.

        Returns
        -------
        Overview
            Without a team: the card of every pair.
        TeamExplanation
            Of one team: the card of its pair, or why it has no partner; what it would cost the whole plan to
            part the two; and the other partners that it could have, each with the exact price to the whole
            plan.
        PairExplanation
            Of two teams: what they have to offer each other, the rules that ban them, and what the whole plan
            would lose, or gain, by the contrary; exact.

        Raises
        ------
        InputDataError
            If there is no such team; the nearest is suggested.
        SettingsError
            If `partners` is below 0, or `team` is missing beside `other`.

        Notes
        -----
        Prices are differences to the best plan under the same rules with the pair fixed, left out or added,
        solved anew. Of all plans with that price, the one that changes fewest pairs is told. Where pairs
        cannot be priced (the plan is not proven to be the best, has a group of three, or was made by levels
        or under conditions on the whole plan), the explanation says so and has everything else.

        Examples
        --------
        >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
        >>> plan.explain("R0A").next_best.partners[0].price.n_pairs_lost
        0
        >>> plan.explain("R0A", "RM3").card.bans[0].sentence
        '7 km apart; at least 50 km required (missed by 43 km)'
        """
        from pairing.planning.explain import explain

        return explain(cast("Pairing", self), team, other, partners=partners)

    def diagnose(self, *, flex: Flex | None = None) -> Diagnosis:
        """Say why not everyone is paired, and what is the least that would change it.

        Parameters
        ----------
        flex : Flex, optional
            Rules that may move together, and how far each.

        Returns
        -------
        Diagnosis
            Which teams compete for which partners, the smallest change of every rule that makes a full
            pairing possible, and whom to leave out if no rule may change; exact.

        Raises
        ------
        SettingsError
            If `flex` names a rule that is not set, or a limit that is stricter than the rule.

        See Also
        --------
        pairing.diagnose : The same of a table of permitted pairs.

        Examples
        --------
        >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(1.1)], allow_unpaired=True)
        >>> plan.diagnose().options[0].action
        'Raise max_size_ratio from 1.1 to 1.236'
        """
        from dataclasses import replace

        from pairing.planning.by_total import constraints_of
        from pairing.planning.diagnosis import diagnose

        pairing = cast("Pairing", self)
        n_ignored = len(constraints_of(pairing.objective))
        return replace(diagnose(pairing.table, flex=flex), n_side_constraints_ignored=n_ignored)

    def robustness(
        self,
        n_draws: int = 500,
        *,
        seed: int,
        method: Method = "posterior",
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Robustness:
        """Draw every team's profile anew many times, solve again, and see what is left of the plan.

        Parameters
        ----------
        n_draws : int
            How often.
        seed : int
            Fixes every draw; 0 is a seed like any other.
        method : {"posterior", "counts"}
            Draw the true profiles from their posterior, or a second audit of the same teams.
        executor : concurrent.futures.Executor, optional
            Who does the work; the result does not depend on it.
        progress : callable, optional
            Called with the number of draws done and the number asked for.
        cancelled : callable, optional
            Asked now and then; true ends the work, and what was done is kept.

        Returns
        -------
        Robustness
            How often each pair stays, the regret of the plan, and whose partners are arbitrary.

        Raises
        ------
        SettingsError
            If `n_draws`, `seed` or `method` is out of range.
        InputDataError
            If the plan has no pairs.

        See Also
        --------
        pairing.assess_robustness : The same as a function, with the method and its sources.

        Examples
        --------
        >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
        >>> found = plan.robustness(20, seed=0)
        >>> len(found.to_frame()), found.n_draws
        (60, 20)
        """
        from pairing.planning.robustness import assess_robustness

        return assess_robustness(
            cast("Pairing", self),
            n_draws,
            seed=seed,
            method=method,
            executor=executor,
            progress=progress,
            cancelled=cancelled,
        )

    def repair(
        self,
        *,
        without: Iterable[str] = (),
        joining: Cohort | None = None,
        forbid: Iterable[tuple[str, str]] = (),
        keep: Iterable[tuple[str, str]] = (),
        allow_unpaired: bool | None = None,
        travel: TravelTable | None = None,
        constraints: Sequence[SideConstraint] | None = None,
    ) -> Repair:
        """Repair the plan after a drop-out, a late joiner, a new ban or a visit already made.

        Kept pairs come first, then as many pairs as possible, then as many of the plan's pairs as possible,
        and then the greatest total value.

        Parameters
        ----------
        without : iterable of str
            Ids of the teams that have left.
        joining : Cohort, optional
            Teams that join, described by the same indicators.
        forbid, keep : iterable of (str, str)
            Pairs that may not meet from now on; and pairs that stay, or come about, in any case.
        allow_unpaired : bool, optional
            Accept that teams stay without a partner. By default one may if the number of teams is odd.
        travel : TravelTable, optional
            Journeys between the teams that are there now; by default those of the plan.
        constraints : sequence of SideConstraint, optional
            Side constraints that the repaired plan has to keep to; by default those of the plan.

        Returns
        -------
        Repair
            The new pairing, proven, with the changes in words and the price of stability.

        Raises
        ------
        SettingsError, InputDataError
            If what is asked for contradicts the plan or itself.
        InfeasibleMatchingError
            If more teams would stay without a partner than is accepted.

        See Also
        --------
        pairing.repair : The same as a function, with every detail.

        Examples
        --------
        >>> from pairing import MaxDistance, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxDistance(300)])
        >>> repaired = plan.repair(without=["R0A", "RTX"])
        >>> len(repaired.kept), len(repaired.pairing.pairs)
        (58, 59)
        """
        from pairing.planning.repair import repair

        return repair(
            cast("Pairing", self),
            without=without,
            joining=joining,
            forbid=forbid,
            keep=keep,
            allow_unpaired=allow_unpaired,
            travel=travel,
            constraints=constraints,
        )

    def standby(self, *, progress: Callable[[int], None] | None = None) -> Standby:
        """Work out, for every team that has a partner, what to do if that partner drops out.

        Parameters
        ----------
        progress : callable, optional
            Called after each drop-out with their number so far.

        Returns
        -------
        Standby
            For each team its new partner, and what else would change; exact.

        See Also
        --------
        pairing.standby : The same as a function, with every detail.

        Examples
        --------
        >>> from pairing import MinDistance, load_audit, pair
        >>> audit = load_audit()
        >>> plan = pair(audit.subset(audit.ids[:21]), [MinDistance(50)], allow_unpaired=True)
        >>> len(plan.standby().to_frame())
        20
        """
        from pairing.planning.standby import standby

        return standby(cast("Pairing", self), progress=progress)

    def rounds(
        self,
        n_rounds: int,
        *,
        keep: Iterable[str] = (),
        allow_unpaired: bool = False,
        time_limit_s: float | None = None,
    ) -> Rounds:
        """Plan several rounds together under the same rules, in which nobody meets the same team twice.

        Parameters
        ----------
        n_rounds : int
            How many rounds.
        keep : iterable of str
            Ids of teams that want to keep one partner through all rounds instead.
        allow_unpaired : bool
            Accept that some teams rest in some rounds when not all rounds can be full.
        time_limit_s : float, optional
            Seconds after which the best rounds found so far are given, with their bound.

        Returns
        -------
        Rounds
            The best rounds together, which need not begin with this pairing; proven.

        See Also
        --------
        pairing.plan_rounds : The same as a function, with every detail.

        Examples
        --------
        >>> from pairing import MinDistance, load_audit, pair
        >>> audit = load_audit()
        >>> rounds = pair(audit.subset(audit.ids[:20]), [MinDistance(50)]).rounds(2)
        >>> [len(one.pairs) for one in rounds.rounds], rounds.status
        ([10, 10], 'optimal')
        """
        from pairing.planning.rounds import plan_rounds

        return plan_rounds(
            cast("Pairing", self),
            n_rounds,
            keep=keep,
            allow_unpaired=allow_unpaired,
            time_limit_s=time_limit_s,
        )

    def alternatives(
        self,
        k: int = 10,
        *,
        changed: int = 1,
        within: float | None = None,
        time_limit_s: float | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Alternatives:
        """Find other plans that are nearly as good: the best in order, or good ones that really differ.

        Parameters
        ----------
        k : int
            How many plans, the best one included.
        changed : int
            1: the k best plans in order. Above 1: each plan is the best one with at least so many pairs that
            any plan before it does not have.
        within : float, optional
            Largest loss, as a share of the best total (0.02 for 2%).
        time_limit_s : float, optional
            With `changed` above 1, or side constraints, seconds for each plan.
        progress : callable, optional
            Called with the number of plans found and wanted.

        Returns
        -------
        Alternatives
            The plans, by descending total value.

        Raises
        ------
        SettingsError
            If an argument is out of range.

        See Also
        --------
        pairing.planning.alternatives.alternatives : The same as a function, with the method and its sources.

        Examples
        --------
        >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
        >>> print(plan.alternatives(3).summary())
        The 3 best of all plans of 60 pairs, in order.
        The 3rd is 0.001 SD worse than the first (0.005%); 52 of 60 pairs are in all 3.
        """
        from pairing.planning.alternatives import alternatives

        return alternatives(
            cast("Pairing", self),
            k,
            changed=changed,
            within=within,
            time_limit_s=time_limit_s,
            progress=progress,
        )

    def tradeoff(
        self,
        setting: str,
        values: Sequence[float] | None = None,
        *,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> TradeOff:
        """Find the best plan at each of several values of one setting, all else equal.

        Parameters
        ----------
        setting : str
            Key of a rule with a limit (``"max_distance_km"``) or of a preference
            (``"preferences.travel_per_100_km"``); the plan need not have it.
        values : sequence of float, optional
            Values of the setting; sensible ones and the plan's own if not given.
        executor : concurrent.futures.Executor, optional
            Who does the work; the result does not depend on it.
        progress : callable, optional
            Called with the number of values done and in all.

        Returns
        -------
        TradeOff
            One row a value: pairs, gain, distance, and whether it is on the efficient frontier.

        Raises
        ------
        SettingsError
            If there is no such setting, or it takes no such value.

        See Also
        --------
        pairing.planning.tradeoff.tradeoff : The same as a function.

        Examples
        --------
        >>> from pairing import MaxDistance, MaxSizeRatio, load_audit, pair
        >>> plan = pair(load_audit(), [MaxDistance(300), MaxSizeRatio(2)])
        >>> plan.tradeoff("max_distance_km", [150, 300]).to_frame()["efficient"].tolist()
        [True, True]
        """
        from pairing.planning.tradeoff import tradeoff

        return tradeoff(cast("Pairing", self), setting, values, executor=executor, progress=progress)

    def random_pairings(
        self, n: int = 1000, *, seed: int = 0, progress: Callable[[int, int], None] | None = None
    ) -> RandomPairings:
        """Draw random pairings of the same teams under the same rules, for comparison with the plan.

        Parameters
        ----------
        n : int
            How many. With thousands of teams fewer are drawn, and a note says so.
        seed : int
            Fixes every draw; 0 is a seed like any other.
        progress : callable, optional
            Called with the number of pairings drawn and asked for.

        Returns
        -------
        RandomPairings
            Their totals, and how far above them the plan is.

        Raises
        ------
        SettingsError
            If `n` or `seed` is out of range.

        See Also
        --------
        pairing.planning.random_pairings.random_pairings : The same as a function, with the method, its source
            and its limits.

        Examples
        --------
        >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
        >>> found = plan.random_pairings(200, seed=0)
        >>> found.share_worse, len(found.to_frame())
        (1.0, 200)
        """
        from pairing.planning.random_pairings import random_pairings

        return random_pairings(cast("Pairing", self), n, seed=seed, progress=progress)
