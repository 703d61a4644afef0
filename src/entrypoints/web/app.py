"""The page: a web client over the same services, beside the API in one application."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from entrypoints.web import errors
from entrypoints.web.assets import assets


def install_pages(app: FastAPI) -> None:
    """All but the routes. To be called after the API's errors are installed: unknown paths become pages."""
    app.add_api_route("/assets/{digest}/{name:path}", assets().serve, include_in_schema=False)
    app.add_exception_handler(HTTPException, errors.handle_http_error)
