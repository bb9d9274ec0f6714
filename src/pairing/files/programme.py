"""Reading a whole programme: settings, teams, and the tables beside them, with every problem at once."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pairing.cohort import draft_cohort
from pairing.cohort.sheet import Sheet
from pairing.errors import FileAccessError, InputDataError, Problem
from pairing.files.access import SETTINGS, decode_text, read_bytes
from pairing.files.companions import PreviousPairs, TravelTable, read_previous, read_travel
from pairing.files.flow import read_recruitment
from pairing.files.loaded_programme import Inspection, LoadedProgramme
from pairing.files.long import in_rows_of_teams
from pairing.files.named_in_rules import teams_not_reached, unknown_columns, unknown_keepers, unknown_teams
from pairing.files.named_in_side import unknown_in_side
from pairing.files.tables import draft_table
from pairing.files.text_table import draft_of_text
from pairing.files.toml import parse_toml
from pairing.programme import ProgrammeDraft, parse_programme
from pairing.programme.contradictions import distance_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pairing.cohort import Cohort
    from pairing.files.records import Table, TableDraft
    from pairing.programme import TeamsSettings

Result = TypeVar("Result")


def read_programme(path: str | Path, *, teams: Collection[str] | None = None) -> LoadedProgramme:
    """Read a programme from its settings file; paths in it start from its folder.

    Parameters
    ----------
    path : str or pathlib.Path
        The `programme.toml`.
    teams : collection of str, optional
        Take these teams of the table, whoever the settings exclude. By default those that take part.

    Returns
    -------
    LoadedProgramme
        Settings and teams, checked.

    Raises
    ------
    FileAccessError
        If a file cannot be read, and nothing else is wrong.
    InputDataError
        With every problem of the settings and of the tables together.
    """
    inspection = inspect_programme(path, teams=teams)
    if inspection.loaded is None:
        raise InputDataError(inspection.problems)
    return inspection.loaded


def inspect_programme(path: str | Path, *, teams: Collection[str] | None = None) -> Inspection:
    """Read a programme and collect every problem.

    Parameters
    ----------
    path : str or pathlib.Path
        The `programme.toml`.
    teams : collection of str, optional
        As for :func:`read_programme`.

    Returns
    -------
    Inspection
        The programme if nothing is wrong, the problems, and the warnings.

    Raises
    ------
    FileAccessError
        If a file cannot be read, and nothing else is wrong.
    """
    path = Path(path)
    try:
        decoded = decode_text(read_bytes(path), path.name, SETTINGS)
    except InputDataError as error:
        return Inspection(None, error.problems, ())
    warnings = [decoded.warning] if decoded.warning else []
    return inspect_programme_text(decoded.text, path, warnings=warnings, teams=teams)


def inspect_programme_text(
    text: str,
    path: Path,
    *,
    warnings: Sequence[str] = (),
    table_shown_as: str | None = None,
    table_text: str | None = None,
    teams: Collection[str] | None = None,
) -> Inspection:
    """Read a programme from the text of its settings, which need not be saved yet.

    Parameters
    ----------
    text : str
        The TOML.
    path : pathlib.Path
        Where it stands or would stand; paths in it start from this file's folder.
    warnings : sequence of str
        Warnings that arose so far.
    table_shown_as : str, optional
        Name of the teams' table in messages, where people know it by another than the settings do.
    table_text : str, optional
        The teams' table as CSV, if it is not saved yet either.
    teams : collection of str, optional
        As for :func:`read_programme`.

    Returns
    -------
    Inspection
        The programme if nothing is wrong, the problems, and the warnings.

    Raises
    ------
    FileAccessError
        If a file cannot be read, and nothing else is wrong.
    """
    try:
        content = parse_toml(text, path.name)
    except InputDataError as error:
        return Inspection(None, error.problems, ())
    draft = parse_programme(content, path.name)
    return _ProgrammeReader(path, draft, warnings, table_shown_as, table_text, teams).result()


class _ProgrammeReader:
    """Reads the files that the settings name, one after the other, and collects what is wrong with them."""

    def __init__(
        self,
        path: Path,
        draft: ProgrammeDraft,
        warnings: Sequence[str],
        table_shown_as: str | None,
        table_text: str | None,
        chosen: Collection[str] | None,
    ) -> None:
        self.path, self.draft = path, draft
        self.table_text, self.chosen = table_text, chosen
        self.label = table_shown_as or (draft.teams.file if draft.teams else "")
        self.problems: list[Problem] = list(draft.problems)
        self.warnings: list[str] = list(warnings)
        self.inputs: list[Path] = [path]
        self.unreadable: list[FileAccessError] = []
        self.teams: Sheet | None = None
        self.all_ids: frozenset[str] = frozenset()
        self.flow: dict[str, int] = {}
        self.not_reached: tuple[str, ...] = ()

    def result(self) -> Inspection:
        cohort = self._cohort(self.draft.teams) if self.draft.teams else None
        previous, travel = self._previous(), self._travel()
        self._check_names_in_rules()
        self._check_distances(travel)
        if self.unreadable and not self.problems:
            raise self.unreadable[0]
        self.problems += [Problem(str(error).rstrip(".")) for error in self.unreadable]
        loaded = None
        if self.draft.programme is not None and cohort is not None and not self.problems:
            loaded = LoadedProgramme(
                self.path,
                self.draft.programme,
                cohort,
                tuple(self.warnings),
                tuple(self.inputs),
                previous,
                travel.frame if travel else None,
                self.flow,
            )
        # A cell that two settings read, a size and a caliper say, is told of once.
        return Inspection(loaded, tuple(dict.fromkeys(self.problems)), tuple(self.warnings))

    def _cohort(self, teams: TeamsSettings) -> Cohort | None:
        draft = self._table(teams)
        self.problems += draft.problems if draft else ()
        return self._cohort_of_table(draft.table, teams) if draft and draft.table else None

    def _table(self, teams: TeamsSettings) -> TableDraft | None:
        if self.table_text is None:
            return self._read(teams.file, partial(draft_table, sheet=teams.sheet, file=self.label))
        path = self.path.parent / teams.file
        self.inputs.append(path)
        return draft_of_text(self.table_text, path, self.label)

    def _cohort_of_table(self, table: Table, teams: TeamsSettings) -> Cohort | None:
        self.warnings += table.warnings
        wide = in_rows_of_teams(table, teams.layout, teams.id, self.draft.indicators, self.label)
        self.warnings += wide.warnings
        # What stands in a row of the wrong length may stand in the wrong column: its length is the problem.
        self.problems += [problem for problem in wide.problems if problem.row not in table.misfits]
        if not wide.usable:
            return None
        sheet = Sheet.of_frame(wide.frame, wide.rows, self.label)
        recruitment = read_recruitment(sheet, teams)
        self.flow = recruitment.flow
        self.problems += recruitment.problems
        self.not_reached = recruitment.not_reached
        exclude = self._excluded(sheet, teams)
        self._remember(sheet, teams.id, exclude)
        read = draft_cohort(
            wide.frame,
            teams.columns(),
            wide.indicators,
            exclude=exclude,
            file=self.label,
            rows=wide.rows,
        )
        self.warnings += read.warnings
        traced = [wide.traced(problem) for problem in read.problems]
        self.problems += [problem for problem in traced if problem.row not in table.misfits]
        return read.cohort

    def _excluded(self, sheet: Sheet, teams: TeamsSettings) -> tuple[str, ...]:
        if self.chosen is None:
            return (*teams.exclude, *self.not_reached)
        self.problems += [
            Problem("is not in the table", self.label, column=teams.id, value=team)
            for team in self.chosen
            if team not in sheet.columns.get(teams.id, ())
        ]
        return tuple(team for team in sheet.columns.get(teams.id, ()) if team and team not in self.chosen)

    def _remember(self, sheet: Sheet, column: str, exclude: Sequence[str]) -> None:
        ids = sheet.columns.get(column, ())
        self.all_ids = frozenset(ids) - {""}
        taking_part = [position for position, team in enumerate(ids) if team and team not in exclude]
        self.teams = sheet.only(taking_part)

    def _previous(self) -> tuple[tuple[str, str], ...]:
        pairs: set[tuple[str, str]] = set()
        for file in self.draft.rules.previous if self.draft.rules else ():
            read = self._read(file, partial(read_previous, file=file, teams=self.all_ids))
            if read is not None:
                pairs.update(read.pairs)
                self._collect(read)
        return tuple(sorted(pairs))

    def _travel(self) -> TravelTable | None:
        file = self.draft.rules.travel_table if self.draft.rules else None
        if file is None:
            return None
        read = self._read(file, partial(read_travel, file=file, teams=self.all_ids))
        if read is not None:
            self._collect(read)
        return read

    def _check_names_in_rules(self) -> None:
        if self.teams is None or self.draft.rules is None:
            return
        if self.all_ids:
            self.problems += unknown_teams(self.draft.rules, self.all_ids, self.path.name)
            self.problems += teams_not_reached(self.draft.rules, self.not_reached, self.path.name)
            rounds = self.draft.programme.rounds if self.draft.programme else None
            if rounds is not None:
                self.problems += unknown_keepers(rounds, self.all_ids, self.not_reached, self.path.name)
        side = self.draft.side_constraints
        if self.all_ids and side is not None:
            self.problems += unknown_in_side(side, self.all_ids, self.teams.columns, self.path.name)
        told = len(self.teams.problems)
        self.problems += unknown_columns(self.draft.rules, self.teams, self.path.name)
        self.problems += self.teams.problems[told:]

    def _check_distances(self, travel: TravelTable | None) -> None:
        programme = self.draft.programme
        if programme is None or travel is None or travel.problems or programme.teams.latitude is not None:
            return
        if "km" not in travel.frame.columns:
            self.problems += [
                Problem(
                    "distances are needed, but there are neither coordinates nor kilometres",
                    self.path.name,
                    column=key,
                    advice="Declare teams.latitude and teams.longitude, or add km to the travel table.",
                )
                for key in distance_settings(programme)
            ]

    def _collect(self, read: PreviousPairs | TravelTable) -> None:
        self.problems += read.problems
        self.warnings += read.warnings

    def _read(self, file: str, read: Callable[[Path], Result]) -> Result | None:
        path = _beside(self.path, file)
        try:
            result = read(path)
        except FileAccessError as error:
            self.unreadable.append(error)
            return None
        self.inputs.append(path)
        return result


def _beside(settings: Path, file: str) -> Path:
    """Find a file from the folder of the settings, which may not have been made yet."""
    path = settings.parent / file
    return path if settings.parent.is_dir() else Path(os.path.normpath(path))
