"""The fitted parameters: everything that a profile needs beside the observations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.profiles.heterogeneity import Heterogeneity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ProfileModel:
    """How teams differ from one another: means, and the covariance between teams.

    All figures are in the indicators' own units, with the sign turned where lower is better.

    Parameters
    ----------
    indicators : tuple of str, length K
        Columns of the indicators.
    usable : tuple of bool, length K
        Whether the teams really differ on the indicator: Cochran's p at most .05 and a fitted variance
        above 0.
    mean : ndarray of float, shape (K,)
        Mean of the true values.
    covariance : ndarray of float, shape (K, K)
        Covariance of the true values between teams, in that year; zeros for indicators that are not usable.
    pooled : ndarray of float, shape (K,)
        Pooled proportions behind the sampling variances; NaN where standard errors were given.
    heterogeneity : tuple of Heterogeneity, length K
        Cochran's test of each indicator.
    log_likelihood : float
        Restricted log-likelihood of the indicators whose teams differ beyond chance; 0 if there is none.
    n_iterations : int
        Steps that the fit took.
    converged : bool
        Whether the fit came to rest.
    dispersion : float
        What every sampling variance was multiplied by.

    Raises
    ------
    InputDataError
        If shapes disagree or a figure is impossible (a covariance that is none, say).
    """

    indicators: tuple[str, ...]
    usable: tuple[bool, ...]
    mean: Array
    covariance: Array
    pooled: Array
    heterogeneity: tuple[Heterogeneity, ...]
    log_likelihood: float
    n_iterations: int
    converged: bool
    dispersion: float

    def __post_init__(self) -> None:
        for name in ("mean", "covariance", "pooled"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        problems = _shape_problems(self) or _figure_problems(self)
        if problems:
            raise InputDataError(problems)

    def __repr__(self) -> str:
        return f"ProfileModel({len(self.indicators)} indicators, {sum(self.usable)} usable)"

    @property
    def sd(self) -> Array:
        """Between-team standard deviation of each indicator, shape (K,); 0 where not usable."""
        return np.sqrt(np.diag(self.covariance))

    def to_dict(self) -> dict[str, object]:
        """Give everything as a JSON-safe dictionary, from which :meth:`from_dict` makes an equal model."""
        return {
            "indicators": list(self.indicators),
            "usable": list(self.usable),
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "pooled": [None if math.isnan(value) else value for value in self.pooled.tolist()],
            "heterogeneity": [test.to_dict() for test in self.heterogeneity],
            "log_likelihood": self.log_likelihood,
            "n_iterations": self.n_iterations,
            "converged": self.converged,
            "dispersion": self.dispersion,
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, object]) -> ProfileModel:
        """Make a model from what :meth:`to_dict` gave.

        Parameters
        ----------
        facts : mapping
            The dictionary, as read from JSON.

        Returns
        -------
        ProfileModel
            The stored model.

        Raises
        ------
        InputDataError
            If a part is missing, of another kind, or impossible.
        """
        try:
            return cls(**_parts(facts))  # type: ignore[arg-type]  # kinds are checked where each part is read
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            if isinstance(error, InputDataError):
                raise
            raise InputDataError([f"the stored profile model cannot be read ({error})"]) from error


def _parts(facts: Mapping[str, object]) -> dict[str, object]:
    """Read every part in the kind that it must have."""
    tests = cast("list[Mapping[str, float]]", facts["heterogeneity"])
    pooled = cast("list[float | None]", facts["pooled"])
    return {
        "indicators": tuple(str(name) for name in cast("list[str]", facts["indicators"])),
        "usable": tuple(_flag(flag) for flag in cast("list[object]", facts["usable"])),
        "mean": np.array(facts["mean"], dtype=np.float64),
        "covariance": np.array(facts["covariance"], dtype=np.float64).reshape(len(pooled), -1),
        "pooled": np.array([math.nan if value is None else value for value in pooled], dtype=np.float64),
        "heterogeneity": tuple(
            Heterogeneity(float(test["q"]), int(test["degrees_of_freedom"]), float(test["p_value"]))
            for test in tests
        ),
        "log_likelihood": float(cast("float", facts["log_likelihood"])),
        "n_iterations": int(cast("int", facts["n_iterations"])),
        "converged": _flag(facts["converged"]),
        "dispersion": float(cast("float", facts["dispersion"])),
    }


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _shape_problems(model: ProfileModel) -> list[Problem]:
    k = len(model.indicators)
    shapes = {
        "usable": (len(model.usable),),
        "mean": model.mean.shape,
        "pooled": model.pooled.shape,
        "heterogeneity": (len(model.heterogeneity),),
        "covariance": model.covariance.shape,
    }
    wanted = {name: (k, k) if name == "covariance" else (k,) for name in shapes}
    return [
        Problem(f"the profile model's {name} has shape {shape}", expected=f"{wanted[name]}")
        for name, shape in shapes.items()
        if shape != wanted[name]
    ]


def _figure_problems(model: ProfileModel) -> list[Problem]:
    covariance, unusable = model.covariance, ~np.array(model.usable, dtype=bool)
    spread = np.diag(covariance)
    numbers = [*model.mean, *covariance.ravel(), model.log_likelihood]
    clauses = {
        "holds a figure that is not finite": not np.isfinite(numbers).all(),
        "has a dispersion that is not above 0": not (0 < model.dispersion < math.inf),
        "has a covariance that is not symmetric": not np.array_equal(covariance, covariance.T),
        "has a covariance for an indicator that is not usable": bool(
            covariance[unusable].any() or covariance[:, unusable].any()
        ),
        "has no variance for an indicator that is usable": bool(np.any(spread[~unusable] <= 0)),
        "has a pooled proportion outside 0 to 1": bool(np.any((model.pooled < 0) | (model.pooled > 1))),
        "has an impossible test of heterogeneity": not all(map(_is_possible, model.heterogeneity)),
    }
    wrong = [clause for clause, holds in clauses.items() if holds]
    if not wrong and not _is_semidefinite(covariance):
        wrong = ["has a covariance that no set of teams can have"]
    return [Problem(f"the profile model {clause}") for clause in wrong]


def _is_possible(test: Heterogeneity) -> bool:
    return test.q >= 0 and test.degrees_of_freedom >= 0 and 0 <= test.p_value <= 1


def _is_semidefinite(covariance: Array) -> bool:
    """Whether no combination of indicators has a negative variance, but for rounding."""
    sd = np.sqrt(np.diag(covariance))
    sd = np.where(sd > 0, sd, 1.0)
    return covariance.size == 0 or bool(np.linalg.eigvalsh(covariance / np.outer(sd, sd))[0] >= -1e-9)
