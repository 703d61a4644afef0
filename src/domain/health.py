"""Health checks: the state of a component, and how to fix it."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the component `part`. `detail` describes it. `remedy` states what to do if the component does not
    work or will soon stop. The service cannot run without a `required` component."""

    part: str
    ok: bool
    detail: str
    remedy: str | None = None
    required: bool = True


class Probe(Protocol):
    @abstractmethod
    async def check(self) -> Health:
        """Test the component itself, within one or two seconds. Never raises: a failure is a result."""
