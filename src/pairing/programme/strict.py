"""What every section of the settings has in common: strictness, and the kinds of values that occur."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def listed(value: object) -> object:
    """Take a TOML list for the tuple that it stands for."""
    return tuple(value) if isinstance(value, list) else value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]*$")]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed)]
NotNegative = Annotated[float, Field(ge=0)]


class Settings(BaseModel):
    """A section of the settings: immutable, strict, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
