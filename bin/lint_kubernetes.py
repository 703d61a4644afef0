"""Render every overlay of deploy/kubernetes and check the result, offline: `make lint-kubernetes`.

kubectl renders, kubernetes-validate compares with the schemas of Kubernetes, and checkov applies its rules. Resources
of operators have no schema here; `tests/deploy` checks what they refer to.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import kubernetes_validate
import yaml

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "kubernetes"
BIN = Path(sys.executable).parent
VERSION = "1.37"
"""The schemas' version of Kubernetes."""
OPERATORS = {"postgresql.cnpg.io", "keda.sh", "monitoring.coreos.com"}
"""Groups whose schemas belong to operators."""


def main() -> int:
    faults = []
    with TemporaryDirectory() as rendered:
        for overlay in sorted((FOLDER / "overlays").iterdir()):
            text = render(overlay)
            (Path(rendered) / f"{overlay.name}.yaml").write_text(text)
            faults += [f"{overlay.name}: {fault}" for fault in find_faults(text)]
        checked = subprocess.run([*checkov(), "--directory", rendered], check=False).returncode
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults or checked else 0


def render(overlay: Path) -> str:
    return subprocess.run([BIN / "kubectl", "kustomize", overlay], check=True, stdout=subprocess.PIPE, text=True).stdout


def find_faults(text: str) -> Iterator[str]:
    """Compare each resource with its schema, in which unknown fields are errors."""
    for resource in yaml.safe_load_all(text):
        if resource["apiVersion"].partition("/")[0] in OPERATORS:
            continue
        try:
            kubernetes_validate.validate(resource, VERSION, strict=True)
        except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as fault:
            yield f"{name_of(resource)}: {getattr(fault, 'message', fault)}"


def name_of(resource: dict[str, Any]) -> str:
    return f"{resource['kind']} {resource['metadata']['name']}"


def checkov() -> list[str]:
    return [
        str(BIN / "python"),
        "-m",
        "checkov.main",
        "--framework=kubernetes",
        "--config-file",
        str(FOLDER / "checkov.yaml"),
        "--skip-download",
        "--quiet",
        "--compact",
    ]


if __name__ == "__main__":
    sys.exit(main())
