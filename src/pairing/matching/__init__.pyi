from .certificate import (
    Certificate as Certificate,
    Proof as Proof,
    bound_of as bound_of,
    check_certificate as check_certificate,
    prove_bound as prove_bound,
)
from .constrained_solution import (
    ConstrainedProgress as ConstrainedProgress,
    ConstrainedSolution as ConstrainedSolution,
    NoConstrainedMatchingError as NoConstrainedMatchingError,
)
from .differing import DifferingMatching as DifferingMatching, differing_matchings as differing_matchings
from .edge_source import EdgeSource as EdgeSource, HeavyEdges as HeavyEdges
from .fairness import leximin_weights as leximin_weights
from .forced import (
    BoundMatching as BoundMatching,
    avoid_edge as avoid_edge,
    cheapest_held_edges as cheapest_held_edges,
    hold_edge as hold_edge,
)
from .gallai_edmonds import find_witness as find_witness
from .lagrangean import LagrangeanBound as LagrangeanBound
from .leximin import fairest_matching as fairest_matching
from .linear import solve_constrained as solve_constrained
from .pricing import Progress as Progress
from .problem import EdgeBlock as EdgeBlock, MatchingProblem as MatchingProblem, Mode as Mode
from .ranked import RankedMatching as RankedMatching, Ranking as Ranking
from .ranking import RankingProgress as RankingProgress, rank_matchings as rank_matchings
from .ranking_proof import RankingProof as RankingProof, check_ranking as check_ranking
from .scaling import ScaledValues as ScaledValues, scale_values as scale_values
from .side_rows import SideRow as SideRow
from .slack import EdgeSlack as EdgeSlack
from .solution import MatchingSolution as MatchingSolution, NoPerfectMatchingError as NoPerfectMatchingError
from .solving import solve as solve
from .triad_proof import (
    ProvenTriad as ProvenTriad,
    TriadProof as TriadProof,
    check_triad_proof as check_triad_proof,
)
from .triad_search import TriadSolution as TriadSolution, best_with_triad as best_with_triad
from .witness import Witness as Witness, check_witness as check_witness
