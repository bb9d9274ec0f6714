"""Progress is shown on a terminal, on stderr alone; Ctrl-C leaves the terminal and the files whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are there on POSIX systems only")

PLAN = "pairing-demo/programme-result"
PROGRAMME = "pairing-demo/programme.toml"
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"
"""How a terminal is told to hide, and to show, the cursor."""


@dataclass
class Ended:
    """What a command came to."""

    code: int
    out: bytes
    err: bytes


def on_a_terminal(
    folder: Path, *arguments: str, interrupt_at: bytes | None = None, after_s: float = 0.0
) -> Ended:
    """Run a command whose stderr is a terminal and whose stdout is a file; interrupt it if asked to."""
    ours, theirs = pty.openpty()
    words = folder / "stdout.txt"
    with words.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pairing", *arguments],
            cwd=folder,
            stdout=out,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
            start_new_session=True,
        )
        os.close(theirs)
        said = bytearray()
        pressed = interrupt_at is None
        try:
            while piece := _read(ours):
                said += piece
                if not pressed and interrupt_at is not None and interrupt_at in said:
                    time.sleep(after_s)
                    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all its processes
                    pressed = True
            code = process.wait(timeout=60)
        finally:
            process.kill()
            os.close(ours)
    content = words.read_bytes()
    words.unlink()
    return Ended(code, content, bytes(said))


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says so when the other side has closed
        return b""


LONG = {
    "a bar of draws": (["robustness", PLAN, "--seed", "1", "--draws", "150"], b"Solving again"),
    "a bar of cards": (["explain", PLAN], b"Making the cards of the pairs"),
    "a bar of values": (["tradeoff", PLAN, "max_distance_km", "200", "250"], b"Planning at each value"),
    "stages": (["pair", PROGRAMME, "-o", "new"], b"Estimating profiles"),
}


@pytest.mark.parametrize("case", LONG)
def test_progress_is_on_the_terminal_and_only_there(demo_folder: Path, tmp_path: Path, case: str) -> None:
    """The bar goes to stderr, is taken away at the end, and stdout has the result alone."""
    arguments, shown = LONG[case]
    place = _copy(demo_folder, tmp_path)
    ended = on_a_terminal(place, *arguments)
    assert ended.code == 0
    assert shown in ended.err
    assert b"0:00:0" in ended.err, "the time that has passed"
    assert ended.err.rfind(SHOWN) > ended.err.rfind(HIDDEN) >= 0
    assert b"\x1b" not in ended.out
    assert shown not in ended.out
    assert b"\nNext, " in ended.out


@pytest.mark.parametrize("options", [(), ("--quiet",), ("--json",)])
def test_no_progress_where_nobody_looks(demo_folder: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    """Through a pipe there is no bar; with --quiet or --json there is none on a terminal either."""
    place = _copy(demo_folder, tmp_path)
    arguments = [*LONG["a bar of cards"][0], *options]
    if options:
        assert on_a_terminal(place, *arguments).err == b""
        return
    command = [sys.executable, "-m", "pairing", *arguments]
    done = subprocess.run(command, cwd=place, capture_output=True, check=True)
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


INTERRUPTED = {
    "draws": (
        ["robustness", PLAN, "--seed", "1", "--draws", "1000000", "-o", "s.csv", "--workers", "2"],
        b"/1000000",
    ),
    "values": (["tradeoff", PLAN, "min_distance_km", *map(str, range(1, 400)), "-o", "t.csv"], b"/399"),
    "values with workers": (
        ["tradeoff", PLAN, "min_distance_km", *map(str, range(1, 400)), "-o", "t.csv", "--workers", "2"],
        b"/399",
    ),
    "partners": (["explain", PLAN, "--partners", "9", "-o", "x.csv"], b"Making the cards"),
}


@pytest.mark.parametrize("case", INTERRUPTED)
def test_ctrl_c_leaves_the_terminal_and_the_files_whole(demo_folder: Path, tmp_path: Path, case: str) -> None:
    """Exit code 130, the cursor is there again, no traceback, and no half of a file."""
    arguments, shown = INTERRUPTED[case]
    place = _copy(demo_folder, tmp_path)
    before = {path.relative_to(place) for path in place.rglob("*")}
    ended = on_a_terminal(place, *arguments, interrupt_at=shown)
    assert ended.code == 130
    assert ended.err.rfind(SHOWN) > ended.err.rfind(HIDDEN)
    assert b"Traceback" not in ended.err
    assert b"Interrupted" in ended.err
    left = {path.relative_to(place) for path in place.rglob("*")} - before
    assert left <= {Path("s.csv")}, "what robustness had done so far is written, whole"


def test_colours_on_a_terminal_unless_unwanted(demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word Error is coloured on a terminal; NO_COLOR keeps the same words without colour."""
    coloured = on_a_terminal(demo_folder, "verify", "nowhere").err
    monkeypatch.setenv("NO_COLOR", "1")
    plain = on_a_terminal(demo_folder, "verify", "nowhere").err
    assert b"\x1b[31m" in coloured
    assert b"\x1b[3" not in plain
    assert b"Error: nowhere" in plain


def _copy(demo_folder: Path, tmp_path: Path) -> Path:
    import shutil

    place = tmp_path / "work"
    shutil.copytree(demo_folder, place)
    return place


@pytest.mark.parametrize("step", ["add_task", "remove_task"])
def test_a_stage_that_ctrl_c_cut_short_can_be_told_again(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps the plan so far goes on telling, wherever in the change of stages the interrupt came."""
    from rich.progress import Progress

    from pairing.cli.progress import shown_on_terminal

    with shown_on_terminal("one") as stage:
        done = getattr(Progress, step)

        def pressed(self: Progress, *told: object, **more: object) -> None:
            done(self, *told, **more)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Progress, step, pressed)
            with pytest.raises(KeyboardInterrupt):
                stage("two")
        for words in ("two", "three", "three"):
            stage(words, 1, 2)
