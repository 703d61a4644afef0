"""`tintype doctor`: the container's health checks, and checks of the machine."""

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
from entrypoints.lifecycle import connect
from entrypoints.processes.listen import PortUnusable, claim_port

MIN_FREE_BYTES = 500_000_000
"""An empty embedded database takes 100 MB, the model 14 MB, a photograph with its renditions about 5 MB."""


async def diagnose(container: Container) -> Sequence[Health]:
    """The health of every part, required ones first. Joins an existing embedded database, but never creates one."""
    config = container.config
    checks = [
        _check_python(),
        _check_space(config.home()),
        await asyncio.to_thread(_check_port, config.host(), config.port()),
    ]
    checks += await _check_parts(container)
    checks += [await probe.check() for probe in (container.mail_probe(), container.sensitive_media_probe())]
    if config.classifier() == "onnx":
        checks += [await container.fetch_probe().check(), await container.device_probe().check()]
    return sorted(checks, key=lambda health: not health.required)


async def _check_parts(container: Container) -> Sequence[Health]:
    if container.config.database() != "embedded":
        return await container.health_checks().run()
    if not container.embedded().exists:
        missing = Health("database", True, "not created yet; `tintype serve` creates and starts an embedded PostgreSQL")
        return [missing, *(part for part in await container.health_checks().run() if part.part != "database")]
    try:
        async with connect(container):
            return await container.health_checks().run()
    except DomainError as error:
        return [Health("database", False, error.operator_message)]


def _check_python() -> Health:
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Health(
        "python", fits, platform.python_version(), "Use Python 3.11, 3.12 or 3.13 (in a checkout: make setup PYTHON=…)."
    )


def _check_space(home: Path) -> Health:
    folder = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK | os.X_OK):
        return Health("home", False, f"{folder} is not writable", "Set TINTYPE_HOME to a writable folder.")
    detail = f"{home}, {free / (1 << 30):.1f} GiB free"
    return Health("home", free >= MIN_FREE_BYTES, detail, f"Free some space: {MIN_FREE_BYTES / 1e6:.0f} MB are needed.")


def _check_port(host: str, port: int) -> Health:
    try:
        claim_port(host, port, timeout=0)
    except PortUnusable as error:
        if _is_tintype(host, port):
            return Health("port", True, f"Tintype is already serving on {host}:{port}")
        return Health("port", False, error.operator_message, "Set TINTYPE_PORT or TINTYPE_HOST, or use --port.")
    return Health("port", True, f"{host}:{port} is free")


def _is_tintype(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/openapi.json")
        document = parse_json(connection.getresponse().read(2_000_000))
        return "tintype" in str(document["info"]["title"]).lower()
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return False
    finally:
        connection.close()
