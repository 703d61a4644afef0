"""Static files, compressed once and served from memory."""

import gzip
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
_NO_WEIGHT = re.compile(r"q\s*=\s*0(\.0*)?")
_CONTENT_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    zipped: bytes
    content_type: str

    @classmethod
    def make(cls, name: str, body: bytes) -> "Asset":
        content_type = _CONTENT_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
        return cls(body, gzip.compress(body, 9, mtime=0), content_type)

    def response(self, request: Request, cache_control: str, **headers: str) -> Response:
        headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"} | headers
        zipped = accepts_gzip(request)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(self.zipped if zipped else self.body, 200, headers, self.content_type)


def accepts_gzip(request: Request) -> bool:
    """Whether the client accepts gzip (RFC 9110, 12.5.3). A weight of 0 excludes it."""
    weights = dict(_read_weights(",".join(request.headers.getlist("accept-encoding"))))
    return weights.get("gzip", weights.get("*", False))


def _read_weights(accepted: str) -> Iterator[tuple[str, bool]]:
    """Yield each encoding, and whether its weight is above 0."""
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        yield name.strip().lower(), not _NO_WEIGHT.fullmatch(weight.strip().lower())
