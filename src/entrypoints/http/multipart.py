"""Parsing of complete multipart forms by RFC 7578 and RFC 2046."""

from collections.abc import AsyncGenerator

import python_multipart
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from entrypoints.http.errors import MalformedBody

MAX_HEADER = 32 << 10
"""Maximum bytes of one header of a part. File names of some systems have thousands, and each may be encoded as
three."""
MAX_PREAMBLE = 64 << 10
_PLAIN_ENCODINGS = {b"binary", b"8bit", b"7bit"}


class CompleteFormParser(MultiPartParser):
    """Requires the last boundary, to distinguish a truncated form from one without a file."""

    _has_ended = False

    def on_headers_finished(self) -> None:
        """Treat a part with an encoded name, or with a content type other than text, as a file (RFC 7578, 4.2)."""
        part = self._current_part
        _refuse_transfer_encoding(part.item_headers)
        disposition = part.content_disposition or b""
        if b"filename" not in parse_options_header(disposition)[1]:
            types = [value.strip().lower() for name, value in part.item_headers if name == b"content-type"]
            has_type = any(not value.startswith(b"text/") for value in types)
            if has_type or b"filename*=" in disposition.lower():
                part.content_disposition = disposition + b'; filename=""'
        super().on_headers_finished()

    def on_end(self) -> None:
        self._has_ended = True

    async def parse(self) -> FormData:
        """Parse the form. Raises `MalformedBody`."""
        try:
            await self._feed_parser()
        except (MultiPartException, FormParserError) as error:
            self._close()
            raise MalformedBody(f"the form cannot be read: {getattr(error, 'message', error)}") from None
        except BaseException:
            self._close()
            raise
        if not self._has_ended:
            self._close()
            raise MalformedBody("the form is incomplete: its last boundary is missing; send it again")
        return FormData(self.items)

    async def _feed_parser(self) -> None:
        boundary = parse_options_header(self.headers["Content-Type"])[1].get(b"boundary")
        if boundary is None:
            raise MultiPartException("Missing boundary in multipart.")
        self._charset = "utf-8"
        names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end",
                 "headers_finished", "end")  # fmt: skip
        callbacks = {f"on_{name}": getattr(self, f"on_{name}") for name in names}
        parser = python_multipart.MultipartParser(boundary, callbacks, max_header_size=MAX_HEADER)  # type: ignore[arg-type]
        async for chunk in _skip_preamble(self.stream, b"--" + boundary):
            parser.write(chunk)
            for part, data in self._file_parts_to_write:
                if part.file is not None:
                    await part.file.write(data)
            for part in self._file_parts_to_finish:
                if part.file is not None:
                    await part.file.seek(0)
            self._file_parts_to_write.clear()
            self._file_parts_to_finish.clear()
        parser.finalize()

    def _close(self) -> None:
        for file in self._files_to_close_on_error:
            file.close()


def _refuse_transfer_encoding(headers: list[tuple[bytes, bytes]]) -> None:
    """Raise an error for a part that is not sent as it is. RFC 7578, 4.7, deprecates such encodings for HTTP."""
    for name, value in headers:
        if name == b"content-transfer-encoding" and value.strip().lower() not in _PLAIN_ENCODINGS:
            encoding = value[:50].decode("latin-1")
            raise MultiPartException(f"a part has the Content-Transfer-Encoding {encoding}; send its bytes as they are")


async def read_multipart(request: Request, **limits: int) -> FormData:
    """Return the form of the request. Raises `MalformedBody`."""
    return await CompleteFormParser(request.headers, request.stream(), **limits).parse()


async def _skip_preamble(stream: AsyncGenerator[bytes, None], boundary_line: bytes) -> AsyncGenerator[bytes, None]:
    """Skip the preamble, which receivers must ignore (RFC 2046, 5.1.1)."""
    has_started, head = False, b""
    async for chunk in stream:
        if has_started:
            yield chunk
            continue
        head += chunk
        at = 0 if head.startswith(boundary_line) else head.find(b"\r\n" + boundary_line)
        if at >= 0:
            has_started = True
            yield head[at:]
        elif len(head) > MAX_PREAMBLE:
            break
    if not has_started and head:
        yield head  # the parser reports its error
