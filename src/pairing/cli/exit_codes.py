"""What the command's exit codes mean, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum

from pairing.errors import (
    CertificateError,
    FileAccessError,
    InfeasibleMatchingError,
    OverwriteError,
    PairingError,
    ProblemsError,
    SolverError,
)


class ExitCode(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    NO_PAIRING = 1
    WRONG_USAGE = 2
    BAD_INPUT = 3
    UNPROVEN = 4
    FILE_ACCESS = 5
    DIFFERENCE = 6
    FAULT = 70
    INTERRUPTED = 130


MEANING = {
    ExitCode.DONE: "done",
    ExitCode.NO_PAIRING: "no pairing, or no lottery, is possible",
    ExitCode.WRONG_USAGE: "wrong usage, or a result would be overwritten",
    ExitCode.BAD_INPUT: "something is wrong with the input",
    ExitCode.UNPROVEN: "stopped at a limit, or with Ctrl-C; the plan is not proven to be the best",
    ExitCode.FILE_ACCESS: "a file could not be read or written",
    ExitCode.DIFFERENCE: "a difference was found, or a proof does not hold",
    ExitCode.FAULT: "a fault of pairing itself",
    ExitCode.INTERRUPTED: "interrupted with Ctrl-C",
}
"""What each exit code means, in words."""

_CODE_OF: tuple[tuple[type[PairingError], ExitCode], ...] = (
    (InfeasibleMatchingError, ExitCode.NO_PAIRING),
    (OverwriteError, ExitCode.WRONG_USAGE),
    (ProblemsError, ExitCode.BAD_INPUT),
    (FileAccessError, ExitCode.FILE_ACCESS),
    (CertificateError, ExitCode.DIFFERENCE),
    (SolverError, ExitCode.BAD_INPUT),
)


def exit_code(error: PairingError) -> ExitCode:
    """The exit code for an error."""
    # Imported here because help and mistakes in typing should not wait for numerical libraries.
    from pairing.lottery.errors import ImpossibleLotteryError

    if isinstance(error, ImpossibleLotteryError):
        return ExitCode.NO_PAIRING
    return next((code for kind, code in _CODE_OF if isinstance(error, kind)), ExitCode.FAULT)
