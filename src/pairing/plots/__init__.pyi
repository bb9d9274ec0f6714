from .draw_balance import (
    balance_distribution as balance_distribution,
)
from .draw_funnel import (
    funnel_plot as funnel_plot,
)
from .draw_love import (
    love_plot as love_plot,
)
from .draw_map import (
    pair_map as pair_map,
)
from .draw_profiles import (
    profile_pair as profile_pair,
)
from .draw_quality import (
    quality_against_random as quality_against_random,
)
from .draw_randomisation import (
    randomisation_distribution as randomisation_distribution,
)
from .draw_robustness import (
    robustness_plot as robustness_plot,
)
from .draw_same_arm import (
    same_arm_heatmap as same_arm_heatmap,
)
from .draw_tradeoff import (
    tradeoff_curve as tradeoff_curve,
)
from .draw_values import (
    value_heatmap as value_heatmap,
)
