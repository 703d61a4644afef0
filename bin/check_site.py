"""Check the built documentation site: `make docs`. Uses the standard library only.

    python3 bin/check_site.py site

Every link to a page, an anchor or a file of the site must work, and no page may load anything from another host.
"""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src")}
"""Attributes whose address a browser loads without a click."""
NOT_LOADED = {"canonical", "prev", "next", "edit"}
"""Relations of `link` that a browser does not follow."""


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        for name in ("href", "src"):
            if name in values and values.get("rel") not in NOT_LOADED:
                (self.loaded if (tag, name) in LOADED else self.links).append(values[name])


def main(folder: str) -> None:
    site = Path(folder).resolve()
    pages = {path: Page(path.read_text()) for path in site.rglob("*.html") if path.name != "404.html"}
    if not pages:
        sys.exit(f"{folder} has no pages; build the site first: make docs")
    faults = [f"{path.relative_to(site)}: {fault}" for path in pages for fault in _faults(path, pages)]
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(pages)} pages in {folder}: all links work, and nothing is loaded from another host.")


def _faults(path: Path, pages: dict[Path, Page]) -> Iterator[str]:
    page = pages[path]
    for address in page.loaded:
        if urlsplit(address).netloc:
            yield f"loads {address} from another host; put the file into docs"
    for address in [*page.loaded, *page.links]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists():
            yield f"links to {address}, which does not exist"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"links to {address}, but the page has no such anchor"


if __name__ == "__main__":
    main(*sys.argv[1:])
