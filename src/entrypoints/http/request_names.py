"""Names of requests for metrics and traces. They contain nothing that a client can invent."""

import re

from starlette.types import Scope

_CONVERTER = re.compile(r":\w+\}")
"""The pattern of a path parameter: `{name:path}`."""
_PREFIXES = {"", "/v1", "/v2"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def method_name(scope: Scope) -> str:
    """Return the method; `other` for unknown ones."""
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def route_template(scope: Scope) -> str:
    """Return a template such as `/v1/posts/{post_id}`; '' for an unknown path. A route does not know the prefix under
    which its application is mounted, so the part of the path before the route is used. The rest is client input and not
    repeated."""
    route = getattr(scope.get("route"), "path", "")
    if not route:
        return ""
    path, filled = str(scope["path"]), _CONVERTER.sub("}", route).format(**scope.get("path_params", {}))
    prefix = path.removesuffix(filled)
    return prefix + route if prefix in _PREFIXES else "other"
