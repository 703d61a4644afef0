"""Reads: the GET calls of the API, without the framework's router and dependency solver (ADR 43)."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.errors import DomainError, Invalid
from entrypoints.http.errors import respond
from entrypoints.http.validation import field_errors
from entrypoints.rest.call_plan import CallPlan
from entrypoints.rest.routing import Route


class _Read(NamedTuple):
    pattern: re.Pattern[str]
    route: Route
    plan: CallPlan


class Reads:
    """Answers the GET routes of `routers`. The framework describes these routes, and answers all other requests."""

    def __init__(self, app: ASGIApp, routers: Sequence[APIRouter], prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._reads: dict[int, list[_Read]] = {}
        for route in _get_routes(routers):
            pattern, _, _ = compile_path(prefix + route.path)
            reads = self._reads.setdefault(_depth(prefix + route.path), [])
            reads.append(_Read(pattern, route, CallPlan(route.dependant)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = self._find(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if read is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = read.route
        response = await _respond(read, Request(scope, receive, send))
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> _Read | None:
        """Return the read for this path, and set its path parameters."""
        path = scope["path"]
        if path.startswith(self._prefix):
            for read in self._reads.get(_depth(path), ()):
                if match := read.pattern.match(path):
                    scope["path_params"] = match.groupdict()
                    return read
        return None


def _get_routes(routers: Iterable[APIRouter]) -> list[Route]:
    routes = (route for router in routers for route in router.routes)
    return [route for route in routes if isinstance(route, Route) and route.methods == {"GET"}]


def _depth(path: str) -> int:
    return path.count("/")


async def _respond(read: _Read, request: Request) -> Response:
    response = Response(media_type="application/json")
    try:
        await read.route.check(request)
        found = await read.plan.run(request, response)
    except DomainError as error:
        return respond(request, error)
    except RequestValidationError as error:
        return respond(request, Invalid.of(*field_errors(error.errors())))
    if isinstance(found, Response):
        return found
    response.body = msgspec.json.encode(found)
    response.headers["content-length"] = str(len(response.body))
    return response
