"""The command ``pairing``: parse, call the library, write files, return an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pairing.cli.after_errors import steps_after
from pairing.cli.app import app
from pairing.cli.console import coloured, describe_error, error_facts, make_streams_forgiving, next_steps
from pairing.cli.diagnosing import DiagnosedError
from pairing.cli.exit_codes import ExitCode, exit_code
from pairing.cli.visible import echo, echo_json
from pairing.errors import FileAccessError, PairingError
from pairing.wording import without_middle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.interrupts import Interrupts

__all__ = ["ExitCode", "main", "run"]


def main(interrupts: Interrupts) -> NoReturn:
    """Run the command with the arguments of this process, and leave with its exit code."""
    make_streams_forgiving()
    code = run(sys.argv[1:], interrupts)
    _flush_or_forget()
    sys.exit(code)


_TOLD = (ExitCode.INTERRUPTED, ExitCode.UNPROVEN)
"""Exit codes of a command that has said itself what came of Ctrl-C."""


def run(arguments: Sequence[str], interrupts: Interrupts | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        The arguments, without the name of the command.
    interrupts : Interrupts, optional
        Who watches for Ctrl-C.

    Returns
    -------
    int
        The exit code. Nothing is raised, whatever the input.
    """
    code = _run(arguments, interrupts)
    if interrupts is not None and interrupts.pressed and code not in _TOLD:
        return _interrupted()
    return code


def _run(arguments: Sequence[str], interrupts: Interrupts | None) -> int:
    as_json = _wants_json(arguments)
    try:
        returned = app.main(args=list(arguments), prog_name="pairing", standalone_mode=False, obj=interrupts)
    except click.exceptions.NoArgsIsHelpError as error:  # "pairing" alone asks for help, and gets it
        error.show()
        return error.exit_code
    except click.ClickException as error:
        _print_json(as_json, error_facts("UsageError", error.format_message(), error.exit_code))
        error.show()
        return error.exit_code
    except PairingError as error:
        return _tell(error, arguments, as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        _print_json(as_json, error_facts("Interrupted", "Interrupted.", ExitCode.INTERRUPTED))
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # click leaves this way when the reader of a pipe has gone
        return ExitCode.DONE
    except OSError as error:
        return _tell(_file_access(error), arguments, as_json=as_json)
    except Exception as error:  # the last line of defence: no traceback reaches a user
        return _confess(error, as_json=as_json)
    return returned if isinstance(returned, int) else ExitCode.DONE


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors are to be JSON: known before the arguments are parsed, which may be what fails."""
    return "--json" in [*arguments][: [*arguments, "--"].index("--")]


def _print_json(as_json: bool, facts: dict[str, Any]) -> None:  # noqa: FBT001 - the one condition
    if as_json:
        echo_json(facts)


def _interrupted() -> ExitCode:
    echo("\nInterrupted. Nothing was left half-written.", err=True)
    return ExitCode.INTERRUPTED


def _file_access(error: OSError) -> FileAccessError:
    file = without_middle(str(error.filename or "a file"))
    return FileAccessError(f"{file}: {error.strerror or error}.")


def _tell(error: PairingError, arguments: Sequence[str], *, as_json: bool) -> ExitCode:
    code = exit_code(error)
    _print_json(as_json, describe_error(error, code))
    _say_error(str(error))
    if isinstance(error, DiagnosedError):
        echo(error.diagnosis.details(), err=True)
    if not as_json and not {"-q", "--quiet"} & {*arguments}:
        echo(next_steps(*steps_after(error, arguments)), err=True)
    return code


def _say_error(message: str) -> None:
    echo(f"{coloured('Error:', 'red')} {message}", err=True)


def _confess(error: Exception, *, as_json: bool) -> ExitCode:
    """Own up to a fault in this program; the details only for those who ask for them."""
    if os.environ.get("PAIRING_DEBUG"):
        echo(traceback.format_exc(), err=True)
    message = (
        f"pairing has a fault of its own here ({type(error).__name__}: {error}). Please report it, "
        "with the command and, if you can, the files; PAIRING_DEBUG=1 shows the details."
    )
    _print_json(as_json, error_facts("Fault", message, ExitCode.FAULT))
    _say_error(message)
    return ExitCode.FAULT


def _flush_or_forget() -> None:
    """Flush now, so that a reader who left early causes no complaint at the very end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
