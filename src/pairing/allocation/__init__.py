"""From a programme to its lottery, and from a draw to the tables that people read."""

from pairing.allocation.covariates import TeamCovariates, named_covariates
from pairing.allocation.declare import Declaration, declare
from pairing.allocation.entrants import Entrants, NamedPair

__all__ = ["Declaration", "Entrants", "NamedPair", "TeamCovariates", "declare", "named_covariates"]
