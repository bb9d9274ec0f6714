"""What reading a programme gives: its settings, its teams and the tables beside them, or what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pairing.shown import show_result, show_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pairing.cohort import Cohort
    from pairing.errors import Problem
    from pairing.programme import Programme


@dataclass(frozen=True, eq=False)
class LoadedProgramme:
    """A programme with everything that its files hold.

    Parameters
    ----------
    path : pathlib.Path
        The settings file.
    programme : Programme
        The settings.
    cohort : Cohort
        The teams that take part.
    warnings : tuple of str
        What a person should know, as sentences.
    inputs : tuple of pathlib.Path
        Every file that was read, the settings first.
    previous : tuple of (str, str)
        Pairs of earlier rounds, smaller id first.
    travel : pandas.DataFrame, optional
        Journeys: `team_a`, `team_b`, `minutes`, and `km` if the table has it.
    flow : dict of str to int
        How many teams reached each stage of recruitment, for a flow chart: see :mod:`pairing.files.flow`.
    """

    path: Path
    programme: Programme
    cohort: Cohort
    warnings: tuple[str, ...]
    inputs: tuple[Path, ...]
    previous: tuple[tuple[str, str], ...] = ()
    travel: pd.DataFrame | None = None
    flow: dict[str, int] = field(default_factory=dict)

    def summary(self) -> str:
        """Say who takes part, and what a person should know."""
        return "\n".join([self.cohort.summary(), *self.warnings])

    def _repr_html_(self) -> str:
        table = show_table(self.cohort.to_frame(), "The teams", whole=".cohort.to_frame()")
        return show_result(f"Programme {self.path.name}", self.summary(), table)


@dataclass(frozen=True)
class Inspection:
    """What came of reading a programme.

    Parameters
    ----------
    loaded : LoadedProgramme or None
        The programme; None if there is any problem.
    problems : tuple of Problem
        Everything that is wrong with the settings and the tables.
    warnings : tuple of str
        What a person should know, as sentences.
    """

    loaded: LoadedProgramme | None
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
