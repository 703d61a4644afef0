"""Conversion of pydantic's errors to field errors: the field, the rule, the limit, the actual value."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import FieldError

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_allowed",
    "enum": "not_allowed",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "value_error": "bad_format",
}
MAX_ERRORS = 20
"""The maximum number of errors reported for a request, so that a megabyte of errors does not cause a response of
ten."""
_MAX_NAME = 100
_LOCATIONS = {"body", "query", "path", "header", "cookie"}


def field_errors(found: Sequence[Any]) -> tuple[FieldError, ...]:
    """Convert `ValidationError.errors()`. Input is repeated only if it is short and plain."""
    return tuple(_field_error(error) for error in found[:MAX_ERRORS])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind, context = str(error["type"]), error.get("ctx", {})
    return FieldError(
        field=_field_name(error["loc"]),
        code=_CODES.get(kind, "wrong_type"),
        detail=_detail(kind, str(error["msg"])),
        limit=_limit(kind, context),
        actual=_actual(error.get("input")) if _CODES.get(kind) in {"out_of_range", "not_allowed"} else None,
    )


def _field_name(location: Sequence[object]) -> str:
    """Return `image_ids.3` for ("body", "image_ids", 3), and `body` for the body itself."""
    parts = [str(part) for part in location]
    if parts and parts[0] in _LOCATIONS:
        parts = parts[1:] or [parts[0]]
    return ".".join(parts)[:_MAX_NAME].encode("utf-8", "backslashreplace").decode() or "body"


def _detail(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not a field of this request; leave it out"
    if kind == "missing":
        return "is missing"
    return message[:1].lower() + message[1:]


def _limit(kind: str, context: Mapping[str, Any]) -> object:
    if kind in {"literal_error", "enum"}:
        return context.get("expected")
    return next((context[name] for name in ("ge", "le", "max_length", "min_length") if name in context), None)


def _actual(value: object) -> object:
    return value if isinstance(value, int | float | bool) else str(value)[:100]
