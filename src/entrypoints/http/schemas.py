"""Base classes of all schemas."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, WithJsonSchema, create_model
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

Id = Annotated[UUID, WithJsonSchema({"type": "string"})]
"""An id, which is opaque to clients."""

Timestamp = Annotated[datetime, WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339. Times of the domain are in UTC, which msgspec writes as a Z."""


class Out(msgspec.Struct, gc=False):
    """A response. msgspec writes it as JSON, without validation. Pydantic describes it in the OpenAPI document."""

    @classmethod
    def name_of(cls, _arguments: tuple[Any, ...]) -> str:
        """Return the name in the OpenAPI document; `arguments` are those of a generic class."""
        return cls.__name__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            lambda value, _validate: value,
            handler.generate_schema(_describe(source)),
            serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
        )


@cache
def _describe(source: Any) -> type[BaseModel]:
    """Return a pydantic model with the fields of `source`, a subclass of `Out` with its arguments. It has no purpose
    other than the OpenAPI document."""
    origin, arguments = get_origin(source) or source, get_args(source)
    types = dict(zip(getattr(origin, "__parameters__", ()), arguments, strict=True))
    hints = get_type_hints(origin, include_extras=True)
    fields: dict[str, Any] = {
        field.name: (_substitute(hints[field.name], types), ... if field.required else field.default)
        for field in msgspec.structs.fields(origin)
    }
    if any(isinstance(default, FieldInfo) for _, default in fields.values()):
        raise TypeError(f"{origin.__name__}: a response describes its fields as Annotated[type, Field(...)]")
    description = None if arguments else origin.__doc__
    return create_model(origin.name_of(arguments), __doc__=description, __module__=origin.__module__, **fields)


def _substitute(hint: Any, types: dict[TypeVar, Any]) -> Any:
    """Return the hint with the arguments of the generic class."""
    parameters = getattr(hint, "__parameters__", ())
    return hint[tuple(types[parameter] for parameter in parameters)] if parameters else hint


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
