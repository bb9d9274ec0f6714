"""From a cohort to its best pairing: thin wiring of profiles, rules, values and engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.matching import bound_of, solve
from pairing.pairs import PairModel, PairTable, Preferences
from pairing.planning.infeasible import NoFullPairingError
from pairing.planning.objective import TotalSoFar
from pairing.planning.pairing import Pairing
from pairing.profiles import estimate_profiles
from pairing.rules import Rule, RuleSet
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pairing.cohort import Cohort
    from pairing.matching import MatchingSolution, Progress
    from pairing.profiles import Profiles
    from pairing.rules import Missing, TravelTable


def pair(
    cohort: Cohort,
    rules: Rule | Sequence[Rule] = (),
    *,
    preferences: Preferences | None = None,
    allow_unpaired: bool = False,
    missing: Missing = "error",
    travel: TravelTable | None = None,
    dispersion: float = 1.0,
    profiles: Profiles | None = None,
    progress: Callable[[Progress], None] | None = None,
    time_limit_s: float | None = None,
    memory_limit: int | str | None = None,
) -> Pairing:
    """Pair the teams of a cohort for reciprocal visits, as well as the rules permit.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    rules : Rule or sequence of Rule
        Hard rules; a pair that any of them bans is absent from the problem.
    preferences : Preferences, optional
        What a pair's value loses for travel, unequal size or a gap in level. Default: nothing.
    allow_unpaired : bool
        Accept that some teams stay without a partner when not all can be paired.
    missing : {"error", "ban", "permit"}
        What a rule does with a pair whose data it lacks.
    travel : TravelTable, optional
        Journeys between teams.
    dispersion : float
        Factor on every sampling variance, for audits known to be overdispersed within a team.
    profiles : Profiles, optional
        Profiles of this cohort, if they are already known; else they are estimated.
    progress : callable, optional
        Called now and then with the state of a long search.
    time_limit_s : float, optional
        Seconds after which the best plan so far is given, with how good it is at least: its `status` is then
        "feasible" and its `gap` above 0.
    memory_limit : int or str, optional
        Memory that the whole process may take: bytes, or an amount such as "800MB" or "2GB". The work is cut
        into smaller pieces, and what does not fit is refused. No answer depends on it.

    Returns
    -------
    Pairing
        As many pairs as possible and among those the greatest total value, with its certificate.

    Raises
    ------
    InputDataError
        If data are missing, or fewer than two indicators show real differences between teams.
    SettingsError
        If the memory does not suffice.
    SolverError
        If the time limit passed before there was any plan.
    NoFullPairingError
        An InfeasibleMatchingError: if not all teams can be paired and `allow_unpaired` is false.

    References
    ----------
    .. [1] Edmonds (1965), "Maximum matching and a polyhedron with 0,1-vertices", J. Res. NBS 69B.

    Examples
    --------
    >>> from pairing.data import load_audit
    >>> from pairing.rules import MaxSizeRatio, MinDistance
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> len(plan.pairs), plan.prove().gap
    (60, 0)
    """
    if profiles is None:
        profiles = estimate_profiles(cohort, dispersion=dispersion)
    if isinstance(rules, Rule):
        rules = [rules]
    rule_set = RuleSet(tuple(rules), missing)
    model = PairModel(cohort, profiles, rule_set, preferences or Preferences(), travel)
    table = PairTable.build(model, memory_limit=memory_limit)
    return best_pairing(table, allow_unpaired=allow_unpaired, progress=progress, time_limit_s=time_limit_s)


def best_pairing(
    table: PairTable,
    *,
    allow_unpaired: bool = False,
    progress: Callable[[Progress], None] | None = None,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
) -> Pairing:
    """Find the best pairing among permitted pairs; see :func:`pair` for the parameters.

    Parameters
    ----------
    time_limit_s : float, optional
        Seconds after which the best plan so far is given, with how good it is at least.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search with the best plan so far.

    Raises
    ------
    NoFullPairingError
        An InfeasibleMatchingError: if not all teams can be paired and `allow_unpaired` is false.
    SolverError
        If the time limit passed before there was any plan.
    """
    solution = solve(
        table.edges(),
        "max-cardinality",
        progress=progress,
        time_limit_s=time_limit_s,
        keep_interrupted=keep_interrupted,
    )
    if solution.stopped is not None:
        return _so_far(table, solution)
    pairing = Pairing(table, solution.partner, solution.certificate)
    if pairing.unpaired and not allow_unpaired:
        raise no_full_pairing(pairing)
    return pairing


def _so_far(table: PairTable, solution: MatchingSolution) -> Pairing:
    """The plan of a search that was stopped, with the gap that its certificate leaves."""
    bound = bound_of(solution.certificate, solution.n_pairs)
    objective = TotalSoFar(bound - solution.total, solution.stopped or "time limit")
    return Pairing(table, solution.partner, solution.certificate, "feasible", objective)


def no_full_pairing(pairing: Pairing) -> NoFullPairingError:
    """The refusal of a pairing that leaves teams out, with who they are and why."""
    left_out = pairing.unpaired
    n_teams = len(pairing.cohort)
    named = "\n".join(f"  {row.team}: {row.reason}." for row in left_out[:10])
    more = f"\n  ... and {len(left_out) - 10:,} more." if len(left_out) > 10 else ""
    return NoFullPairingError(
        f"No pairing of all {n_teams:,} teams satisfies the rules: at most {len(pairing.pairs):,} pairs are "
        f"possible, which leaves {shortened([row.team for row in left_out])} without a partner.\n"
        f"{named}{more}\n"
        "Set allow_unpaired = true in [rules] to accept that, or relax a rule.",
        [row.team for row in left_out],
        pairing.table,
    )
