"""The page: a web client over the same services, beside the API in one application."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from entrypoints.web import errors
from entrypoints.web.assets import assets
from entrypoints.web.routes import ROUTERS


def install(app: FastAPI) -> None:
    """To be called after the API's errors are installed: unknown paths become pages for those who read pages."""
    app.add_api_route("/assets/{digest}/{name:path}", assets().serve, include_in_schema=False)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.add_exception_handler(HTTPException, errors.http_error)
