"""What allocating refuses: the wrong place, the wrong command, another programme, a second draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.errors import InputDataError, OverwriteError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.programme import LotterySettings


def refuse_other_programme(folder: Path, programme: Path) -> None:
    """Refuse a programme from which the lottery of a folder was not published.

    Raises
    ------
    InputDataError
        If it is another file than the recorded one, or the publication was edited.
    """
    from pairing.files import lottery as lottery_files

    if lottery_files.is_of_programme(folder, programme):
        return
    raise InputDataError(
        [
            Problem(
                f"is not the programme whose lottery is published in {folder}",
                value=str(programme),
                advice="Give that programme or only the folder, or choose another folder with -o.",
            )
        ]
    )


def refuse_to_lose_a_lottery(folder: Path) -> None:
    """Keep a pairing from which a lottery was published, even with --force.

    Raises
    ------
    OverwriteError
        If there is a published lottery in the folder.
    """
    from pairing.files import lottery as lottery_files

    if lottery_files.is_published(folder):
        advice = "Choose another place with -o; a published lottery stands by its pairing."
        published = str(folder / lottery_files.LOTTERY_NAME)
        raise OverwriteError([Problem("was published from this pairing", value=published, advice=advice)])


def refuse_to_draw_again(folder: Path, *, force: bool) -> None:
    """Refuse a second draw without --force, and any once reserves were called.

    Raises
    ------
    OverwriteError
        If there is an allocation that stays.
    """
    from pairing.files import draw as draw_files

    if not draw_files.was_drawn(folder):
        return
    if (folder / draw_files.REPLACEMENTS_NAME).exists():
        message, advice = "has recorded replacements, so this allocation is in use and stays", None
    elif not force:
        message = "holds an allocation already, and one does not draw twice"
        advice = "If it has to be, --force draws again and records that it happened."
    else:
        return
    raise OverwriteError([Problem(message, value=str(folder), advice=advice)])


def holds_another_pairing(folder: Path) -> OverwriteError:
    """The refusal of a folder whose pairing is not of this lottery."""
    problem = Problem(
        "holds a pairing that has nothing to do with this lottery",
        value=str(folder),
        advice="Choose another folder with -o.",
    )
    return OverwriteError([problem])


def pairs_come_first(settings: LotterySettings, programme: Path) -> click.UsageError:
    """The refusal of a programme whose lottery draws from a pairing."""
    return click.UsageError(
        f"The design '{settings.design}' draws from a pairing. First run  {command_line('pair', programme)}  "
        "and then pairing allocate on the folder that it made."
    )


def pairs_come_later(settings: LotterySettings, programme: Path) -> click.UsageError:
    """The refusal of a pairing whose programme draws teams first."""
    return click.UsageError(
        f"The design '{settings.design}' draws teams and not pairs. Run  "
        f"{command_line('allocate', programme, '-o', 'DIR')}  with a new folder for DIR."
    )
