"""The route classes of the API: body limits, authentication before the body, and idempotency keys."""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from domain.errors import FieldError, Invalid
from domain.idempotency import MAX_KEY
from domain.scopes import required_scope
from entrypoints.http import uploads
from entrypoints.http.bodies import limit_small_body, read_json
from entrypoints.http.connection import refuse_foreign
from entrypoints.http.dependencies import container_of, highest_role, session_check, session_of, viewer_check
from entrypoints.http.validation import MAX_ERRORS
from entrypoints.rest.idempotency import answer_once

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_ANONYMOUS: dict[str, list[str]] = {}
"""The OpenAPI security requirement for anonymous requests."""
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A request repeated with the same key within 24 hours has no effect and gets the first response.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[ -~]+$"},
}


class Route(APIRoute):
    """A call with a small body or none."""

    stores_responses: ClassVar = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        needed = {dependency.call for dependency in self.dependant.dependencies}
        self._check_session = session_check(needed)
        self._required_scope = required_scope("GET" if "GET" in (self.methods or ()) else "POST", highest_role(needed))
        self._find_viewer = viewer_check(needed)
        if self._find_viewer:
            self._extend_openapi(security=[_ANONYMOUS])
        self._takes_key = self.stores_responses and self._check_session is not None and "POST" in (self.methods or ())
        if self._takes_key:
            self._extend_openapi(parameters=[_IDEMPOTENCY_KEY])

    def _extend_openapi(self, **members: list[Any]) -> None:
        """Add members to the OpenAPI document of this call. FastAPI concatenates lists."""
        self.openapi_extra = {**(self.openapi_extra or {}), **members}

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            _refuse_foreign(request)
            await self.check(request)
            request = self.apply_body_limit(request)
            content = await read_json(request) if self.body_field else None
            if self._takes_key:
                return await answer_once(request, content, answer)
            return await answer(request)

        return handle

    async def check(self, request: Request) -> None:
        """Refuse what needs neither body nor parameters, so that callers without the right get this error first."""
        request.state.required_scope = self._required_scope
        if self._check_session:
            await self._check_session(request)
        elif self._find_viewer:
            await self._find_viewer(await session_of(request))
        if request.scope["query_string"]:
            _refuse_repeated_parameters(request)

    def apply_body_limit(self, request: Request) -> Request:
        return limit_small_body(request)


def _refuse_foreign(request: Request) -> None:
    """Reject requests that browsers send for other sites. A call with `Authorization` cannot be forged, because no site
    can make a browser send that header, unless the operator allowed the site."""
    if request.method not in {"GET", "HEAD"} and "authorization" not in request.headers:
        refuse_foreign(request, *container_of(request).config.origins())


def _refuse_repeated_parameters(request: Request) -> None:
    """Reject repeated parameters, because one of them would be ignored silently."""
    sent = Counter(name for name, _ in request.query_params.multi_items())
    if repeated := [name for name, count in sent.items() if count > 1]:
        raise Invalid.of(
            *(FieldError(name[:100], "repeated", "is sent more than once") for name in repeated[:MAX_ERRORS])
        )


class SecretRoute(Route):
    """A call whose request or response contains a secret. It ignores `Idempotency-Key`, so that nothing of it is
    stored."""

    stores_responses: ClassVar = False


class UploadRoute(Route):
    """A call with a file. It leaves no temporary copy."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            finally:
                await uploads.close_form(request)

        return handle

    def apply_body_limit(self, request: Request) -> Request:
        limit: Any = container_of(request).limits().max_upload_bytes
        return uploads.limit_upload(request, limit)
