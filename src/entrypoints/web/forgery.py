"""Forms that only our own pages can send.

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
from entrypoints.rest.dependencies import SESSION_COOKIE
from entrypoints.web.cookies import put

FIELD = "form_token"
VISITOR_COOKIE = "tintype_visitor"
_SIZE = hashlib.sha256().digest_size


class ForgedForm(Forbidden):
    def __init__(self) -> None:
        super().__init__("the form is not from a page of ours, or from one of long ago; reload the page, then send it")


class FormKey:
    """What signs the forms of one page."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._fresh = ""

    def token(self) -> str:
        """For one form."""
        secret = next(iter(_secrets(self._request)), None)
        if secret is None:
            secret = self._fresh = self._fresh or secrets.token_urlsafe(32)
        mask = secrets.token_bytes(_SIZE)
        return base64.urlsafe_b64encode(mask + _xor(mask, _digest(secret))).decode()

    def leave(self, response: Response) -> None:
        """Give the visitor the cookie, if a form needed one that they do not have."""
        if self._fresh:
            put(response, self._request, VISITOR_COOKIE, self._fresh)


def check(request: Request, token: object) -> None:
    """Raises `ForgedForm` unless it was made for this visitor."""
    if not isinstance(token, str) or not any(_fits(token, secret) for secret in _secrets(request)):
        raise ForgedForm


def _secrets(request: Request) -> list[str]:
    """The session's first. A form from before signing in, in another tab, is ours as well."""
    return [value for name in (SESSION_COOKIE, VISITOR_COOKIE) if (value := request.cookies.get(name))]


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
