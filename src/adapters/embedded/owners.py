"""The processes that use the server: one line each, `pid token name`. Access requires the cluster's lock."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from adapters.embedded.paths import open_file
from adapters.embedded.processes import start_time


@dataclass(frozen=True, slots=True)
class Owner:
    """One use of the server by a process. The start time distinguishes the process from earlier ones with its pid."""

    pid: int
    since: str
    name: str

    @classmethod
    def current(cls) -> Self:
        return cls(os.getpid(), start_time(os.getpid()) or "unknown", uuid.uuid4().hex)

    @classmethod
    def parse(cls, line: str) -> Self | None:
        match line.split():
            case [pid, since, name] if pid.isdecimal():
                return cls(int(pid), since, name)
            case _:
                return None

    @property
    def is_this_process(self) -> bool:
        return self.pid == os.getpid()

    @property
    def is_alive(self) -> bool:
        return start_time(self.pid) == self.since


class Owners:
    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, owner: Owner) -> None:
        self._write([*(other for other in self.living_owners() if other != owner), owner])

    def remove(self, owner: Owner) -> None:
        self._write([other for other in self.living_owners() if other != owner])

    def living_owners(self) -> list[Owner]:
        return [owner for owner in self._read() if owner.is_alive]

    def _read(self) -> list[Owner]:
        try:
            lines = self._path.read_text().splitlines()
        except FileNotFoundError:
            return []
        return [owner for line in lines if (owner := Owner.parse(line))]

    def _write(self, owners: list[Owner]) -> None:
        # Written to a new file and renamed: an interruption leaves the old list intact.
        temporary = self._path.with_name("owners.new")
        temporary.unlink(missing_ok=True)
        with os.fdopen(open_file(temporary, os.O_WRONLY), "w") as file:
            file.writelines(f"{owner.pid} {owner.since} {owner.name}\n" for owner in owners)
        temporary.replace(self._path)
