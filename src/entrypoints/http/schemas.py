"""What every schema shares."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer


def _format_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Timestamp = Annotated[datetime, PlainSerializer(_format_utc, return_type=str)]
"""RFC 3339, in UTC with a Z."""


class Out(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """A request's body: unknown fields and wrong types are refused, never bent."""

    model_config = ConfigDict(extra="forbid", strict=True)
