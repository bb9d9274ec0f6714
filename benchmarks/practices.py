"""General practices as a cohort, from a table that is not part of this repository.

The table has a row a practice: ``practice_code, sub_icb, list_size, latitude, longitude`` and percentages
``achievement_*`` of the Quality and Outcomes Framework. It has no denominators for them; here each rests on
2% of the practice's list, the size of a common disease register: an approximation, good for timing only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from pairing.cohort import Cohort

SHARE_OF_LIST = 0.02


def practices_cohort(path: Path) -> Cohort:
    """Read the practices that have a place and a list size."""
    from pairing.cohort import Indicator, cohort_from_frame

    frame = pd.read_csv(path)
    frame = frame[frame[["latitude", "longitude", "list_size", "sub_icb"]].notna().all(axis=1)].copy()
    achievements = [column for column in frame.columns if column.startswith("achievement_")]
    for column in achievements:
        share = float(frame[column].mean()) / 100.0
        error = np.sqrt(share * (1.0 - share) / np.maximum(1.0, SHARE_OF_LIST * frame["list_size"]))
        frame[f"{column}_error"] = 100.0 * error
    return cohort_from_frame(
        frame,
        id="practice_code",
        size="list_size",
        latitude="latitude",
        longitude="longitude",
        attributes=["sub_icb"],
        indicators=[
            Indicator(column, standard_error=f"{column}_error", unit="percent") for column in achievements
        ],
    )


def practices_rules() -> list[Any]:
    """At least 10 and at most 80 km apart, different sub-ICB, lists and levels not too unequal."""
    from pairing.rules import Different, MaxDistance, MaxLevelGap, MaxSizeRatio, MinDistance

    return [MinDistance(10), MaxDistance(80), Different("sub_icb"), MaxSizeRatio(1.5), MaxLevelGap(0.5)]
