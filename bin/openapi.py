"""Write the OpenAPI documents of both services: `make openapi`.

    PYTHONPATH=src:. python bin/openapi.py docs [--breaking]

A document that would break clients of the present one is refused; `--breaking` writes it all the same.
"""

import json
import sys
from pathlib import Path

from bin.openapi_changes import Json, breaking_changes
from container import Container
from entrypoints.asgi import create_app
from entrypoints.inference.app import create_app as create_inference_app
from entrypoints.settings import Settings

ALLOW = "--breaking"


def main(folder: str, *options: str) -> None:
    found = {Path(folder) / name: document for name, document in documents().items()}
    changes = [change for path, document in found.items() for change in find_changes(path, document)]
    if changes and ALLOW not in options:
        sys.exit(
            "\n".join(changes) + "\nNothing was written, because these changes break clients. Keep what they use, or "
            f"run make openapi OPENAPI_ARGS={ALLOW} and announce the changes in CHANGELOG.md."
        )
    for path, document in found.items():
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def documents() -> dict[str, Json]:
    """Return the documents by their file names. No setting of this machine changes them."""
    container = Container(config={**Settings().config(), "metrics_port": None})
    return {
        "openapi.json": create_app(container).openapi(),
        "openapi-inference.json": create_inference_app(container).openapi(),
    }


def find_changes(path: Path, document: Json) -> list[str]:
    """Return the changes since the document in the file that break clients."""
    return breaking_changes(json.loads(path.read_text()), document) if path.exists() else []


if __name__ == "__main__":
    main(*sys.argv[1:])
