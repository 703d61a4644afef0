"""The services of compose.yaml, with a separate project name and separate ports."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.images.engine import Docker, Failed

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = "tintype-images"
SERVICES = ("api", "worker", "inference")


class Composition:
    def __init__(self, docker: Docker, variables: dict[str, str], overrides: list[Path]) -> None:
        self.docker = docker
        self._options = [part for file in (CHECKOUT / "compose.yaml", *overrides) for part in ("--file", str(file))]
        self._variables = {"TINTYPE_TAG": "test", "TINTYPE_PORT": "0", "TINTYPE_INFERENCE_PORT": "0", **variables}

    def __call__(self, *command: str) -> str:
        options = [*self._options, "--project-name", PROJECT, "--project-directory", str(CHECKOUT)]
        return self.docker("compose", *options, *command, **self._variables)

    @contextmanager
    def run(self) -> Iterator[None]:
        self("down", "--volumes", "--timeout", "5")
        try:
            self("up", "--detach", "--no-build", "--pull", "missing")
            for service in ("api", "inference"):
                eventually(partial(self._healthy, service), within=300, otherwise=f"{service} does not become healthy")
            yield
        except Failed as failure:
            raise Failed(f"{failure}\n{self('logs', '--no-color', '--tail', '25')}") from failure
        finally:
            self("down", "--volumes", "--timeout", "30")

    def address(self, service: str, port: int) -> str:
        return f"http://{self('port', service, str(port))}"

    def inspect(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.docker("inspect", self.container(service)))[0]
        return found

    def _healthy(self, service: str) -> bool:
        return bool(self.inspect(service)["State"]["Health"]["Status"] == "healthy")

    def container(self, service: str) -> str:
        return self("ps", "--all", "--quiet", service)

    def python(self, service: str, code: str) -> str:
        return self("exec", "--no-TTY", service, "python", "-c", code)


def eventually(holds: Callable[[], bool], within: float, otherwise: str) -> None:
    """Raise `Failed` with `otherwise` if the condition does not hold in time."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(otherwise)
        time.sleep(0.5)
