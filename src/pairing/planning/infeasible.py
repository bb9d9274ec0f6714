"""The error of a cohort that cannot be paired as asked; it can be asked why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import InfeasibleMatchingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.pairs import PairTable
    from pairing.planning.diagnosis import Diagnosis, Flex
    from pairing.planning.diagnosis.diagnose import DiagnosisProgress


class NoFullPairingError(InfeasibleMatchingError):
    """Not every team can have a partner under the rules.

    Parameters
    ----------
    message : str
        Who would be left out, and why.
    teams : sequence of str
        The teams that the best pairing leaves out.
    table : PairTable
        The permitted pairs.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> try:
    ...     pair(load_audit(), [MinDistance(50), MaxSizeRatio(1.1)])
    ... except NoFullPairingError as error:
    ...     print(error.diagnose().options[0].action)
    Raise max_size_ratio from 1.1 to 1.236
    """

    def __init__(self, message: str, teams: Sequence[str], table: PairTable) -> None:
        self.table = table
        super().__init__(message, teams)

    def diagnose(self, *, flex: Flex | None = None, progress: DiagnosisProgress | None = None) -> Diagnosis:
        """Find the least that would make a full pairing possible; see :func:`pairing.diagnose`."""
        from pairing.planning.diagnosis import diagnose

        return diagnose(self.table, flex=flex, progress=progress)
