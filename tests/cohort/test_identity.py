"""Ids that people cannot tell apart, or cannot see all of."""

from __future__ import annotations

import pandas as pd
import pytest

from pairing.cohort import CohortDraft, TeamColumns, draft_cohort
from pairing.cohort.nearest import nearest


def draft(*ids: str) -> CohortDraft:
    """What comes of a table with these ids."""
    return draft_cohort(pd.DataFrame({"id": list(ids)}), TeamColumns("id"), [])


@pytest.mark.parametrize(
    ("team", "part"),
    [
        ("A\nB", "a line break (U+000A)"),
        ("A\tB", "a tab (U+0009)"),
        ("A\x07B", "a control character (U+0007)"),
        ("A\u200bB", "zero width space (U+200B)"),
        ("AB\u200b", "zero width space (U+200B)"),
        ("A\u00adB", "soft hyphen (U+00AD)"),
        ("\ufeffAB", "zero width no-break space (U+FEFF)"),
        ("A\u2028B", "line separator (U+2028)"),
        ("A\u202eB", "right-to-left override (U+202E)"),
    ],
)
def test_letter_that_cannot_be_seen_is_refused(team: str, part: str) -> None:
    """Such an id never equals the one that a person types; the message itself shows no such letter."""
    found = draft("AB", team)
    assert found.cohort is None
    (problem,) = found.problems
    assert (problem.row, problem.column) == (3, "id")
    assert part in problem.message
    assert problem.message.isprintable()


@pytest.mark.parametrize("team", ["Ysbyty Môn", "7", "Ü-1/a", "病院", "A\u00a0B"])
def test_ids_in_any_script_are_fine(team: str) -> None:
    """Letters, signs and blanks that can be seen are nobody's fault."""
    found = draft("AB", team)
    assert found.problems == ()
    assert found.warnings == ()


@pytest.mark.parametrize(
    "teams",
    [("R0A", "r0a"), ("Mo\u0302n", "M\u00f4n"), ("A B", "A  B"), ("A B", "A\u00a0B"), ("A1", "A\uff11")],
    ids=["case", "accent", "blanks", "no-break blank", "wide digit"],
)
def test_ids_that_look_alike_are_warned_of(teams: tuple[str, str]) -> None:
    """They stay two teams, and both rows are named."""
    found = draft("other", *teams)
    assert found.cohort is not None
    assert len(found.cohort) == 3
    (warning,) = found.warnings
    assert f"'{teams[0]}' on row 3 and '{teams[1]}' on row 4 are read as different teams" in warning


def test_ids_that_differ_in_a_zero_are_not_warned_of() -> None:
    """The ids "007" and "7" look different."""
    assert draft("007", "7").warnings == ()


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("T4", ["T24", "T04", "T14"], "T04"),
        ("T04", ["T24", "T4"], "T4"),
        ("ward-7", ["Ward 17", "Ward 007"], "Ward 007"),
        ("T0", ["T10", "T00"], "T00"),
        ("T40", ["T4", "T41"], "T4"),
        ("T4", ["T04", "T004", "T24"], "T04"),
    ],
)
def test_zeros_before_a_number_are_the_first_thing_to_be_forgotten(
    typed: str, known: list[str], meant: str
) -> None:
    """T4 is T04 and not T24; a zero behind a digit is no such zero."""
    assert nearest(typed, known) == meant
