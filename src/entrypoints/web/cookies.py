"""Cookies of the web UI. Scripts cannot read them, and other sites cannot have them sent."""

from datetime import timedelta

from fastapi import Request, Response

from domain.known_origins import ORIGIN_LIFETIME, Origin
from domain.token_requests import IssuedToken
from entrypoints.http.client_address import client_address
from entrypoints.http.cookies import SECURE_KEY, SESSION_COOKIE, cookie_name

VISITOR_COOKIE = "tintype_visitor"
"""The cookie with the form secret of a visitor without a session."""

DEVICE_COOKIE = "tintype_device"
"""The cookie of a known device, so that others who guess the password cannot lock out its user."""


def sign_in(response: Response, request: Request, signed_in: IssuedToken) -> None:
    """Set the cookies of the session and of the known device. Delete the visitor's cookie, so that a secret planted or
    read earlier is useless for later forms."""
    set_cookie(
        response,
        request,
        SESSION_COOKIE,
        signed_in.secret,
        signed_in.token.expires_at - signed_in.token.created_at,
    )
    if signed_in.device:
        set_cookie(response, request, DEVICE_COOKIE, signed_in.device, ORIGIN_LIFETIME)
    set_cookie(response, request, VISITOR_COOKIE, "", timedelta(0))


def sign_in_origin(request: Request) -> Origin:
    """Return the origin of a sign-in."""
    device = request.cookies.get(cookie_name(request, DEVICE_COOKIE))
    return Origin(client_address(request), device, request.headers.get("user-agent", ""))


def sign_out(response: Response, request: Request) -> None:
    """Delete the session's cookie, and clear pages and images from the browser's caches and storage."""
    set_cookie(response, request, SESSION_COOKIE, "", timedelta(0))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def set_cookie(response: Response, request: Request, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Set a cookie. Without `lifetime` it ends with the browser's session."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=None if lifetime is None else int(lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.scope[SECURE_KEY],
    )
