"""``pairing report``: a result as one page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line, path_to_show
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.files.result_folder import ResultFolder

REPORT_NAME = "report.html"


@click.command(
    "report",
    cls=ManualCommand,
    short_help="A result as one page: map, cards, lottery, settings.",
    examples=[
        ("A plan with its lottery", "pairing report {drawn} --force"),
        ("Into another file, and look at it", "pairing report {plan} -o plan.html --open"),
    ],
    exits={
        ExitCode.WRONG_USAGE: "there is a report already, and no --force",
        ExitCode.BAD_INPUT: "a file of the result was changed or is missing; each is named",
        ExitCode.FILE_ACCESS: MEANING[ExitCode.FILE_ACCESS],
    },
    see_also=["verify", "explain", "allocate"],
)
@plan_folder("Folder of a plan: what pairing pair or pairing repair wrote, perhaps with its lottery.")
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    help="The page to write. Default: report.html in DIR.",
)
@click.option("--open", "show", is_flag=True, help="Show it in the browser afterwards.")
@force
@talking
def command(
    folder: Path, *, file: Path | None, show: bool, force: bool, quiet: bool, as_json: bool
) -> ExitCode:
    """Write the result in DIR as one page that needs no network and no other file.

    It has the flow of teams, the map, the plan's quality, a card for every pair, the balance and the audit of
    the lottery, teams without a partner, and the settings; it can be searched, sorted and printed. It is made
    from the files in DIR alone, which must be as they were written.
    """
    console = Console(quiet=quiet, as_json=as_json)
    path = file or folder / REPORT_NAME
    with console.working("Writing the report"):
        result, n_bytes = write_report(folder, path, force=force)
    if result.missing:
        console.warn([_lacking(result)])
    group = " and a group of three" if result.record.get("triad") else ""
    console.tell(
        f"The report of {counted(result.record['n_pairs'], 'pair')}{group} is in {path} ({n_bytes / 1e6:.1f} MB)."
    )
    if show and click.launch(str(path)) != 0:
        console.note(f"No browser could be opened; open {path} yourself.")
    console.next_step(
        (
            "open it in a browser, print it from there, and prove what it shows",
            command_line("verify", folder),
        )
    )
    console.result(
        {"folder": str(folder), "file": str(path), "bytes": n_bytes, "missing": list(result.missing)}
    )
    return ExitCode.DONE


def write_report(folder: Path, path: Path, *, force: bool) -> tuple[ResultFolder, int]:
    """Write the report of a result.

    Parameters
    ----------
    folder : pathlib.Path
        The result.
    path : pathlib.Path
        The page.
    force : bool
        Replace an existing page.

    Returns
    -------
    tuple of (ResultFolder, int)
        The result, and how many bytes were written.

    Raises
    ------
    FileAccessError
        If a file cannot be read or written.
    InputDataError
        If a file of the result was changed.
    OverwriteError
        If the page exists and `force` is false, or would replace a file of the result.
    """
    from pairing.files.atomic import write_file
    from pairing.files.result_folder import read_result_folder
    from pairing.report import render_report

    result = read_result_folder(folder)
    content = render_report(result).encode("utf-8")
    write_file(path, content, force=force, protect=result.keep)
    return result, len(content)


def _lacking(result: ResultFolder) -> str:
    from pairing.files.recorded_inputs import recorded_programme

    programme = path_to_show(recorded_programme(result.folder, result.record))
    again = command_line("pair", programme, "-o", result.folder, "--force")
    return (
        f"the result was written by an earlier version and lacks {', '.join(result.missing)}; the parts of "
        f"the report that need them are left out. To have them: {again}"
    )
