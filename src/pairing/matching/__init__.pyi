from .changes.forced import (
    BoundMatching as BoundMatching,
    avoid_edge as avoid_edge,
    cheapest_held_edges as cheapest_held_edges,
    hold_edge as hold_edge,
)
from .constrained.constrained_solution import (
    ConstrainedProgress as ConstrainedProgress,
    ConstrainedSolution as ConstrainedSolution,
    NoConstrainedMatchingError as NoConstrainedMatchingError,
)
from .constrained.differing import (
    DifferingMatching as DifferingMatching,
    differing_matchings as differing_matchings,
)
from .constrained.lagrangean import LagrangeanBound as LagrangeanBound
from .constrained.linear import solve_constrained as solve_constrained
from .constrained.side_rows import SideRow as SideRow
from .edge_source import EdgeSource as EdgeSource, HeavyEdges as HeavyEdges
from .fair.fairness import leximin_weights as leximin_weights
from .fair.leximin import fairest_matching as fairest_matching
from .groups_of_three.gallai_edmonds import find_witness as find_witness
from .groups_of_three.triad_proof import (
    ProvenTriad as ProvenTriad,
    TriadProof as TriadProof,
    check_triad_proof as check_triad_proof,
)
from .groups_of_three.triad_search import TriadSolution as TriadSolution, best_with_triad as best_with_triad
from .kth_best.ranked import RankedMatching as RankedMatching, Ranking as Ranking
from .kth_best.ranking import RankingProgress as RankingProgress, rank_matchings as rank_matchings
from .kth_best.ranking_proof import RankingProof as RankingProof, check_ranking as check_ranking
from .large.pricing import Progress as Progress
from .problem import EdgeBlock as EdgeBlock, MatchingProblem as MatchingProblem, Mode as Mode
from .proof.certificate import (
    Certificate as Certificate,
    Proof as Proof,
    bound_of as bound_of,
    check_certificate as check_certificate,
    prove_bound as prove_bound,
)
from .proof.slack import EdgeSlack as EdgeSlack
from .proof.witness import Witness as Witness, check_witness as check_witness
from .scaling import ScaledValues as ScaledValues, scale_values as scale_values
from .solution import MatchingSolution as MatchingSolution, NoPerfectMatchingError as NoPerfectMatchingError
from .solving import solve as solve
