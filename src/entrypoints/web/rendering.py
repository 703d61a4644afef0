"""Rendering of templates. Values are escaped unless they are markup already."""

import gzip
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.errors import NotFound
from domain.posts import SensitiveMedia
from domain.profiles import Profile
from domain.roles import Role
from domain.tokens import Session
from entrypoints.http.assets import accepts_gzip
from entrypoints.http.cookies import SECURE_KEY
from entrypoints.http.dependencies import container_of
from entrypoints.web import filters, images
from entrypoints.web.assets import assets
from entrypoints.web.csrf import FormTokens
from entrypoints.web.forms import NO_REFUSAL

TEMPLATES = Path(__file__).with_name("templates")
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, Accept-Encoding, HX-Request",
}


@dataclass(frozen=True, slots=True)
class PageUser:
    """The signed-in user, as displayed on every page."""

    profile: Profile
    unread: int
    role: Role
    is_asked_to_verify: bool

    @property
    def is_moderator(self) -> bool:
        return self.role.includes(Role.MODERATOR)

    @property
    def is_admin(self) -> bool:
        return self.role.includes(Role.ADMIN)


@cache
def environment() -> Environment:
    result = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    result.globals["asset"] = assets().url
    result.globals |= {name: getattr(images, name) for name in images.__all__}
    result.filters |= {name: getattr(filters, name) for name in filters.__all__}
    return result


async def render_page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """Render a whole page with the signed-in user."""
    response = _respond(request, template, status, {**values, "reader": await _page_user(request)})
    response.headers.update(values.get("refusal", NO_REFUSAL).headers)
    return response


def render(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """Render a page or a part of one without looking up the session."""
    return _respond(request, template, status, {**values, "reader": None})


def is_partial(request: Request) -> bool:
    """Whether a script requests a part of the page."""
    return request.headers.get("hx-request") == "true"


def _respond(request: Request, template: str, status: int, values: dict[str, Any]) -> Response:
    session = cast("Session | None", getattr(request.state, "session", None))
    key, container, reader = FormTokens(request), container_of(request), values["reader"]
    html = (
        environment()
        .get_template(template)
        .render(
            viewer=session.user_id if session else None,
            sensitive_media=reader.profile.user.sensitive_media if reader else SensitiveMedia.BLUR,
            form_token=key.new_token,
            new_form_id=lambda: secrets.token_urlsafe(16),
            now=container.clock().now(),
            limits=container.limits(),
            mail_delivered=container.mail_delivered(),
            provider=container.config.oidc_name() if container.config.identity_provider() != "off" else None,
            url=request.url,
            origin=container.config.public_url().rstrip("/") or f"{_scheme(request)}://{request.url.netloc}",
            **values,
        )
        .encode()
    )
    headers = {**_HEADERS, "Content-Security-Policy": _content_security_policy(container.config.image_origin())}
    if accepts_gzip(request):
        html, headers["Content-Encoding"] = gzip.compress(html, 6, mtime=0), "gzip"
    response = Response(html, status, headers, "text/html; charset=utf-8")
    key.set_visitor_cookie(response)
    return response


@cache
def _content_security_policy(image_origin: str) -> str:
    """Return the policy. Images may also come from `image_origin`, where links to an object store lead."""
    return _CONTENT_SECURITY_POLICY.format(images=f" {image_origin}" if image_origin else "")


def _scheme(request: Request) -> str:
    return "https" if request.scope[SECURE_KEY] else "http"


async def _page_user(request: Request) -> PageUser | None:
    session = cast("Session | None", getattr(request.state, "session", None))
    if session is None:
        return None
    container = container_of(request)
    try:
        profile = await container.accounts().profile(session.username, session.user_id)
    except NotFound:  # the account was deleted meanwhile
        return None
    verifies = container.mail_delivered() or container.config.requires_verified_email()
    return PageUser(
        profile,
        await container.notifying().unread_count(session.user_id),
        session.role,
        is_asked_to_verify=verifies and not profile.user.email_verified,
    )
