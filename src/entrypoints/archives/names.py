"""The names of an archive's files, and the file that an entry refers to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from domain.archives import SkippedEntry, UnusableEntry

FOLDER = "a folder"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive. `fault` says why it cannot be used, for example that it is a link."""

    name: str
    fault: str | None = None


class FileIndex:
    """The usable files by name. `skipped` holds the others."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._names: set[str] = set()
        self.skipped: list[SkippedEntry] = []
        found = [member for member in members if member.fault != FOLDER]
        repeated = {name for name, count in Counter(member.name for member in found).items() if count > 1}
        for member in found:
            fault = member.fault or _name_fault(member.name)
            if member.name in repeated:
                fault = "occurs more than once"
            if fault:
                self.skipped.append(SkippedEntry(member.name, f"the file is left out: {fault}"))
            else:
                self._names.add(member.name)
        self._by_last = defaultdict(list)
        for name in self._names:
            self._by_last[name.rpartition("/")[2]].append(name)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def ending_with(self, *paths: str) -> list[str]:
        """Return the files with one of these paths at the end of their names, the least deep first."""
        found = [
            name
            for path in paths
            for name in self._by_last[path.rpartition("/")[2]]
            if name == path or name.endswith(f"/{path}")
        ]
        return sorted(found, key=lambda name: (name.count("/"), name))

    def matching_last(self, start: str, end: str) -> list[str]:
        """Return the files whose last part begins and ends like this, sorted by length and name."""
        lasts = [last for last in self._by_last if last.startswith(start) and last.endswith(end)]
        found = [name for last in lasts for name in self._by_last[last]]
        return sorted(found, key=lambda name: (len(name), name))

    def find(self, reference: str) -> str:
        """Return the file that a path or an address refers to. Raises `UnusableEntry`.

        A path is that of a file, or its end: archives may be in a folder. The address of a file that was served
        elsewhere is compared from its end, and by its last part if only one file has it.
        """
        parts = urlsplit(reference)
        path = unquote(parts.path).lstrip("/").removeprefix("system/")
        last = path.rpartition("/")[2]
        candidates = self._by_last.get(last, []) if last else []
        for name in candidates:
            if name == path or name.endswith(f"/{path}") or ("/" in name and f"/{path}".endswith(f"/{name}")):
                return name
        if parts.scheme and len(candidates) == 1:
            return candidates[0]
        raise UnusableEntry("the archive does not contain the file")


def _name_fault(name: str) -> str | None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or parts[0].endswith(":"):
        return "its name is absolute"
    if ".." in parts or "\0" in name:
        return "its name leads out of the archive"
    return None
