"""Draw the Mermaid diagrams of the documentation as SVG: `make diagrams` (needs npm and Chromium).

    .venv/bin/python bin/diagrams.py docs

A file is named by the digest of its source, so `make docs` fails if a diagram has changed since it was drawn. Mermaid
is downloaded for drawing only; the documentation site needs no script for its diagrams.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from diagram_files import FENCE, file_name
from playwright.sync_api import Page, sync_playwright

PACKAGE = "@mermaid-js/tiny@12.0.0"
SCRIPT = "package/dist/mermaid.tiny.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Labels as SVG text: browsers and GitHub render no HTML inside an image.
SETTINGS = "{startOnLoad: false, htmlLabels: false, flowchart: {htmlLabels: false}, theme: 'neutral'}"


def main(docs: str) -> None:
    folder = Path(docs) / "diagrams"
    folder.mkdir(exist_ok=True)
    sources = [match["source"] for page in Path(docs).rglob("*.md") for match in FENCE.finditer(page.read_text())]
    drawn = {file_name(source): image for source, image in _draw(sources)}
    for old in folder.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, image in drawn.items():
        (folder / name).write_text(image + "\n")
    print(f"{len(drawn)} diagrams in {folder}")


def _draw(sources: list[str]) -> Iterator[tuple[str, str]]:
    browser_path = os.environ.get("TINTYPE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None or not shutil.which("npm"):
        sys.exit("make diagrams needs npm and Chromium; install both (Debian: npm, chromium)")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page()
        page.add_script_tag(content=_fetch_script())
        page.evaluate(f"mermaid.initialize({SETTINGS})")
        for number, source in enumerate(sources):
            yield source, _render(page, f"diagram-{number}", source)


def _fetch_script() -> str:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], check=True, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S607
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            script = tar.extractfile(SCRIPT)
            if script is None:
                sys.exit(f"{PACKAGE} has no {SCRIPT}; find its new name in the package")
            return script.read().decode()


def _render(page: Page, name: str, source: str) -> str:
    """The SVG, serialized as XML: HTML serialization would not be well-formed."""
    image: str = page.evaluate(
        """async ([name, source]) => {
            const {svg} = await mermaid.render(name, source);
            const parsed = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
            const [, , width, height] = parsed.getAttribute("viewBox").split(" ");
            parsed.setAttribute("width", width);
            parsed.setAttribute("height", height);
            parsed.setAttribute("style", "background: white");
            return new XMLSerializer().serializeToString(parsed);
        }""",
        [name, source],
    )
    return image


if __name__ == "__main__":
    main(*sys.argv[1:])
