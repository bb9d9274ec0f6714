"""Teams, their indicators and attributes: validated, immutable, and in an order that is fixed here."""

from pairing.cohort.build import CohortDraft, cohort_from_frame, draft_cohort
from pairing.cohort.cohort import Cohort, Observations
from pairing.cohort.indicator import Indicator
from pairing.cohort.joining import with_joiners
from pairing.cohort.team_columns import TeamColumns

__all__ = [
    "Cohort",
    "CohortDraft",
    "Indicator",
    "Observations",
    "TeamColumns",
    "cohort_from_frame",
    "draft_cohort",
    "with_joiners",
]
