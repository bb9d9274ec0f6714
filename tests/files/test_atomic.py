"""Results appear whole or not at all, and nothing that should stay is lost."""

from __future__ import annotations

import json
import os
import signal
import threading
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pairing.errors import FileAccessError, OverwriteError, SettingsError
from pairing.files import atomic
from pairing.files.atomic import write_file, write_result_folder
from pairing.files.delimited import csv_bytes


def result(**files: str) -> dict[str, bytes]:
    """A result's files with a record that lists them."""
    content = {f"{name}.csv": text.encode() for name, text in files.items()}
    digests = {name: sha256(text).hexdigest() for name, text in content.items()}
    return content | {"run.json": json.dumps({"files": digests}).encode()}


def names(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def test_result_is_written_whole(tmp_path: Path) -> None:
    """All files are there, the record last, and nothing else."""
    folder = tmp_path / "deep" / "result"
    written = write_result_folder(folder, result(pairs="a", teams="b"), last="run.json")
    assert written.written[-1] == "run.json"
    assert names(folder) == ["pairs.csv", "run.json", "teams.csv"]
    assert (folder / "pairs.csv").read_bytes() == b"a"


def test_existing_result_is_kept_without_force(tmp_path: Path) -> None:
    """Nothing is touched, and the way out is named."""
    write_result_folder(tmp_path, result(pairs="a"), last="run.json")
    with pytest.raises(SettingsError, match="--force"):
        write_result_folder(tmp_path, result(pairs="b"), last="run.json")
    assert (tmp_path / "pairs.csv").read_bytes() == b"a"


def test_stale_files_go_unless_somebody_changed_them(tmp_path: Path) -> None:
    """A file of the earlier result that a person edited is a person's file."""
    write_result_folder(tmp_path, result(pairs="a", old="b", edited="c"), last="run.json")
    (tmp_path / "edited.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "other.txt").write_text("never ours", encoding="utf-8")
    written = write_result_folder(tmp_path, result(pairs="z"), last="run.json", force=True)
    assert (written.removed, written.kept) == (("old.csv",), ("edited.csv",))
    assert names(tmp_path) == ["edited.csv", "other.txt", "pairs.csv", "run.json"]


OUTSIDE = json.dumps({"files": {"../secret.csv": sha256(b"x").hexdigest()}})


@pytest.mark.parametrize("record", ["{", "[]", OUTSIDE, '{"files": 3}'])
def test_broken_record_of_an_earlier_result_does_no_harm(tmp_path: Path, record: str) -> None:
    """Nothing is removed on the word of a file that anybody may have written."""
    folder = tmp_path / "result"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("x", encoding="utf-8")
    (folder / "run.json").write_text(record, encoding="utf-8")
    write_result_folder(folder, result(pairs="a"), last="run.json", force=True)
    assert names(folder) == ["pairs.csv", "run.json"]
    assert (tmp_path / "secret.csv").exists()


def test_inputs_are_never_overwritten(tmp_path: Path) -> None:
    """Not with force, and not through a link."""
    table = tmp_path / "pairs.csv"
    table.write_text("input", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(tmp_path, target_is_directory=True)
    for folder in (tmp_path, link):
        with pytest.raises(SettingsError, match="is an input"):
            write_result_folder(folder, result(pairs="a"), last="run.json", force=True, protect=[table])
    with pytest.raises(SettingsError, match="is an input"):
        write_file(link / "pairs.csv", b"x", force=True, protect=[table])
    assert table.read_text(encoding="utf-8") == "input"


@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5, 6, 7])
def test_failed_move_brings_the_earlier_result_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Whichever of the moves fails, the folder is as it was."""
    write_result_folder(tmp_path, result(pairs="a", teams="b"), last="run.json")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    move, moves = Path.replace, [0]

    def failing_move(path: Path, target: Path) -> Path:
        moves[0] += 1
        if moves[0] == failing:
            raise PermissionError(13, "is open in another program", str(target))
        return move(path, target)

    monkeypatch.setattr(Path, "replace", failing_move)
    with pytest.raises(FileAccessError, match="is open in another program"):
        write_result_folder(tmp_path, result(new="x", pairs="y", teams="z"), last="run.json", force=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_interrupt_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before the files are moved: no folder, no hidden files."""

    def interrupted(_path: Path, _content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic, "_write_through", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_result_folder(tmp_path / "a" / "b", result(pairs="a"), last="run.json")
    assert names(tmp_path) == []


def test_interrupt_while_moving_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real signal between two moves takes effect when the result is whole."""
    move = Path.replace

    def interrupting_move(path: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGINT)
        return move(path, target)

    monkeypatch.setattr(Path, "replace", interrupting_move)
    with pytest.raises(KeyboardInterrupt):
        write_result_folder(tmp_path, result(pairs="a", teams="b"), last="run.json")
    assert names(tmp_path) == ["pairs.csv", "run.json", "teams.csv"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_may_write_too(tmp_path: Path) -> None:
    """Only the main thread may set signal handlers."""
    thread = threading.Thread(
        target=write_result_folder, args=(tmp_path, result(pairs="a")), kwargs={"last": "run.json"}
    )
    thread.start()
    thread.join()
    assert names(tmp_path) == ["pairs.csv", "run.json"]


def test_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """The system's refusal becomes ours."""
    (tmp_path / "result").write_text("", encoding="utf-8")
    with pytest.raises(FileAccessError, match="could not be written"):
        write_result_folder(tmp_path / "result", result(pairs="a"), last="run.json")


def test_single_file_is_written_whole(tmp_path: Path) -> None:
    """No part is left behind, an existing file needs force, a missing folder is told."""
    path = tmp_path / "values.csv"
    write_file(path, b"1")
    with pytest.raises(SettingsError, match="--force"):
        write_file(path, b"2")
    write_file(path, b"3", force=True)
    assert (names(tmp_path), path.read_bytes()) == (["values.csv"], b"3")
    with pytest.raises(FileAccessError):
        write_file(tmp_path / "none" / "values.csv", b"1")


def test_failed_write_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the earlier file, and no other."""

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileAccessError, match="no space left"):
        write_file(tmp_path / "values.csv", b"1")
    assert names(tmp_path) == []


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_in_csv_read_back_exactly(numbers: list[float]) -> None:
    """The shortest text that gives the same number back; minus zero is zero."""
    lines = csv_bytes(pd.DataFrame({"x": numbers})).decode("utf-8").splitlines()[1:]
    assert [float(line) for line in lines] == numbers


def test_csv_of_mixed_columns() -> None:
    """Lower-case Booleans, blanks for what is missing, LF, quotes only where needed, no mark."""
    frame = pd.DataFrame(
        {
            "a": ["x,y", None, ' q"'],
            "b": [True, False, True],
            "c": [1.0, np.nan, 0.1],
            "d": pd.array([1, None, 3]),
        }
    )
    assert csv_bytes(frame) == b'a,b,c,d\n"x,y",true,1,1\n,false,,\n" q""",true,0.1,3\n'


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    """Somebody else reads from it: ``-o /dev/null --force`` must not make a file of it."""
    pipe = tmp_path / "pairs.csv"
    os.mkfifo(pipe)
    with pytest.raises(OverwriteError, match="pipe or a device"):
        write_file(pipe, b"x", force=True)
    with pytest.raises(OverwriteError, match="pipe or a device"):
        write_result_folder(tmp_path, result(pairs="a"), last="run.json", force=True)
    assert pipe.is_fifo()
    assert names(tmp_path) == ["pairs.csv"]


def test_a_folder_with_the_name_of_a_file_is_never_removed(tmp_path: Path) -> None:
    """Force replaces files of a result, not a folder that somebody keeps under such a name."""
    keepsake = tmp_path / "pairs.csv" / "notes.txt"
    keepsake.parent.mkdir()
    keepsake.write_text("mine", encoding="utf-8")
    with pytest.raises(OverwriteError, match="is a folder"):
        write_result_folder(tmp_path, {"pairs.csv": b"a", "run.json": b"{}"}, last="run.json", force=True)
    assert keepsake.read_text(encoding="utf-8") == "mine"
