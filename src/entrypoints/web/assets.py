"""Static files: scripts, styles and icons, served from memory under URLs with a digest of their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request, Response

from domain.errors import NotFound

STATIC = Path(__file__).with_name("static")
STYLES, STYLESHEET = STATIC / "styles", "tintype.css"
"""The style sheets are joined into one file, in the order of their names, to save requests."""
IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
_CONTENT_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    zipped: bytes
    content_type: str


class Assets:
    """All files in `static`. Every URL has the same digest, so that scripts can import each other by relative paths."""

    def __init__(self) -> None:
        files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in sorted(STATIC.rglob("*.*"))}
        parts = [name for name in files if name.startswith(f"{STYLES.name}/")]
        files[STYLESHEET] = b"".join(files.pop(name) for name in parts)
        self.digest = hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12]
        self._assets = {name: _make_asset(name, body) for name, body in files.items()}

    def url(self, name: str) -> str:
        """Return the URL of a file. Raises `KeyError` for an unknown name."""
        return f"/assets/{self.digest}/{name}" if self._assets[name] else ""

    async def serve(self, digest: str, name: str, request: Request) -> Response:
        """Return the file. With the digest of another version it is returned too, but not cached."""
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound(f"there is no file {name[:100]}")
        headers = {"Cache-Control": IMMUTABLE_CACHE if digest == self.digest else "no-cache", "Vary": "Accept-Encoding"}
        zipped = accepts_gzip(request)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(asset.zipped if zipped else asset.body, 200, headers, asset.content_type)


@cache
def assets() -> Assets:
    """Return the static files of this program. They do not change while it runs."""
    return Assets()


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _make_asset(name: str, body: bytes) -> Asset:
    kind = _CONTENT_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return Asset(body, gzip.compress(body, 9, mtime=0), kind)
