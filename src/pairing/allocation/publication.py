"""What is published before the draw: everything about the lottery that anyone may want to check."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairing.inference import estimand
from pairing.lottery import lottery_record, lottery_warnings, recipe, same_arm
from pairing.version import __version__
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pairing.allocation.declare import Declaration
    from pairing.lottery import Covariates, SameArm
    from pairing.lottery.telling import Tell

POOL_NAME = "lottery.csv"


def publication(
    declaration: Declaration,
    *,
    flow: Mapping[str, int],
    pairs_sha256: str | None,
    progress: Tell | None = None,
) -> dict[str, Any]:
    """Put together what is published of a lottery, but for the inputs and the seal.

    Parameters
    ----------
    declaration : Declaration
        The declared lottery.
    flow : mapping of str to int
        Teams at each stage up to those that take part in the programme.
    pairs_sha256 : str, optional
        SHA-256 of `pairs.csv`, where teams were paired before.
    progress : callable, optional
        Told what is being done, and how many of how many steps of it are done.

    Returns
    -------
    dict
        JSON-safe; the same for the same teams and settings.
    """
    lottery, entrants = declaration.lottery, declaration.entrants
    record = lottery_record(lottery)
    arms = same_arm(lottery, progress)
    pool_file = POOL_NAME if lottery.listed else None
    return {
        "version": __version__,
        "design": _design(declaration, record),
        "units": record["members"],
        "left_out": list(entrants.left_out),
        "counts": {
            "draws": record["n_draws"],
            "tickets": record["n_tickets"],
            "listed": record["listed"],
            # Equally likely draws too many for a floating-point number; "draws" has them exactly.
            "effective_draws": _finite(lottery.effective_draws),
            "largest_weight": record["largest_weight"],
        },
        "chances": record["chances"],
        "largest_chance_error": record["largest_chance_error"],
        "pool": {
            "file": pool_file,
            "text": None if lottery.listed else lottery.canonical_text(),
            "sha256": lottery.sha256,
        },
        "covariates": _covariates(declaration.covariates),
        "origin": record["origin"],
        "same_arm": _same_arm(arms),
        "warnings": list(lottery_warnings(lottery, declaration.analysis.alpha, arms)),
        "reserves": lottery.n_reserves,
        "estimand": estimand(lottery),
        "recipe": recipe(lottery),
        "analysis": _analysis(declaration),
        "minimum_detectable_effect": _detectable(declaration),
        "flow": dict(flow) | _paired(declaration),
        "settings": {
            "lottery": declaration.settings.model_dump(mode="json"),
            "analysis": declaration.analysis.model_dump(mode="json"),
        },
        "profiles": entrants.profiles.model.to_dict(),
        "pairs_sha256": pairs_sha256,
        "files": {} if pool_file is None else {pool_file: lottery.sha256},
    }


def _design(declaration: Declaration, record: Mapping[str, object]) -> dict[str, object]:
    lottery = declaration.lottery
    left_out = len(declaration.entrants.left_out)
    outside = (
        f"The {counted(left_out, 'team')} without a partner {'does' if left_out == 1 else 'do'} not take "
        "part in the lottery: neither intervention nor control."
    )
    return {
        "kind": lottery.design.kind,
        "sentence": lottery.design.sentence(lottery.unit_noun),
        "unit": "pair" if len(lottery.members[0]) > 1 else "team",
        "n_units": lottery.design.n_units,
        "n_drawn": lottery.design.n_drawn,
        "strata": record["strata"],
        "drawn": record["drawn"],
        "left_out": outside if left_out else "Every team of the programme takes part in the lottery.",
    }


def _covariates(covariates: Covariates | None) -> dict[str, object] | None:
    if covariates is None:
        return None
    return {
        "columns": list(covariates.names),
        "weights": covariates.weights.tolist(),
        "sd_teams": covariates.sd.tolist(),
        "notes": list(covariates.notes),
    }


def _same_arm(found: SameArm) -> dict[str, object]:
    lowest, highest = found.extremes()
    free_lowest, free_highest = replace(found, probabilities=found.unconstrained).extremes()
    return {
        "lowest": lowest,
        "highest": highest,
        "lowest_unconstrained": free_lowest,
        "highest_unconstrained": free_highest,
        "always": [list(pair) for pair in found.always],
        "never": [list(pair) for pair in found.never],
    }


def _analysis(declaration: Declaration) -> dict[str, object]:
    plan = declaration.plan
    return {"plan": plan.canonical_text(), "sha256": plan.sha256()}


def _detectable(declaration: Declaration) -> dict[str, object] | None:
    found = declaration.detectable
    if found is None:
        return None
    return {
        "effect": _finite(found.effect),
        "power": found.power,
        "alpha": found.alpha,
        "simulations": len(found.thresholds),
        "seed": declaration.settings.pool_seed,
        "sentence": found.summary(),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _paired(declaration: Declaration) -> dict[str, int]:
    if declaration.entrants.pairs is None:
        return {}
    return {
        "paired": len(declaration.entrants.teams),
        "without a partner": len(declaration.entrants.left_out),
    }
