"""`[flex]`: rules that may move together when not everyone can be paired, and how far each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pairing.programme.strict import Names, NotNegative, Settings

if TYPE_CHECKING:
    from pairing.planning.diagnosis import Flex

Positive = Annotated[float, Field(gt=0)]


class FlexSettings(Settings):
    """The furthest limit of each rule that may move, and which rule should move least."""

    min_distance_km: NotNegative | None = None
    max_distance_km: NotNegative | None = None
    max_travel_minutes: NotNegative | None = None
    not_nearest: Annotated[int, Field(ge=0)] | None = None
    max_size_ratio: Annotated[float, Field(ge=1)] | None = None
    max_level_gap: NotNegative | None = None
    calipers: dict[str, NotNegative] = Field(default_factory=dict)
    order: Names = ()
    weights: dict[str, Positive] = Field(default_factory=dict)

    def to_flex(self) -> Flex:
        """Give what :func:`pairing.diagnose` takes."""
        from pairing.planning.diagnosis import Flex

        numbers = self.model_dump(exclude={"calipers", "order", "weights"})
        limits = {key: float(limit) for key, limit in numbers.items() if limit is not None}
        limits |= {f"calipers.{column}": width for column, width in self.calipers.items()}
        return Flex(limits, self.order, self.weights)
