"""That what was drawn follows from the published lottery and the recorded randomness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.allocation.declare import balanced_covariates
from pairing.allocation.drawn import allocation_frame, balance_frame, draw_record, same_arm_frame
from pairing.errors import FileAccessError, PairingError, ProblemsError
from pairing.files.access import read_bytes
from pairing.files.delimited import csv_bytes
from pairing.files.draw import (
    ALLOCATION_NAME,
    BALANCE_NAME,
    DRAW_NAME,
    REPLACEMENTS_NAME,
    SAME_ARM_NAME,
    read_draw,
)
from pairing.files.recorded_inputs import read_sealed
from pairing.files.run_record import RECORD_NAME, sha256
from pairing.files.tables import read_table
from pairing.lottery import draw_lottery, replace_dropped
from pairing.verification.check import Check, differences_of
from pairing.verification.tables import table_differences
from pairing.verification.workbooks import check_allocation_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from pairing.allocation import Entrants
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.files.lottery import Published
    from pairing.lottery import Draw


def check_draw(
    folder: Path, published: Published, loaded: LoadedProgramme, entrants: Entrants
) -> Iterator[Check]:
    """Redo a draw and hold its files against what comes out.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was drawn.
    published : Published
        What it was drawn from.
    loaded : LoadedProgramme
        The programme.
    entrants : Entrants
        Who took part.

    Yields
    ------
    Check
        The record of the draw; the allocation and its balance; replacements, if there are any.
    """
    record, check = _read(folder)
    yield check
    if record is None:
        return
    drawn, check = _redo(folder, record, published)
    yield check
    if drawn is None:
        return
    yield _check_tables(folder, record, drawn, loaded, entrants)
    yield from check_allocation_workbook(folder, record)
    if (folder / REPLACEMENTS_NAME).is_file():
        yield _check_replacements(folder, drawn)


def _read(folder: Path) -> tuple[dict[str, Any] | None, Check]:
    clause = f"{DRAW_NAME} is whole"
    try:
        return read_draw(folder), Check(clause)
    except FileAccessError as error:
        return None, Check(clause, differences_of(error))
    except ProblemsError as error:
        return None, Check(clause, differences_of(error))


def _redo(folder: Path, record: dict[str, Any], published: Published) -> tuple[Draw | None, Check]:
    clause = "the draw follows from the published lottery and the recorded randomness"
    try:
        drawn = draw_lottery(published.lottery, str(record["randomness"]))
        earlier = [str(draw["randomness"]) for draw in record["earlier_draws"]]
    except (PairingError, KeyError, TypeError) as error:
        return None, Check(clause, (f"{DRAW_NAME} does not say how it was drawn ({error})",))
    right = draw_record(drawn, lottery_sha256=published.sha256, flow=published.record["flow"])
    differences = [
        f"{DRAW_NAME}: {key} is not what the randomness gives"
        for key, value in right.items()
        if key != "version" and record.get(key) != value
    ]
    differences += _other_subset(folder, drawn)
    return drawn, Check(clause, tuple(differences), finding=_how(drawn, earlier))


def _how(drawn: Draw, earlier: list[str]) -> str:
    words = f"randomness '{drawn.randomness}'"
    if earlier:
        words += f"; drawn {len(earlier)} times before, with {', '.join(earlier)}"
    return words


def _other_subset(folder: Path, drawn: Draw) -> list[str]:
    """Hold the teams that were paired after the draw against those that were drawn."""
    if drawn.lottery.design.kind != "draw-then-pair":
        return []
    try:
        subset = read_sealed(folder / RECORD_NAME).get("subset")
    except PairingError as error:
        return list(differences_of(error))
    return (
        []
        if subset == list(drawn.intervention)
        else [f"{RECORD_NAME} does not pair the teams that were drawn"]
    )


def _check_tables(
    folder: Path, record: dict[str, Any], drawn: Draw, loaded: LoadedProgramme, entrants: Entrants
) -> Check:
    clause = "the allocation and its balance are those of the draw"
    differences: list[str] = []
    for name, frame in _right_tables(folder, drawn, loaded, entrants).items():
        path, content = folder / name, csv_bytes(frame)
        if not path.is_file():
            differences.append(f"{name} is missing")
            continue
        if read_bytes(path) != content:
            differences += table_differences(path, content)
        if sha256(read_bytes(path)) != record["files"].get(name):
            differences.append(f"{name} was changed after it was written (its SHA-256 differs)")
    return Check(clause, tuple(differences), finding=_arms(drawn))


def _arms(drawn: Draw) -> str:
    reserves = f", {len(drawn.reserves)} in reserve" if drawn.reserves else ""
    return f"{len(drawn.intervention)} units for the intervention, {len(drawn.controls)} controls{reserves}"


def _right_tables(
    folder: Path, drawn: Draw, loaded: LoadedProgramme, entrants: Entrants
) -> dict[str, pd.DataFrame]:
    settings = loaded.programme.lottery
    balanced = (
        balanced_covariates(settings, entrants, drawn.lottery.members) if settings is not None else None
    )
    tables = {
        ALLOCATION_NAME: allocation_frame(drawn, _pair_of(folder, drawn, entrants)),
        BALANCE_NAME: balance_frame(entrants, balanced, drawn),
    }
    compared = same_arm_frame(drawn.lottery)
    return tables if compared is None else tables | {SAME_ARM_NAME: compared}


def _pair_of(folder: Path, drawn: Draw, entrants: Entrants) -> dict[str, str]:
    """Give the pair of each team; teams drawn first have theirs from the pairing that came after."""
    if drawn.lottery.design.kind != "draw-then-pair":
        return entrants.pair_of
    frame = read_table(folder / "pairs.csv").frame
    return {
        team: pair
        for column in ("team_a", "team_b")
        for team, pair in zip(frame[column], frame["pair_id"], strict=True)
    }


def _check_replacements(folder: Path, drawn: Draw) -> Check:
    clause = "reserves were called in their order"
    table = read_table(folder / REPLACEMENTS_NAME)
    missing = [name for name in ("dropped", "reserve") if name not in table.columns]
    if missing:
        return Check(clause, (f"{REPLACEMENTS_NAME} lacks the column {' and '.join(missing)}",))
    try:
        right = replace_dropped(drawn, table.cells("dropped"))
    except PairingError as error:
        return Check(clause, (f"{REPLACEMENTS_NAME}: {error}".rstrip("."),))
    differences = [
        f"{REPLACEMENTS_NAME}: for {each.dropped} {found or 'nobody'} was called; "
        f"{each.reserve or 'nobody'} was next"
        for each, found in zip(right, table.cells("reserve"), strict=True)
        if (each.reserve or "") != found
    ]
    return Check(clause, tuple(differences))
