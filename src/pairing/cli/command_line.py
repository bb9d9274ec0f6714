"""Commands as text that can be pasted into a terminal."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path


def command_line(*arguments: object) -> str:
    """Write a command of pairing as a person would type it, quoted where the shell needs it.

    Parameters
    ----------
    *arguments : object
        The arguments, without the name of the command; paths may be given as they are.

    Examples
    --------
    >>> from pathlib import PurePosixPath
    >>> command_line("verify", PurePosixPath("my programme/result"))
    "pairing verify 'my programme/result'"
    """
    words = ["pairing", *map(str, arguments)]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def path_to_show(path: Path) -> Path:
    """Write a path as it is from here, where it is in the folder that one is in, or below it."""
    whole, here = Path(os.path.normpath(path.absolute())), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole
