"""Base classes of all schemas."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer


def _format_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Timestamp = Annotated[datetime, PlainSerializer(_format_utc, return_type=str)]
"""RFC 3339, in UTC with a Z."""


class Out(BaseModel):
    """A response."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """A request body. Unknown fields and wrong types are rejected, never converted."""

    model_config = ConfigDict(extra="forbid", strict=True)
