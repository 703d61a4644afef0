"""What `tintype doctor` looks at: the container's own probes, and the machine around them."""

import asyncio
import http.client
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from container import Container
from domain.errors import DomainError
from domain.health import Health
from domain.json_input import parse_json
from entrypoints.lifecycle import connected
from entrypoints.serving.ports import PortUnusable, claim

NEEDED_SPACE = 500_000_000
"""Bytes: an empty embedded database takes 100 MB, the model 14 MB, a photograph with its renditions some 5 MB."""


async def diagnosis(container: Container) -> Sequence[Health]:
    """Every part's health, required ones first. Joins the embedded database if there is one, but never makes it."""
    config = container.config
    found = [_python(), _space(config.home()), await asyncio.to_thread(_port, config.host(), config.port())]
    found += await _parts(container)
    if config.classifier() == "onnx":
        found += [await container.fetch_probe().check(), await container.device_probe().check()]
    return sorted(found, key=lambda health: not health.required)


async def _parts(container: Container) -> Sequence[Health]:
    if container.config.database() != "embedded":
        return await container.checkup().examine()
    if not container.embedded().is_made:
        unmade = Health("database", True, "not made yet; `tintype serve` makes and starts an embedded PostgreSQL")
        return [unmade, *(part for part in await container.checkup().examine() if part.part != "database")]
    try:
        async with connected(container):
            return await container.checkup().examine()
    except DomainError as error:
        return [Health("database", False, error.for_operator)]


def _python() -> Health:
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Health(
        "python", fits, platform.python_version(), "Use Python 3.11, 3.12 or 3.13 (in a checkout: make setup PYTHON=…)."
    )


def _space(home: Path) -> Health:
    folder = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK | os.X_OK):
        return Health("home", False, f"{folder} cannot be written to", "Set TINTYPE_HOME to a folder that can.")
    detail = f"{home}, {free / (1 << 30):.1f} GiB free"
    return Health("home", free >= NEEDED_SPACE, detail, f"Free some space: {NEEDED_SPACE / 1e6:.0f} MB are needed.")


def _port(host: str, port: int) -> Health:
    try:
        claim(host, port, patience=0)
    except PortUnusable as error:
        if _is_tintype(host, port):
            return Health("port", True, f"Tintype is already serving on {host}:{port}")
        return Health("port", False, error.for_operator, "Set TINTYPE_PORT or TINTYPE_HOST, or use --port.")
    return Health("port", True, f"{host}:{port} is free")


def _is_tintype(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/openapi.json")
        found = parse_json(connection.getresponse().read(2_000_000))
        return "tintype" in str(found["info"]["title"]).lower()
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return False
    finally:
        connection.close()
