"""``pairing values`` writes rows as they are worked out; a memory limit is heard, and refused in words."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pairing import Cohort, Different, MaxSizeRatio
from pairing.cli import run
from pairing.data import audit_files
from pairing.files.delimited import csv_bytes, csv_pieces
from pairing.pairs import PairModel, PairTable, Preferences
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable
from pairing.profiles import estimate_profiles
from pairing.rules import RuleSet

MakeCohort = Callable[..., Cohort]


ROWS = 2_000
"""Rows of a piece here, so that few teams make many pieces."""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut tables finely."""
    monkeypatch.setattr("pairing.pairs.table.ROWS_A_PIECE", ROWS)


def stream_of(cohort: Cohort) -> PairStream:
    """Its pairs, of which the rules ban some."""
    rules = RuleSet((MaxSizeRatio(2.5), Different("network")))
    return PairStream(PairModel(cohort, estimate_profiles(cohort), rules, Preferences()))


@pytest.mark.parametrize("permitted_only", [False, True])
@pytest.mark.parametrize("streamed", [False, True])
def test_pieces_are_the_whole(
    make_cohort: MakeCohort,
    permitted_only: bool,  # noqa: FBT001 - pytest calls by name
    streamed: bool,  # noqa: FBT001
) -> None:
    """One below the other they give the same bytes as the table at once, held or streamed."""
    stream = stream_of(make_cohort(200, 3))
    held = PairTable.build(stream.model)
    table = StreamedTable(stream) if streamed else held
    pieces = [*table.frames(permitted_only=permitted_only)]
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 1.2 * ROWS
    whole = held.to_frame(permitted_only=permitted_only)
    assert len(whole) == (len(table) if permitted_only else 200 * 199 // 2)
    assert whole["permitted"].sum() == len(table)
    assert b"".join(csv_pieces(pieces)) == csv_bytes(whole)


def test_memory_does_not_grow_with_the_rows(make_cohort: MakeCohort) -> None:
    """Four times as many pairs, hardly more memory than for a few pieces."""
    peaks = []
    for n in (150, 300):
        table = PairTable.build(stream_of(make_cohort(n, 3)).model)
        tracemalloc.start()
        rows = sum(piece.count(b"\n") for piece in csv_pieces(table.frames()))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert rows == 1 + n * (n - 1) // 2
    assert peaks[1] < 1.4 * peaks[0]


def test_the_command_leaves_out_banned_pairs_if_asked(tmp_path: Path) -> None:
    """The same rows as among all pairs, and only the permitted ones."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    programme = str(tmp_path / "programme.toml")
    assert run(["values", programme, "-o", str(tmp_path / "all.csv"), "-q"]) == 0
    some = tmp_path / "some.csv"
    assert run(["values", programme, "-o", str(some), "-q", "--permitted-only"]) == 0
    everything, permitted = pd.read_csv(tmp_path / "all.csv"), pd.read_csv(some)
    assert len(everything) == 120 * 119 // 2
    assert len(permitted) == everything["permitted"].sum() == 1_695
    pd.testing.assert_frame_equal(
        permitted, everything[everything["permitted"]].reset_index(drop=True), check_dtype=False
    )
    assert np.array_equal(permitted["permitted"], np.ones(1_695, dtype=bool))


@pytest.mark.parametrize(
    ("amount", "code", "words"),
    [
        ("much", 2, "'much' is not an amount of memory; expected for example 800MB or 2GB"),
        ("20MB", 3, "'20 MB' is too little memory to pair 120 teams; expected at least"),
        ("8GB", 0, ""),
    ],
)
def test_a_memory_limit_is_heard(
    tmp_path: Path, amount: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No amount is wrong usage; too little is refused before anything is written."""
    for name, content in audit_files().items():
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    command = ["pair", str(tmp_path / "programme.toml"), "-o", str(out), "-q", "--memory-limit", amount]
    assert run(command) == code
    assert words in capsys.readouterr().err
    assert out.exists() == (code == 0)
