"""A hook of mkdocs: replaces Mermaid sources by the images in docs/diagrams, which diagrams.py draws."""

import hashlib
import posixpath
import re
from pathlib import Path
from typing import Any

FENCE = re.compile(r"^```mermaid\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"^\s*accTitle: (.+)$", re.MULTILINE)


def file_name(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16] + ".svg"


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: object) -> str:
    """mkdocs calls this for each page. Raises `SystemExit` for a diagram without an image."""

    def show(match: re.Match[str]) -> str:
        source = match["source"]
        title, path = _TITLE.search(source), f"diagrams/{file_name(source)}"
        if title is None:
            raise SystemExit(f"{page.file.src_path}: a diagram has no accTitle, which is its alt text")
        if not (Path(config["docs_dir"]) / path).is_file():
            raise SystemExit(
                f"{page.file.src_path}: the diagram {title[1]!r} has changed; draw it again: make diagrams"
            )
        address = posixpath.relpath(path, posixpath.dirname(page.file.src_uri) or ".")
        return f"[![{title[1]}]({address})]({address})"  # a link to the full size, for wide diagrams

    return FENCE.sub(show, markdown)
