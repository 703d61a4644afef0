"""The restrictions of the services in compose.yaml, and their reactions to signals, kills and foreign volumes."""

import json

from tests.images.composition import SERVICES, Composition, eventually
from tests.images.engine import Docker, Failed

_STATUS = """
import json
lines = (line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({name: value.split() for name, value in lines}))
"""
_KILL_MAIN_PROCESS = """
import os, signal
children = open("/proc/1/task/1/children").read().split()
os.kill(int(children[0]), signal.SIGKILL)
"""
_FILTERED = """
import contextlib, glob
def filters(status):
    return next(int(line.split()[1]) for line in open(status) if line.startswith("Seccomp_filters"))
more = 0
for status in glob.glob("/proc/[0-9]*/status"):
    with contextlib.suppress(OSError):
        more += filters(status) > filters("/proc/self/status")
print(more)
"""
"""How many processes have more filters of system calls than a container's other processes."""
DECODING = ("api", "inference")


def check_confinement(services: Composition) -> None:
    """All services run as uid 10001, without capabilities or new privileges, on a read-only root file system."""
    for service in SERVICES:
        status = json.loads(services.python(service, _STATUS))
        expected = {"Uid": ["10001"] * 4, "NoNewPrivs": ["1"], "CapEff": ["0" * 16], "CapBnd": ["0" * 16]}
        if differing := {name: status[name] for name in expected if status[name] != expected[name]}:
            raise Failed(f"{service} is not confined: {differing}")
        if not services.inspect(service)["HostConfig"]["ReadonlyRootfs"]:
            raise Failed(f"the root file system of {service} is writable")


def check_decoding_confinement(services: Composition) -> None:
    """Decoding processes have all their protections inside containers too (ADR 27)."""
    for service in DECODING:
        if services.python(service, _FILTERED) == "0":
            raise Failed(f"no process of {service} has a filter of system calls of its own")
        log = services("logs", "--no-color", service).splitlines()
        if lacks := [line for line in log if "images are decoded without" in line]:
            raise Failed("\n".join(lacks))


def check_worker_restart(services: Composition) -> None:
    services.python("worker", _KILL_MAIN_PROCESS)
    eventually(
        lambda: services.inspect("worker")["RestartCount"] > 0 and services.inspect("worker")["State"]["Running"],
        within=60,
        otherwise="the worker was killed and does not run again",
    )


def check_clean_stop(services: Composition) -> None:
    """SIGTERM ends every service with exit code 0."""
    services("stop", *SERVICES)
    for service in SERVICES:
        state = services.inspect(service)["State"]
        if state["ExitCode"] != 0 or state["OOMKilled"]:
            raise Failed(f"{service} ended with status {state['ExitCode']} after SIGTERM")


def check_foreign_volume(docker: Docker, image: str) -> None:
    """`tintype doctor` reports a volume that belongs to root, and that serving is impossible."""
    options = ["--tmpfs=/var/lib/tintype:uid=0,gid=0,mode=755", "--env=TINTYPE_STORE=memory"]
    _check_refusal(docker, [*options, image, "tintype", "doctor"], "/var/lib/tintype")


def check_missing_plots(docker: Docker, image: str) -> None:
    _check_refusal(docker, [image, "tintype", "model", "evaluate", "/tmp", "--plot", "/tmp/plot.png"], "matplotlib")  # noqa: S108


def _check_refusal(docker: Docker, command: list[str], reason: str) -> None:
    done = docker.try_command(
        "run", "--rm", "--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", *command
    )
    said = done.stdout + done.stderr
    if done.returncode == 0 or reason not in said or "Traceback" in said:
        raise Failed(f"{' '.join(command)} ended with status {done.returncode} and does not name {reason}: {said}")
