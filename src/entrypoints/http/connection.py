"""Properties of a browser's connection: TLS, host name, and the site of the requesting page."""

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.errors import Forbidden
from domain.passkeys import Site
from entrypoints.http.cookies import SECURE_KEY
from entrypoints.http.dependencies import container_of
from entrypoints.http.errors import MalformedRequest, Refusal, respond

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
PROBES = {"/healthz", "/readyz", "/v2/health/live", "/v2/health/ready"}
"""Paths that orchestrators request with any host name. They reveal nothing to outsiders."""


class ForeignOrigin(Forbidden):
    code = "foreign_origin"

    def __init__(self, site: str) -> None:
        super().__init__(f"the request comes from a page of {site}; only pages of this site may send it")


def is_secure(request: Request) -> bool:
    """Whether the browser uses TLS: with this server, with a trusted proxy, or as TINTYPE_PUBLIC_URL states."""
    proxied = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    public: str = container_of(request).config.public_url()
    if request.scope.get("scheme") == "https" or public.startswith("https:"):
        return True
    return proxied == "https" and _is_from_trusted_proxy(request)


def site_of(request: Request) -> Site:
    """Return this site as the browser sees it."""
    public = urlsplit(container_of(request).config.public_url())
    scheme = public.scheme or ("https" if request.scope[SECURE_KEY] else "http")
    netloc = public.netloc or request.headers.get("host", "")
    return Site(f"{scheme}://{netloc.lower()}", urlsplit(f"//{netloc}").hostname or "")


def _is_from_trusted_proxy(request: Request) -> bool:
    networks: Sequence[IPv4Network | IPv6Network] = container_of(request).config.trusted_networks()
    if request.client is None or not networks:
        return False
    with suppress(ValueError):
        peer = ip_address(request.client.host)
        peer = (peer.ipv4_mapped if isinstance(peer, IPv6Address) else None) or peer
        return any(peer in network for network in networks)
    return False


def refuse_foreign(request: Request, *others: str) -> None:
    """Reject a request that a page of another site triggered. Browsers state this in `Sec-Fetch-Site`, which pages
    cannot set. Browsers that omit it, as on plain HTTP, state the origin in `Origin`. `others` are further allowed
    origins. Raises `ForeignOrigin`."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if (origin and origin in others) or "*" in others:
        return
    if site not in {None, "same-origin", "none"}:
        raise ForeignOrigin(origin if origin and origin != "null" else "another site")
    if site is None and origin is not None and not _is_own_origin(request, origin):
        raise ForeignOrigin("another site" if origin == "null" else origin[:100])


def _is_own_origin(request: Request, origin: str) -> bool:
    with suppress(ValueError):
        found, public = urlsplit(origin), urlsplit(container_of(request).config.public_url())
        if public.netloc and (found.scheme, found.netloc) == (public.scheme, public.netloc):
            return True
        # A proxy that terminates TLS need not report it. Then the browser may have used either scheme.
        schemes = {"https"} if request.scope[SECURE_KEY] else {"http", "https"}
        return found.scheme in schemes and found.netloc == request.headers.get("host")
    return False


class HostCheck:
    """Accepts requests for the host names in the settings, and for addresses. Any other name could belong to a foreign
    site that resolves to this server (DNS rebinding), whose pages would count as this site's own."""

    def __init__(self, app: ASGIApp, names: Sequence[str], answer: Refusal = respond) -> None:
        self._app = app
        self._names = set(names)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self._find_error(scope) if scope["type"] == "http" and scope["path"] not in PROBES else None
        if error is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(Request(scope), error)(scope, receive, send)

    def _find_error(self, scope: Scope) -> MalformedRequest | None:
        sent = Headers(scope=scope).getlist("host")
        host = _HOST.fullmatch(sent[0]) if len(sent) == 1 else None
        if host is None:
            return MalformedRequest(f"the request has {len(sent)} Host headers, or an invalid one; send one valid host")
        name = host["name"].lower().rstrip(".")
        if "*" in self._names or name in self._names or _is_address(name):
            return None
        detail = f"this server does not answer as {name[:100]}; its operator adds the name to TINTYPE_ALLOWED_HOSTS"
        return MalformedRequest(f"{detail}, or sets TINTYPE_PUBLIC_URL to the address that browsers use")


@lru_cache(maxsize=1024)
def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name.strip("[]")))
    return False
