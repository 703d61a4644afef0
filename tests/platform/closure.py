"""Checks that a lock is complete: `python closure.py dev`, with the Python of the lock's environment.

Starting at dev.in, every package required by another one, also through extras, must be in dev.txt and installed in a
compatible version. Prints each fault on a line, then the number of checked packages.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"


def main(lock: str) -> None:
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (REQUIREMENTS / f"{lock}.txt").read_text(), re.MULTILINE))
    waiting, seen = [Requirement(line) for line in _lines(REQUIREMENTS / f"{lock}.in")], set()
    while waiting:
        requirement = waiting.pop()
        if (requirement.marker and not requirement.marker.evaluate({"extra": ""})) or str(requirement) in seen:
            continue
        seen.add(str(requirement))
        if fault := _find_fault(requirement, pins):
            print(fault)
        else:
            waiting += _find_requirements(requirement)
    print(len({_name(Requirement(one)) for one in seen}))


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            yield from _lines(path.with_name(text.removeprefix("-r ")))
        elif text.startswith("..["):
            yield from _own_requirements(text[3:-1])
        elif text and not text.startswith("-"):
            yield text


def _own_requirements(extras: str) -> list[str]:
    """The requirements of the program itself, with extras such as `cpu,tracing`."""
    project = tomllib.loads((REQUIREMENTS.parent / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(one for extra in extras.split(",") for one in optional[extra])]


def _name(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def _find_fault(requirement: Requirement, pins: dict[str, str]) -> str:
    name = _name(requirement)
    try:
        installed = distribution(requirement.name).version
    except PackageNotFoundError:
        return f"{requirement} is not installed"
    if pins.get(name) != installed:
        return f"{name} {installed} is installed; the lock says {pins.get(name)}"
    fits = requirement.specifier.contains(installed, prereleases=True)
    return "" if fits else f"{requirement} does not fit {installed}"


def _find_requirements(requirement: Requirement) -> Iterator[Requirement]:
    for line in distribution(requirement.name).requires or ():
        required = Requirement(line)
        asked_for = [{"extra": extra} for extra in requirement.extras or [""]]
        if required.marker is None or any(required.marker.evaluate(extra) for extra in asked_for):
            required.marker = None
            yield required


if __name__ == "__main__":
    main(*sys.argv[1:])
