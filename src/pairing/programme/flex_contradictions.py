"""Settings of `[flex]` that do not go with the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError

if TYPE_CHECKING:
    from pairing.programme.flex_settings import FlexSettings
    from pairing.programme.settings import RuleSettings


def flex_contradictions(flex: FlexSettings | None, rules: RuleSettings) -> list[Problem]:
    """Find limits that are stricter than the rule, rules that are not set, and orders of other rules.

    Parameters
    ----------
    flex : FlexSettings or None
        The furthest limits.
    rules : RuleSettings
        The rules.

    Returns
    -------
    list of Problem
        Empty if everything goes together.
    """
    if flex is None:
        return []
    from pairing.programme.model import limit_rules

    try:
        declared = limit_rules(rules)
    except SettingsError:  # a rule's own fault is told where the rule is made
        return []
    problems = flex.to_flex().problems(declared)
    if not flex.to_flex().limits:
        problems.append(
            Problem("no rule may move", column="flex", advice="Give the furthest limit of at least one rule.")
        )
    return problems
