"""Protection against cross-site request forgery.

A form has a token computed from a cookie that other sites can neither read nor set: that of the session, or a separate
one without a session. The token is masked with new random bytes on every page, so that compression does not reveal it
(the BREACH attack; Django masks its tokens in the same way).
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from fastapi import Request, Response

from domain.errors import Forbidden
from entrypoints.http.cookies import SESSION_COOKIE, cookie_name
from entrypoints.web.cookies import VISITOR_COOKIE, set_cookie

TOKEN_FIELD = "form_token"  # noqa: S105 — a name
_DIGEST_SIZE = hashlib.sha256().digest_size


class StaleForm(Forbidden):
    """The form is from an earlier session or forged; the two cannot be distinguished. `form_token` is a valid token for
    the current session."""

    code = "stale_form"

    def __init__(self, form_token: str) -> None:
        super().__init__(
            "the form is not from a page of this session, so nothing was done; check what it says and send it again",
            form_token=form_token,
        )


class FormTokens:
    """Creates the form tokens of one page."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._fresh = ""

    def new_token(self) -> str:
        """Return a token for one form."""
        secret = form_secret(self._request)
        if secret is None:
            secret = self._fresh = self._fresh or secrets.token_urlsafe(32)
        mask = secrets.token_bytes(_DIGEST_SIZE)
        return base64.urlsafe_b64encode(mask + _xor(mask, _digest(secret))).decode()

    def set_visitor_cookie(self, response: Response) -> None:
        """Set the visitor's cookie if a form needed one and the visitor has none."""
        if self._fresh:
            set_cookie(response, self._request, VISITOR_COOKIE, self._fresh)


def is_valid_token(request: Request, token: object) -> bool:
    """Whether the token was made for this session or this visitor."""
    secret = form_secret(request)
    return isinstance(token, str) and secret is not None and _is_match(token, secret)


def form_secret(request: Request) -> str | None:
    """Return the secret that signs the forms of a page. With a session it is the session's, because a visitor's cookie
    may have been planted."""
    if getattr(request.state, "session", None) is None:
        return request.cookies.get(cookie_name(request, VISITOR_COOKIE))
    issued: str | None = getattr(request.state, "issued_secret", None)
    return issued or request.cookies.get(cookie_name(request, SESSION_COOKIE))


def _is_match(token: str, secret: str) -> bool:
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(_xor(raw[:_DIGEST_SIZE], raw[_DIGEST_SIZE:]), _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"form\0" + secret.encode("utf-8", "surrogatepass")).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
