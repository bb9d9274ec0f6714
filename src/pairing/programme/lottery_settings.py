"""`[lottery]` and `[analysis]`: who gets the intervention by which lottery, and how outcomes are compared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pairing.programme.strict import Name, Names, NotNegative, Settings

WholeNumber = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]


class LotterySettings(Settings):
    """`[lottery]`: the declared design, what is balanced, and how the pool of draws is made."""

    design: Literal["pair-then-draw", "draw-then-pair", "matched-pair", "stratified", "simple"] = (
        "pair-then-draw"
    )
    intervention_pairs: AtLeastOne | None = None
    intervention_teams: AtLeastOne | None = None
    strata: Name | None = None
    intervention_per_stratum: dict[str, AtLeastOne] = Field(default_factory=dict)
    balance_on: Names = ()
    balance_weights: dict[str, NotNegative] = Field(default_factory=dict)
    missing: Literal["refuse", "mean-and-indicator"] = "refuse"
    candidates: AtLeastOne = 1_000_000
    keep: Annotated[float, Field(gt=0, le=1)] | None = None
    pool_seed: WholeNumber = 0
    reserves: WholeNumber = 0

    @property
    def draws_teams_first(self) -> bool:
        """Whether the lottery comes before any pairing."""
        return self.design in ("draw-then-pair", "simple")


class AnalysisSettings(Settings):
    """`[analysis]`: the analysis plan, which is hashed before the draw, and what to plan the size with."""

    outcomes: Names = ()
    primary: Name | None = None
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    alternative: Literal["two-sided", "greater", "less"] = "two-sided"
    adjust_for: Names = ()
    missing_outcomes: Literal["all-members", "available-members"] = "all-members"
    outcome_sd: Annotated[float, Field(gt=0)] | None = None
    pair_correlation: Annotated[float, Field(ge=-1, le=1)] = 0.0
