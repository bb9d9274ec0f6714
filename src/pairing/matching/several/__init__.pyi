from .bound import BoundTree as BoundTree, prove_union_bound as prove_union_bound
from .proof import (
    RoundsCertificate as RoundsCertificate,
    RoundsProof as RoundsProof,
    check_rounds as check_rounds,
    most_rests as most_rests,
)
from .search import SearchProgress as SearchProgress
from .solving import RoundsSolution as RoundsSolution, solve_rounds as solve_rounds
