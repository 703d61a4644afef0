"""A closed loop of connections, each sending the next photograph as soon as the last one is answered."""

import asyncio
import itertools
import time
from dataclasses import dataclass

import aiohttp

WARM_UP = 1.0


@dataclass(frozen=True)
class Load:
    """`p50` and `p99` in milliseconds; `bad` counts answers that were no 200."""

    images_a_second: float
    p50: float
    p99: float
    bad: int


def load(url: str, pictures: list[bytes], connections: int, seconds: float) -> Load:
    return asyncio.run(_load(url, pictures, connections, seconds))


async def _load(url: str, pictures: list[bytes], connections: int, seconds: float) -> Load:
    bodies, taken, bad = itertools.cycle(pictures), [], 0
    start = time.perf_counter() + WARM_UP
    stop = start + seconds

    async def one(http: aiohttp.ClientSession) -> None:
        nonlocal bad
        while (began := time.perf_counter()) < stop:
            async with http.post(url, data=next(bodies), headers={"Content-Type": "image/jpeg"}) as answer:
                await answer.read()
                bad += answer.status != 200  # noqa: PLR2004
            if began > start:
                taken.append((time.perf_counter() - began) * 1000)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as http:
        await asyncio.gather(*(one(http) for _ in range(connections)))
    taken.sort()
    return Load(len(taken) / seconds, taken[len(taken) // 2], taken[int(len(taken) * 0.99)], bad)
