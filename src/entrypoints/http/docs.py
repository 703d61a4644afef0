"""The interactive documentation at /doc, served from this host only."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

STATIC = Path(__file__).with_name("static")
_CONTENT_TYPES = {"doc.html": "text/html", "doc.js": "text/javascript", "doc.css": "text/css"}
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def install(app: FastAPI) -> None:
    for path, name in {"/doc": "doc.html", "/doc/doc.js": "doc.js", "/doc/doc.css": "doc.css"}.items():
        app.add_api_route(path, _make_endpoint(name), include_in_schema=False, response_class=Response)


def _make_endpoint(name: str) -> Callable[[], Awaitable[FileResponse]]:
    async def serve() -> FileResponse:
        headers = {"Content-Security-Policy": _CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"}
        return FileResponse(STATIC / name, media_type=_CONTENT_TYPES[name], headers=headers)

    return serve
