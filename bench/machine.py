"""The machine's load, without which a measurement means nothing."""

import os
import platform
from dataclasses import dataclass
from typing import NoReturn

import psutil

MAX_BUSY = 0.15
"""The share of the cores that other processes may use before and after a measurement."""


@dataclass(frozen=True)
class Machine:
    """`busy`: the share of the cores in use. `load`: the average number of runnable processes of the last minute."""

    cores: int
    load: float
    busy: float

    def __str__(self) -> str:
        return f"{self.busy:.0%} of {self.cores} cores in use, load average {self.load:.2f}"


def observe(seconds: float = 3.0) -> Machine:
    """Watch the machine while this program does nothing."""
    return Machine(os.cpu_count() or 1, os.getloadavg()[0], psutil.cpu_percent(seconds) / 100)


class QuietMachine:
    """Refuses to start on a busy machine, and refuses the report if other work ran at the end."""

    def __init__(self) -> None:
        self._before = self._observe("before")
        self._after: Machine | None = None

    def finish(self) -> None:
        """Look at the machine again. Call when every server of the measurement has ended."""
        self._after = self._observe("after")

    @property
    def lines(self) -> list[str]:
        """Return the lines of a report."""
        release = f"{platform.machine()}, Python {platform.python_version()}"
        return [f"Machine: {release}. Before: {self._before}.", f"After: {self._after}."]

    def _observe(self, when: str) -> Machine:
        machine = observe()
        if machine.busy > MAX_BUSY:
            _refuse(when, machine)
        return machine


def _refuse(when: str, machine: Machine) -> NoReturn:
    raise SystemExit(
        f"other work is running {when} the measurement: {machine}; at most {MAX_BUSY:.0%} is allowed. "
        "No report is written. Stop the other work and start again."
    )
