"""Settings that can be swept: the limit of a rule, or the weight of a preference, and sensible values."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem, SettingsError
from pairing.pairs import Preferences
from pairing.rules import (
    Caliper,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    NotNearest,
    RuleSet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pairing.pairs import PairModel
    from pairing.rules import LimitRule

_LIMITS: dict[str, Callable[[float], LimitRule]] = {
    "min_distance_km": MinDistance,
    "max_distance_km": MaxDistance,
    "max_travel_minutes": MaxTravel,
    "not_nearest": lambda limit: NotNearest(int(limit)),
    "max_size_ratio": MaxSizeRatio,
    "max_level_gap": MaxLevelGap,
}
_CALIPER = "calipers."
_PREFERENCE = "preferences."
_SHARES_PERMITTED = np.linspace(0.1, 1.0, 10)
_PROBE = 1.0


@dataclass(frozen=True)
class SweptLimit:
    """The limit of one rule, which the plan at hand may have or not.

    Parameters
    ----------
    key : str
        The rule's key.
    """

    key: str

    @property
    def unit(self) -> str:
        """Unit of the limit."""
        return self._rule(_PROBE).unit

    def current(self, model: PairModel) -> float | None:
        """The limit now; None if there is no such rule."""
        for rule in model.rules.rules:
            if rule.key == self.key:
                return float(rule.limit)  # type: ignore[attr-defined]  # a rule of this key has a limit
        return None

    def changed(self, model: PairModel, value: float) -> PairModel:
        """The same model with another limit; the rule is added where there was none.

        Raises
        ------
        SettingsError
            If the rule takes no such limit.
        """
        rule = self._rule(value)
        rules = model.rules.rules
        if rule.key in model.rules.keys:
            new = tuple(rule if old.key == rule.key else old for old in rules)
        else:
            new = (*rules, rule)
        return replace(model, rules=RuleSet(new, model.rules.missing))

    def sensible_values(self, model: PairModel) -> list[float]:
        """Limits with which about 10%, 20%, ... 100% of the pairs are permitted that no other rule bans."""
        others = replace(model, rules=model.rules.without(self.key))
        probe = self._rule(_PROBE)
        figures = np.concatenate(
            [probe.figure(scored.pairs)[scored.permitted] for scored in others.score_all()] or [np.zeros(0)]
        )
        figures = figures[np.isfinite(figures)]
        if figures.size == 0:
            return []
        shares = _SHARES_PERMITTED if probe.raised_to_relax else 1.0 - _SHARES_PERMITTED
        at_shares = np.quantile(figures, shares).tolist()
        if probe.whole_limit:
            return [float(math.floor(value)) for value in at_shares if value >= 1]
        return [_two_digits(value, up=probe.raised_to_relax) for value in at_shares]

    def _rule(self, value: float) -> LimitRule:
        if self.key == "not_nearest" and value != int(value):
            expected = "a whole number, at least 1"
            raise SettingsError(
                [
                    Problem(
                        "is out of range", column=f"rules.{self.key}", value=f"{value:g}", expected=expected
                    )
                ]
            )
        return self._kind(value)

    @property
    def _kind(self) -> Callable[[float], LimitRule]:
        if self.key.startswith(_CALIPER):
            return partial(Caliper, self.key.removeprefix(_CALIPER))
        return _LIMITS[self.key]


@dataclass(frozen=True)
class SweptWeight:
    """The weight of one preference.

    Parameters
    ----------
    key : str
        ``preferences.`` and the preference's name.
    """

    key: str
    unit: ClassVar[str] = "SD"

    @property
    def name(self) -> str:
        """The preference."""
        return self.key.removeprefix(_PREFERENCE)

    def current(self, model: PairModel) -> float | None:
        """The weight now."""
        return float(getattr(model.preferences, self.name))

    def changed(self, model: PairModel, value: float) -> PairModel:
        """The same model with another weight.

        Raises
        ------
        SettingsError
            If the preference takes no such weight.
        """
        return replace(model, preferences=replace(model.preferences, **{self.name: value}))

    def sensible_values(self, model: PairModel) -> list[float]:  # noqa: ARG002 - the same for all programmes
        """From no preference to one that outweighs most gains."""
        return [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]


def swept_setting(setting: str) -> SweptLimit | SweptWeight:
    """Find the setting that a key stands for.

    Parameters
    ----------
    setting : str
        Key of a rule with a limit (``max_distance_km``, ``calipers.beds``) or of a preference
        (``preferences.travel_per_100_km``); a leading ``rules.`` or ``objective.`` is passed over.

    Returns
    -------
    SweptLimit or SweptWeight

    Raises
    ------
    SettingsError
        If there is no such setting; the nearest is suggested.

    Examples
    --------
    >>> swept_setting("rules.max_distance_km").key
    'max_distance_km'
    """
    key = setting.removeprefix("rules.").removeprefix("objective.")
    weights = [_PREFERENCE + name for name in asdict(Preferences())]
    if key in weights:
        return SweptWeight(key)
    if key in _LIMITS or (key.startswith(_CALIPER) and key != _CALIPER):
        return SweptLimit(key)
    known = [*_LIMITS, "calipers.COLUMN", *weights]
    raise SettingsError(
        [
            Problem(
                "is no setting with values to compare",
                value=setting,
                expected=", ".join(known),
                advice=did_you_mean(key, known),
            )
        ]
    )


def swept_values(
    swept: SweptLimit | SweptWeight, model: PairModel, values: Sequence[float] | None
) -> tuple[float, ...]:
    """Put the values in order, each once; sensible ones and the plan's own if none are given.

    Raises
    ------
    SettingsError
        If a value is no finite number, or none is given and none can be found.
    """
    wanted = [float(value) for value in values or ()]
    if values is None:
        wanted = swept.sensible_values(model)
        current = swept.current(model)
        wanted += [] if current is None else [current]
    wrong = [value for value in wanted if not math.isfinite(value)]
    if wrong or not wanted:
        what = ", ".join(map(str, wrong)) or "no value"
        expected = "one finite number or more"
        raise SettingsError([Problem(f"{what} cannot be compared", column=swept.key, expected=expected)])
    return tuple(sorted(set(wanted)))


def _two_digits(value: float, *, up: bool) -> float:
    """Round to two significant digits, in the direction that permits more pairs."""
    if value == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return round((math.ceil if up else math.floor)(round(value / step, 9)) * step, 12)
