"""Cookies: out of reach for scripts, and for what other sites send."""

from datetime import timedelta

from fastapi import Request, Response

from domain.known_origins import ORIGIN_LIFETIME, Origin
from domain.services.signing_in import IssuedToken
from entrypoints.http.client_address import client_address
from entrypoints.http.dependencies import SECURE_KEY, SESSION_COOKIE, cookie_name

VISITOR_COOKIE = "tintype_visitor"
"""Holds the secret of the forms of who is not signed in."""

DEVICE_COOKIE = "tintype_device"
"""Says that somebody signed in here before, so that who guesses their password cannot keep them out."""


def sign_in(response: Response, request: Request, signed_in: IssuedToken) -> None:
    """The session's token, for as long as it signs in, and by what this browser is known next time. The visitor's
    secret goes: whoever planted or read it knows nothing of the forms to come."""
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
    """From where somebody signs in."""
    return Origin(client_address(request), request.cookies.get(cookie_name(request, DEVICE_COOKIE)))


def sign_out(response: Response, request: Request) -> None:
    """And leave nothing behind: neither pages and pictures in the browser's caches, nor lists kept for going back."""
    set_cookie(response, request, SESSION_COOKIE, "", timedelta(0))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def set_cookie(response: Response, request: Request, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Without `life` it goes with the browser's session."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=None if lifetime is None else int(lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.scope[SECURE_KEY],
    )
