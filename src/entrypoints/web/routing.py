"""How a page meets its request: who is signed in by cookie, a form only from a page of ours, faults told as pages."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from domain.images import ImageTooLarge
from domain.limits import Limits
from domain.tokens import NotSignedIn
from entrypoints.rest.bodies import bounded, small
from entrypoints.rest.dependencies import container_of, session_of_cookie
from entrypoints.rest.uploads import OVERHEAD, sized
from entrypoints.web import errors, forgery

MOST_FIELDS = 1_000
"""Of a form; a post of a hundred pictures, the most that an operator can allow, has four hundred."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A page, or a form that a page sends."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                request.state.session = await session_of_cookie(request)
                if request.method == "POST":
                    request = self.received(request)
                    forgery.check(request, await _token(request))
                return await answer(request)
            except Exception as error:  # noqa: BLE001 — also a fault of ours is told as a page
                return await errors.met(request, error)
            finally:
                if hasattr(request.state, "sent"):
                    await request.state.sent.close()

        return handle

    def received(self, request: Request) -> Request:
        return small(request)


class PictureRoute(PageRoute):
    """A form with one picture."""

    def received(self, request: Request) -> Request:
        limits: Limits = container_of(request).limits()
        return sized(request, limits.max_upload_bytes)


class PicturesRoute(PageRoute):
    """A form with as many pictures as a post holds, of who is signed in."""

    def received(self, request: Request) -> Request:
        if request.state.session is None:  # before so large a body is read
            raise NotSignedIn("sign in to upload pictures")
        limits: Limits = container_of(request).limits()
        most = limits.max_upload_bytes * limits.max_images_per_post + OVERHEAD
        detail = (
            f"the form is larger than {most >> 20} MiB, which is {limits.max_images_per_post} pictures of "
            f"{limits.max_upload_bytes >> 20} MiB; send fewer at once"
        )
        return bounded(request, most, ImageTooLarge(detail, limit=most))


async def _token(request: Request) -> object:
    request.state.sent = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FIELDS)
    return request.state.sent.get(forgery.FIELD)
