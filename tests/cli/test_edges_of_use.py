"""Ways of using the commands that nobody plans for: blank cells, closed pipes, links, huge settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pairing.cli import run
from pairing.data import audit_files

ONLY_WHAT_IS_NEEDED = (
    '[teams]\nfile = "teams.csv"\nid = "team"\n'
    '[[indicators]]\ncolumn = "k1"\ndenominator = "n"\n[[indicators]]\ncolumn = "k2"\ndenominator = "n"\n'
)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A programme with nothing but ids and two indicators: no sizes, no places, no names, no rules."""
    rows = [f"T{n:02d},{(n * 7 % 31) / 31:.3f},{(n * 11 % 29) / 29:.3f},{120 + n}" for n in range(30)]
    (tmp_path / "teams.csv").write_text("team,k1,k2,n\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "programme.toml").write_text(ONLY_WHAT_IS_NEEDED, encoding="utf-8")
    return tmp_path / "programme.toml"


def process(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pairing", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_teams_without_size_and_place_can_be_paired(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only ids and indicators are needed: blanks are shown where nothing is known."""
    assert run(["pair", str(bare)]) == 0
    assert "30 teams in 15 pairs" in capsys.readouterr().out
    assert run(["verify", str(bare.parent / "programme-result"), "-q"]) == 0


def test_an_absurd_preference_is_refused(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A preference beyond any gain could overflow the integers, and is bad input."""
    with bare.open("a", encoding="utf-8") as file:
        file.write("[objective]\npreferences = { level_gap = 3e9 }\n")
    assert run(["pair", str(bare)]) in (2, 3)
    assert "level_gap" in capsys.readouterr().err
    assert not (bare.parent / "programme-result").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_result_written_through_a_link_can_be_verified(bare: Path) -> None:
    """Relative paths of the inputs lead from the real folder, not from the link to it."""
    inner = bare.parent / "deep" / "er"
    inner.mkdir(parents=True)
    link = bare.parent / "link"
    link.symlink_to(inner, target_is_directory=True)
    assert run(["pair", str(bare), "-o", str(link / "result"), "-q"]) == 0
    assert run(["verify", str(link / "result"), "-q"]) == 0
    assert run(["verify", str(inner / "result"), "-q"]) == 0


def test_a_reader_that_leaves_early_is_no_failure(bare: Path) -> None:
    """`pairing pair ... | head -1` does not end with the code for "no pairing"."""
    running = process("pair", str(bare), cwd=bare.parent)
    assert running.stdout is not None
    running.stdout.close()
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0
    assert b"Traceback" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(("arguments", "code"), [("pair programme.toml", 0), ("values programme.toml", 5)])
def test_a_closed_standard_output_is_no_traceback(bare: Path, arguments: str, code: int) -> None:
    """Words can be lost; a table that has nowhere to go is a file that cannot be written."""
    command = f"'{sys.executable}' -m pairing {arguments} >&-"
    done = subprocess.run(command, shell=True, cwd=bare.parent, capture_output=True, check=False)  # noqa: S602
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["values", "programme.toml", "--json"],
        ["match", "edges.csv", "-o", "-", "--json"],
        ["pair", "programme.toml", "-o", "-"],
    ],
)
def test_two_things_cannot_share_the_standard_output(
    bare: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """A table and a JSON object, or a folder, on stdout: wrong usage."""
    monkeypatch.chdir(bare.parent)
    assert run(arguments) == 2
    assert not (bare.parent / "-").exists()


@pytest.mark.parametrize(
    ("rows", "chosen", "total"),
    [
        ("a,b,0.1\nb,c,0.100000000000000001\n", "b,c,0.100000000000000001", "0.100000000000000001"),
        ("a,b,9007199254740992\nb,c,9007199254740993\n", "b,c,9007199254740993", "9007199254740993"),
        ("a,b,2e-330\nb,c,3e-330\n", "b,c,3e-330", "3e-330"),
        ("a,b,0.10\nb,c,0.05\n", "a,b,0.10", "0.1"),
    ],
)
def test_match_takes_every_digit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, chosen: str, total: str
) -> None:
    """Digits beyond those of a double decide too, and values come out as they were written."""
    (tmp_path / "edges.csv").write_text("team_a,team_b,value\n" + rows, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(["match", str(tmp_path / "edges.csv"), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8").splitlines()[1] == chosen
    assert f"total value {total}." in capsys.readouterr().out


def test_match_names_who_cannot_be_paired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mode perfect speaks of teams, not of vertices."""
    (tmp_path / "edges.csv").write_text("team_a,team_b,value\nx,y,1\ny,z,2\n", encoding="utf-8")
    assert run(["match", str(tmp_path / "edges.csv"), "-o", "-", "--mode", "perfect"]) == 1
    assert "at most 1 pair of 3 teams are possible, which leaves x out" in capsys.readouterr().err


STARTED = (
    "import sys; from pairing.__main__ import main; sys.argv = ['pairing', 'pair', 'programme.toml']; "
    "print('up', flush=True); main()"
)
"""Runs the command and says when it begins; before that, Python itself is loading and nobody can listen."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("milliseconds", [10, 40, 80, 120, 180, 250, 330, 420, 520])
def test_ctrl_c_at_any_moment_is_clean(tmp_path: Path, milliseconds: int) -> None:
    """Whenever it comes: 130 (or 0 if all was done), no traceback, and a whole result or none."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    before = sorted(path.name for path in tmp_path.iterdir())
    running = subprocess.Popen(
        [sys.executable, "-c", STARTED], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"up\n"
    time.sleep(milliseconds / 1000)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode in (0, 130), said
    assert b"Traceback" not in said
    after = [path.name for path in tmp_path.iterdir()]
    if "programme-result" in after:
        record = json.loads((tmp_path / "programme-result" / "run.json").read_bytes())
        assert all((tmp_path / "programme-result" / name).is_file() for name in record["files"])
        after.remove("programme-result")
    assert sorted(after) == before


def test_environment_of_tests_is_the_real_command() -> None:
    """The console script and ``python -m pairing`` are the same thing."""
    script = Path(sys.executable).with_name("pairing" + (".exe" if os.name == "nt" else ""))
    said = [
        subprocess.run([*command, "--version"], capture_output=True, check=True).stdout
        for command in ([str(script)], [sys.executable, "-m", "pairing"])
    ]
    assert said[0] == said[1]


def test_ids_are_not_shown_again_as_names(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no names are known the table has no columns for them."""
    assert run(["pair", str(bare)]) == 0
    header = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("pair "))
    assert header.split()[:4] == ["pair", "team_a", "team_b", "value"]


def test_guessed_rules_that_do_not_fit_can_be_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was written, so the message says how to get a programme that can be edited."""
    few = tmp_path / "few.csv"
    few.write_bytes(b"".join(audit_files()["nlca_2022.csv"].splitlines(keepends=True)[:9]))
    assert run(["pair", str(few)]) == 1
    assert f"pairing init {few}" in capsys.readouterr().err
    assert not (tmp_path / "few-result").exists()


@pytest.mark.parametrize("length", [300, 5_000])
@pytest.mark.parametrize("name", ["{long}", "new/{long}", "{long}/result"])
@pytest.mark.parametrize("verb", ["pair", "values"])
def test_a_name_that_no_disk_takes_does_not_fill_the_message(
    bare: Path, verb: str, name: str, length: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole name was said, thousands of letters of it."""
    target = bare.parent / name.format(long="x" * length)
    assert run([verb, str(bare), "-o", str(target), "-q"]) == 5
    said = capsys.readouterr().err
    assert said.startswith(f"Error: {str(bare.parent)[:40]}")
    assert " … x" in said
    assert len(said) < 260
