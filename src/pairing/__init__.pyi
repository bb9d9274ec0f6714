from . import plots as plots
from .cohort import (
    Cohort as Cohort,
    Indicator as Indicator,
    cohort_from_frame as cohort_from_frame,
    with_joiners as with_joiners,
)
from .data import (
    load_audit as load_audit,
)
from .errors import (
    CertificateError as CertificateError,
    FileAccessError as FileAccessError,
    InfeasibleMatchingError as InfeasibleMatchingError,
    InputDataError as InputDataError,
    PairingError as PairingError,
    Problem as Problem,
    SettingsError as SettingsError,
    SolverError as SolverError,
)
from .files.columns import (
    column_dictionary as column_dictionary,
)
from .files.programme import (
    read_programme as read_programme,
)
from .files.result_folder import (
    ResultFolder as ResultFolder,
    read_result_folder as read_result_folder,
)
from .inference import (
    Analysis as Analysis,
    AnalysisPlan as AnalysisPlan,
    analyse as analyse,
    minimum_detectable_effect as minimum_detectable_effect,
)
from .lottery import (
    Design as Design,
    Draw as Draw,
    ImpossibleLotteryError as ImpossibleLotteryError,
    Lottery as Lottery,
    balance_table as balance_table,
    constrained_lottery as constrained_lottery,
    covariates_of_units as covariates_of_units,
    draw_lottery as draw_lottery,
    draw_then_pair as draw_then_pair,
    draw_then_pair_lottery as draw_then_pair_lottery,
    matched_pair as matched_pair,
    pair_then_draw as pair_then_draw,
    recipe as recipe,
    same_arm as same_arm,
    seed_text as seed_text,
    simple as simple,
    stratified as stratified,
    uniform_lottery as uniform_lottery,
)
from .matching import (
    Certificate as Certificate,
    MatchingProblem as MatchingProblem,
    MatchingSolution as MatchingSolution,
    check_certificate as check_certificate,
    scale_values as scale_values,
    solve as solve,
)
from .pairs import (
    PairModel as PairModel,
    PairTable as PairTable,
    Preferences as Preferences,
)
from .planning import (
    Alternatives as Alternatives,
    Diagnosis as Diagnosis,
    Flex as Flex,
    HostGroup as HostGroup,
    LinearConstraint as LinearConstraint,
    MaxPairsOver as MaxPairsOver,
    MaxPairsPer as MaxPairsPer,
    MaxTotal as MaxTotal,
    MinPairsAcross as MinPairsAcross,
    NextBest as NextBest,
    NoFullPairingError as NoFullPairingError,
    Overview as Overview,
    PairCard as PairCard,
    PairExplanation as PairExplanation,
    Pairing as Pairing,
    RandomPairings as RandomPairings,
    Repair as Repair,
    Robustness as Robustness,
    Round as Round,
    Rounds as Rounds,
    SideConstraintsError as SideConstraintsError,
    Standby as Standby,
    TeamExplanation as TeamExplanation,
    TradeOff as TradeOff,
    assess_robustness as assess_robustness,
    best_pairing as best_pairing,
    diagnose as diagnose,
    fairest_pairing as fairest_pairing,
    next_best_partners as next_best_partners,
    ordered_pairing as ordered_pairing,
    pair as pair,
    pairing_with_triad as pairing_with_triad,
    plan_rounds as plan_rounds,
    repair as repair,
    rule_prices as rule_prices,
    standby as standby,
)
from .profiles import (
    Profiles as Profiles,
    estimate_profiles as estimate_profiles,
)
from .report import (
    render_report as render_report,
)
from .rules import (
    Caliper as Caliper,
    Different as Different,
    Forbid as Forbid,
    Locked as Locked,
    MaxDistance as MaxDistance,
    MaxLevelGap as MaxLevelGap,
    MaxSizeRatio as MaxSizeRatio,
    MaxTravel as MaxTravel,
    MinDistance as MinDistance,
    NotNearest as NotNearest,
    Previous as Previous,
    Require as Require,
    RuleSet as RuleSet,
    Same as Same,
    TravelTable as TravelTable,
)
from .verification import (
    Verification as Verification,
    verify as verify,
)
from .version import (
    __version__ as __version__,
)
