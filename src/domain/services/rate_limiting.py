"""Rate limiting for entrypoints. The command line is not limited."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.clock import Clock
from domain.rate_limits import ConcurrencyLimit, NoFreeSlot, Rate, RateLimited, RateMeter, RateUsage, Rule


@dataclass(frozen=True, slots=True)
class Slot:
    """An acquired slot; None where limits are off."""

    key: str | None


class RateLimiting:
    def __init__(self, meter: RateMeter, clock: Clock, *, enabled: bool) -> None:
        self._meter = meter
        self._clock = clock
        self._enabled = enabled

    async def count(self, rule: Rule, *who: object) -> RateUsage | None:
        """Count a use. Return the usage of the rate that is nearest to its limit; None where limits are off. Raises
        `RateLimited`."""
        if not self._enabled:
            return None
        usages = [await self._count_rate(rule, rate, who) for rate in rule.rates]
        return min(usages, key=lambda usage: usage.remaining)

    async def _count_rate(self, rule: Rule, rate: Rate, who: tuple[object, ...]) -> RateUsage:
        usage = await self._meter.hit(_key(rule, rate, who), rate, self._clock.now())
        if not usage.admitted:
            raise RateLimited(rule.description, usage)
        return usage

    async def reset(self, rule: Rule, *who: object) -> None:
        """Reset all uses of a subject that is known to be harmless."""
        if self._enabled:
            await self._meter.clear(*(_key(rule, rate, who) for rate in rule.rates))

    async def acquire(self, limit: ConcurrencyLimit, who: object) -> Slot:
        """Acquire a slot. `extend` keeps it, `release` returns it. Raises `NoFreeSlot`."""
        if not self._enabled:
            return Slot(None)
        waits = []
        for number in range(limit.slots):
            key = f"{limit.name} {number} {who}"
            usage = await self._meter.hit(key, Rate(1, limit.lease), self._clock.now())
            if usage.admitted:
                return Slot(key)
            waits.append(usage.retry_after)
        raise NoFreeSlot(limit, min(waits))

    async def extend(self, limit: ConcurrencyLimit, taken: Iterable[Slot]) -> None:
        """Renew the leases of slots that are still in use."""
        if keys := [slot.key for slot in taken if slot.key is not None]:
            await self._meter.extend(keys, self._clock.now() + limit.lease)

    async def release(self, slot: Slot) -> None:
        if slot.key is not None:
            await self._meter.clear(slot.key)

    async def delete_expired(self) -> int:
        """Delete keys without remaining use. Return their number."""
        return await self._meter.delete_expired(self._clock.now())


def _key(rule: Rule, rate: Rate, who: tuple[object, ...]) -> str:
    return " ".join([rule.name, str(int(rate.period.total_seconds())), *map(str, who)])
