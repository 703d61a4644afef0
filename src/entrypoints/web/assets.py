"""Scripts, styles and icons: read once, served from memory, addressed by their content so that browsers keep them."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request, Response

from domain.errors import NotFound
from entrypoints.http.assets import IMMUTABLE_CACHE, Asset

STATIC = Path(__file__).with_name("static")
STYLES, STYLESHEET = STATIC / "styles", "tintype.css"
"""The files are served as one stylesheet, in the order of their names."""


class Assets:
    """All files in `static`. Every URL contains the same digest, so that scripts can import each other by relative
    URLs."""

    def __init__(self) -> None:
        files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in sorted(STATIC.rglob("*.*"))}
        parts = [name for name in files if name.startswith(f"{STYLES.name}/")]
        files[STYLESHEET] = b"".join(files.pop(name) for name in parts)
        self.digest = hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12]
        self._assets = {name: Asset.make(name, body) for name, body in files.items()}

    def url(self, name: str) -> str:
        """The URL of the file. Raises `KeyError` if it is missing."""
        return f"/assets/{self.digest}/{name}" if self._assets[name] else ""

    async def serve(self, digest: str, name: str, request: Request) -> Response:
        """The file. It is served for pages of other versions too, but without caching."""
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound(f"the file {name[:100]} does not exist")
        return asset.response(request, IMMUTABLE_CACHE if digest == self.digest else "no-cache")


@cache
def assets() -> Assets:
    """Those of this program: they do not change while it runs."""
    return Assets()
