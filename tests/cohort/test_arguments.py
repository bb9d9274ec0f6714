"""Arguments of the wrong type are refused in words, not by what happens to break first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Indicator, cohort_from_frame
from pairing.errors import SettingsError

FRAME = pd.DataFrame({"id": ["A", "B"], "x": [0.2, 0.4], "n": [10, 20]})


@pytest.mark.parametrize(
    ("frame", "keywords", "column", "part"),
    [
        ({"id": ["A"]}, {}, None, "is of type dict; expected a pandas DataFrame"),
        (None, {}, None, "is of type NoneType"),
        (FRAME, {"id": None}, "id", "is not text"),
        (FRAME, {"size": 5}, "size", "'5' is not text"),
        (FRAME, {"indicators": ["x"]}, "indicators", 'Write Indicator("resection"'),
        (FRAME, {"indicators": Indicator("x", denominator="n")}, "indicators", "is not a list"),
        (FRAME, {"indicators": iter([Indicator("x", denominator="n")])}, "indicators", "is not a list"),
        (FRAME, {"attributes": "region"}, "attributes", "expected a list of text"),
        (FRAME, {"exclude": [7]}, "exclude", "'7' does not belong into the list"),
    ],
)
def test_wrong_type_is_told_by_argument(
    frame: Any,  # noqa: ANN401 - what is wrong is its type
    keywords: dict[str, Any],
    column: str | None,
    part: str,
) -> None:
    """Each is a SettingsError that names the argument and what it should be."""
    with pytest.raises(SettingsError) as raised:
        cohort_from_frame(frame, **{"id": "id", **keywords})
    (problem,) = raised.value.problems
    assert problem.column == column
    assert part in str(problem)


def test_wrong_types_are_told_together() -> None:
    """Two slips in one call are two problems of one error."""
    with pytest.raises(SettingsError) as raised:
        cohort_from_frame(FRAME, id="id", size=5, indicators=["x"])  # type: ignore[arg-type, list-item]  # meant
    assert [problem.column for problem in raised.value.problems] == ["size", "indicators"]


@pytest.mark.parametrize(
    ("keywords", "column", "part"),
    [
        ({"column": None}, "None.column", "is not text"),
        ({"column": ""}, None, "needs the name of its column"),
        ({"weight": "x"}, "x.weight", "is not a usable weight"),
        ({"weight": True}, "x.weight", "is not a usable weight"),
        ({"weight": 10**400}, "x.weight", "is not a usable weight"),
        ({"target": "high"}, "x.target", "is no possible target"),
        ({"denominator": 4}, "x.denominator", "is not text"),
        ({"unit": "percents"}, "x.unit", "Did you mean 'percent'?"),
        ({"capped": None}, "x.capped", "is not one of the choices"),
        ({"higher_is_better": "no"}, "x.higher_is_better", "is not a yes or no"),
    ],
)
def test_wrong_type_in_an_indicator_is_told(keywords: dict[str, Any], column: str | None, part: str) -> None:
    """A text "no" would otherwise count as true, and a text weight break far from here."""
    with pytest.raises(SettingsError) as raised:
        Indicator(**{"column": "x", "denominator": "n", **keywords})
    (problem,) = raised.value.problems
    assert problem.column == column
    assert part in str(problem)


def test_numbers_of_numpy_are_numbers() -> None:
    """Weights often come out of an array."""
    indicator = Indicator("x", denominator="n", weight=np.float32(2), target=np.float64(0.5))
    assert (indicator.weight, indicator.target) == (2.0, 0.5)
