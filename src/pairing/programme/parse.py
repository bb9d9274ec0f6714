"""From the content of `programme.toml` to settings: everything that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem, SettingsError
from pairing.programme.contradictions import contradictions
from pairing.programme.explain import problems_of_section
from pairing.programme.flex_settings import FlexSettings
from pairing.programme.lottery_settings import AnalysisSettings, LotterySettings
from pairing.programme.rounds_settings import RoundsSettings
from pairing.programme.settings import (
    IndicatorSettings,
    ObjectiveSettings,
    ProfileSettings,
    Programme,
    RuleSettings,
    TeamsSettings,
)
from pairing.programme.side_settings import SideSettings
from pairing.programme.strict import Settings
from pairing.programme.usable import without_faults

if TYPE_CHECKING:
    from pairing.cohort import Indicator

Section = TypeVar("Section", bound=Settings)


@dataclass(frozen=True)
class ProgrammeDraft:
    """What came of reading the settings.

    Parameters
    ----------
    programme : Programme or None
        The settings; None if there is any problem.
    problems : tuple of Problem
        Everything that is wrong; the dotted key is the problem's column.
    teams : TeamsSettings or None
        What is usable of the section on the teams, so that the table can be checked all the same.
    indicators : tuple of Indicator
        The indicators that are usable.
    rules : RuleSettings or None
        What is usable of the rules.
    side_constraints : SideSettings or None
        What is usable of the side constraints.
    """

    programme: Programme | None
    problems: tuple[Problem, ...]
    teams: TeamsSettings | None = None
    indicators: tuple[Indicator, ...] = ()
    rules: RuleSettings | None = None
    side_constraints: SideSettings | None = None


def parse_programme(content: Mapping[str, object], file: str = "programme.toml") -> ProgrammeDraft:
    """Read settings and collect every problem; nothing is raised for bad settings.

    Parameters
    ----------
    content : mapping of str to object
        What a TOML (or JSON) file holds.
    file : str
        Its name for messages.

    Returns
    -------
    ProgrammeDraft
        The programme if nothing is wrong, else the problems and what is usable.

    Examples
    --------
    >>> draft = parse_programme({
    ...     "teams": {"file": "teams.csv", "id": "team"},
    ...     "indicators": [{"column": "resection", "denominator": "resection_n"}],
    ...     "rules": {"max_size_ration": 2.0},
    ... })
    >>> print(draft.problems[0])
    programme.toml, key 'rules.max_size_ration': there is no such key. Did you mean 'max_size_ratio'?
    """
    reader = _SettingsReader(file)
    reader.check_sections(content)
    teams = reader.section(TeamsSettings, "teams", content.get("teams"))
    indicators = reader.indicators(content.get("indicators"))
    rules = reader.section(RuleSettings, "rules", content.get("rules", {}))
    objective = reader.section(ObjectiveSettings, "objective", content.get("objective", {}))
    side = reader.section(SideSettings, "side_constraints", content.get("side_constraints", {}))
    profiles = reader.section(ProfileSettings, "profiles", content.get("profiles", {}))
    movable = content.get("flex")
    flex = None if movable is None else reader.section(FlexSettings, "flex", movable)
    declared = content.get("lottery")
    lottery = None if declared is None else reader.section(LotterySettings, "lottery", declared)
    analysis = reader.section(AnalysisSettings, "analysis", content.get("analysis", {}))
    repeated = content.get("rounds")
    rounds = None if repeated is None else reader.section(RoundsSettings, "rounds", repeated)
    programme = None
    if teams and rules and objective and side and profiles and analysis:
        programme = Programme(
            teams=teams,
            indicators=tuple(settings for settings, _ in indicators),
            rules=rules,
            flex=flex,
            objective=objective,
            side_constraints=side,
            profiles=profiles,
            lottery=lottery,
            analysis=analysis,
            rounds=rounds,
        )
        reader.problems += contradictions(programme, file, whole=reader.is_whole)
    return ProgrammeDraft(
        None if reader.problems else programme,
        tuple(reader.problems),
        teams,
        tuple(indicator for _, indicator in indicators),
        rules,
        side,
    )


class _SettingsReader:
    """Reads sections one by one and collects what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        #: Whether every section was read as it stands, without leaving a faulty key out.
        self.is_whole = True

    def check_sections(self, content: Mapping[str, object]) -> None:
        self._check_keys(content, tuple(Programme.model_fields), prefix="", what="section")

    def section(self, model: type[Section], key: str, content: object) -> Section | None:
        if content is None:
            self.problems.append(Problem("the section is missing", self.file, column=key))
            return None
        return self._validated(model, (key,), content)

    def indicators(self, content: object) -> list[tuple[IndicatorSettings, Indicator]]:
        if not isinstance(content, Sequence) or isinstance(content, str) or not content:
            advice = "Write [[indicators]] with two brackets, once for each indicator."
            message = "the section is missing" if not content else "is not a list of indicators"
            self.problems.append(Problem(message, self.file, column="indicators", advice=advice))
            return []
        read = [self._indicator(number, entry) for number, entry in enumerate(content)]
        return [entry for entry in read if entry is not None]

    def _check_keys(
        self, content: Mapping[str, object], known: Sequence[str], prefix: str, what: str
    ) -> None:
        for key in content:
            if key not in known:
                advice = did_you_mean(key, known) or f"The {what}s are: {', '.join(known)}."
                self.problems.append(
                    Problem(f"there is no such {what}", self.file, column=prefix + key, advice=advice)
                )

    def _validated(
        self, model: type[Section], location: tuple[int | str, ...], content: object
    ) -> Section | None:
        try:
            return model.model_validate(content)
        except ValidationError as error:
            self.problems += problems_of_section(error, location, tuple(model.model_fields), self.file)
            self.is_whole = False
            rest = without_faults(content, error)
        try:
            return None if rest is None else model.model_validate(rest)
        except ValidationError:
            return None

    def _indicator(self, number: int, content: object) -> tuple[IndicatorSettings, Indicator] | None:
        told = len(self.problems)
        settings = self._validated(IndicatorSettings, ("indicators", number), content)
        if settings is None:
            return None
        try:
            return settings, settings.to_indicator()
        except SettingsError as error:
            if len(self.problems) > told:
                # A misspelt key is told already; that the right one is missing follows from it.
                return None
            key = f"indicators[{number + 1}]"
            self.problems += [
                replace(problem, file=self.file, column=_within(key, problem.column))
                for problem in error.problems
            ]
            return None


def _within(key: str, column: str | None) -> str:
    """Put the last part of an indicator's own key ("resection.target") behind its place in the settings."""
    return f"{key}.{column.rsplit('.', 1)[-1]}" if column else key
