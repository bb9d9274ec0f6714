"""Several rounds planned together, so that nobody meets the same team twice who does not want to."""

from pairing.planning.rounds.plan import plan_rounds
from pairing.planning.rounds.result import Rounds
from pairing.planning.rounds.round import Round
from pairing.planning.rounds.wishes import Wishes, with_wishes

__all__ = ["Round", "Rounds", "Wishes", "plan_rounds", "with_wishes"]
