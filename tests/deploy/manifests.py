"""The manifests of deploy/kubernetes, as they are in the files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from entrypoints.installation import SRC

DEPLOY = SRC.parent / "deploy"
MONITORING = DEPLOY / "monitoring"
Node = dict[str, Any]

RESOURCES: list[Node] = [
    resource
    for path in sorted(DEPLOY.rglob("*.yaml"))
    for resource in yaml.safe_load_all(path.read_text())
    if isinstance(resource, dict) and "kind" in resource
]
WORKLOADS = {
    resource["metadata"]["name"]: resource["spec"]["template"]
    for resource in RESOURCES
    if resource["kind"] in {"Deployment", "Job"} and "labels" in resource["spec"]["template"].get("metadata", {})
}
"""Pod templates of the base, by the name of their workload."""


def of_kind(kind: str) -> list[Node]:
    return [resource for resource in RESOURCES if resource["kind"] == kind]


def named(kind: str, name: str) -> Node:
    (found,) = (resource for resource in of_kind(kind) if resource["metadata"]["name"] == name)
    return found


def containers() -> dict[str, Node]:
    """The container of each workload."""
    return {name: template["spec"]["containers"][0] for name, template in WORKLOADS.items()}


def walk(node: Any) -> Iterator[Node]:
    """All mappings below a node."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from walk(each)


def env_files() -> list[Path]:
    return sorted(DEPLOY.rglob("*.env"))


def read_env(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def variables() -> list[tuple[str, str | None]]:
    """All environment variables with their values; None for values of secrets."""
    entries = [entry for resource in RESOURCES for node in walk(resource) for entry in node.get("env", [])]
    return [
        *((entry["name"], entry.get("value")) for entry in entries),
        *(pair for path in env_files() for pair in read_env(path).items()),
    ]
