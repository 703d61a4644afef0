"""Names of cookies: the REST API reads the session cookie, the web UI sets all of them."""

from fastapi import Request

SESSION_COOKIE = "tintype_session"
"""The cookie with the session token of the web UI."""
SECURE_KEY = "tintype.secure"
"""The key in a request's scope that states whether the browser uses TLS."""


def cookie_name(request: Request, name: str) -> str:
    """Return the cookie's name. Under TLS it has the prefix that only lets this host set the cookie, over TLS. Neither
    a sibling host nor an attacker on the network can set it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if request.scope[SECURE_KEY] else name
