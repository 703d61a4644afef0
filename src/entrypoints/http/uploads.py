"""Reading of the file of an upload."""

from typing import cast

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from domain.errors import FieldError, Invalid
from domain.images import ImageTooLarge
from entrypoints.http.bodies import content_length, limit_body, require_media_type
from entrypoints.http.multipart import read_multipart

OPENAPI_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "additionalProperties": False,
                }
            }
        },
    }
}
"""The form in the OpenAPI document."""
FIELD = "file"
FORM_OVERHEAD = 1 << 16
"""The bytes that a form may add to its file."""
MEBIBYTE = 1 << 20


class TooManyFiles(Invalid):
    code = "too_many_files"


def limit_upload(request: Request, max_bytes: int) -> Request:
    """Return the request. Its body is rejected as soon as it exceeds one file of at most `max_bytes`."""
    return limit_body(request, max_bytes + FORM_OVERHEAD, _too_large(content_length(request), max_bytes))


async def upload_form(request: Request) -> FormData:
    """Return the form of an upload, read once per request."""
    if not hasattr(request.state, "form"):
        require_media_type(request, "multipart/form-data")
        request.state.form = await read_multipart(request)
    return cast(FormData, request.state.form)


async def close_form(request: Request) -> None:
    """Close the form if it was read."""
    if hasattr(request.state, "form"):
        await cast(FormData, request.state.form).close()


async def read_upload(request: Request) -> bytes:
    """Return the bytes of the form's file. Raises `TooManyFiles`, `Invalid`."""
    form = await upload_form(request)
    parts = form.multi_items()
    if errors := [
        _describe_wrong_part(name, value) for name, value in parts if name != FIELD or not isinstance(value, UploadFile)
    ]:
        raise Invalid.of(*errors)
    files = [value for _, value in parts if isinstance(value, UploadFile)]
    if len(files) > 1:
        detail = f"the form has {len(files)} files; an upload has one; send each file in its own request"
        raise TooManyFiles(detail, field=FIELD, limit=1, actual=len(files))
    if not files:
        raise Invalid.of(FieldError(FIELD, "missing", "is missing: send the image as a file part of this name", 1, 0))
    return await files[0].read()


def _describe_wrong_part(name: str, value: UploadFile | str) -> FieldError:
    if name == FIELD:
        return FieldError(
            name, "wrong_type", "is text; send the image as a file part, with a file name or a content type"
        )
    kind = "file" if isinstance(value, UploadFile) else "field"
    return FieldError(name, "unknown_field", f"is a {kind} that an upload does not have; remove it")


def _too_large(actual: int | None, limit: int) -> ImageTooLarge:
    size = "is larger" if actual is None else f"has {actual / MEBIBYTE:.1f} MiB"
    return ImageTooLarge(
        f"the upload {size}; at most {limit / MEBIBYTE:.1f} MiB are allowed; make the image smaller",
        limit=limit,
        actual=actual,
    )
