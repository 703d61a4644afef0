"""Scripts, styles and icons: read once, served from memory, addressed by their content so that browsers keep them."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request, Response

from domain.errors import NotFound
from entrypoints.http.assets import IMMUTABLE_CACHE, Asset

STATIC = Path(__file__).with_name("static")
STYLES, STYLESHEET = STATIC / "styles", "tintype.css"
"""One request instead of many: the parts, in the order of their names, are one sheet."""


class Assets:
    """All files below `static`. One digest stands in every address: a script finds what it imports beside itself."""

    def __init__(self) -> None:
        files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in sorted(STATIC.rglob("*.*"))}
        parts = [name for name in files if name.startswith(f"{STYLES.name}/")]
        files[STYLESHEET] = b"".join(files.pop(name) for name in parts)
        self.digest = hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12]
        self._assets = {name: Asset.make(name, body) for name, body in files.items()}

    def url(self, name: str) -> str:
        """Where a page finds it. Raises `KeyError` for what is not there."""
        return f"/assets/{self.digest}/{name}" if self._assets[name] else ""

    async def serve(self, digest: str, name: str, request: Request) -> Response:
        """The file; one that a page of another version asks for too, but not to be kept."""
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound(f"there is no file {name[:100]}")
        return asset.response(request, IMMUTABLE_CACHE if digest == self.digest else "no-cache")


@cache
def assets() -> Assets:
    """Those of this program: they do not change while it runs."""
    return Assets()
