"""The further plans that a pairing leads to, as its methods; each has a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from pairing.cohort import Cohort
    from pairing.planning.alternative_plans import Alternatives
    from pairing.planning.pairing import Pairing
    from pairing.planning.repairs.repaired import Repair
    from pairing.planning.repairs.standby import Standby
    from pairing.planning.rounds import Rounds
    from pairing.planning.side.side_constraints import SideConstraint
    from pairing.planning.sweeping.tradeoff_rows import TradeOff
    from pairing.rules import TravelTable


class FurtherPlans:
    """The verbs of a :class:`~pairing.planning.pairing.Pairing` that make other plans out of it."""

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
        from pairing.planning.repairs.repair import repair

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
        from pairing.planning.repairs.standby import standby

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
            Seconds after which the best rounds found so far are given, with their bound. One round after the
            other is planned in any case.

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
        pairing.planning.sweeping.tradeoff.tradeoff : The same as a function.

        Examples
        --------
        >>> from pairing import MaxDistance, MaxSizeRatio, load_audit, pair
        >>> plan = pair(load_audit(), [MaxDistance(300), MaxSizeRatio(2)])
        >>> plan.tradeoff("max_distance_km", [150, 300]).to_frame()["efficient"].tolist()
        [True, True]
        """
        from pairing.planning.sweeping.tradeoff import tradeoff

        return tradeoff(cast("Pairing", self), setting, values, executor=executor, progress=progress)
