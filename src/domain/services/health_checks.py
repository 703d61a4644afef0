"""Health checks of all components."""

import asyncio
from collections.abc import Sequence

from domain.health import Health, Probe


class HealthChecks:
    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes

    async def run(self) -> Sequence[Health]:
        """Check every component. Return the required ones first."""
        found = await asyncio.gather(*(probe.check() for probe in self._probes))
        return sorted(found, key=lambda health: not health.required)


def can_serve(found: Sequence[Health]) -> bool:
    return all(health.ok for health in found if health.required)
