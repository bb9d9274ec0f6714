"""The value of a pair, and the table of permitted pairs."""

from pairing.pairs.gain import Gains, expected_gains, expected_reciprocal_gain
from pairing.pairs.model import VALUE_DIGITS, VALUE_SCALE, PairModel, ScoredPairs
from pairing.pairs.preferences import Preferences
from pairing.pairs.table import PairTable

__all__ = [
    "VALUE_DIGITS",
    "VALUE_SCALE",
    "Gains",
    "PairModel",
    "PairTable",
    "Preferences",
    "ScoredPairs",
    "expected_gains",
    "expected_reciprocal_gain",
]
