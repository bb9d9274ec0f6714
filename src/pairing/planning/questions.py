"""The questions that a pairing answers about itself, as its methods; each has a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from pairing.planning.diagnosis import Diagnosis, Flex
    from pairing.planning.explaining.explanations import Overview, PairExplanation, TeamExplanation
    from pairing.planning.pairing import Pairing
    from pairing.planning.random_pairings import RandomPairings
    from pairing.planning.robustness import Robustness
    from pairing.planning.robustness.assess import Method


class Questions:
    """The verbs of a :class:`~pairing.planning.pairing.Pairing` that say how good the plan is, and why."""

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
        from pairing.planning.explaining.explain import explain

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
