from .candidates import EdgeSource as EdgeSource
from .certificate import (
    Certificate as Certificate,
    Proof as Proof,
    check_certificate as check_certificate,
    prove_bound as prove_bound,
)
from .pricing import Progress as Progress
from .problem import EdgeBlock as EdgeBlock, MatchingProblem as MatchingProblem, Mode as Mode
from .scaling import ScaledValues as ScaledValues, scale_values as scale_values
from .slack import EdgeSlack as EdgeSlack
from .solution import MatchingSolution as MatchingSolution, NoPerfectMatchingError as NoPerfectMatchingError
from .solving import solve as solve
