"""Health checks of all components."""

import asyncio
from collections.abc import Sequence

from domain.health import Health, Probe


class HealthChecks:
    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes

    async def run(self) -> Sequence[Health]:
        """Check every component. Return the required ones first."""
        checks = await asyncio.gather(*(probe.check() for probe in self._probes))
        return sorted(checks, key=lambda health: not health.required)


def can_serve(checks: Sequence[Health]) -> bool:
    return all(health.ok for health in checks if health.required)
