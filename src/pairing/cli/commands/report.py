"""``pairing report``: a result as one page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line, path_to_show
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, plan_folder, talking
from pairing.cli.packing import Packing, browser_for, pack, print_report, printed_beside
from pairing.files.pack_folder import INDEX_NAME, PACKS_NAME
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
        ("A briefing for each pair's visit", "pairing report {drawn} --packs"),
        ("For one pair again, without PDF", "pairing report {drawn} --packs --pair P04 --no-pdf --force"),
    ],
    exits={
        ExitCode.WRONG_USAGE: "there is a report, or a pack, already, and no --force",
        ExitCode.BAD_INPUT: "a file of the result was changed or is missing, or a pair gets no pack",
        ExitCode.FILE_ACCESS: f"{MEANING[ExitCode.FILE_ACCESS]}, or the browser that makes PDFs failed",
    },
    see_also=["verify", "explain", "allocate"],
)
@plan_folder("Folder of a plan: what pairing pair or pairing repair wrote, perhaps with its lottery.")
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
    help="The page to write. Default: report.html in DIR. With --packs the folder. Default: packs in DIR.",
)
@click.option("--packs", is_flag=True, help="Write a briefing for each pair that makes its visit instead.")
@click.option("--pair", "only", multiple=True, metavar="ID", help="With --packs: only this pair. Repeatable.")
@click.option(
    "--all", "whoever_was_drawn", is_flag=True, help="With --packs: also pairs that the lottery did not draw."
)
@click.option(
    "--pdf/--no-pdf",
    default=None,
    help="Also as PDF, printed by an installed Chromium or Edge. Default: packs if there is one.",
)
@click.option("--open", "show", is_flag=True, help="Show it in the browser afterwards.")
@force
@talking
def command(
    folder: Path,
    *,
    file: Path | None,
    packs: bool,
    only: tuple[str, ...],
    whoever_was_drawn: bool,
    pdf: bool | None,
    show: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Write the result in DIR as one page that needs no network and no other file.

    It has the flow of teams, the map, the plan's quality, a card for every pair, the balance and the audit of
    the lottery, teams without a partner, and the settings; it can be searched, sorted and printed. It is made
    from the files in DIR alone, which must be as they were written.

    With --packs it writes a briefing of three printed pages for each pair instead, to be taken to the visit:
    who meets whom, what each can show the other, both teams' results, questions to ask, an agenda to write
    on. Once a lottery was drawn, only the pairs of the intervention get one.
    """
    console = Console(quiet=quiet, as_json=as_json)
    if file is not None and str(file) == "-":
        raise click.UsageError("A report is a file, and packs are a folder: give a name instead of '-'.")
    if packs:
        packing = Packing(file or folder / PACKS_NAME, only, whoever_was_drawn, force, pdf)
        return _pack(folder, packing, console, show=show)
    if only or whoever_was_drawn:
        raise click.UsageError("--pair and --all are for packs: add --packs.")
    return _report(folder, file or folder / REPORT_NAME, console, force=force, show=show, pdf=bool(pdf))


def _report(folder: Path, path: Path, console: Console, *, force: bool, show: bool, pdf: bool) -> ExitCode:
    browser = browser_for(pdf)
    target = None if browser is None else printed_beside(path, force=force)
    with console.working("Writing the report"):
        result, n_bytes = write_report(folder, path, force=force)
    if result.missing:
        console.warn([_lacking(result)])
    group = " and a group of three" if result.record.get("triad") else ""
    console.tell(
        f"The report of {counted(result.record['n_pairs'], 'pair')}{group} is in {path} "
        f"({n_bytes / 1e6:.1f} MB)."
    )
    if browser is not None and target is not None:
        print_report(browser, path, target, console)
        console.tell(f"As PDF it is in {target}.")
    _open(path, console, show=show)
    console.next_step(
        (
            "open it in a browser, print it from there, and prove what it shows",
            command_line("verify", folder),
        )
    )
    console.result(
        {
            "folder": str(folder),
            "file": str(path),
            "bytes": n_bytes,
            "missing": list(result.missing),
            "pdf": None if target is None else str(target),
        }
    )
    return ExitCode.DONE


def _pack(folder: Path, packing: Packing, console: Console, *, show: bool) -> ExitCode:
    from pairing.files.result_folder import read_result_folder

    with console.working("Reading the result"):
        result = read_result_folder(folder)
    if result.missing:
        console.warn([_lacking(result)])
    facts = pack(result, packing, console)
    _open(packing.target / INDEX_NAME, console, show=show)
    console.next_step(
        (
            f"open {packing.target / INDEX_NAME}, send each team its pack, and prove what the packs show",
            command_line("verify", folder),
        )
    )
    console.result(
        {"folder": str(folder), "place": str(packing.target), **facts, "missing": list(result.missing)}
    )
    return ExitCode.DONE


def _open(path: Path, console: Console, *, show: bool) -> None:
    if show and click.launch(str(path)) != 0:
        console.note(f"No browser could be opened; open {path} yourself.")


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
