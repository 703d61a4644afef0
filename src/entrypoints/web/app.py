"""The web UI: HTML pages over the same services as the API, in the same application."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from entrypoints.web import errors
from entrypoints.web.assets import assets


def install_pages(app: FastAPI) -> None:
    """Install everything except the routes. Call this after the API's error handlers are installed, so that unknown
    paths become pages."""
    app.add_api_route("/assets/{digest}/{name:path}", assets().serve, include_in_schema=False)
    app.add_exception_handler(HTTPException, errors.handle_http_error)
