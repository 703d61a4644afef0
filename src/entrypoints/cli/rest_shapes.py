"""Accounts and posts as JSON in the form of the REST API. The schemas are loaded when a shape is printed: they take as
long as the rest of a command, and text needs none."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Shape = Callable[[], dict[str, Any]]


def _shape_of(module: str, schema: str) -> Callable[[Any], Shape]:
    """Return a function from a value to its shape."""

    def convert(value: Any) -> dict[str, Any]:
        import msgspec

        schemas = import_module(f"entrypoints.rest.schemas.{module}")
        shape: dict[str, Any] = msgspec.to_builtins(getattr(schemas, schema).of(value))
        return shape

    return lambda value: lambda: convert(value)


user = _shape_of("users", "User")
post = _shape_of("posts", "Post")
terms = _shape_of("sign_ups", "Terms")
invite = _shape_of("sign_ups", "Invite")
comment = _shape_of("posts", "Comment")
similar_post = _shape_of("posts", "SimilarPost")
hit = _shape_of("posts", "SearchHit")
ranked_post = _shape_of("posts", "RankedPost")
report = _shape_of("moderation", "Report")
report_group = _shape_of("moderation", "ReportGroup")
decision = _shape_of("moderation", "ModeratorDecision")
log_entry = _shape_of("moderation", "LogEntry")
blocklist_entry = _shape_of("blocklist", "BlocklistEntry")
