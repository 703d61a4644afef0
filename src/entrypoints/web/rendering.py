"""Templates become answers. What a template says is escaped unless it is markup already."""

import gzip
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.errors import NotFound
from domain.people import Profile
from domain.tokens import Session
from domain.users import Role
from entrypoints.rest.dependencies import SECURE_KEY, container_of
from entrypoints.web import pictures, words
from entrypoints.web.assets import assets, takes_gzip
from entrypoints.web.forgery import FormKey
from entrypoints.web.forms import TAKEN

TEMPLATES = Path(__file__).with_name("templates")
_OWN_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _OWN_ONLY,
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, Accept-Encoding, HX-Request",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as the frame of every page shows them."""

    profile: Profile
    unread: int
    is_admin: bool


@cache
def environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["asset"] = assets().url
    found.globals |= {name: getattr(pictures, name) for name in pictures.__all__}
    found.filters |= {name: getattr(words, name) for name in words.__all__}
    return found


async def page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """A whole page, with who is signed in at its edge."""
    response = _answered(request, template, status, {**values, "reader": await _reader(request)})
    response.headers.update(values.get("refusal", TAKEN).headers)
    return response


def bare(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """A page, or a part of one, that asks nobody who is signed in."""
    return _answered(request, template, status, {**values, "reader": None})


def is_partial(request: Request) -> bool:
    """Whether a script asks, to change a part of the page that it is on."""
    return request.headers.get("hx-request") == "true"


def _answered(request: Request, template: str, status: int, values: dict[str, Any]) -> Response:
    session = cast("Session | None", getattr(request.state, "session", None))
    key, container = FormKey(request), container_of(request)
    html = (
        environment()
        .get_template(template)
        .render(
            viewer=session.user_id if session else None,
            form_token=key.token,
            new_form_id=lambda: secrets.token_urlsafe(16),
            now=container.clock().now(),
            limits=container.limits(),
            url=request.url,
            origin=container.config.public_url().rstrip("/") or f"{_scheme(request)}://{request.url.netloc}",
            **values,
        )
        .encode()
    )
    headers = dict(_HEADERS)
    if takes_gzip(request):
        html, headers["Content-Encoding"] = gzip.compress(html, 6, mtime=0), "gzip"
    response = Response(html, status, headers, "text/html; charset=utf-8")
    key.leave(response)
    return response


def _scheme(request: Request) -> str:
    return "https" if request.scope[SECURE_KEY] else "http"


async def _reader(request: Request) -> Reader | None:
    session = cast("Session | None", getattr(request.state, "session", None))
    if session is None:
        return None
    container = container_of(request)
    try:
        profile = await container.accounts().profile(session.username, session.user_id)
    except NotFound:  # the account has just gone
        return None
    return Reader(profile, await container.notifying().unread_count(session.user_id), session.role is Role.ADMIN)
