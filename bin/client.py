"""Generate the Python client from the OpenAPI document: `make client`. Runs in the environment of the tools.

.venv-tools/bin/python bin/client.py docs/openapi.json clients/python
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Json = dict[str, Any]


def main(document: str, project: str) -> None:
    source, folder = Path(document), Path(project)
    with TemporaryDirectory() as scratch:
        adapted = Path(scratch) / source.name
        adapted.write_text(json.dumps(adapt(json.loads(source.read_text()))))
        _generate(adapted, folder)
    (folder / "openapi.sha256").write_text(digest(source) + "\n")


def digest(document: Path) -> str:
    return hashlib.sha256(document.read_bytes()).hexdigest()


def adapt(document: Json) -> Json:
    """Return the document without what the generator cannot read."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    for operation in operations:
        # Where a token is optional, the generator would require one.
        if {} in operation.get("security", ()):
            del operation["security"]
        operation["responses"] = _join_problems(operation["responses"])
        for response in operation["responses"].values():
            for media_type, content in response.get("content", {}).items():
                content.setdefault("schema", _whole(media_type))
    for schema in document["components"]["schemas"].values():
        # Here it says which fields a request needs. The generator expects alternative types.
        schema.pop("oneOf", None)
    # A stream has no end, and the generated functions return whole responses.
    document["paths"] = {path: methods for path, methods in document["paths"].items() if not path.endswith("/stream")}
    return document


def _join_problems(responses: Json) -> Json:
    """Each problem has the same schema. One branch for each class of statuses keeps the generated code short."""
    return {
        f"{status[0]}XX" if "application/problem+json" in response.get("content", {}) else status: response
        for status, response in responses.items()
    }


def _whole(media_type: str) -> Json:
    """Return the schema of a response that states none."""
    return {"type": "string"} | ({} if media_type.startswith("text/") else {"format": "binary"})


def _generate(document: Path, folder: Path) -> None:
    tools = Path(sys.executable).parent
    options = {"--path": document, "--config": folder / "generator.yaml", "--output-path": folder / "tintype_client"}
    arguments = [str(part) for option in options.items() for part in option]
    command = [str(tools / "openapi-python-client"), "generate", "--meta", "none", "--overwrite", "--fail-on-warning"]
    # The generator formats its code with the Ruff that is first on the path.
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([*command, *arguments], check=True, env=environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
