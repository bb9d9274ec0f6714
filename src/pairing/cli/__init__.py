"""The command ``pairing``: parse, call the library, write files, return an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

import click

from pairing.cli.app import app
from pairing.cli.console import describe_error, make_streams_forgiving
from pairing.cli.diagnosing import DiagnosedError
from pairing.cli.exit_codes import ExitCode, exit_code
from pairing.errors import PairingError

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
    if interrupts is not None and interrupts.pressed and code != ExitCode.INTERRUPTED:
        return _interrupted()
    return code


def _run(arguments: Sequence[str], interrupts: Interrupts | None) -> int:
    try:
        returned = app.main(args=list(arguments), prog_name="pairing", standalone_mode=False, obj=interrupts)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except PairingError as error:
        return _tell(error, as_json="--json" in arguments)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # click leaves this way when the reader of a pipe has gone
        return ExitCode.DONE
    except OSError as error:
        click.echo(f"Error: {error.filename or 'a file'}: {error.strerror or error}.", err=True)
        return ExitCode.FILE_ACCESS
    except Exception as error:  # the last line of defence: no traceback reaches a user
        return _confess(error)
    return returned if isinstance(returned, int) else ExitCode.DONE


def _interrupted() -> ExitCode:
    click.echo("\nInterrupted. Nothing was left half-written.", err=True)
    return ExitCode.INTERRUPTED


def _tell(error: PairingError, *, as_json: bool) -> ExitCode:
    import json

    code = exit_code(error)
    if as_json:
        click.echo(json.dumps(describe_error(error, code), ensure_ascii=False, indent=2))
    click.echo(f"Error: {error}", err=True)
    if isinstance(error, DiagnosedError):
        click.echo(error.diagnosis.details(), err=True)
    return code


def _confess(error: Exception) -> ExitCode:
    """Own up to a fault in this program; the details only for those who ask for them."""
    if os.environ.get("PAIRING_DEBUG"):
        click.echo(traceback.format_exc(), err=True)
    click.echo(
        f"Error: pairing has a fault of its own here ({type(error).__name__}: {error}). Please report it, "
        "with the command and, if you can, the files; PAIRING_DEBUG=1 shows the details.",
        err=True,
    )
    return ExitCode.FAULT


def _flush_or_forget() -> None:
    """Flush now, so that a reader who left early causes no complaint at the very end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
