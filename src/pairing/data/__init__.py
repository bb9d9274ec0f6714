"""The bundled audit: the National Lung Cancer Audit 2022 (see ATTRIBUTION.md for source and licence)."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from pairing.files.programme import read_programme

if TYPE_CHECKING:
    from pairing.cohort import Cohort

FILES = ("programme.toml", "nlca_2022.csv", "ATTRIBUTION.md", "ilcop-size.toml")
"""Names of the bundled files: the programme, its data, their source, and a second, smaller programme."""


def audit_files() -> dict[str, bytes]:
    """Content of the bundled files by name, in the order of `FILES`."""
    folder = files(__package__)
    return {name: folder.joinpath(name).read_bytes() for name in FILES}


def load_audit() -> Cohort:
    """The 120 ordinary trusts of the bundled audit as a cohort.

    Returns
    -------
    Cohort
        Seven indicators of the National Lung Cancer Audit, patients diagnosed in 2022.

    Examples
    --------
    >>> cohort = load_audit()
    >>> len(cohort), len(cohort.indicators)
    (120, 7)
    """
    with ExitStack() as stack:
        paths = [stack.enter_context(as_file(files(__package__).joinpath(name))) for name in FILES[:2]]
        return read_programme(paths[0]).cohort
