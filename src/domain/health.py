"""Whether a part can do its work, and if not, what to do."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Health:
    """`part` names it; `ok` says whether it works; `detail` what was found; `remedy` what to do if it does not, or soon
    will not; `required` whether the service cannot do without it."""

    part: str
    ok: bool
    detail: str
    remedy: str | None = None
    required: bool = True


class Probe(Protocol):
    @abstractmethod
    async def check(self) -> Health:
        """Try the part for real, within a second or two. Never raises: a fault is an answer."""
