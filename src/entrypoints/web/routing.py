"""How a page meets its request: who is signed in by cookie, a form only from a page of ours, faults told as pages."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from domain.images import ImageTooLarge
from domain.limits import Limits
from domain.tokens import NotSignedIn
from entrypoints.rest.bodies import MAX_BODY, bounded, small
from entrypoints.rest.connection import refuse_foreign
from entrypoints.rest.dependencies import container_of, session_of_cookie, signed_in
from entrypoints.rest.multipart import whole_form
from entrypoints.rest.uploads import OVERHEAD, sized
from entrypoints.web import errors, forgery

MOST_PARTS = {"max_fields": 1_000, "max_files": 1_000}
"""Of a form; a post of a hundred pictures, the most that an operator can allow, has four hundred."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A page, or a form that a page sends."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._private = signed_in in {dependency.call for dependency in self.dependant.dependencies}

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                request.state.session = await session_of_cookie(request)
                if request.method == "POST":
                    request = await self._checked(request)
                return await answer(request)
            except Exception as error:  # noqa: BLE001 — also a fault of ours is told as a page
                return await errors.met(request, error)
            finally:
                if hasattr(request.state, "sent"):
                    await request.state.sent.close()

        return handle

    async def _checked(self, request: Request) -> Request:
        """The request with its form read. Raises `ForeignOrigin`, `NotSignedIn`, `StaleForm`."""
        refuse_foreign(request)
        request = self.received(request)
        form = request.state.sent = await _form(request)
        if self._private and request.state.session is None:
            raise NotSignedIn("sign in to do this")
        if not forgery.is_fresh(request, form.get(forgery.FIELD)):
            raise forgery.StaleForm(forgery.FormKey(request).token())
        return request

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
        if request.state.session is None:  # words are kept for after the sign-in; so large a body is not even read
            return bounded(request, MAX_BODY, NotSignedIn("sign in to upload pictures"))
        limits: Limits = container_of(request).limits()
        most = limits.max_upload_bytes * limits.max_images_per_post + OVERHEAD
        detail = (
            f"the form is larger than {most >> 20} MiB, which is {limits.max_images_per_post} pictures of "
            f"{limits.max_upload_bytes >> 20} MiB; send fewer at once"
        )
        return bounded(request, most, ImageTooLarge(detail, limit=most))


async def _form(request: Request) -> FormData:
    is_multipart = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    return await (whole_form(request, **MOST_PARTS) if is_multipart else request.form(**MOST_PARTS))
