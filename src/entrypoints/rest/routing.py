"""How a route meets its request: its body is bounded and read with care, a keyed POST is done once."""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from domain.errors import FieldError, Invalid
from domain.idempotency import MAX_KEY
from entrypoints.rest import uploads
from entrypoints.rest.bodies import checked_json, small
from entrypoints.rest.connection import refuse_foreign
from entrypoints.rest.dependencies import container_of, session_of, signed_in, viewer_if_any
from entrypoints.rest.idempotency import once
from entrypoints.rest.validation import MOST_TOLD

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_NO_TOKEN: dict[str, list[str]] = {}
"""In OpenAPI, a way in beside the others: asking as nobody."""
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with it within 24 hours, a request is not done again: the first answer returns.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[ -~]+$"},
}


class Route(APIRoute):
    """A call with a small body, or none."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        needed = {dependency.call for dependency in self.dependant.dependencies}
        self._private = signed_in in needed
        if viewer_if_any in needed:
            self._describe(security=[_NO_TOKEN])
        self._takes_key = self._private and "POST" in (self.methods or ())
        if self._takes_key:
            self._describe(parameters=[_KEY])

    def _describe(self, **members: list[Any]) -> None:
        """Add to what the document says of this call; FastAPI joins lists."""
        self.openapi_extra = {**(self.openapi_extra or {}), **members}

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            _refuse_foreign(request)
            if self._private:  # before the body is read: who may not ask learns that first
                await signed_in(await session_of(request))
            _refuse_repeated(request)
            request = self.received(request)
            content = await checked_json(request) if self.body_field else None
            if self._takes_key:
                return await once(request, content, answer)
            return await answer(request)

        return handle

    def received(self, request: Request) -> Request:
        return small(request)


def _refuse_foreign(request: Request) -> None:
    """Refuse what a browser sends for another site. A call with `Authorization` cannot be forged: no site has a
    browser send that header, unless the operator named the site."""
    if request.method not in {"GET", "HEAD"} and "authorization" not in request.headers:
        refuse_foreign(request, *container_of(request).config.origins())


def _refuse_repeated(request: Request) -> None:
    """Of a parameter sent twice, one would be obeyed and the other silently not."""
    sent = Counter(name for name, _ in request.query_params.multi_items())
    if repeated := [name for name, count in sent.items() if count > 1]:
        raise Invalid.of(
            *(FieldError(name[:100], "repeated", "is sent more than once") for name in repeated[:MOST_TOLD])
        )


class UploadRoute(Route):
    """A call with a file, of which no temporary copy stays behind."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            finally:
                await uploads.let_go(request)

        return handle

    def received(self, request: Request) -> Request:
        limit: Any = container_of(request).limits().max_upload_bytes
        return uploads.sized(request, limit)
