"""The interactive API documentation at /doc: Swagger UI over /openapi.json, without files from other hosts."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request, Response

from domain.errors import NotFound
from entrypoints.http.assets import IMMUTABLE_CACHE, Asset

STATIC = Path(__file__).with_name("static")
PAGE = "api.html"
_ASSETS = ("api.css", "api.js", "vendor/swagger-ui.css", "vendor/swagger-ui-bundle.js")
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def install(app: FastAPI) -> None:
    app.add_api_route("/doc", _serve_page, include_in_schema=False, response_class=Response)
    app.add_api_route("/doc/{digest}/{name}", _serve_asset, include_in_schema=False, response_class=Response)


# Both are functions of a thread: the first request compresses two megabytes, which takes a tenth of a second.
def _serve_page(request: Request) -> Response:
    headers = {"Content-Security-Policy": _CONTENT_SECURITY_POLICY}
    return _assets()[PAGE].response(request, "no-cache", **headers)


def _serve_asset(digest: str, name: str, request: Request) -> Response:
    asset = None if name == PAGE else _assets().get(name)
    if asset is None:
        raise NotFound(f"there is no file {name[:100]}; /doc names the files of the API documentation")
    return asset.response(request, IMMUTABLE_CACHE if digest == _digest() else "no-cache")


@cache
def _assets() -> dict[str, Asset]:
    page = (STATIC / PAGE).read_text().replace("{digest}", _digest()).encode()
    files = {name.rpartition("/")[2]: (STATIC / name).read_bytes() for name in _ASSETS} | {PAGE: page}
    return {name: Asset.make(name, body) for name, body in files.items()}


@cache
def _digest() -> str:
    """Part of each address, so that browsers keep the files until they change."""
    return hashlib.sha256(b"\0".join((STATIC / name).read_bytes() for name in _ASSETS)).hexdigest()[:12]
