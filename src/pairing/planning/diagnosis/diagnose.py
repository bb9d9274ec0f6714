"""Why not everyone can be paired, and every way to change that: the steps, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import SettingsError, SolverError
from pairing.matching import MatchingProblem, check_witness, find_witness, solve
from pairing.planning.diagnosis.diagnosis import Diagnosis
from pairing.planning.diagnosis.exemptions import fewest_exemptions
from pairing.planning.diagnosis.flexible import least_joint_change
from pairing.planning.diagnosis.leave_out import next_to_leave_out
from pairing.planning.diagnosis.limits import smallest_limit_change
from pairing.planning.diagnosis.relaxable import RelaxablePairs, outcome_of
from pairing.planning.diagnosis.shortage import shortages
from pairing.rules import LimitRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pairing.matching import MatchingSolution, Witness
    from pairing.pairs import PairTable
    from pairing.planning.diagnosis.diagnosis import RuleChange
    from pairing.planning.diagnosis.flex import Flex
    from pairing.planning.diagnosis.relaxable import Outcome

    DiagnosisProgress = Callable[[str, int | None, int | None], None]


def diagnose(
    table: PairTable, *, flex: Flex | None = None, progress: DiagnosisProgress | None = None
) -> Diagnosis:
    """Find out why not everyone can be paired, and what is the least that would change it.

    Parameters
    ----------
    table : PairTable
        The permitted pairs, and behind them the cohort and its rules.
    flex : Flex, optional
        Rules that may move together, and how far each.
    progress : callable, optional
        Called with what is being done, and, where that is known, the number of steps done and of all.

    Returns
    -------
    Diagnosis
        Which teams compete for which partners (proven: the witness is checked over every permitted pair);
        for every rule the smallest change that, with all other rules kept, makes a full pairing possible;
        the least joint change of the rules in `flex`; and whom to leave out if no rule may change. A full
        pairing is one of everyone, or of all but one where the number of teams is odd.

    Raises
    ------
    SettingsError
        If `flex` names a rule that is not set, or a limit that is stricter than the rule.

    Notes
    -----
    Every change is exact: with a limit that permits one pair less there is no full pairing.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(1.1)], allow_unpaired=True)
    >>> diagnosis = diagnose(plan.table)
    >>> diagnosis.outcome.n_unpaired
    2
    >>> [change.moved.setting for change in diagnosis.changes if change.moved]
    ['max_size_ratio = 1.236']
    """
    problems = [] if flex is None else flex.problems(table.model.rules.limits)
    if problems:
        raise SettingsError(problems)
    tell = progress or _unheard
    tell("Judging every pair", None, None)
    pairs = RelaxablePairs.of(table, () if flex is None else tuple(flex.limits))
    links = pairs.permitted
    problem = MatchingProblem(len(pairs.teams), links.first, links.second, links.integers)
    tell("Finding the best plan as the rules are", None, None)
    solution = solve(problem)
    witness = _proven_witness(problem, solution)
    found = outcome_of(pairs, solution, links)
    changes: tuple[RuleChange, ...] = ()
    if not found.is_full:
        changes = tuple(_changes(pairs, found, tell))
        if flex is not None:
            tell("Moving the rules of [flex] together", None, None)
    one_too_many = found.is_full and solution.unmatched.size == 1
    return Diagnosis(
        table=table,
        outcome=found,
        left_out=tuple(pairs.ids(solution.unmatched.tolist())),
        shortages=shortages(pairs, problem, witness),
        changes=changes,
        flex=None if flex is None or found.is_full else least_joint_change(pairs, flex),
        leave_out_instead=next_to_leave_out(pairs, solution, witness) if one_too_many else (),
    )


def _proven_witness(problem: MatchingProblem, solution: MatchingSolution) -> Witness:
    witness = find_witness(problem, solution.partner)
    if check_witness(witness, problem.blocks()) != solution.unmatched.size:
        raise SolverError("the witness does not prove that the pairing has as many pairs as possible")
    return witness


def _changes(pairs: RelaxablePairs, now: Outcome, tell: DiagnosisProgress) -> Iterator[RuleChange]:
    """The smallest change of every rule alone, told one by one."""
    for number, rule in enumerate(pairs.rules):
        tell(f"Looking for the smallest change of {rule.key}", number, len(pairs.rules))
        if isinstance(rule, LimitRule):
            yield smallest_limit_change(pairs, rule, now)
        else:
            yield fewest_exemptions(pairs, rule, now)


def _unheard(words: str, done: int | None, total: int | None) -> None:
    """Tell nobody."""
