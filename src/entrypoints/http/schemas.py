"""Base classes of all schemas."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema


def _format_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Timestamp = Annotated[
    datetime,
    PlainSerializer(_format_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""RFC 3339, in UTC with a Z."""


class Out(BaseModel):
    """A response."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """A request body. Unknown fields and wrong types are rejected, never converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


def drop_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class Changes(Body):
    """The body of a PATCH. Fields that are not sent stay unchanged. So their defaults are not in the OpenAPI document:
    generated clients would send them."""

    model_config = ConfigDict(json_schema_extra=drop_defaults)
