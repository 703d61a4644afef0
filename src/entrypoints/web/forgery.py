"""Forms that only pages of this site can send.

A form carries a token that is computed from a cookie which other sites can neither read nor set: that of the session,
or one of its own where nobody is signed in. The token looks different on every page (it is masked with fresh random
bytes), so that a compressed page gives nothing of it away (the BREACH attack; Django masks its tokens so too).
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from fastapi import Request, Response

from domain.errors import Forbidden
from entrypoints.rest.dependencies import SESSION_COOKIE, cookie_name
from entrypoints.web.cookies import VISITOR_COOKIE, put

FIELD = "form_token"
_SIZE = hashlib.sha256().digest_size


class StaleForm(Forbidden):
    """The form is of an earlier session, or forged: the two cannot be told apart. `form_token` is one for now."""

    code = "stale_form"

    def __init__(self, form_token: str) -> None:
        super().__init__(
            "the form is not from a page of this session, so nothing was done; check what it says and send it again",
            form_token=form_token,
        )


class FormKey:
    """What signs the forms of one page."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._fresh = ""

    def token(self) -> str:
        """For one form."""
        secret = secret_of(self._request)
        if secret is None:
            secret = self._fresh = self._fresh or secrets.token_urlsafe(32)
        mask = secrets.token_bytes(_SIZE)
        return base64.urlsafe_b64encode(mask + _xor(mask, _digest(secret))).decode()

    def leave(self, response: Response) -> None:
        """Give the visitor the cookie, if a form needed one that they do not have."""
        if self._fresh:
            put(response, self._request, VISITOR_COOKIE, self._fresh)


def is_fresh(request: Request, token: object) -> bool:
    """Whether it was made for this session, or for this visitor."""
    secret = secret_of(request)
    return isinstance(token, str) and secret is not None and _fits(token, secret)


def secret_of(request: Request) -> str | None:
    """What a page's forms are signed with. Of who is signed in it is the session's alone: a visitor's cookie may have
    been planted by somebody else."""
    if getattr(request.state, "session", None) is None:
        return request.cookies.get(cookie_name(request, VISITOR_COOKIE))
    issued: str | None = getattr(request.state, "issued_secret", None)
    return issued or request.cookies.get(cookie_name(request, SESSION_COOKIE))


def _fits(token: str, secret: str) -> bool:
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(_xor(raw[:_SIZE], raw[_SIZE:]), _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"form\0" + secret.encode("utf-8", "surrogatepass")).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
