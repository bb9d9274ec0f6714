"""Run the notebooks of this folder from top to bottom, and keep what they show.

    python examples/execute.py                   run all of them, and write their outputs into them
    python examples/execute.py lottery.ipynb     run one
    python examples/execute.py --check           write nothing; fail if a notebook shows anything else now

Each notebook runs in a kernel of its own, in an empty folder. What is kept is free of times, paths and
versions, so that a notebook is written byte for byte the same until something in it really changes. The alt
text of a picture is the entry "alt" in the metadata of its cell.
"""

from __future__ import annotations

import argparse
import base64
import struct
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbformat import NotebookNode

HERE = Path(__file__).parent
NOTEBOOKS = ("programme.ipynb", "lottery.ipynb", "what_if.ipynb")
KERNEL = "python3"
LONGEST_S = 120
"""Seconds for one cell, after which something is wrong."""

_PICTURE = "image/png"
_SIZE_AT = slice(16, 24)  # width and height in a PNG
_SIZE_TOLERANCE = 0.1  # of each side: fonts differ a little between versions of matplotlib


def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def executed(notebook: NotebookNode) -> NotebookNode:
    """Run a notebook in a fresh kernel and an empty folder.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        It is not changed.

    Returns
    -------
    nbformat.NotebookNode
        The same with new outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    fresh = nbformat.from_dict(notebook)
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            fresh,
            timeout=LONGEST_S,
            kernel_name=KERNEL,
            resources={"metadata": {"path": folder}},
            record_timing=False,
            coalesce_streams=True,
        )
        client.execute()
    _tidy(fresh)
    return fresh


def differences(kept: NotebookNode, fresh: NotebookNode) -> list[str]:
    """Say in which cells a notebook shows anything else than was kept.

    Parameters
    ----------
    kept, fresh : nbformat.NotebookNode
        As committed, and as run now.

    Returns
    -------
    list of str
        One sentence a cell; empty if all texts and tables are the same and all pictures of the same size.
    """
    return [
        f"cell '{before.id}' shows something else now"
        for before, after in zip(kept.cells, fresh.cells, strict=True)
        if not _alike(before, after)
    ]


def written(notebook: NotebookNode) -> str:
    """Give the text of a notebook's file."""
    return nbformat.writes(notebook) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks that are named, or all; see the text at the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "notebooks", nargs="*", default=NOTEBOOKS, help="names in this folder; by default all"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    asked = parser.parse_args(arguments)
    failed = False
    for name in asked.notebooks:
        path = HERE / name
        kept = read(path)
        fresh = executed(kept)
        found = differences(kept, fresh)
        failed = failed or bool(found)
        if not asked.check and written(fresh) != path.read_text(encoding="utf-8"):
            path.write_text(written(fresh), encoding="utf-8")
        print("\n".join([f"{name}: {'changed' if found else 'as it was'}", *(f"  {each}" for each in found)]))
    return int(asked.check and failed)


def _tidy(notebook: NotebookNode) -> None:
    """Keep the name of the kernel and of the language, and give every picture its alt text."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": KERNEL},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        }
    )
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if _PICTURE in output.get("data", {}):
                output.metadata = nbformat.from_dict({_PICTURE: {"alt": cell.metadata.get("alt", "")}})


def _alike(kept: NotebookNode, fresh: NotebookNode) -> bool:
    before, after = kept.get("outputs", []), fresh.get("outputs", [])
    return len(before) == len(after) and all(
        _shown(one) == _shown(other) and _pictures_alike(one, other)
        for one, other in zip(before, after, strict=True)
    )


def _shown(output: NotebookNode) -> dict[str, object]:
    """What an output says: everything but the points of its picture."""
    data = {kind: content for kind, content in output.get("data", {}).items() if kind != _PICTURE}
    rest = {name: value for name, value in output.items() if name not in ("data", "execution_count")}
    return {**rest, "data": data, "picture": _PICTURE in output.get("data", {})}


def _pictures_alike(one: NotebookNode, other: NotebookNode) -> bool:
    sizes = [_size(output) for output in (one, other) if _PICTURE in output.get("data", {})]
    return len(sizes) < 2 or all(
        abs(first - second) <= _SIZE_TOLERANCE * first for first, second in zip(*sizes, strict=True)
    )


def _size(output: NotebookNode) -> Iterator[int]:
    """Width and height of a picture in pixels."""
    return iter(struct.unpack(">II", base64.b64decode(output["data"][_PICTURE])[_SIZE_AT]))


if __name__ == "__main__":
    sys.exit(main())
