"""Responses with the content of a blob."""

from collections.abc import Mapping

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.blobs import CHUNK_BYTES, BlobContent


async def content_response(content: BlobContent, headers: Mapping[str, str], content_type: str) -> Response:
    """Stream the content. One that is a single chunk anyway, as most renditions are, is sent at once, which costs
    less."""
    if content.size <= CHUNK_BYTES:
        return Response(await content.read(), 200, headers, content_type)
    headers = {**headers, "Content-Length": str(content.size)}
    return StreamingResponse(content.chunks, 200, headers, content_type)
