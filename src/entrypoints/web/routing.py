"""The route classes of the web UI: session by cookie, form tokens, and errors as pages."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from domain.images import ImageTooLarge
from domain.limits import Limits
from domain.tokens import NotSignedIn
from entrypoints.http.bodies import MAX_BODY, limit_body, limit_small_body, refuse_encoding
from entrypoints.http.connection import refuse_foreign
from entrypoints.http.dependencies import container_of, cookie_session, session_check
from entrypoints.http.multipart import read_multipart
from entrypoints.http.uploads import FORM_OVERHEAD, limit_upload
from entrypoints.web import csrf, errors

MAX_PARTS = {"max_fields": 1_000, "max_files": 1_000}
"""The maximum number of form fields. A post of a hundred images, the highest possible limit, has four hundred."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A page, or a form that a page sends."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._check_session = session_check({dependency.call for dependency in self.dependant.dependencies})

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                request.state.session = await cookie_session(request)
                if request.method == "POST":
                    request = await self._read_form(request)
                return await answer(request)
            except Exception as error:  # noqa: BLE001 — unexpected errors are displayed as a page too
                return await errors.handle_error(request, error)
            finally:
                if hasattr(request.state, "sent"):
                    await request.state.sent.close()

        return handle

    async def _read_form(self, request: Request) -> Request:
        """Return the request with its form read. Raises `ForeignOrigin`, `NotSignedIn`, `StaleForm`."""
        refuse_foreign(request)
        request = self.apply_body_limit(request)
        form = request.state.sent = await _parse_form(request)
        if self._check_session:
            if request.state.session is None:
                raise NotSignedIn("sign in to do this")
            await self._check_session(request)
        if not csrf.is_valid_token(request, form.get(csrf.TOKEN_FIELD)):
            raise csrf.StaleForm(csrf.FormTokens(request).new_token())
        return request

    def apply_body_limit(self, request: Request) -> Request:
        return limit_small_body(request)


class ImageFormRoute(PageRoute):
    """A form with one image."""

    def apply_body_limit(self, request: Request) -> Request:
        limits: Limits = container_of(request).limits()
        return limit_upload(request, limits.max_upload_bytes)


class PostFormRoute(PageRoute):
    """A form with as many images as a post allows, for signed-in users."""

    def apply_body_limit(self, request: Request) -> Request:
        if request.state.session is None:  # only the text is kept until after the sign-in
            return limit_body(request, MAX_BODY, NotSignedIn("sign in to upload images"))
        limits: Limits = container_of(request).limits()
        limit = limits.max_upload_bytes * limits.max_images_per_post + FORM_OVERHEAD
        detail = (
            f"the form is larger than {limit >> 20} MiB, which is {limits.max_images_per_post} images of "
            f"{limits.max_upload_bytes >> 20} MiB; send fewer at once"
        )
        return limit_body(request, limit, ImageTooLarge(detail, limit=limit))


async def _parse_form(request: Request) -> FormData:
    refuse_encoding(request)
    is_multipart = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    return await (read_multipart(request, **MAX_PARTS) if is_multipart else request.form(**MAX_PARTS))
