from collections.abc import Collection
from datetime import datetime

from domain.rate_limits import Rate, RateMeter, RateUsage


class MemoryRateMeter(RateMeter):
    def __init__(self) -> None:
        self._free_at: dict[str, datetime] = {}

    async def hit(self, key: str, rate: Rate, now: datetime) -> RateUsage:
        used = max(self._free_at.get(key, now), now)
        free_at = used + rate.interval
        if free_at > now + rate.full_cost:
            return RateUsage(rate, used, now, admitted=False)
        self._free_at[key] = free_at
        return RateUsage(rate, free_at, now, admitted=True)

    async def extend(self, keys: Collection[str], until: datetime) -> None:
        for key in self._free_at.keys() & set(keys):
            self._free_at[key] = max(self._free_at[key], until)

    async def clear(self, *keys: str) -> None:
        for key in keys:
            self._free_at.pop(key, None)

    async def delete_expired(self, now: datetime) -> int:
        free = [key for key, free_at in self._free_at.items() if free_at <= now]
        await self.clear(*free)
        return len(free)
