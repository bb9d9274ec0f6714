"""The lottery and its analysis plan, read back from what was published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pairing.errors import InputDataError, Problem
from pairing.inference import AnalysisPlan
from pairing.lottery import lottery_from_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from pairing.lottery import Lottery


def published_lottery(
    record: Mapping[str, Any], pool: pd.DataFrame | Iterable[tuple[object, object]] | None
) -> Lottery:
    """Rebuild the lottery from `lottery.json` and `lottery.csv`.

    Parameters
    ----------
    record : mapping
        What :func:`pairing.allocation.publication.publication` made.
    pool : pandas.DataFrame, or iterable of tuple, optional
        The pool, where draws are listed; or the cells `tickets` and `intervention` of each row.

    Returns
    -------
    Lottery

    Raises
    ------
    InputDataError
        If the record is incomplete or contradicts itself, or the pool is not the published one.
    """
    try:
        design = record["design"]
        parts = {
            "design": design["kind"],
            "strata": design["strata"],
            "drawn": design["drawn"],
            "units": list(record["units"]),
            "members": record["units"],
            "n_reserves": record["reserves"],
            "origin": record["origin"],
            "sha256": record["pool"]["sha256"],
        }
    except (KeyError, TypeError) as error:
        raise InputDataError(
            [Problem(f"what was published of the lottery is incomplete ({error})")]
        ) from error
    return lottery_from_record(parts, pool)


def published_plan(record: Mapping[str, Any]) -> AnalysisPlan:
    """Read the analysis plan, and refuse one whose SHA-256 is not the published one.

    Raises
    ------
    InputDataError
        If the plan was changed or cannot be read.
    """
    section = record["analysis"]
    try:
        content: dict[str, Any] = json.loads(section["plan"])
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in content.items()
        }
        plan = AnalysisPlan(**given)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputDataError([Problem(f"the published analysis plan cannot be read ({error})")]) from error
    if plan.sha256() != section.get("sha256"):
        raise InputDataError(
            [
                Problem(
                    "is the SHA-256 of the analysis plan, which is not the published one",
                    value=plan.sha256(),
                    expected=str(section.get("sha256")),
                )
            ]
        )
    return plan
