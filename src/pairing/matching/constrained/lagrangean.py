"""A bound on matchings under side constraints, proven by an ordinary matching certificate.

A price for every constraint that is at least 0 turns the constraints into weights: take the price of what
an edge spends off its weight. A matching that keeps to every limit loses by this at most the price of the
limits, so no such matching weighs more than the best matching of the new weights plus that. The best
matching of the new weights is bounded by its certificate; everything is exact, and no solver is needed to
check it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.proof.certificate import Certificate, prove_bound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pairing.matching.constrained.side_rows import SideRow
    from pairing.matching.problem import MatchingProblem


@dataclass(frozen=True, eq=False)
class LagrangeanBound:
    """Prices of side constraints, and duals that bound every matching at those prices.

    Parameters
    ----------
    prices : tuple of Fraction
        Price of each constraint, in units of weight for one unit of its coefficients; at least 0.
    price_of_a_pair : Fraction
        Price of each pair, of any sign, where the number of pairs is fixed below the greatest possible.
    scale : int
        By how much the weights were multiplied, so that they could be rounded up to whole numbers after
        the prices were taken off.
    certificate : Certificate
        Duals for the rounded weights.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", Mathematical Programming Study 2.
    """

    prices: tuple[Fraction, ...]
    price_of_a_pair: Fraction
    scale: int
    certificate: Certificate = field(repr=False)

    def prove(
        self, problem: MatchingProblem, rows: Sequence[SideRow], n_pairs: int | None, *, tolerance: int = 0
    ) -> Fraction:
        """Prove from the duals alone what a matching can weigh at most that keeps to every limit.

        Parameters
        ----------
        problem : MatchingProblem
            Every permitted edge.
        rows : sequence of SideRow
            The constraints, one for each price.
        n_pairs : int or None
            Pairs of the matchings in question; None for any number.
        tolerance : int
            Units by which each weight may differ from the weight that was proven, as when values are
            recomputed on another machine; the bound grows by as much for each possible pair.

        Returns
        -------
        Fraction
            No such matching weighs more, in units of the weights.

        Raises
        ------
        CertificateError
            If the prices or the duals prove nothing; every clause that fails has its sentence.

        Examples
        --------
        >>> from pairing.matching.problem import MatchingProblem
        >>> from pairing.matching.constrained.side_rows import SideRow
        >>> path = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
        >>> duals = Certificate(4, 0, (0, 6, 8, 0), (-1,) * 4, (), ())
        >>> bound = LagrangeanBound((Fraction(1),), Fraction(0), 1, duals)
        >>> bound.prove(path, [SideRow(np.array([0, 1, 0]), 0.0, "not the middle")], None)
        Fraction(7, 1)
        """
        failures = self._failures(rows, n_pairs)
        if failures:
            raise CertificateError(failures)
        weights = priced_weights(problem, rows, self.prices, self.price_of_a_pair, self.scale)
        block = (problem.first, problem.second, weights)
        allowed = tolerance * self.scale + (1 if tolerance else 0)  # rounding up adds less than 1
        at_most = prove_bound(self.certificate, n_pairs or 0, [block], tolerance=allowed)
        return Fraction(at_most, self.scale) + self.price_of_limits(rows, n_pairs)

    def price_of_limits(self, rows: Sequence[SideRow], n_pairs: int | None) -> Fraction:
        """What all limits together cost at these prices."""
        spent = sum(
            (price * row.limit * row.unit for price, row in zip(self.prices, rows, strict=True)), Fraction(0)
        )
        return spent + self.price_of_a_pair * (n_pairs or 0)

    def to_dict(self) -> dict[str, Any]:
        """Give the bound as a JSON-safe dictionary."""
        return {
            "prices": [str(price) for price in self.prices],
            "price_of_a_pair": str(self.price_of_a_pair),
            "scale": self.scale,
            "certificate": self.certificate.to_dict(),
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LagrangeanBound:
        """Read a bound back that :meth:`to_dict` gave, perhaps by way of JSON; not yet checked.

        Raises
        ------
        CertificateError
            If an entry is missing or is no fraction.
        """
        try:
            prices = tuple(Fraction(str(price)) for price in data["prices"])
            of_a_pair, scale = Fraction(str(data["price_of_a_pair"])), data["scale"]
            certificate = Certificate.from_dict(data["certificate"])
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise CertificateError([f"the prices of the side constraints cannot be read: {error}"]) from error
        return LagrangeanBound(prices, of_a_pair, scale, certificate)

    def _failures(self, rows: Sequence[SideRow], n_pairs: int | None) -> list[str]:
        failures = []
        if len(self.prices) != len(rows):
            failures.append(f"there are {len(self.prices)} prices for {len(rows)} side constraints")
        if any(price < 0 for price in self.prices):
            failures.append("the price of a side constraint is negative")
        if isinstance(self.scale, bool) or not isinstance(self.scale, int) or self.scale < 1:
            failures.append(f"the scale of {self.scale!r} is not a whole number of at least 1")
        if n_pairs is None and (self.price_of_a_pair or self.certificate.cardinality_bonus):
            failures.append("pairs have a price although any number of pairs will do")
        return failures


def priced_weights(
    problem: MatchingProblem,
    rows: Sequence[SideRow],
    prices: Sequence[Fraction],
    price_of_a_pair: Fraction,
    scale: int,
) -> NDArray[Any]:
    """Take what each edge spends off its weight, scale, and round up to whole numbers.

    Parameters
    ----------
    problem : MatchingProblem
        The edges and their weights.
    rows : sequence of SideRow
        The constraints.
    prices : sequence of Fraction
        Price of each.
    price_of_a_pair : Fraction
        Taken off every edge.
    scale : int
        Factor before rounding.

    Returns
    -------
    ndarray of int64 or Python integers, shape (m,)
        The weights at these prices.
    """
    priced = [(price * row.unit, row) for price, row in zip(prices, rows, strict=True) if price]
    denominator = lcm(price_of_a_pair.denominator, *(price.denominator for price, _ in priced))
    if not priced and denominator == 1:
        lifted = scale * problem.weights.astype(object) - scale * int(price_of_a_pair)
        return _narrow(lifted)
    total = (scale * denominator) * problem.weights.astype(object) - int(
        scale * denominator * price_of_a_pair
    )
    for price, row in priced:
        factor = int(scale * denominator * price)
        spends = np.flatnonzero(row.multiples)
        total[spends] -= factor * row.multiples[spends].astype(object)
    return _narrow(-((-total) // denominator))


def _narrow(integers: NDArray[Any]) -> NDArray[Any]:
    if integers.size == 0 or (integers.min() > -(2**62) and integers.max() < 2**62):
        return integers.astype(np.int64)
    return integers
