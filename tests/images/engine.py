"""Docker Engine: the running one, or one started for this run that does not change the machine's network."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STARTS_WITHIN = 60.0
_OWN_NETWORK = ("--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false")


class Missing(Exception):
    """This machine lacks something; the message names it."""


class Failed(Exception):
    """A command or a check failed."""


class Docker:
    def __init__(self, host: str | None = None) -> None:
        self.own = host is not None
        """Whether this run started the engine. Its containers reach each other, its builds use the host's network."""
        self._environment = os.environ | ({"DOCKER_HOST": host} if host else {})

    def __call__(self, *command: str | Path, text: str | None = None, **environment: str) -> str:
        """The output of `docker …`. Raises `Failed` with its output."""
        done = self.try_command(*command, text=text, **environment)
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
            raise Failed(f"docker {' '.join(map(str, command))} ended with status {done.returncode}:\n{said}")
        return done.stdout.strip()

    def try_command(
        self, *command: str | Path, text: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["docker", *command],
            check=False,
            capture_output=True,
            text=True,
            input=text or "",
            env=self._environment | environment,
        )

    @property
    def is_reachable(self) -> bool:
        return self.try_command("version", "--format", "{{.Server.Version}}").returncode == 0


@contextmanager
def engine(store: Path) -> Iterator[Docker]:
    """An engine with Compose and Buildx. Raises `Missing`."""
    if not shutil.which("docker"):
        raise Missing("There is no docker: install Docker Engine with its compose and buildx plugins.")
    running = Docker()
    for plugin in ("compose", "buildx"):
        if running.try_command(plugin, "version").returncode:
            raise Missing(f"docker has no {plugin}: install its {plugin} plugin.")
    if running.is_reachable:
        yield running
    else:
        with _start_engine(store) as docker:
            yield docker


@contextmanager
def _start_engine(store: Path) -> Iterator[Docker]:
    if not shutil.which("dockerd"):
        raise Missing("No Docker Engine answers, and there is no dockerd to start: start Docker Engine.")
    if os.geteuid() != 0:
        raise Missing("No Docker Engine answers, and only root can start one: start Docker Engine.")
    runtime = Path(f"/run/tintype-images-{os.getpid()}")
    socket = f"unix://{runtime}.sock"
    with (store / "dockerd.log").open("w") as log:
        process = subprocess.Popen(
            [
                "dockerd",
                f"--data-root={store / 'docker'}",
                f"--exec-root={runtime}",
                f"--pidfile={runtime}.pid",
                f"--host={socket}",
                *_OWN_NETWORK,
            ],
            stdout=log,
            stderr=log,
        )
    try:
        docker = Docker(socket)
        deadline = time.monotonic() + _STARTS_WITHIN
        while not docker.is_reachable:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"dockerd does not start on this machine; {store / 'dockerd.log'} says why.")
            time.sleep(0.5)
        yield docker
    finally:
        process.terminate()
        process.wait()
        for mount in (runtime / "netns").glob("*"):  # the engine leaves them
            subprocess.run(["umount", mount], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(runtime, ignore_errors=True)
